"""The timestamp inside a signature (RFC 3161): exchanged, stripped, or spelled in another way."""

from datetime import timedelta

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement
from meeting_app.signing.der import element
from meeting_app.signing.running import finished
from meeting_app.signing.timestamps import CheckedTimeStamper
from tests.signing.attacks.messages import HIDDEN, attribute, certificates, twin, with_unsigned
from tests.signing.attacks.surgery import content_info, gap, grown, object_of, parts, recast, signed_data, with_contents
from tests.signing.attacks.table import BOTH, Shows, attack


def with_token(pdf, change):
    """The seal with another timestamp; `change` gets the SignedData of the true one."""

    def exchange(held):
        (stamp,) = held
        token = stamp["values"][0]["content"].untag()
        changed = change(token.copy())
        return [attribute("signature_time_stamp_token", cms.ContentInfo.load(content_info(changed)))]

    return with_unsigned(pdf, exchange)


@attack(Verdict.UNCONFIRMED, judgement.NO_TIMESTAMP, shows=Shows.SIGNATURE)
def the_timestamp_is_stripped(pdf, means):
    """Nothing that was signed is altered; but then nothing proves the time."""
    return recast(pdf, lambda content: content["signer_infos"][0].__setitem__("unsigned_attrs", None))


@attack(Verdict.INVALID, judgement.TIMESTAMP_FALSE, shows=Shows.SIGNATURE, papers=BOTH)
def the_timestamp_is_that_of_another_signature(pdf, means):
    other = signed_data(pdf, 0)["signer_infos"][0]["unsigned_attrs"][0]["values"][0]["content"].untag()
    return with_token(pdf, lambda _: other)


@attack(Verdict.INVALID, judgement.TIMESTAMP_FALSE, shows=Shows.SIGNATURE)
def the_timestamp_is_that_of_another_paper(pdf, means):
    other = means.papers["led"]
    token = signed_data(other)["signer_infos"][0]["unsigned_attrs"][0]["values"][0]["content"].untag()
    return with_token(pdf, lambda _: token)


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_timestamp_is_given_twice(pdf, means):
    return with_unsigned(pdf, lambda held: [held[0], attribute("signature_time_stamp_token", held[0]["values"][0])])


@attack(Verdict.INVALID, judgement.TIMESTAMP_FALSE, shows=Shows.SIGNATURE)
def the_time_in_the_timestamp_is_changed(pdf, means):
    def change(token):
        told = tsp.TSTInfo.load(token["encap_content_info"]["content"].parsed.dump())
        told["gen_time"] = told["gen_time"].native - timedelta(days=1)
        token["encap_content_info"]["content"] = cms.ParsableOctetString(told.dump(force=True))
        return token

    return with_token(pdf, change)


@attack(Verdict.INVALID, judgement.HIDDEN, judgement.TIMESTAMP_UNTRUSTED, shows=Shows.SIGNATURE, papers=BOTH)
def the_timestamp_is_exchanged_for_a_strangers(pdf, means):
    """Spelled as an authority spells it; the time it states cannot be believed."""
    value = signed_data(pdf)["signer_infos"][0]["signature"]
    stamper = CheckedTimeStamper(means.strangers.timestamp_url)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(value.native)
    token = finished(stamper.async_timestamp(digest.finalize(), "sha256"))
    return with_token(pdf, lambda _: token["content"].untag())


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_timestamp_carries_another_certificate(pdf, means):
    issuing = asn1_x509.Certificate.load(means.pki.certificate("issuing"))

    def change(token):
        token["certificates"] = [*certificates(token), issuing]
        return token

    return with_token(pdf, change)


@attack(*HIDDEN, shows=Shows.SIGNATURE, papers=BOTH)
def the_timestamp_carries_an_unsigned_attribute(pdf, means):
    def change(token):
        token["signer_infos"][0]["unsigned_attrs"] = [attribute("1.2.3.4.5", core.OctetString(b"hidden"))]
        return token

    return with_token(pdf, change)


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_timestamp_names_its_digest_in_another_way(pdf, means):
    def change(token):
        token["signer_infos"][0]["digest_algorithm"] = {"algorithm": "sha256", "parameters": core.Null()}
        return token

    return with_token(pdf, change)


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_timestamp_lists_its_scheme_in_another_way(pdf, means):
    def change(token):
        token["signer_infos"][0]["signature_algorithm"] = {"algorithm": "sha256_ecdsa", "parameters": core.Null()}
        return token

    return with_token(pdf, change)


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_value_of_the_timestamp_is_exchanged_for_its_twin(pdf, means):
    def change(token):
        signer = token["signer_infos"][0]
        signer["signature"] = twin(signer["signature"].native)
        return token

    return with_token(pdf, change)


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_length_of_the_timestamp_is_written_longer(pdf, means):
    raw = object_of(pdf)
    stamp = signed_data(pdf)["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()
    _, _, content = parts(stamp)
    return with_contents(pdf, grown(raw, stamp, b"\x30\x84" + len(content).to_bytes(4, "big") + content))


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.SIGNATURE)
def the_content_of_the_timestamp_is_written_in_pieces(pdf, means):
    raw = object_of(pdf)
    token = signed_data(pdf)["signer_infos"][0]["unsigned_attrs"][0]["values"][0]["content"]
    told = bytes(token["encap_content_info"]["content"])
    pieces = element(0x24, element(0x04, told[:20]) + element(0x04, told[20:]))
    return with_contents(pdf, grown(raw, element(0x04, told), pieces))


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE)
def the_first_signature_is_stripped_of_its_timestamp(pdf, means):
    """The seal covers it."""
    assert gap(pdf, 0) < gap(pdf)
    return recast(pdf, lambda content: content["signer_infos"][0].__setitem__("unsigned_attrs", None), index=0)
