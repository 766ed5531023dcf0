"""The minutes: written by the secretary, signed by secretary and chair in that order, sealed, delivered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from meeting_app.domain import minutes as rules
from meeting_app.domain.access import Actor, Standing, ensure_sees, ensure_writes_minutes
from meeting_app.domain.attendee import Role, clean_reason
from meeting_app.domain.event import Kind
from meeting_app.domain.invitation import IssuedPaper, paper_file_name
from meeting_app.domain.job import JobKind
from meeting_app.domain.key import Secret
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.minutes import Minutes, MinutesState
from meeting_app.domain.organisation import Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.register import DocumentNumber
from meeting_app.domain.signature import Field, FileVerdict, Place
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.pdf.minutes import render_minutes
from meeting_app.ports import Ports
from meeting_app.services import credential as credentials
from meeting_app.services import event as events
from meeting_app.services import minutes_paper, minutes_rows, minutes_section, register, signing
from meeting_app.services import paper as papers
from meeting_app.services.paper import Signed, StoredFile
from meeting_app.services.pending_signature import PendingView
from meeting_app.services.signing import Pen, Route, Turn
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

PAPER = PaperKind.MINUTES.value


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Where the minutes stand, and what the asker may do with them now."""

    state: MinutesState
    number: str
    sha256: str
    pages: int
    may_write: bool
    may_sign: bool
    may_seal: bool
    signed_by_asker: bool
    refusal_reason: str
    issued_at: datetime | None
    profile: str  # of the signatures so far; "B-B" and "B-T" lack what the worker will add
    holds_until: datetime | None  # unless renewed; None: not archived yet
    mark: Place | None  # where the asker's signature or seal will be seen


def draft(ports: Ports, actor: Actor, meeting_id: int) -> None:
    """Once the meeting is closed: what was noted in the room under what is known of each item; twice is once."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_writes_minutes(standing)
        if minutes_rows.of_meeting(work.session, meeting_id) is not None:
            return
        if standing.meeting.state is not MeetingState.CLOSED:
            raise rules.MeetingNotClosed
        noted = minutes_rows.kept(work.session, meeting_id) is not None
        row = minutes_section.open_all(work, standing.meeting)
        row.state, row.drafted_at = MinutesState.DRAFT, work.now
        minutes_section.begin_with_what_is_known(work, standing.meeting, row, seen=noted)
        work.record("minutes.draft", meeting_id)
        _announce(work, standing.meeting, row)


def finalise(ports: Ports, actor: Actor, meeting_id: int) -> None:
    """Reserve the number, write the paper, and put it before the secretary to sign."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_writes_minutes(standing)
        row = minutes_rows.required(work.session, meeting_id)
        if row.state is not MinutesState.DRAFT:
            raise rules.NotBeingWritten(state=row.label)
        meeting = standing.meeting
        if meeting.state is not MeetingState.CLOSED:
            raise rules.MeetingNotClosed
        unit = work.session.get_one(Unit, meeting.unit_id)
        number = _number(work, meeting, row)
        draft_paper = minutes_paper.compose(work, meeting, unit, number, minutes_rows.sections_of(work.session, row))
        seal = credentials.of_seal(work.session, unit, work.now)
        route = (
            credentials.step(Field.SECRETARY, draft_paper.secretary.credential),
            credentials.step(Field.CHAIR, draft_paper.chair.credential),
            credentials.step(Field.SEAL, seal),
        )
        row.sha256, row.places = papers.keep(ports, render_minutes(draft_paper.paper, route))
        row.state, row.finalised_at, row.refusal_reason = MinutesState.AWAITING_SECRETARY, work.now, ""
        row.profile, row.holds_until = "", None
        work.record("minutes.finalise", meeting_id, number=number.text, sha256=row.sha256)
        _announce(work, meeting, row)


