"""Whether a signature object in our own papers could be exchanged for another that says the same.

No digest covers the newest one. What of it is not signed (RFC 5652, 5.4) must therefore be spelled in
the one way in which we write it, so that any change to it shows.
"""

from collections.abc import Iterable

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.signing.cms import is_written_like_ours
from meeting_app.signing.der import retagged, set_of
from meeting_app.signing.issuing import issuers
from meeting_app.signing.reading import Document, contents, digits
from meeting_app.signing.tokens import spelled


def is_sealed_tight(document: Document, signature: EmbeddedPdfSignature) -> bool:
    """It carries the signer's certificate, which is signed, those that issued it, and nothing else."""
    raw = contents(document, signature)
    # Parsed anew: what was looked at before is written by asn1crypto in a better spelling.
    content = cms.ContentInfo.load(raw, strict=True)["content"]
    (signer_info,) = content["signer_infos"]
    signed, bag = signer_info["signed_attrs"], [entry.chosen for entry in content["certificates"]]
    spelling = signed.dump()
    stamps = [(value.dump(), value) for entry in signer_info["unsigned_attrs"] or () for value in entry["values"]]
    return (
        len(bag) == 1 + len(issuers(signature.signer_cert, bag))
        and _is_written_once(document, signature)
        and is_written_like_ours(raw)
        and spelling == retagged(0xA0, set_of(entry.dump() for entry in signed))
        and all(written == spelled(stamp["content"]) for written, stamp in stamps)
    )


def is_stamped_tight(
    document: Document, signature: EmbeddedPdfSignature, known: Iterable[asn1_x509.Certificate]
) -> bool:
    """A timestamp of the document; its authority's certificate is among the known ones."""
    return (
        any(entry.dump() == signature.signer_cert.dump() for entry in known)
        and _is_written_once(document, signature)
        and contents(document, signature) == spelled(signature.signed_data)
    )


def _is_written_once(document: Document, signature: EmbeddedPdfSignature) -> bool:
    """Hexadecimal digits are capital (ISO 32000-2, 7.3.4.3, leaves it open)."""
    written = digits(document, signature)
    return written == written.upper()
