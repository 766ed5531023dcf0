"""Turns on the floor: given, paused, prolonged and ended, each as the desk sees it at that moment."""

from meeting_app.domain import floor as rules
from meeting_app.domain import turn as turns
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters
from meeting_app.domain.floor import FloorRequest, RequestKind, RequestState, Taking
from meeting_app.domain.meeting import MeetingState, ensure_running, ensure_state
from meeting_app.ports import Ports
from meeting_app.services import floor as floors
from meeting_app.services import floor_rows as rows
from meeting_app.services.floor import name_of, note
from meeting_app.services.unit_of_work import Work, changing, key


def grant(ports: Ports, actor: Actor, meeting_id: int, request_id: int, instead_of: int | None = None) -> int:
    """Give somebody the floor; whoever speaks has spoken, or is interrupted by a point of order.

    `instead_of` is who speaks as the desk sees it (0 for nobody): when somebody else was called meanwhile,
    they are not cut off, and AnotherWasCalled says so.
    """
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        request = floors.of_meeting(work, meeting_id, request_id)
        return _give(work, standing, request, instead_of, "floor.grant")


def call_next(
    ports: Ports, actor: Actor, meeting_id: int, kind: RequestKind | None = None, instead_of: int | None = None
) -> int:
    """Give the floor to the next of those who wait, or of those who wait for this kind."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        taken = rows.rules_of(work.session, meeting_id)
        waiting = rules.queue(rows.of_meeting(work.session, meeting_id))
        for request in waiting:
            if kind in (None, request.kind) and taken.taking(request.kind) is not Taking.ENDED:
                return _give(work, standing, request, instead_of, "floor.next")
        raise rules.NobodyWaiting


def pause(ports: Ports, actor: Actor, meeting_id: int, request_id: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        request = _in_state(work, standing, request_id, RequestState.SPEAKING)
        with rows.telling(work, standing.meeting):
            turns.pause(request, work.now)
        return note(work, "floor.pause", request)


def resume(ports: Ports, actor: Actor, meeting_id: int, request_id: int) -> int:
    """Let a paused speaker go on; a point of order that has the floor ends."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_running(standing.meeting)
        request = floors.of_meeting(work, meeting_id, request_id)
        if request.state is not RequestState.PAUSED:
            raise turns.NotPaused(name=name_of(work, standing, request))
        with rows.telling(work, standing.meeting):
            turns.resume(rows.of_meeting(work.session, meeting_id), request, work.now)
            _silence_first(work, request)
        return note(work, "floor.resume", request)


def extend(ports: Ports, actor: Actor, meeting_id: int, request_id: int, seconds: int) -> int:
    """Give the speaker more time, or (below 0) take some back."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        request = _in_state(work, standing, request_id, RequestState.SPEAKING, RequestState.PAUSED)
        with rows.telling(work, standing.meeting):
            turns.extend(request, seconds)
        return note(work, "floor.extend", request, seconds=seconds)


def end(ports: Ports, actor: Actor, meeting_id: int, request_id: int) -> int:
    """The turn is over: said by the desk, or by the speaker."""
    with changing(ports, actor) as work:
        standing = _session(work, meeting_id)
        floors.own(work, standing, request_id)
        request = _in_state(work, standing, request_id, RequestState.SPEAKING, RequestState.PAUSED)
        with rows.telling(work, standing.meeting):
            requests = rows.of_meeting(work.session, meeting_id)
            turns.end(requests, request, work.now, standing.meeting.paused_at)
            _end_before(work, requests, request)
        return note(work, "floor.end", request, seconds=round(turns.spent(request, work.now)))


def undo(ports: Ports, actor: Actor, meeting_id: int, request_id: int) -> int:
    """Take the last step of a turn back: a call to waiting, an end to speaking, while that is honest."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        request = floors.of_meeting(work, meeting_id, request_id)
        name = name_of(work, standing, request)
        with rows.telling(work, standing.meeting):
            if request.state is RequestState.DONE:
                ensure_running(standing.meeting)
                turns.take_back_end(rows.of_meeting(work.session, meeting_id), request, work.now, name)
                _silence_first(work, request)
            elif request.state in (RequestState.SPEAKING, RequestState.PAUSED):
                _uncall(work, standing, request, name)
            else:
                raise turns.NothingToTakeBack(name=name)
        return note(work, "floor.undo", request)


def _give(work: Work, standing: Standing, request: FloorRequest, instead_of: int | None, act: str) -> int:
    meeting_id = key(standing.meeting.id)
    requests = rows.of_meeting(work.session, meeting_id)
    if request.state is RequestState.SPEAKING:
        raise turns.AlreadySpeaking(name=name_of(work, standing, request))
    floors.ensure_waiting(work, standing, request)
    taken = rows.rules_of(work.session, meeting_id)
    if taken.taking(request.kind) is Taking.ENDED:
        raise rules.FloorEnded
    speaker = next((each for each in requests if each.state is RequestState.SPEAKING), None)
    if instead_of is not None and speaker is not None and speaker.id != instead_of:
        raise turns.AnotherWasCalled(name=name_of(work, standing, speaker))
    with rows.telling(work, standing.meeting):
        request.spoken_on_id = request.item_id or rows.current_item(work.session, meeting_id)
        turns.grant(requests, request, work.now, taken.seconds_for(request.kind))
        _silence_first(work, request)
    return note(work, act, request)


def _uncall(work: Work, standing: Standing, request: FloorRequest, name: str) -> None:
    requests = rows.of_meeting(work.session, request.meeting_id)
    same = (each for each in requests if (each.attendee_id, each.kind) == (request.attendee_id, request.kind))
    if any(each.state is RequestState.WAITING for each in same):
        raise rules.AlreadyWaiting(name=name)
    turns.take_back_call(requests, request, work.now, standing.meeting.paused_at, name)
    _end_before(work, requests, request)
    floors.queue_again(work, standing, request)


def _silence_first(work: Work, speaker: FloorRequest) -> None:
    """The database lets one speak at a time, at every moment: the others' rows are written first."""
    state, speaker.state = speaker.state, RequestState.PAUSED
    work.session.flush()
    speaker.state = state


def _end_before(work: Work, requests: list[FloorRequest], ended: FloorRequest) -> None:
    """The same where somebody who was interrupted goes on."""
    for each in requests:
        if each is not ended and each.state is RequestState.SPEAKING:
            _silence_first(work, each)


def _in_state(work: Work, standing: Standing, request_id: int, *states: RequestState) -> FloorRequest:
    request = floors.of_meeting(work, key(standing.meeting.id), request_id)
    if request.state not in states:
        raise turns.NotSpeaking(name=name_of(work, standing, request))
    return request


def _desk(work: Work, meeting_id: int) -> Standing:
    standing = _session(work, meeting_id)
    ensure_desk(standing)
    return standing


def _session(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_enters(standing)
    ensure_state(standing.meeting, MeetingState.RUNNING, MeetingState.PAUSED)
    work.version = standing.meeting.version
    return standing
