"""Asking for the floor, the order of those who wait, and the rules by which they are called."""

from meeting_app.domain import floor as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.attendee import AlreadyClosed, Attendee, Role
from meeting_app.domain.event import Kind
from meeting_app.domain.floor import FloorOrder, FloorRequest, FloorRules, RequestKind, RequestState, Taking
from meeting_app.domain.meeting import MeetingState, ensure_state
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import floor_rows as rows
from meeting_app.services.meeting import SOON
from meeting_app.services.unit_of_work import Work, changing, key


def ask(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    kind: RequestKind,
    *,
    subject: str = "",
    item_id: int | None = None,
    addressee_id: int | None = None,
    attendee_id: int | None = None,
) -> int:
    """Ask to speak, to question somebody, or for a point of order; the desk may ask for somebody else.

    The same asked again is asked once.
    """
    cleaned = rules.clean_subject(subject)
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        who = _whom(work, standing, attendee_id)
        asked = FloorRequest(
            meeting_id=meeting_id,
            kind=kind,
            attendee_id=key(who.id),
            addressee_id=_addressee(work, standing, kind, who, addressee_id),
            item_id=_item(work, meeting_id, item_id),
            subject=cleaned,
            raised_at=work.now,
            raised_by=actor.account_id,
            seconds=rows.rules_of(work.session, meeting_id).seconds_for(kind),
        )
        waiting = _waiting(rows.of_meeting(work.session, meeting_id), asked)
        if waiting is not None:
            return _once(work, standing, waiting, asked)
        _ensure_taken(work, standing, kind, by_desk=who is not standing.attendee)
        return _queue(work, standing, asked, "floor.raise")


def withdraw(ports: Ports, actor: Actor, meeting_id: int, request_id: int) -> int:
    """Take a waiting request back: one's own, or somebody's by the desk."""
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        request = own(work, standing, request_id)
        if request.state is RequestState.WITHDRAWN:
            return standing.meeting.version
        ensure_waiting(work, standing, request)
        with rows.telling(work, standing.meeting):
            request.state = RequestState.WITHDRAWN
        return note(work, "floor.withdraw", request)


def restore(ports: Ports, actor: Actor, meeting_id: int, request_id: int) -> int:
    """Undo a withdrawal: at the place that the order gives, the last one when the chair's hand does."""
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        request = own(work, standing, request_id)
        if request.state is not RequestState.WITHDRAWN:
            raise rules.NotWithdrawn(name=name_of(work, standing, request))
        if _waiting(rows.of_meeting(work.session, meeting_id), request) is not None:
            raise rules.AlreadyWaiting(name=name_of(work, standing, request))
        _ensure_taken(work, standing, request.kind, by_desk=True)
        return _queue(work, standing, request, "floor.restore")


def move(ports: Ports, actor: Actor, meeting_id: int, request_id: int, position: int) -> int:
    """Put a waiting one at this place, 1 first; from then on the chair's hand orders the list."""
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        ensure_desk(standing)
        request = of_meeting(work, meeting_id, request_id)
        ensure_waiting(work, standing, request)
        row = _rules(work, meeting_id)
        with rows.telling(work, standing.meeting):
            rules.move(rows.of_meeting(work.session, meeting_id), request, position)
        if row.order is not FloorOrder.HAND:
            row.order = FloorOrder.HAND
            _announce(work, standing, row)
        return note(work, "floor.move", request, position=position)


def set_rules(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    *,
    order: FloorOrder | None = None,
    seconds: int | None = None,
    question_seconds: int | None = None,
    speeches: Taking | None = None,
    questions: Taking | None = None,
) -> int:
    """Change how the floor is given; what is not named stays. A new order lines up all who wait."""
    with changing(ports, actor) as work:
        standing = _open(work, meeting_id)
        ensure_desk(standing)
        row = _rules(work, meeting_id)
        before = rows.rules_body(row)
        row.order = order or row.order
        row.seconds = row.seconds if seconds is None else rules.ensure_seconds(seconds)
        row.question_seconds = (
            row.question_seconds if question_seconds is None else rules.ensure_seconds(question_seconds)
        )
        row.speeches, row.questions = speeches or row.speeches, questions or row.questions
        if order is not None:
            with rows.telling(work, standing.meeting):
                requests = rows.of_meeting(work.session, meeting_id)
                rules.line_up(requests, order, rows.ranks(work.session, standing.meeting))
        if before != rows.rules_body(row):
            _announce(work, standing, row)
        work.record("floor.rules", meeting_id, **rows.rules_body(row))
        return standing.meeting.version


def own(work: Work, standing: Standing, request_id: int) -> FloorRequest:
    """A request of the actor's own, or anybody's for the desk; NotAllowed for others."""
    request = of_meeting(work, key(standing.meeting.id), request_id)
    if standing.attendee is None or request.attendee_id != standing.attendee.id:
        ensure_desk(standing)
    return request


def of_meeting(work: Work, meeting_id: int, request_id: int) -> FloorRequest:
    request = work.session.get(FloorRequest, request_id)
    if request is None or request.meeting_id != meeting_id:
        raise NotFound
    return request


