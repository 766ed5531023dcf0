"""Screens and desks that act at the same moment: nothing waits in a circle, and each screen shows one meeting."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

from meeting_app.domain.access import Actor
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services import hall_screen as screens
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from tests.cast import SettableClock
from tests.conftest import convene

SCREENS = 8


def at_once(*acts) -> list[object]:
    """The outcomes of acts that all begin together; refusals are outcomes too."""
    barrier = Barrier(len(acts))

    def act(number: int) -> object:
        barrier.wait(10)
        try:
            return acts[number]()
        except MeetingError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, range(len(acts))))


def following(ports: Ports, lan: Actor, registration: Registration) -> int:
    later = timedelta(hours=5)
    form = replace(registration, starts_at=registration.starts_at + later, ends_at=registration.ends_at + later)
    meeting_id = meetings.register(ports, lan, form)
    convene(ports, lan, meeting_id)
    return meeting_id


def test_screens_that_leave_a_meeting_while_the_next_takes_them_over(
    ports: Ports, lan: Actor, hung: Actor, running_meeting: int, registration: Registration, clock: SettableClock
):
    """At the very moment at which the last meeting is long over, all look and half of them are paired anew."""
    tokens = []
    for _ in range(SCREENS):
        shown = screens.look(ports, None)
        screens.pair(ports, lan, running_meeting, shown.code)
        tokens.append(shown.token)
    meetings.close(ports, lan, running_meeting)
    clock.advance(hours=2, minutes=55)
    codes = [screens.look(ports, token).code for token in tokens]
    next_meeting = following(ports, lan, registration)
    clock.advance(minutes=5)
    looks = [lambda token=token: screens.look(ports, token) for token in tokens]
    pairs = [lambda code=code: screens.pair(ports, hung, next_meeting, code) for code in codes[: SCREENS // 2]]
    outcomes = at_once(*looks, *pairs)
    assert not any(isinstance(each, Exception) for each in outcomes[:SCREENS])
    paired = [each for each in outcomes[SCREENS:] if isinstance(each, int)]
    shown = [screens.look(ports, token).meeting_id for token in tokens]
    assert shown.count(next_meeting) == len(paired) == len(screens.screens(ports, lan, next_meeting))
    assert running_meeting not in shown
    versions = [event.version for event in events.after(ports, running_meeting, 0)]
    assert versions == list(range(1, len(versions) + 1))
    gone = [each for event in events.after(ports, running_meeting, 0) for each in event.body.get("gone", [])]
    assert len(gone) == len(set(gone)) == SCREENS


def test_many_screens_that_are_turned_on_together_show_codes_of_their_own(ports: Ports):
    shown = at_once(*[lambda: screens.look(ports, None)] * 20)
    assert len({each.code for each in shown}) == 20
    again = at_once(*[lambda each=each: screens.look(ports, each.token) for each in shown])
    assert [each.code for each in again] == [each.code for each in shown]


def test_two_windows_of_one_screen_show_the_same_code_when_it_is_renewed(ports: Ports, clock: SettableClock):
    token = screens.look(ports, None).token
    clock.advance(minutes=11)
    shown = at_once(*[lambda: screens.look(ports, token)] * 6)
    assert len({each.code for each in shown}) == 1
