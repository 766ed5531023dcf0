"""The code on the wall: who scans it in time is present, and nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from meeting_app.domain import check_in_code as rules
from meeting_app.domain.access import Actor, Wall
from meeting_app.domain.attendee import AlreadyClosed, CheckInWay, NotYetOpen, Whereabouts
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.check_in_code import CheckInSecret, CodeExpired
from meeting_app.domain.event import MeetingEvent
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import check_in_code as codes
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot
from meeting_app.services.meeting import Registration
from tests.cast import Cast, SettableClock


def shown(ports: Ports, meeting_id: int) -> str:
    """The token that stands on the wall now."""
    return codes.address(ports, meeting_id, ports.clock.now()).rpartition("/")[2]


def mine(ports: Ports, actor: Actor, meeting_id: int) -> dict:
    state = snapshot.take(ports, actor, meeting_id)[1]
    return next(each for each in state["attendees"] if each["id"] == state["you"]["attendee_id"])


def test_who_scans_the_code_is_present_in_the_room(ports: Ports, minh: Actor, running_meeting: int):
    codes.check_in(ports, minh, running_meeting, shown(ports, running_meeting))
    seen = mine(ports, minh, running_meeting)
    assert (seen["place"], seen["by"]) == (Whereabouts.ROOM, CheckInWay.CODE)
    assert codes.own(ports, minh, running_meeting).present


def test_a_code_is_good_for_its_half_minute_and_the_next(
    ports: Ports, minh: Actor, hoa: Actor, dung: Actor, running_meeting: int, clock: SettableClock
):
    token = shown(ports, running_meeting)
    clock.advance(seconds=29)
    assert shown(ports, running_meeting) == token
    codes.check_in(ports, minh, running_meeting, token)
    clock.advance(seconds=1)
    assert shown(ports, running_meeting) != token
    clock.advance(seconds=29)
    codes.check_in(ports, hoa, running_meeting, token)
    clock.advance(seconds=1)
    with pytest.raises(CodeExpired):
        codes.check_in(ports, dung, running_meeting, token)
    assert not codes.own(ports, dung, running_meeting).present


def test_a_code_of_the_future_is_not_good_yet(ports: Ports, minh: Actor, running_meeting: int, clock: SettableClock):
    token = codes.address(ports, running_meeting, clock.now() + timedelta(minutes=1)).rpartition("/")[2]
    with pytest.raises(CodeExpired):
        codes.check_in(ports, minh, running_meeting, token)


def test_a_made_up_code_is_not_found_and_locks_nothing(ports: Ports, minh: Actor, running_meeting: int):
    token = shown(ports, running_meeting)
    slot, _, mac = token.partition("-")
    before = events.version_of(ports, running_meeting)
    forged = (
        f"{int(slot, 16) + 1:X}-{mac}",
        f"{slot}-{'A' * 16}",
        f"{slot}-{mac[:-1]}{'A' if mac[-1] != 'A' else 'B'}",
        f"0{token}",
        token.lower(),
        slot,
        mac,
        "-",
        "",
        "x" * 10_000,
        f"{'F' * 9}-{mac}",
        "1-ÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀ",
        f"{token}\n",
    )
    for each in forged:
        with pytest.raises(NotFound):
            codes.check_in(ports, minh, running_meeting, each)
        assert codes.mark(ports, running_meeting, each) == ""
    assert events.version_of(ports, running_meeting) == before


def test_another_meetings_code_is_not_found(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, registration: Registration
):
    token = shown(ports, running_meeting)
    day = timedelta(days=1)
    tomorrow = replace(registration, starts_at=registration.starts_at + day, ends_at=registration.ends_at + day)
    other = meetings.register(ports, lan, tomorrow)
    with pytest.raises(NotFound):
        codes.check_in(ports, lan, other, token)  # no secret yet
    shown(ports, other)
    with pytest.raises(NotFound):
        codes.check_in(ports, lan, other, token)


@pytest.mark.parametrize("person", ["thu", "vinh", "nam"])
def test_who_is_not_invited_is_told_that_there_is_no_such_meeting(
    ports: Ports, cast: Cast, running_meeting: int, person: str
):
    with pytest.raises(NotFound):
        codes.check_in(ports, cast.actors[person], running_meeting, shown(ports, running_meeting))
    with pytest.raises(NotFound):
        codes.own(ports, cast.actors[person], running_meeting)


def test_who_had_to_sign_in_first_is_given_ten_minutes(
    ports: Ports, minh: Actor, hoa: Actor, running_meeting: int, clock: SettableClock
):
    token = shown(ports, running_meeting)
    mark = codes.mark(ports, running_meeting, token)
    clock.advance(minutes=9)
    codes.check_in(ports, minh, running_meeting, token, mark)
    assert codes.own(ports, minh, running_meeting).present
    clock.advance(minutes=2)
    with pytest.raises(CodeExpired):
        codes.check_in(ports, hoa, running_meeting, token, mark)
    assert codes.mark(ports, running_meeting, token) == ""  # it cannot be prolonged


def test_a_mark_is_for_its_own_code_alone(ports: Ports, minh: Actor, running_meeting: int, clock: SettableClock):
    early = shown(ports, running_meeting)
    clock.advance(minutes=2)
    mark = codes.mark(ports, running_meeting, shown(ports, running_meeting))
    second, _, mac = mark.partition("-")
    for each in (mark, f"{int(second, 16) + 60:X}-{mac}", early, "-", "x"):
        with pytest.raises(CodeExpired):
            codes.check_in(ports, minh, running_meeting, early, each)


def test_scanning_again_changes_nothing(ports: Ports, minh: Actor, running_meeting: int, clock: SettableClock):
    codes.check_in(ports, minh, running_meeting, shown(ports, running_meeting))
    before = events.version_of(ports, running_meeting)
    for _ in range(50):
        codes.check_in(ports, minh, running_meeting, shown(ports, running_meeting))
    assert events.version_of(ports, running_meeting) == before


def test_who_attended_online_and_comes_into_the_room_keeps_the_first_arrival(
    ports: Ports, minh: Actor, running_meeting: int, clock: SettableClock
):
    attendees.check_in(ports, minh, running_meeting, place=Whereabouts.ONLINE)
    first = mine(ports, minh, running_meeting)["checked_in_at"]
    clock.advance(minutes=10)
    codes.check_in(ports, minh, running_meeting, shown(ports, running_meeting))
    seen = mine(ports, minh, running_meeting)
    assert (seen["place"], seen["by"], seen["checked_in_at"]) == ("room", "touch", first)


def test_the_code_is_drawn_for_the_desk_and_for_the_meetings_walls(
    ports: Ports, lan: Actor, hung: Actor, cast: Cast, running_meeting: int
):
    drawn = codes.picture(ports, lan, running_meeting, "https://hop.gov.vn")
    assert drawn.startswith(b"<svg")
    assert b"hop.gov.vn" not in drawn
    assert codes.picture(ports, hung, running_meeting, "https://hop.gov.vn") == drawn
    assert codes.picture(ports, Wall(1, running_meeting, "Tường"), running_meeting, "https://hop.gov.vn") == drawn
    with pytest.raises(NotFound):
        codes.picture(ports, Wall(1, running_meeting + 1, "Tường"), running_meeting, "https://hop.gov.vn")
    for person, refusal in (("minh", NotAllowed), ("quang", NotAllowed), ("nam", NotFound), ("thu", NotAllowed)):
        with pytest.raises(refusal):
            codes.picture(ports, cast.actors[person], running_meeting, "https://hop.gov.vn")


def test_no_code_hangs_while_the_doors_are_closed(
    ports: Ports, lan: Actor, minh: Actor, convened_meeting: int, clock: SettableClock
):
    clock.advance(minutes=-1)
    with pytest.raises(NotYetOpen):
        codes.picture(ports, lan, convened_meeting, "")
    with pytest.raises(NotYetOpen):
        codes.check_in(ports, minh, convened_meeting, shown(ports, convened_meeting))
    meetings.open_session(ports, lan, convened_meeting)
    token = shown(ports, convened_meeting)
    meetings.close(ports, lan, convened_meeting)
    with pytest.raises(AlreadyClosed):
        codes.picture(ports, lan, convened_meeting, "")
    with pytest.raises(AlreadyClosed):
        codes.check_in(ports, minh, convened_meeting, token)


def test_the_secret_is_32_bytes_of_each_meeting_and_stands_in_no_event_and_no_log(
    ports: Ports, minh: Actor, running_meeting: int
):
    codes.check_in(ports, minh, running_meeting, shown(ports, running_meeting))
    with ports.database.reading() as session:
        [row] = session.exec(select(CheckInSecret)).all()
        written = str([each.body for each in session.exec(select(MeetingEvent)).all()])
        written += str([each.detail for each in session.exec(select(AuditEntry)).all()])
    assert len(row.secret) == 32
    for spelling in (row.secret.hex(), repr(row.secret), shown(ports, running_meeting)):
        assert spelling not in written


@given(st.binary(min_size=32, max_size=32), st.integers(1, 2**31 - 1), st.integers(0, 2**33))
def test_a_token_tells_its_slot_to_the_same_secret_and_meeting_only(secret: bytes, meeting_id: int, slot: int):
    token = rules.token_of(secret, meeting_id, slot)
    assert rules.slot_of(secret, meeting_id, token) == slot
    assert rules.slot_of(secret, meeting_id + 1, token) is None
    assert rules.slot_of(bytes([secret[0] ^ 1]) + secret[1:], meeting_id, token) is None