def reopen(ports: Ports, actor: Actor, meeting_id: int, reason: str = "") -> None:
    """Back to writing: the secretary may before the chair has signed; the chair gives a reason."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_writes_minutes(standing)
        row = minutes_rows.required(work.session, meeting_id)
        if row.state not in (MinutesState.AWAITING_SECRETARY, MinutesState.AWAITING_CHAIR):
            raise rules.OutOfOrder(state=row.label)
        if standing.is_chair:
            reason = clean_reason(reason)
        row.state, row.refusal_reason = MinutesState.DRAFT, reason
        work.record("minutes.reopen", meeting_id, reason=reason)
        _announce(work, standing.meeting, row)


def sign(
    ports: Ports, actor: Actor, meeting_id: int, *, pin: str, strokes: str, code: str = "", unchecked: bool = False
) -> FileVerdict | PendingView:
    """The signature whose turn it is: the secretary's, then the chair's."""
    return signing.sign(ports, actor, meeting_id, ROUTE, Pen(Secret(pin, code), strokes, unchecked))


def seal(
    ports: Ports, actor: Actor, meeting_id: int, *, pin: str, code: str = "", unchecked: bool = False
) -> FileVerdict | PendingView:
    """The agency's seal closes the minutes; every attendee has them from this commit on."""
    return signing.sign(ports, actor, meeting_id, ROUTE, Pen(Secret(pin, code), None, unchecked))


