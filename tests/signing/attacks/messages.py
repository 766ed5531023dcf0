"""Changes to the signature object itself (CMS, RFC 5652): its certificates, attributes and signers.

The last signature's object is covered by no digest. What of it is not signed could be exchanged
without any mathematics noticing: in our papers even that is told.
"""

from datetime import timedelta

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement, verify
from meeting_app.signing.cms import CmsMaker, sign_bytes
from meeting_app.signing.der import element, sequence, set_of
from tests.signing.attacks.surgery import (
    grown,
    object_of,
    recast,
    signatures,
    signed_data,
    with_contents,
)
from tests.signing.attacks.table import BOTH, Shows, attack

HIDDEN = (Verdict.INVALID, judgement.HIDDEN)
ALTERED = (Verdict.INVALID, judgement.ALTERED)


def certificates(content):
    return [entry.chosen for entry in content["certificates"]]


def bagged(pdf, change):
    """The seal with other certificates beside the signature."""

    def recast_bag(content):
        content["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices("certificate", entry) for entry in change(certificates(content))]
        )

    return recast(pdf, recast_bag)


# --- certificates ----------------------------------------------------------------------------


@attack(*HIDDEN, shows=Shows.SIGNATURE, papers=BOTH)
def the_bag_gets_a_strangers_certificate(pdf, means):
    return bagged(pdf, lambda bag: [*bag, means.stranger.certificate])


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_bag_gets_the_certificate_of_the_timestamp_authority(pdf, means):
    """Which is trusted and stands in the security store as well."""
    known = asn1_x509.Certificate.load(means.pki.certificate("timestamp"))
    return bagged(pdf, lambda bag: [*bag, known])


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_issuer_in_the_bag_is_exchanged_for_a_namesake(pdf, means):
    return bagged(
        pdf,
        lambda bag: [namesake(entry) if entry.subject == bag_issuer(bag) else entry for entry in bag],
    )


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_issuer_in_the_bag_is_altered_but_for_name_and_key(pdf, means):
    """So that it still seems to have issued the signer's certificate."""

    def change(entry):
        raw = entry.dump()
        return asn1_x509.Certificate.load(raw.replace(b"127.0.0.1", b"127.0.0.9")) if entry.ca else entry

    return bagged(pdf, lambda bag: [change(entry) for entry in bag])


def bag_issuer(bag):
    return next(entry.issuer for entry in bag if not entry.ca)


def namesake(certificate, key=None):
    """The same names, serial number and dates under another key."""
    own = ec.generate_private_key(ec.SECP256R1())
    like = x509.load_der_x509_certificate(certificate.dump())
    builder = (
        x509.CertificateBuilder()
        .subject_name(like.subject)
        .issuer_name(like.issuer)
        .public_key((key or own).public_key())
        .serial_number(like.serial_number)
        .not_valid_before(like.not_valid_before_utc)
        .not_valid_after(like.not_valid_after_utc + timedelta(days=1))
    )
    for extension in like.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return asn1_x509.Certificate.load(builder.sign(own, hashes.SHA256()).public_bytes(Encoding.DER))


@attack(Verdict.INVALID, verify.DAMAGED, shows=Shows.SIGNATURE)
def the_signers_certificate_is_exchanged_for_a_namesake(pdf, means):
    return bagged(pdf, lambda bag: [entry if entry.ca else namesake(entry) for entry in bag])


@attack(Verdict.INVALID, verify.DAMAGED, shows=Shows.SIGNATURE)
def the_signers_certificate_is_exchanged_for_one_with_his_key(pdf, means):
    """The same names and the same key, issued by somebody else: only the signed attributes tell them apart."""
    key = means.desk.keys["seal"].private
    return bagged(pdf, lambda bag: [entry if entry.ca else namesake(entry, key) for entry in bag])


@attack(Verdict.INVALID, verify.DAMAGED, shows=Shows.SIGNATURE)
def the_bag_is_emptied(pdf, means):
    return bagged(pdf, lambda _: [])


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def a_revocation_list_is_put_into_the_seal(pdf, means):
    def change(content):
        other = {"other_rev_info_format": "1.2.3.4", "other_rev_info": core.OctetString(b"hidden")}
        content["crls"] = [cms.RevocationInfoChoice("other", cms.OtherRevocationInfoFormat(other))]

    return recast(pdf, change)


# --- attributes and signers ------------------------------------------------------------------


def with_unsigned(pdf, change):
    """The seal with other unsigned attributes; `change` gets the list of them."""

    def recast_attributes(content):
        (signer,) = content["signer_infos"]
        signer["unsigned_attrs"] = cms.CMSAttributes(change(list(signer["unsigned_attrs"])))

    return recast(pdf, recast_attributes)


def attribute(kind, value):
    return cms.CMSAttribute({"type": kind, "values": [value]})


@attack(*HIDDEN, shows=Shows.SIGNATURE, papers=BOTH)
def an_unsigned_attribute_is_added(pdf, means):
    return with_unsigned(pdf, lambda held: [*held, attribute("1.2.3.4.5", core.OctetString(b"hidden"))])


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def a_countersignature_is_added(pdf, means):
    held = signed_data(pdf)["signer_infos"][0]["unsigned_attrs"].contents
    added = sequence(cms.CMSAttributeType("counter_signature").dump(), set_of((bare_signer(pdf).dump(),)))
    return with_contents(pdf, grown(object_of(pdf), element(0xA1, held), element(0xA1, held + added)))


def bare_signer(pdf):
    (signer,) = signed_data(pdf)["signer_infos"]
    signer["unsigned_attrs"] = None
    return signer


