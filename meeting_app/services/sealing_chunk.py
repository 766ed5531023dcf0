"""Sealing some documents by one call of the key: each is prepared, all are signed, each is finished and checked."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from meeting_app.domain.credential import Credential
from meeting_app.domain.key import Confirmation, Secret
from meeting_app.domain.page_area import PageArea
from meeting_app.domain.sealing import FileMissing, KeyAsksEachTime, TimestampsMissing
from meeting_app.domain.signature import (
    PROFILES,
    Field,
    FileVerdict,
    HarmsSignatures,
    PreparedSignature,
    SigningOrder,
    SigningRefused,
    Unreadable,
    Verdict,
    VerificationTookTooLong,
)
from meeting_app.domain.version import Version
from meeting_app.errors import MeetingError
from meeting_app.i18n import DEFAULT_LANGUAGE, speaking
from meeting_app.pdf.stamp import ATTACHMENT_MARGIN, ATTACHMENT_STAMP_SIZE, attachment_stamp
from meeting_app.ports import Ports, SigningRound, WorkingCopy
from meeting_app.services import credential as credentials
from meeting_app.services import paper as papers
from meeting_app.services.paper import SignatureNotConfirmed

_AT_ONCE = 4  # documents that wait for the timestamp authority together; more would slow the pages down
_REFUSALS = (SigningRefused, Unreadable, VerificationTookTooLong)  # of one document; anything else stops them all
_REASON = "Đóng dấu số của cơ quan trên văn bản kèm theo"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all documents of one act have in common; `alive` is called between any two of them."""

    credential: Credential
    secret: Secret
    agency: str
    place: str
    number: str  # of the paper that the documents go with
    unchecked: bool
    alive: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sealed copy, or the sentence that says why there is none; neither: to be tried again."""

    document: Version
    sealed_at: datetime
    sha256: str = ""
    profile: str = ""
    failure: str = ""

    @property
    def is_open(self) -> bool:
        return not (self.sha256 or self.failure)


@dataclass(frozen=True, slots=True)
class _Ready:
    document: Version
    copy: WorkingCopy
    prepared: PreparedSignature
    before: FileVerdict | None  # of a file that bears signatures already


def seal(ports: Ports, stamp: Stamp, documents: Sequence[Version]) -> list[Outcome]:
    """One outcome for each document; raises what stops them all: a KeyRefused, PinLocked, StorageFull …"""
    at = ports.clock.now()
    chain = stamp.credential.chain or ports.keys.certificates(stamp.credential.handle, stamp.secret)
    signing = ports.signatures.begin(chain, unchecked=stamp.unchecked)
    drawn = cache(partial(_drawn, stamp, at))
    ready: list[_Ready] = []
    outcomes: list[Outcome] = []
    with ExitStack() as copies:
        for document in documents:
            stamp.alive()
            try:
                copy = copies.enter_context(ports.files.copy(document.sha256))
                ready.append(_prepared(ports, signing, drawn, document, copy))
            except FileNotFoundError:
                outcomes.append(Outcome(document, at, failure=_sentence(FileMissing())))
            except _REFUSALS as refused:
                outcomes.append(Outcome(document, at, failure=_sentence(refused)))
        if not all(each.prepared.stamper for each in ready):
            raise TimestampsMissing
        for outcome in _finished(ports, ready, _values(ports, stamp, ready), at):
            stamp.alive()
            outcomes.append(outcome)
    return outcomes


def _drawn(stamp: Stamp, at: datetime, area: PageArea) -> SigningOrder:
    return SigningOrder(
        field=Field.ATTACHMENT,
        place=area.upper_right(*ATTACHMENT_STAMP_SIZE, ATTACHMENT_MARGIN),
        appearance=attachment_stamp(stamp.agency, stamp.number, at, turned=area.turned),
        reason=_REASON,
        location=stamp.place,
    )


def _prepared(
    ports: Ports,
    signing: SigningRound,
    drawn: Callable[[PageArea], SigningOrder],
    document: Version,
    copy: WorkingCopy,
) -> _Ready:
    found = ports.signatures.look_into(copy.file)
    before = ports.signatures.verify_file(ports.files.path(document.sha256)) if found.signed else None
    order = drawn(found.first_page)
    return _Ready(document, copy, signing.prepare(copy.file, order), before)


def _values(ports: Ports, stamp: Stamp, ready: Sequence[_Ready]) -> tuple[bytes, ...]:
    if not ready:
        return ()
    answer = credentials.sign(ports, stamp.credential, stamp.secret, [each.prepared.to_sign for each in ready])
    if isinstance(answer, Confirmation):
        raise KeyAsksEachTime
    return answer


def _finished(ports: Ports, ready: Sequence[_Ready], values: Sequence[bytes], at: datetime) -> Iterator[Outcome]:
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sealing") as pool:
        yield from pool.map(partial(_finish, ports, at), ready, values)


def _finish(ports: Ports, at: datetime, each: _Ready, value: bytes) -> Outcome:
    """Timestamp, fill in, check, and only then keep."""
    try:
        ports.signatures.finish(each.copy.file, each.prepared, value)
        if each.before is None:
            each.copy.file.seek(0)
            verdict, sha256 = ports.signatures.verify(each.copy.file.read()), ""
        else:
            sha256 = each.copy.keep()
            verdict = ports.signatures.verify_file(ports.files.path(sha256))
            _ensure_unharmed(each.before, verdict)
        profile = profile_of(verdict)
        if profile == PROFILES[0]:
            return Outcome(each.document, at)  # the timestamp authority fell silent meanwhile
    except _REFUSALS as refused:
        return Outcome(each.document, at, failure=_sentence(refused))
    return Outcome(each.document, at, sha256 or each.copy.keep(), profile)


def profile_of(verdict: FileVerdict) -> str:
    """Of our own signature, if it holds."""
    ours = [facts for facts in verdict.signatures if facts.field == Field.ATTACHMENT]
    if len(ours) != 1 or not papers.holds(ours[0]):
        raise SignatureNotConfirmed
    return ours[0].profile


def _ensure_unharmed(before: FileVerdict, after: FileVerdict) -> None:
    """Whoever signed the file before us signed it still."""
    now = {facts.field: facts.verdict for facts in after.signatures}
    for facts in before.signatures:
        if facts.verdict is Verdict.VALID and now.get(facts.field) is not Verdict.VALID:
            raise HarmsSignatures
        if facts.verdict is Verdict.UNCONFIRMED and now.get(facts.field, Verdict.INVALID) is Verdict.INVALID:
            raise HarmsSignatures


def _sentence(refused: MeetingError) -> str:
    """In the language of the house: it is kept."""
    with speaking(DEFAULT_LANGUAGE):
        return str(refused)