def view(ports: Ports, actor: Actor, meeting_id: int) -> MinutesView | None:
    """None while there are no minutes the actor may know of."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        row = minutes_rows.of_meeting(session, meeting_id)
        if row is None or not _may_read(standing, row):
            return None
        number = session.get(DocumentNumber, row.number_id) if row.number_id else None
    turn = {
        MinutesState.AWAITING_SECRETARY: (Field.SECRETARY, standing.is_secretary),
        MinutesState.AWAITING_CHAIR: (Field.CHAIR, standing.is_chair),
        MinutesState.AWAITING_SEAL: (Field.SEAL, standing.seals),
    }
    field, mine = turn.get(row.state, (None, False))
    return MinutesView(
        state=row.state,
        number=number.text if number else "",
        sha256=row.sha256,
        pages=papers.pages(ports, row.sha256) if row.sha256 else 0,
        may_write=row.state is MinutesState.DRAFT and (standing.is_secretary or standing.is_chair),
        may_sign=mine and field is not Field.SEAL,
        may_seal=mine and field is Field.SEAL,
        signed_by_asker=_signed_by(standing, row),
        refusal_reason=row.refusal_reason,
        issued_at=row.issued_at,
        profile=row.profile,
        holds_until=row.holds_until,
        mark=papers.places_of(row)[field] if field and mine else None,
    )


def file(ports: Ports, actor: Actor, meeting_id: int) -> StoredFile:
    """The newest file; opening it as an attendee is noted."""
    row, standing, number = _readable(ports, actor, meeting_id)
    papers.mark_opened(ports, meeting_id, standing.attendee.id if standing.attendee else None, PAPER)
    return StoredFile(ports.files.path(row.sha256), paper_file_name(PaperKind.MINUTES, number), row.sha256)


def page(ports: Ports, actor: Actor, meeting_id: int, number: int, width: int) -> bytes:
    """One page as JPEG (0 first); raises NotFound beyond the last."""
    row, standing, _ = _readable(ports, actor, meeting_id)
    if not 0 <= number < papers.pages(ports, row.sha256):
        raise NotFound
    papers.mark_opened(ports, meeting_id, standing.attendee.id if standing.attendee else None, PAPER)
    return papers.page(ports, row.sha256, number, width)


def verdict(ports: Ports, actor: Actor, meeting_id: int) -> FileVerdict:
    row, _, _ = _readable(ports, actor, meeting_id)
    return ports.signatures.verify(ports.files.read(row.sha256))


def _number(work: Work, meeting: Meeting, row: Minutes) -> DocumentNumber:
    if row.number_id is not None:
        return work.session.get_one(DocumentNumber, row.number_id)
    number = register.reserve(work, meeting, "BB", meeting.title)
    row.number_id = number.id
    return number


def _may_read(standing: Standing, row: Minutes) -> bool:
    if row.state is MinutesState.ISSUED:
        return standing.sees_meeting
    if standing.is_secretary or standing.is_chair:
        return True
    return standing.seals and row.state is MinutesState.AWAITING_SEAL


def _readable(ports: Ports, actor: Actor, meeting_id: int) -> tuple[Minutes, Standing, str]:
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        row = minutes_rows.required(session, meeting_id)
        if not _may_read(standing, row) or not row.sha256:
            raise NotFound
        number = session.get(DocumentNumber, row.number_id) if row.number_id else None
        return row, standing, number.text if number else ""


def _signed_by(standing: Standing, row: Minutes) -> bool:
    by_chair = row.state in (MinutesState.AWAITING_SEAL, MinutesState.ISSUED)
    by_secretary = by_chair or row.state is MinutesState.AWAITING_CHAIR
    return (standing.is_chair and by_chair) or (standing.is_secretary and by_secretary)


def _for_signer(session: Session, standing: Standing) -> Minutes:
    row = minutes_rows.required(session, key(standing.meeting.id))
    if not _may_read(standing, row):
        raise NotFound
    turns = {MinutesState.AWAITING_SECRETARY: standing.is_secretary, MinutesState.AWAITING_CHAIR: standing.is_chair}
    if not turns.get(row.state, False):
        raise rules.OutOfOrder(state=row.label)
    return row


def _for_clerk(session: Session, standing: Standing) -> Minutes:
    row = minutes_rows.required(session, key(standing.meeting.id))
    if not standing.seals:
        raise NotAllowed if _may_read(standing, row) else NotFound
    if row.state is not MinutesState.AWAITING_SEAL:
        raise rules.OutOfOrder(state=row.label)
    return row


def _turn(session: Session, standing: Standing, seals: bool, now: datetime) -> Turn:  # noqa: FBT001 — see Route
    row = _for_clerk(session, standing) if seals else _for_signer(session, standing)
    unit = session.get_one(Unit, standing.meeting.unit_id)
    if seals:
        return Turn(row, row.finalised_at, Field.SEAL, (), credentials.of_seal(session, unit, now), unit)
    role = Role.SECRETARY if row.state is MinutesState.AWAITING_SECRETARY else Role.CHAIR
    signer = papers.signer(session, standing.actor.account_id, unit, now, role)
    if row.state is MinutesState.AWAITING_SECRETARY:
        return Turn(row, row.finalised_at, Field.SECRETARY, (Field.CHAIR, Field.SEAL), signer.credential, unit)
    return Turn(row, row.finalised_at, Field.CHAIR, (Field.SEAL,), signer.credential, unit)


def _conclude(work: Work, standing: Standing, turn: Turn, signed: Signed) -> None:
    row, meeting = turn.row, standing.meeting
    assert isinstance(row, Minutes)  # noqa: S101 — of our own turn
    row.state = _AFTER[turn.field]
    if turn.field is Field.SEAL:
        row.issued_at = work.now
        meeting.state = MeetingState.RECORDED
        number = work.session.get_one(DocumentNumber, row.number_id)
        number.issued_at = work.now
        papers.deliver(work, meeting, IssuedPaper(PaperKind.MINUTES, number.text, signed.sha256))
        work.emit(meeting, Kind.MEETING, events.meeting_body(work.session, meeting))
        work.record("minutes.issue", meeting.id, sha256=signed.sha256, verdict=signed.verdict.verdict.value)
    else:
        work.record("minutes.sign", meeting.id, field=turn.field.value, sha256=signed.sha256)
    _announce(work, meeting, row)


ROUTE = Route(PAPER, JobKind.ARCHIVE_MINUTES, _turn, _conclude)
_AFTER = {
    Field.SECRETARY: MinutesState.AWAITING_CHAIR,
    Field.CHAIR: MinutesState.AWAITING_SEAL,
    Field.SEAL: MinutesState.ISSUED,
}


def _announce(work: Work, meeting: Meeting, row: Minutes) -> None:
    work.emit(meeting, Kind.MINUTES, {"state": row.state.value})
