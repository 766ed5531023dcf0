"""Archiving a signed paper: proofs and a timestamp of the document appended, as EN 319 142-1 has it for B-LTA.

What the production code will do; here with pyHanko's `PdfTimeStamper`, behind the functions below.
"""

from collections.abc import Sequence

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from meeting_app.signing.running import finished
from meeting_app.signing.timestamps import CheckedTimeStamper, plain
from meeting_app.signing.writing import AppendingWriter

# The proofs first, so that the timestamp covers them as well.
BEFORE = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


class TightStamper(CheckedTimeStamper):
    """Writes timestamps as our papers want them, but for the first, from which the authority's chain is learnt."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        first = not self._certs
        token = await super().async_timestamp(message_digest, md_algorithm)
        if first:
            return token
        return cms.ContentInfo({"content_type": "signed_data", "content": plain(token["content"])})


def asking(roots: Sequence[asn1_x509.Certificate]) -> ValidationContext:
    """Asks the authorities at this moment."""
    return ValidationContext(
        trust_roots=list(roots),
        allow_fetching=True,
        revocation_mode="require",
        fetcher_backend=RequestsFetcherBackend(per_request_timeout=5),
    )


def stamped(pdf, stamper, context, *, writer=AppendingWriter, settings=BEFORE) -> bytes:
    """The paper with a timestamp of the document appended, and the proofs for it."""
    made = PdfTimeStamper(stamper).async_timestamp_pdf(
        writer(pdf), "sha256", context, dss_settings=settings, embed_roots=False
    )
    return finished(made).getvalue()


def archived(pdf, pki, roots) -> bytes:
    """The same with the authority of `pki`, now."""
    return stamped(pdf, TightStamper(pki.timestamp_url), asking(roots))
