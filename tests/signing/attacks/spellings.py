"""The same signature object, spelled in another way (BER instead of DER, X.690)."""

from asn1crypto import core

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement
from meeting_app.signing.der import element, sequence
from tests.signing.attacks.messages import HIDDEN
from tests.signing.attacks.surgery import gap, grown, object_of, parts, signed_data, with_contents
from tests.signing.attacks.table import Shows, attack


def respelled(pdf, change):
    return with_contents(pdf, change(object_of(pdf)))


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.SIGNATURE)
def the_seal_is_written_with_an_open_end(pdf, means):
    """Indefinite length (BER)."""
    return respelled(pdf, lambda raw: raw[:1] + b"\x80" + parts(raw)[2] + b"\x00\x00")


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_length_of_the_seal_is_written_longer(pdf, means):
    return respelled(pdf, lambda raw: raw[:1] + b"\x84" + len(parts(raw)[2]).to_bytes(4, "big") + parts(raw)[2])


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_length_of_the_signed_attributes_is_written_longer(pdf, means):
    """Their header is not signed: what is signed begins with another tag."""
    content = signed_data(pdf)
    attributes = content["signer_infos"][0]["signed_attrs"].contents
    plain = element(0xA0, attributes)
    longer = b"\xa0\x83" + len(attributes).to_bytes(3, "big") + attributes
    return with_contents(pdf, grown(object_of(pdf), plain, longer))


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.SIGNATURE)
def the_value_of_the_seal_is_written_in_pieces(pdf, means):
    """A constructed OCTET STRING (BER)."""
    raw = object_of(pdf)
    value = signed_data(pdf)["signer_infos"][0]["signature"].native
    pieces = element(0x24, element(0x04, value[:100]) + element(0x04, value[100:]))
    return with_contents(pdf, grown(raw, element(0x04, value), pieces))


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def a_second_element_follows_the_seal(pdf, means):
    return respelled(pdf, lambda raw: raw + sequence(core.OctetString(b"hidden").dump()))


@attack(*HIDDEN, shows=Shows.BYTES)
def the_seal_is_written_in_small_digits(pdf, means):
    start, end = gap(pdf)
    return pdf[:start] + pdf[start:end].lower() + pdf[end:]