@attack(Verdict.INVALID, verify.DAMAGED, shows=Shows.SIGNATURE)
def a_second_signer_is_added(pdf, means):
    def change(content):
        (signer,) = content["signer_infos"]
        content["signer_infos"] = [signer, bare_signer(pdf)]

    return recast(pdf, change)


@attack(Verdict.INVALID, verify.DAMAGED, shows=Shows.SIGNATURE)
def the_signer_is_taken_away(pdf, means):
    return recast(pdf, lambda content: content.__setitem__("signer_infos", []))


def with_signed(pdf, change):
    def recast_attributes(content):
        (signer,) = content["signer_infos"]
        signer["signed_attrs"] = cms.CMSAttributes(change(list(signer["signed_attrs"])))

    return recast(pdf, recast_attributes)


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_signed_attributes_are_turned_round(pdf, means):
    """A SET has no order: verifiers may sort it before they check the signature, and find it good."""

    def change(content):
        (signer,) = content["signer_infos"]
        turned = b"".join(entry.dump() for entry in list(signer["signed_attrs"])[::-1])
        signer["signed_attrs"] = cms.CMSAttributes.load(element(0x31, turned))

    content = signed_data(pdf)
    change(content)
    return with_contents(pdf, cms.ContentInfo({"content_type": "signed_data", "content": content.untag()}).dump())


@attack(*ALTERED, shows=Shows.SIGNATURE)
def a_signed_attribute_is_added(pdf, means):
    when = cms.Time({"utc_time": core.UTCTime(signatures(pdf)[-1].self_reported_timestamp - timedelta(days=9))})
    return with_signed(pdf, lambda held: [*held, attribute("signing_time", when)])


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE)
def the_signed_attributes_are_taken_away(pdf, means):
    return recast(pdf, lambda content: content["signer_infos"][0].__setitem__("signed_attrs", None))


@attack(*ALTERED, shows=Shows.SIGNATURE)
def the_attribute_that_names_the_certificate_is_taken_away(pdf, means):
    return with_signed(pdf, lambda held: [entry for entry in held if entry["type"].native != "signing_certificate_v2"])


@attack(*ALTERED, shows=Shows.SIGNATURE)
def the_digest_in_the_seal_is_set_to_that_of_other_bytes(pdf, means):
    def change(held):
        for entry in held:
            if entry["type"].native == "message_digest":
                entry["values"] = [core.OctetString(bytes(32))]
        return held

    return with_signed(pdf, change)


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.SIGNATURE)
def the_seal_carries_content_of_its_own(pdf, means):
    return recast(
        pdf, lambda content: content["encap_content_info"].__setitem__("content", core.OctetString(b"content"))
    )


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.SIGNATURE)
def the_seal_names_another_digest(pdf, means):
    def change(content):
        content["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": "sha1"})

    return recast(pdf, change)


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.SIGNATURE)
def the_seal_names_an_older_scheme(pdf, means):
    def change(content):
        content["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})

    return recast(pdf, change)


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.SIGNATURE)
def the_seal_names_its_scheme_with_another_salt(pdf, means):
    def change(content):
        scheme = content["signer_infos"][0]["signature_algorithm"]
        scheme["parameters"]["salt_length"] = 20

    return recast(pdf, change)


@attack(*ALTERED, shows=Shows.SIGNATURE)
def the_value_of_the_seal_is_zero(pdf, means):
    def change(content):
        signer = content["signer_infos"][0]
        signer["signature"] = bytes(len(signer["signature"].native))

    return recast(pdf, change)


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_version_of_the_seal_is_another(pdf, means):
    return recast(pdf, lambda content: content["signer_infos"][0].__setitem__("version", "v3"))


@attack(*HIDDEN, shows=Shows.SIGNATURE)
def the_seal_lists_further_digests(pdf, means):
    def change(content):
        content["digest_algorithms"] = [{"algorithm": "sha256"}, {"algorithm": "sha512"}]

    return recast(pdf, change)


@attack(Verdict.INVALID, judgement.TIMESTAMP_FALSE, shows=Shows.SIGNATURE, papers=("minutes",))
def an_ecdsa_signature_is_exchanged_for_its_twin(pdf, means):
    """(r, -s) verifies as well as (r, s)."""

    def change(content):
        signer = content["signer_infos"][0]
        signer["signature"] = twin(signer["signature"].native)

    return recast(pdf, change, index=0)


def twin(value):
    first, second = decode_dss_signature(value)
    return encode_dss_signature(first, ec.SECP256R1().group_order - second)


def sealed_by(pdf, key, digest):
    """The newest signature replaced by somebody else's, over that digest."""
    maker = CmsMaker([key.certificate, *key.chain])
    attributes = maker.to_sign(digest)
    return with_contents(pdf, maker.assembled(attributes, sign_bytes(key, attributes), None))


@attack(*ALTERED, shows=Shows.SIGNATURE)
def the_seal_is_made_by_a_stranger(pdf, means):
    return sealed_by(pdf, means.stranger, signatures(pdf)[-1].compute_digest()[::-1])


@attack(Verdict.INVALID, verify.WRONG_PERSON, judgement.UNTRUSTED, shows=Shows.SIGNATURE)
def the_seal_is_made_anew_by_a_stranger(pdf, means):
    """Over the same bytes: nothing is altered, but it is not the agency that sealed."""
    return sealed_by(pdf, means.stranger, signatures(pdf)[-1].compute_digest())


@attack(Verdict.INVALID, verify.WRONG_PERSON, shows=Shows.SIGNATURE)
def the_seal_is_made_anew_by_a_colleague(pdf, means):
    return sealed_by(pdf, means.desk.keys["hung"], signatures(pdf)[-1].compute_digest())
