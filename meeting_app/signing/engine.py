"""Signing a PDF in three steps, so that the key may be anywhere: `begin`, `Round.prepare`, `finish`.

Order of work: the certificate may sign (L12, L13), its status and that of the timestamp authority are
asked; the paper takes this signature (route, locks), the answers are put into its document security
store, and a gap is left that covers them; the key signs; the signature is timestamped and filled in.

Nobody waits for a timestamp authority: when none answers the signature is made without (PAdES B-B),
and `archive` adds the time, and every proof that is missing, later (B-LTA).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from meeting_app.domain.signature import DocumentLocked, Field, PreparedSignature, SigningOrder, Unreadable
from meeting_app.signing import attachments, fields
from meeting_app.signing.archive import append_timestamp
from meeting_app.signing.cms import DIGEST, CmsMaker, imprint
from meeting_app.signing.embedding import fill, open_gap
from meeting_app.signing.inquiry import Inquiry, asking_context, first_authority, signers_path
from meeting_app.signing.issuing import issuers
from meeting_app.signing.keys import ensure_in_force, ensure_usable
from meeting_app.signing.reading import BROKEN
from meeting_app.signing.running import finished
from meeting_app.signing.timestamps import CheckedTimeStamper, certificates_in
from meeting_app.signing.tokens import spelled
from meeting_app.signing.trust import Trust, standing
from meeting_app.signing.writing import AppendingWriter


def now_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Round:
    """One signer, inquired about once: prepares one paper, or the many of a batch."""

    inquiry: Inquiry
    maker: CmsMaker
    clock: Callable[[], datetime]

    def prepare(self, paper: BinaryIO, order: SigningOrder) -> PreparedSignature:
        """Append everything but the signature; raises a SigningRefused or Unreadable before a byte is changed.

        `paper` is read and written in place: give a copy.
        """
        if order.field is Field.ATTACHMENT:
            return self._prepare_foreign(paper, order)
        fields.ensure_takes(paper, order, self.inquiry.certificates[0])
        return self.prepare_unasked(paper, order)

    def _prepare_foreign(self, paper: BinaryIO, order: SigningOrder) -> PreparedSignature:
        attachments.look_into(paper)
        try:
            return self.prepare_unasked(paper, order)
        except BROKEN as error:  # a stranger's file may be broken in any way
            raise Unreadable from error

    def prepare_unasked(self, paper: BinaryIO, order: SigningOrder) -> PreparedSignature:
        """As `prepare`, whatever the paper's route and locks say."""
        authority = self.inquiry.authority
        try:
            writer = AppendingWriter(paper)
            fields.create_missing(writer, order)
            self.inquiry.store_in(writer)
            room = self.maker.room(len(authority.token.dump()) if authority else 0)
            gap = open_gap(writer, order, room, self.clock())
        except SigningError as error:
            raise DocumentLocked from error
        except PdfError as error:
            raise Unreadable from error
        return PreparedSignature(
            to_sign=self.maker.to_sign(gap.digest),
            certificates=tuple(each.dump() for each in self.inquiry.certificates),
            gap=(gap.start, gap.end),
            stamper=authority.stamper.url if authority else "",
            stamped_by=authority.fingerprints if authority else frozenset(),
        )


class SigningEngine:
    """Safe to share between threads; remembers what each timestamp authority's certificate is."""

    def __init__(
        self,
        timestamp_urls: Sequence[str],
        trust: Trust,
        *,
        fetch_seconds: float = 5.0,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        """`fetch_seconds`: how long any one authority may take for an answer."""
        self._trust = standing(trust)
        self._fetch_seconds = fetch_seconds
        self._clock = clock
        self._stampers = {url: CheckedTimeStamper(url, timeout=fetch_seconds) for url in timestamp_urls}

    def begin(self, certificates: Sequence[asn1_x509.Certificate], *, unchecked: bool = False) -> Round:
        """Ask about a signer, its certificate first, then the issuers; raises a KeyRefused.

        `unchecked`: sign even if nobody answers about revocation; the signer decided so.
        """
        ensure_usable(certificates[0])
        ensure_in_force(certificates[0], self._clock())
        # Only authorities above the certificate: all of them will stand in each signature.
        chain = (certificates[0], *issuers(certificates[0], certificates[1:]))
        inquiry = finished(self._inquire(chain, unchecked=unchecked))
        return Round(inquiry, CmsMaker(chain), self._clock)

    def finish(self, paper: BinaryIO, prepared: PreparedSignature, value: bytes) -> None:
        """Timestamp the signature value and fill the gap; without a timestamp when the authority fails now."""
        maker = CmsMaker([asn1_x509.Certificate.load(each) for each in prepared.certificates])
        token = finished(self._stamped(prepared, value)) if prepared.stamper else None
        fill(paper, prepared.gap, maker.assembled(prepared.to_sign, value, token))

    def archive(self, paper: BinaryIO) -> datetime:
        """Append missing proofs and a timestamp over the whole paper; returns when that timestamp's chain ends.

        Raises TimestampUnavailable or TimestampUntrusted before a byte is changed.
        """
        return finished(
            append_timestamp(paper, list(self._stampers.values()), self._trust(), self._clock(), self._fetch_seconds)
        )

    async def _inquire(self, certificates: tuple[asn1_x509.Certificate, ...], *, unchecked: bool) -> Inquiry:
        backend = AIOHttpFetcherBackend(per_request_timeout=self._fetch_seconds)
        context = asking_context(self._trust(), certificates[1:], self._clock(), backend)
        try:
            paths = await signers_path(certificates, context, unchecked=unchecked)
            authority = await first_authority(list(self._stampers.values()), context)
        finally:
            await backend.close()  # type: ignore[no-untyped-call]  # pyHanko has no types here
        return Inquiry(certificates, tuple(paths), context, authority)

    async def _stamped(self, prepared: PreparedSignature, value: bytes) -> bytes | None:
        """The timestamp, if it comes under the certificates whose proofs the paper holds already."""
        stamper = self._stampers.get(prepared.stamper)
        if stamper is None:
            return None
        try:
            token = await stamper.async_timestamp(imprint(value), DIGEST)
        except TimestampRequestError:
            stamper.forget()
            return None
        if not {each.hex() for each in certificates_in(token["content"])} <= prepared.stamped_by:
            stamper.forget()
            return None
        return spelled(token["content"])
