"""Whether a signature object in our own papers could be exchanged for another that says the same.

No digest covers the newest one. What of it is not signed (RFC 5652, 5.4) must therefore be spelled in
the one way in which we write it, so that any change to it shows.
"""

from collections.abc import Sequence

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.signing.cms import is_written_like_ours
from meeting_app.signing.der import retagged, set_of
from meeting_app.signing.issuing import issued, issuers
from meeting_app.signing.reading import Document, contents, digits
from meeting_app.signing.tokens import spelled


def is_sealed_tight(
    document: Document, signature: EmbeddedPdfSignature, known: Sequence[asn1_x509.Certificate]
) -> bool:
    """It carries the signer's certificate, which is signed, those that issued it, and nothing else.

    `known`: the certificates of the security store and those that are trusted.
    """
    raw = contents(document, signature)
    # Parsed anew: what was looked at before is written by asn1crypto in a better spelling.
    content = cms.ContentInfo.load(raw, strict=True)["content"]
    (signer_info,) = content["signer_infos"]
    signed, bag = signer_info["signed_attrs"], [entry.chosen for entry in content["certificates"]]
    spelling = signed.dump()
    stamps = [(value.dump(), value) for entry in signer_info["unsigned_attrs"] or () for value in entry["values"]]
    above = issuers(signature.signer_cert, bag)
    return (
        len(bag) == 1 + len(above)
        and all(_is_true(entry, (*above, *known)) for entry in above)
        and _is_written_once(document, signature)
        and is_written_like_ours(raw)
        and spelling == retagged(0xA0, set_of(entry.dump() for entry in signed))
        and all(written == spelled(stamp["content"]) for written, stamp in stamps)
    )


def is_stamped_tight(
    document: Document, signature: EmbeddedPdfSignature, known: Sequence[asn1_x509.Certificate]
) -> bool:
    """A timestamp of the document; its authority's certificate is among the known ones."""
    return (
        any(entry.dump() == signature.signer_cert.dump() for entry in known)
        and _is_written_once(document, signature)
        and contents(document, signature) == spelled(signature.signed_data)
    )


def _is_true(certificate: asn1_x509.Certificate, others: Sequence[asn1_x509.Certificate]) -> bool:
    """To the byte one that is known by its name and key; else truly issued, so far as its issuer is known."""
    same = [entry for entry in others if entry is not certificate and _is_of_the_same(entry, certificate)]
    if same:
        return any(entry.dump() == certificate.dump() for entry in same)
    by_name = [entry for entry in others if entry.subject == certificate.issuer]
    return not by_name or any(issued(entry, certificate) for entry in by_name)


def _is_of_the_same(one: asn1_x509.Certificate, other: asn1_x509.Certificate) -> bool:
    return bool(one.subject == other.subject and one.public_key.dump() == other.public_key.dump())


def _is_written_once(document: Document, signature: EmbeddedPdfSignature) -> bool:
    """Hexadecimal digits are capital (ISO 32000-2, 7.3.4.3, leaves it open)."""
    written = digits(document, signature)
    return written == written.upper()
