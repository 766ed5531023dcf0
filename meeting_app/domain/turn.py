"""The turns on the floor: one speaker at a time, a clock that stands while the turn or the meeting does.

Granting the floor ends the turn that runs. A point of order interrupts instead: whoever spoke is paused
and goes on when it ends. What was done can be taken back while that is honest: a call within its first
minute, an end as long as nobody has had the floor since.

`meeting_paused_at` is when the meeting was paused, None while it runs: from then on no turn's clock goes.
"""

from collections.abc import Sequence
from datetime import datetime

from meeting_app.domain.floor import FloorRequest, RequestKind, RequestState, ensure_seconds
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

TAKEN_BACK_WITHIN = 60  # seconds spoken


class AlreadySpeaking(MeetingError):
    message = N_("{name} has the floor already.")


class NotSpeaking(MeetingError):
    message = N_("{name} does not have the floor now: someone else may just have ended or paused this turn.")


class NotPaused(MeetingError):
    message = N_("The turn of {name} is not paused.")


class TurnWasHeld(MeetingError):
    message = N_("{name} has spoken for more than a minute: end the turn instead.")


class FloorMovedOn(MeetingError):
    message = N_("Someone else has had the floor since. Call {name} again instead.")


class NothingToTakeBack(MeetingError):
    message = N_("{name} has not been called yet.")


class AnotherWasCalled(MeetingError):
    message = N_("{name} has just been given the floor. Look at the list and call again.")


def live(requests: Sequence[FloorRequest]) -> list[FloorRequest]:
    """Turns that have begun and not ended: at most a speaker and whom a point of order interrupted."""
    return [each for each in requests if each.state in (RequestState.SPEAKING, RequestState.PAUSED)]


def spent(request: FloorRequest, now: datetime, meeting_paused_at: datetime | None = None) -> float:
    """Seconds somebody has spoken, never below 0."""
    if request.started_at is None:
        return 0
    until = request.ended_at or request.paused_at or meeting_paused_at or now
    return max(0.0, (until - request.started_at).total_seconds() - request.paused_seconds)


def grant(requests: Sequence[FloorRequest], request: FloorRequest, now: datetime, seconds: int) -> None:
    """Let a waiting one speak for so many seconds."""
    for other in live(requests):
        if request.kind is not RequestKind.ORDER or other.kind is RequestKind.ORDER:
            _finish(other, now, None)
        else:
            _interrupt(other, now)
    request.state, request.seconds, request.started_at = RequestState.SPEAKING, seconds, now
    request.paused_at, request.paused_seconds, request.interrupted, request.ended_at = None, 0, False, None


def pause(request: FloorRequest, now: datetime) -> None:
    request.state, request.paused_at, request.interrupted = RequestState.PAUSED, now, False


def resume(requests: Sequence[FloorRequest], request: FloorRequest, now: datetime) -> None:
    """Go on speaking; a point of order that holds the floor ends, unless it is the one that goes on."""
    for other in live(requests):
        if other is not request and (other.state is RequestState.SPEAKING or other.kind is RequestKind.ORDER):
            _finish(other, now, None)
    _go_on(request, now, None)


def extend(request: FloorRequest, seconds: int) -> None:
    """Give more time, or take some back (below 0)."""
    request.seconds = ensure_seconds(request.seconds + seconds)


def end(
    requests: Sequence[FloorRequest], request: FloorRequest, now: datetime, meeting_paused_at: datetime | None
) -> None:
    """The turn is over; whom it interrupted goes on."""
    _finish(request, now, meeting_paused_at)
    _give_back(requests, request, now, meeting_paused_at)


def end_all(requests: Sequence[FloorRequest], now: datetime, meeting_paused_at: datetime | None) -> None:
    """The meeting is over, and so is every turn."""
    for each in live(requests):
        _finish(each, now, meeting_paused_at)


def take_back_call(
    requests: Sequence[FloorRequest],
    request: FloorRequest,
    now: datetime,
    meeting_paused_at: datetime | None,
    name: str,
) -> None:
    """The call was a slip: back among those who wait."""
    if spent(request, now, meeting_paused_at) > TAKEN_BACK_WITHIN:
        raise TurnWasHeld(name=name)
    request.state, request.spoken_on_id = RequestState.WAITING, None
    request.started_at, request.paused_at, request.paused_seconds, request.interrupted = None, None, 0, False
    _give_back(requests, request, now, meeting_paused_at)


def take_back_end(requests: Sequence[FloorRequest], request: FloorRequest, now: datetime, name: str) -> None:
    """The end was a slip: the turn goes on, the time between is not counted."""
    others = [each for each in requests if each is not request]
    ended_at = request.ended_at or now
    if any(_later(each, ended_at) for each in others) or not _may_come_back(live(others), request):
        raise FloorMovedOn(name=name)
    request.paused_seconds += (now - ended_at).total_seconds()
    request.ended_at = None
    if request.kind is RequestKind.ORDER:
        for other in live(others):
            _interrupt(other, now)
        request.state = RequestState.SPEAKING
    elif live(others):  # a point of order still has the floor
        request.state, request.paused_at, request.interrupted = RequestState.PAUSED, now, True
    else:
        request.state = RequestState.SPEAKING


def count_out(requests: Sequence[FloorRequest], paused_at: datetime, now: datetime) -> None:
    """The meeting goes on: what it stood still is not counted to the speaker."""
    for each in live(requests):
        if each.state is RequestState.SPEAKING:
            _leave_out(each, paused_at, now)


def _finish(request: FloorRequest, now: datetime, meeting_paused_at: datetime | None) -> None:
    stood_since = request.paused_at or meeting_paused_at
    if stood_since is not None:
        _leave_out(request, stood_since, now)
    request.state, request.ended_at, request.paused_at, request.interrupted = RequestState.DONE, now, None, False


def _interrupt(request: FloorRequest, now: datetime) -> None:
    if request.state is RequestState.SPEAKING:
        request.state, request.paused_at, request.interrupted = RequestState.PAUSED, now, True


def _go_on(request: FloorRequest, now: datetime, meeting_paused_at: datetime | None) -> None:
    if request.paused_at is not None:
        _leave_out(request, request.paused_at, meeting_paused_at or now)
    request.state, request.paused_at, request.interrupted = RequestState.SPEAKING, None, False


def _give_back(
    requests: Sequence[FloorRequest], request: FloorRequest, now: datetime, meeting_paused_at: datetime | None
) -> None:
    """Whom a point of order interrupted speaks again, when nobody else does."""
    others = [each for each in live(requests) if each is not request]
    if request.kind is not RequestKind.ORDER or any(each.state is RequestState.SPEAKING for each in others):
        return
    for other in others:
        if other.interrupted:
            _go_on(other, now, meeting_paused_at)


def _leave_out(request: FloorRequest, since: datetime, until: datetime) -> None:
    start = max(since, request.started_at or since)
    request.paused_seconds += max(0.0, (until - start).total_seconds())


def _later(other: FloorRequest, ended_at: datetime) -> bool:
    """Whether somebody was called, or ended, after that."""
    return any(moment is not None and moment > ended_at for moment in (other.started_at, other.ended_at))


def _may_come_back(others: Sequence[FloorRequest], request: FloorRequest) -> bool:
    if request.kind is RequestKind.ORDER:
        return not any(each.kind is RequestKind.ORDER for each in others)
    return all(each.kind is RequestKind.ORDER for each in others)
