"""Calls for help ("cần hỗ trợ"): raised by anybody in the room, seen by the desk and by who called."""

from sqlmodel import col, select

from meeting_app.domain import message as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import ensure_state
from meeting_app.domain.message import LONGEST_CALL, HelpCall
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import message_rows as rows
from meeting_app.services.message import TALKING_STATES, required
from meeting_app.services.unit_of_work import Work, changing, key


def call(ports: Ports, actor: Actor, meeting_id: int, text: str = "") -> int:
    """Let the secretary know that one needs help; one call at a time, the same again is once."""
    cleaned = rules.clean_message(text, LONGEST_CALL)
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        mine = _mine(standing)
        waiting = _waiting(work, mine)
        if waiting is not None:
            if waiting.text != cleaned:
                raise rules.HelpAlreadyCalled
            return standing.meeting.version
        raised = HelpCall(meeting_id=meeting_id, attendee_id=mine, text=cleaned, raised_at=work.now)
        work.session.add(raised)
        work.session.flush()
        return _tell(work, standing, raised, "help.call")


def withdraw(ports: Ports, actor: Actor, meeting_id: int) -> int:
    """Take one's own open call back."""
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        waiting = _waiting(work, _mine(standing))
        if waiting is None:
            raise rules.NobodyCallsForHelp
        waiting.withdrawn_at = work.now
        return _tell(work, standing, waiting, "help.withdraw")


def answer(ports: Ports, actor: Actor, meeting_id: int, call_id: int) -> int:
    """The desk has helped."""
    with changing(ports, actor) as work:
        standing, raised = _seen(work, meeting_id, call_id)
        if raised.answered_at is not None or raised.withdrawn_at is not None:
            raise rules.NobodyCallsForHelp
        raised.answered_at, raised.answered_by = work.now, actor.account_id
        return _tell(work, standing, raised, "help.answer")


def reopen(ports: Ports, actor: Actor, meeting_id: int, call_id: int) -> int:
    """Undo an answer."""
    with changing(ports, actor) as work:
        standing, raised = _seen(work, meeting_id, call_id)
        if raised.answered_at is None:
            raise rules.HelpNotAnswered
        if _waiting(work, raised.attendee_id) is not None:
            raise rules.CalledAgain
        raised.answered_at, raised.answered_by = None, None
        return _tell(work, standing, raised, "help.reopen")


def _open(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_enters(standing)
    ensure_state(standing.meeting, *TALKING_STATES)
    return standing


def _mine(standing: Standing) -> int:
    if standing.attendee is None:
        raise NotFound
    return key(standing.attendee.id)


def _seen(work: Work, meeting_id: int, call_id: int) -> tuple[Standing, HelpCall]:
    standing = _open(work, meeting_id)
    ensure_desk(standing)
    raised = work.session.get(HelpCall, call_id)
    if raised is None or raised.meeting_id != meeting_id:
        raise NotFound
    return standing, raised


def _waiting(work: Work, attendee_id: int) -> HelpCall | None:
    query = select(HelpCall).where(
        HelpCall.attendee_id == attendee_id,
        col(HelpCall.answered_at).is_(None),
        col(HelpCall.withdrawn_at).is_(None),
    )
    return work.session.exec(query).one_or_none()


def _tell(work: Work, standing: Standing, raised: HelpCall, act: str) -> int:
    work.session.flush()
    work.record(act, raised.meeting_id, call=raised.id, attendee=raised.attendee_id, text=raised.text)
    body: rows.Body = {"help": [rows.call_body(raised)]}
    if raised.withdrawn_at is not None:
        body = {"help": [], "gone": [raised.id]}
    caller = required(work, raised.meeting_id, raised.attendee_id)
    work.emit(standing.meeting, Kind.HELP, body, Channel.PERSON, caller.account_id)
    return work.emit(standing.meeting, Kind.HELP, body, Channel.DESK)
