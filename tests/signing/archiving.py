"""Archiving a signed paper: proofs and a timestamp of the document appended, as EN 319 142-1 has it for B-LTA.

What the production code will do; here with pyHanko's `PdfTimeStamper`, behind the functions below.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from meeting_app.signing.running import finished
from meeting_app.signing.timestamps import CheckedTimeStamper
from meeting_app.signing.tokens import plain
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


def asking(roots: Sequence[asn1_x509.Certificate], known: Sequence[asn1_x509.Certificate] = ()) -> ValidationContext:
    """Asks the authorities at this moment."""
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=list(known),
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


def renewed(pdf, url, roots, at: datetime, **options) -> bytes:
    """The same at a moment of the future: its authorities are asked, and their answers judged for that moment."""
    stamper = TightStamper(url)
    context = finished(_answers(stamper, PdfFileReader(BytesIO(pdf)), roots, at))
    return stamped(pdf, stamper, context, **options)


async def _answers(stamper: TightStamper, paper: PdfFileReader, roots, at: datetime) -> ValidationContext:
    """What the authorities say of everybody who signed or stamped the paper, and of who will stamp it now."""
    await stamper.async_dummy_response("sha256")
    made = paper.embedded_signatures
    known = [*roots, *stamper.cert_registry, *(above for entry in made for above in entry.other_embedded_certs)]
    if "/DSS" in paper.root:
        known += DocumentSecurityStore.read_dss(paper).load_certs()
    issuers = {entry.subject.dump(): entry for entry in known}
    waiting = {*stamper._certs.values(), *(entry.signer_cert for entry in made)}
    ocsps, crls, asked = [], [], set()
    fetching = asking(roots)
    while waiting:
        certificate = waiting.pop()
        asked.add(certificate)
        issuer = issuers.get(certificate.issuer.dump())
        if issuer is None:
            continue  # a stranger's, of whom nobody here can say anything
        if certificate.ocsp_urls:
            ocsps += await fetching.async_retrieve_ocsps(certificate, issuer)
        crls += await fetching.async_retrieve_crls(certificate)
        if issuer.self_signed == "no" and issuer not in asked:
            waiting.add(issuer)
    await fetching.aclose()
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=list(issuers.values()),
        moment=at,
        ocsps=ocsps,
        crls=crls,
        revocation_mode="require",
    )