def ensure_waiting(work: Work, standing: Standing, request: FloorRequest) -> None:
    if request.state is not RequestState.WAITING:
        raise rules.NotWaiting(name=name_of(work, standing, request))


def name_of(work: Work, standing: Standing, request: FloorRequest) -> str:
    return rows.names(work.session, standing.meeting, {request.attendee_id})[request.attendee_id]


def queue_again(work: Work, standing: Standing, request: FloorRequest) -> None:
    """Let a request wait whose call was taken back: by hand first of all, else where the order puts it."""
    requests = rows.of_meeting(work.session, request.meeting_id)
    order = rows.rules_of(work.session, request.meeting_id).order
    if order is FloorOrder.HAND:
        rules.join_first(requests, request)
    else:
        rules.join(requests, request, order, rows.ranks(work.session, standing.meeting))


def note(work: Work, act: str, request: FloorRequest, **detail: object) -> int:
    """Record an act on a request; returns the version at which it took effect."""
    what = {"request": request.id, "kind": request.kind.value, "attendee": request.attendee_id}
    work.record(act, request.meeting_id, **what, **detail)
    return work.version


def _open(work: Work, meeting_id: int) -> Standing:
    """From the opening of the doors to the end of the session."""
    standing = work.standing(meeting_id)
    ensure_enters(standing)
    meeting = standing.meeting
    if meeting.state in (MeetingState.CLOSED, MeetingState.RECORDED):
        raise AlreadyClosed
    ensure_state(meeting, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)
    if meeting.state is MeetingState.CONVENED and work.now < meeting.starts_at - SOON:
        raise rules.FloorNotYetOpen(minutes=int(SOON.total_seconds() // 60))
    work.version = meeting.version
    return standing


def _whom(work: Work, standing: Standing, attendee_id: int | None) -> Attendee:
    mine = standing.attendee
    if mine is None:
        raise NotFound
    if attendee_id is None or attendee_id == mine.id:
        return mine
    ensure_desk(standing)
    return _attendee(work, standing, attendee_id)


def _attendee(work: Work, standing: Standing, attendee_id: int) -> Attendee:
    found = work.session.get(Attendee, attendee_id)
    if found is None or found.meeting_id != standing.meeting.id:
        raise NotFound
    return found


def _addressee(
    work: Work, standing: Standing, kind: RequestKind, who: Attendee, addressee_id: int | None
) -> int | None:
    if kind is not RequestKind.SPEECH and who.role is Role.GUEST:
        raise rules.GuestsOnlySpeak
    if kind is not RequestKind.QUESTION:
        return None
    if addressee_id is None:
        raise rules.AddresseeMissing
    if addressee_id == who.id:
        raise rules.QuestionToOneself
    return _attendee(work, standing, addressee_id).id


def _item(work: Work, meeting_id: int, item_id: int | None) -> int | None:
    if item_id is not None:
        item = work.session.get(AgendaItem, item_id)
        if item is None or item.meeting_id != meeting_id:
            raise NotFound
    return item_id


def _waiting(requests: list[FloorRequest], asked: FloorRequest) -> FloorRequest | None:
    """What this person already waits for of this kind."""
    mine = (each for each in requests if (each.attendee_id, each.kind) == (asked.attendee_id, asked.kind))
    return next((each for each in mine if each.state is RequestState.WAITING), None)


def _once(work: Work, standing: Standing, waiting: FloorRequest, asked: FloorRequest) -> int:
    def content(each: FloorRequest) -> tuple[object, ...]:
        return each.subject, each.addressee_id, each.item_id

    if content(waiting) != content(asked):
        raise rules.AlreadyWaiting(name=name_of(work, standing, waiting))
    return standing.meeting.version


def _ensure_taken(work: Work, standing: Standing, kind: RequestKind, *, by_desk: bool) -> None:
    taking = rows.rules_of(work.session, key(standing.meeting.id)).taking(kind)
    if taking is Taking.ENDED:
        raise rules.FloorEnded
    if taking is Taking.PAUSED and not by_desk:
        raise rules.NotTaken


def _queue(work: Work, standing: Standing, request: FloorRequest, act: str) -> int:
    meeting_id = request.meeting_id
    with rows.telling(work, standing.meeting):
        request.state = RequestState.WAITING
        order = rows.rules_of(work.session, meeting_id).order
        ranks = rows.ranks(work.session, standing.meeting) if order is FloorOrder.RANK else {}
        rules.join(rows.of_meeting(work.session, meeting_id), request, order, ranks)
        work.session.add(request)
    return note(work, act, request, subject=request.subject)


def _rules(work: Work, meeting_id: int) -> FloorRules:
    row = rows.rules_of(work.session, meeting_id)
    work.session.add(row)
    return row


def _announce(work: Work, standing: Standing, row: FloorRules) -> None:
    work.emit(standing.meeting, Kind.FLOOR_RULES, rows.rules_body(row))
