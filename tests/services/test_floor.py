"""Asking for the floor, being called, speaking, and what the minutes say of it (F33, F34, F39, F40, F45, F46)."""

import pytest

from meeting_app.domain import floor as rules
from meeting_app.domain import turn as turns
from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import AlreadyClosed
from meeting_app.domain.meeting import NotInState, NotRunning
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import audit
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes_section as sections
from meeting_app.services.acts.given import UnknownCommand
from meeting_app.services.meeting import Registration
from tests.cast import Cast, SettableClock
from tests.conftest import convene
from tests.services.floor_play import Floor


@pytest.fixture
def floor(ports: Ports, lan: Actor, running_meeting: int) -> Floor:
    return Floor(ports, running_meeting, lan)


def test_who_asked_first_is_called_first_and_a_point_of_order_before_all(
    floor: Floor, hung: Actor, minh: Actor, hoa: Actor, dung: Actor, quang: Actor, clock: SettableClock
):
    for person in (minh, quang, hoa):
        floor.ask(person)
        clock.advance(seconds=5)
    floor.ask(dung, "order", subject="Đề nghị theo đúng chương trình")
    assert floor.who("waiting") == ["Dũng", "Minh", "Quang", "Hoa"]
    floor.act(hung, "next")
    assert floor.who("speaking") == ["Dũng"]
    floor.act(hung, "next")
    assert (floor.who("speaking"), floor.who("done"), floor.who("waiting")) == (["Minh"], ["Dũng"], ["Quang", "Hoa"])


def test_by_rank_the_higher_post_is_called_first_and_by_time_again_who_asked_first(
    floor: Floor, lan: Actor, hung: Actor, minh: Actor, quang: Actor, clock: SettableClock
):
    for person in (quang, minh, hung):
        floor.ask(person)
        clock.advance(seconds=1)
    floor.act(lan, "rules", order="rank")
    assert floor.who("waiting") == ["Hùng", "Minh", "Quang"]
    floor.ask(lan)
    assert floor.who("waiting") == ["Hùng", "Lan", "Minh", "Quang"]
    floor.act(lan, "rules", order="time")
    assert floor.who("waiting") == ["Quang", "Minh", "Hùng", "Lan"]


def test_the_chairs_hand_orders_the_list_and_new_ones_come_last(
    floor: Floor, hung: Actor, minh: Actor, hoa: Actor, dung: Actor, quang: Actor
):
    for person in (minh, hoa, dung):
        floor.ask(person)
    floor.act(hung, "move", request_id=floor.row(dung)["id"], position=1)
    assert floor.who("waiting") == ["Dũng", "Minh", "Hoa"]
    assert floor.state()["floor_rules"]["order"] == "hand"
    floor.ask(quang)
    floor.ask(hung, "order")
    floor.act(hung, "move", request_id=floor.row(quang)["id"], position=1)
    assert floor.who("waiting") == ["Hùng", "Quang", "Dũng", "Minh", "Hoa"]
    for _ in range(30):  # between the same two again and again: there is always room
        floor.act(hung, "move", request_id=floor.row(hoa)["id"], position=3)
        floor.act(hung, "move", request_id=floor.row(minh)["id"], position=3)
    assert floor.who("waiting") == ["Hùng", "Quang", "Minh", "Hoa", "Dũng"]


def test_the_same_again_is_once_and_something_else_is_told_to_wait(floor: Floor, minh: Actor, hoa: Actor):
    first = floor.act(minh, "raise", kind="speech", subject="Dự toán")
    assert floor.act(minh, "raise", kind="speech", subject=" Dự  toán ") == first
    with pytest.raises(rules.AlreadyWaiting, match="Lê Quang Minh"):
        floor.act(minh, "raise", kind="speech", subject="Việc khác")
    floor.act(minh, "raise", kind="question", addressee_id=floor.id_of(hoa))  # of another kind
    assert len(floor.rows("waiting")) == 2


def test_withdrawn_is_gone_and_can_be_put_back_where_it_was(
    floor: Floor, lan: Actor, minh: Actor, hoa: Actor, clock: SettableClock
):
    mine = floor.ask(minh)
    clock.advance(seconds=1)
    floor.ask(hoa)
    floor.act(minh, "withdraw", request_id=mine)
    assert floor.act(minh, "withdraw", request_id=mine) == events.version_of(floor.ports, floor.meeting_id)
    assert floor.who("waiting") == ["Hoa"]
    floor.act(lan, "restore", request_id=mine)
    assert floor.who("waiting") == ["Minh", "Hoa"]
    with pytest.raises(rules.NotWithdrawn):
        floor.act(lan, "restore", request_id=mine)
    floor.act(minh, "withdraw", request_id=mine)
    floor.ask(minh, subject="Lại")
    with pytest.raises(rules.AlreadyWaiting):
        floor.act(minh, "restore", request_id=mine)


def test_granting_the_next_ends_the_turn_that_runs(
    floor: Floor, lan: Actor, minh: Actor, hoa: Actor, clock: SettableClock
):
    first, second = floor.ask(minh), floor.ask(hoa)
    floor.act(lan, "grant", request_id=first)
    clock.advance(seconds=100)
    floor.act(lan, "grant", request_id=second)
    assert (floor.who("speaking"), floor.who("done")) == (["Hoa"], ["Minh"])
    for request, refusal in ((second, turns.AlreadySpeaking), (first, rules.NotWaiting)):
        with pytest.raises(refusal):
            floor.act(lan, "grant", request_id=request)


def test_a_desk_that_saw_another_speaker_cuts_nobody_off(
    floor: Floor, lan: Actor, hung: Actor, minh: Actor, hoa: Actor
):
    first, second = floor.ask(minh), floor.ask(hoa)
    floor.act(hung, "grant", request_id=first, instead_of=0)
    for act, arguments in (("grant", {"request_id": second}), ("next", {})):
        with pytest.raises(turns.AnotherWasCalled, match="Lê Quang Minh"):
            floor.act(lan, act, instead_of=0, **arguments)
    floor.act(lan, "next", instead_of=first)
    assert floor.who("speaking") == ["Hoa"]


def test_a_point_of_order_interrupts_and_the_speaker_comes_back(
    floor: Floor, lan: Actor, minh: Actor, hoa: Actor, clock: SettableClock
):
    speech = floor.ask(minh)
    floor.act(lan, "grant", request_id=speech)
    clock.advance(seconds=30)
    order = floor.ask(hoa, "order")
    floor.act(lan, "grant", request_id=order)
    assert (floor.who("speaking"), floor.who("paused")) == (["Hoa"], ["Minh"])
    clock.advance(seconds=40)
    floor.act(hoa, "end", request_id=order)
    assert floor.who("speaking") == ["Minh"]
    assert floor.row(minh)["paused_seconds"] == 40
    # The end was a slip: the point of order goes on, and the speaker rests again.
    clock.advance(seconds=5)
    floor.act(lan, "undo", request_id=order)
    assert (floor.who("speaking"), floor.who("paused")) == (["Hoa"], ["Minh"])
    floor.act(lan, "resume", request_id=speech)
    assert (floor.who("speaking"), floor.who("done")) == (["Minh"], ["Hoa"])


def test_the_clock_stands_while_the_turn_or_the_meeting_does(
    floor: Floor, lan: Actor, minh: Actor, clock: SettableClock
):
    speech = floor.ask(minh)
    floor.act(lan, "grant", request_id=speech)
    clock.advance(seconds=10)
    floor.act(lan, "pause", request_id=speech)
    clock.advance(seconds=100)
    floor.act(lan, "resume", request_id=speech)
    clock.advance(seconds=10)
    meetings.pause(floor.ports, lan, floor.meeting_id)
    clock.advance(minutes=20)
    for act in ("pause", "resume", "grant"):
        with pytest.raises(NotRunning):
            floor.act(lan, act, request_id=speech)
    meetings.resume(floor.ports, lan, floor.meeting_id)
    clock.advance(seconds=10)
    floor.act(lan, "extend", request_id=speech, seconds=60)
    floor.act(minh, "end", request_id=speech)
    row = floor.row(minh)
    assert (row["seconds"], row["paused_seconds"], row["state"]) == (240, 1300, "done")
    with pytest.raises(turns.NotSpeaking):
        floor.act(lan, "extend", request_id=speech, seconds=60)


def test_a_point_of_order_that_ends_in_a_pause_gives_back_a_clock_that_stands(
    floor: Floor, lan: Actor, minh: Actor, hoa: Actor, clock: SettableClock
):
    speech, order = floor.ask(minh), floor.ask(hoa, "order")
    floor.act(lan, "grant", request_id=speech)
    clock.advance(seconds=10)
    floor.act(lan, "grant", request_id=order)
    clock.advance(seconds=10)
    meetings.pause(floor.ports, lan, floor.meeting_id)
    clock.advance(seconds=100)
    floor.act(lan, "end", request_id=order)
    clock.advance(seconds=100)
    meetings.resume(floor.ports, lan, floor.meeting_id)
    clock.advance(seconds=10)
    floor.act(lan, "end", request_id=speech)
    for person, spoken in ((minh, 20), (hoa, 10)):
        ended = [each["detail"] for each in audit.export(floor.ports) if each["act"] == "floor.end"]
        assert [each["seconds"] for each in ended if each["attendee"] == floor.id_of(person)] == [spoken]


def test_a_call_is_taken_back_within_a_minute_and_no_later(
    floor: Floor, lan: Actor, minh: Actor, hoa: Actor, clock: SettableClock
):
    first, second = floor.ask(minh), floor.ask(hoa)
    floor.act(lan, "grant", request_id=second)
    clock.advance(seconds=50)
    floor.act(lan, "undo", request_id=second)
    assert floor.row(hoa)["started_at"] is None
    floor.act(lan, "grant", request_id=first)
    clock.advance(seconds=61)
    with pytest.raises(turns.TurnWasHeld):
        floor.act(lan, "undo", request_id=first)
    floor.act(lan, "end", request_id=first)
    clock.advance(seconds=30)
    floor.act(lan, "undo", request_id=first)
    assert (floor.row(minh)["state"], floor.row(minh)["paused_seconds"]) == ("speaking", 30)
    floor.act(lan, "end", request_id=first)
    clock.advance(seconds=1)
    floor.act(lan, "grant", request_id=second)
    for _ in range(2):
        with pytest.raises(turns.FloorMovedOn):
            floor.act(lan, "undo", request_id=first)
        clock.advance(seconds=1)
        if floor.row(hoa)["state"] == "speaking":
            floor.act(lan, "end", request_id=second)


def test_a_call_is_not_taken_back_onto_a_list_where_the_same_person_waits_again(floor: Floor, lan: Actor, minh: Actor):
    first = floor.ask(minh)
    floor.act(lan, "grant", request_id=first)
    second = floor.ask(minh, subject="Ý kiến thứ hai")
    with pytest.raises(rules.AlreadyWaiting):
        floor.act(lan, "undo", request_id=first)
    with pytest.raises(turns.NothingToTakeBack):
        floor.act(lan, "undo", request_id=second)


def test_a_question_names_whom_it_is_for(floor: Floor, minh: Actor, hoa: Actor):
    for arguments, refusal in (
        ({}, rules.AddresseeMissing),
        ({"addressee_id": floor.id_of(minh)}, rules.QuestionToOneself),
        ({"addressee_id": 10_000}, NotFound),
    ):
        with pytest.raises(refusal):
            floor.act(minh, "raise", kind="question", **arguments)
    floor.ask(minh, "question", addressee_id=floor.id_of(hoa), subject="Tiến độ giải ngân")
    assert floor.rows()[0]["addressee_id"] == floor.id_of(hoa)
    floor.ask(hoa, addressee_id=floor.id_of(minh))
    assert floor.row(hoa)["addressee_id"] is None  # a speech is for all


def test_guests_ask_to_speak_and_no_more(floor: Floor, minh: Actor, quang: Actor):
    floor.ask(quang)
    for kind in ("order", "question"):
        with pytest.raises(rules.GuestsOnlySpeak):
            floor.act(quang, "raise", kind=kind, addressee_id=floor.id_of(minh))


def test_paused_nobody_joins_but_by_the_desk_and_ended_nobody_is_called(
    floor: Floor, lan: Actor, minh: Actor, hoa: Actor, dung: Actor
):
    first = floor.ask(minh)
    floor.act(lan, "rules", speeches="paused")
    with pytest.raises(rules.NotTaken):
        floor.act(hoa, "raise", kind="speech")
    floor.act(lan, "raise", kind="speech", attendee_id=floor.id_of(hoa))
    floor.ask(dung, "question", addressee_id=floor.id_of(minh))  # questions have a switch of their own
    floor.act(lan, "rules", speeches="ended")
    for act, arguments in (("grant", {"request_id": first}), ("raise", {"kind": "speech", "attendee_id": 1})):
        with pytest.raises((rules.FloorEnded, NotFound)):
            floor.act(lan, act, **arguments)
    floor.act(lan, "next")
    assert floor.who("speaking") == ["Dũng"]
    with pytest.raises(rules.NobodyWaiting):
        floor.act(lan, "next", kind="speech")
    floor.act(minh, "raise", kind="order")
    assert floor.who("waiting") == ["Minh", "Minh", "Hoa"]  # kept, as those who were not called


def test_a_turn_takes_the_seconds_of_the_rules_at_the_call(floor: Floor, lan: Actor, minh: Actor, hoa: Actor):
    speech, question = floor.ask(minh), floor.ask(hoa, "question", addressee_id=floor.id_of(minh))
    floor.act(lan, "rules", seconds=300, question_seconds=90)
    for request, seconds in ((speech, 300), (question, 90)):
        floor.act(lan, "grant", request_id=request)
        assert next(row for row in floor.rows() if row["id"] == request)["seconds"] == seconds
    for wrong in (9, 7201, -5):
        with pytest.raises(rules.TurnSecondsWrong):
            floor.act(lan, "rules", seconds=wrong)


def test_only_the_desk_runs_the_floor(floor: Floor, minh: Actor, hoa: Actor, quang: Actor):
    mine = floor.ask(minh)
    for act, arguments in (
        ("grant", {"request_id": mine}),
        ("next", {}),
        ("move", {"request_id": mine, "position": 1}),
        ("rules", {"seconds": 60}),
        ("pause", {"request_id": mine}),
        ("undo", {"request_id": mine}),
        ("withdraw", {"request_id": mine}),
        ("end", {"request_id": mine}),
        ("raise", {"kind": "speech", "attendee_id": floor.id_of(minh)}),
    ):
        for person in (hoa, quang):
            with pytest.raises(NotAllowed):
                floor.act(person, act, **arguments)


def test_what_is_of_another_meeting_does_not_exist_here(
    ports: Ports, floor: Floor, lan: Actor, nam: Actor, minh: Actor, registration: Registration, cast: Cast
):
    mine = floor.ask(minh)
    elsewhere = meetings.register(
        ports, lan, Registration(**{**_fields(registration), "venue_id": cast.venues["phong_giao_ban"]})
    )
    item = agendas.insert(ports, lan, elsewhere, "Việc khác")
    assert item
    convene(ports, lan, elsewhere)
    meetings.open_session(ports, lan, elsewhere)
    other = Floor(ports, elsewhere, lan)
    foreign = other.id_of(minh)
    for act in ("grant", "withdraw", "restore", "pause", "resume", "end", "undo"):
        with pytest.raises(NotFound):
            other.act(lan, act, request_id=mine)
    foreign_item = agendas.items(ports, lan, elsewhere)[0].id
    for arguments in ({"attendee_id": foreign}, {"item_id": foreign_item}):
        with pytest.raises(NotFound):
            floor.act(lan, "raise", kind="speech", **arguments)
    with pytest.raises(NotFound):
        floor.act(nam, "raise", kind="speech")


def _fields(registration: Registration) -> dict[str, object]:
    return {name: getattr(registration, name) for name in registration.__dataclass_fields__}


@pytest.mark.parametrize(
    "arguments",
    [{}, {"kind": "shout"}, {"kind": 7}, {"kind": "speech", "subject": 5}, {"kind": "speech", "item_id": "1"}],
)
def test_a_malformed_request_is_no_command(floor: Floor, minh: Actor, arguments: dict[str, object]):
    with pytest.raises(UnknownCommand):
        floor.act(minh, "raise", **arguments)


def test_subjects_are_words_on_one_line(floor: Floor, minh: Actor, hoa: Actor):
    with pytest.raises(rules.SubjectTooLong, match="500"):
        floor.act(minh, "raise", kind="speech", subject="x" * 501)
    floor.ask(minh, subject=" Một\x00\n\u202edòng <b>\ud800 ")
    assert "\n" not in floor.row(minh)["subject"]
    assert "\x00" not in floor.row(minh)["subject"]
    assert floor.row(minh)["subject"].startswith("Một")


def test_the_floor_is_asked_for_from_the_opening_of_the_doors_to_the_end(
    ports: Ports, lan: Actor, minh: Actor, convened_meeting: int, clock: SettableClock
):
    floor = Floor(ports, convened_meeting, lan)
    clock.advance(minutes=-1)
    with pytest.raises(rules.FloorNotYetOpen, match="30"):
        floor.act(minh, "raise", kind="speech")
    clock.advance(minutes=1)
    mine = floor.ask(minh)
    with pytest.raises(NotInState):
        floor.act(lan, "grant", request_id=mine)
    meetings.open_session(ports, lan, convened_meeting)
    floor.act(lan, "grant", request_id=mine)
    clock.advance(seconds=30)
    meetings.close(ports, lan, convened_meeting)
    assert floor.who("done") == ["Minh"]
    assert floor.row(minh)["ended_at"] is not None
    for act, refusal in (("raise", AlreadyClosed), ("rules", MeetingError), ("grant", NotInState)):
        with pytest.raises(refusal):
            floor.act(lan, act, **({"request_id": mine} if act == "grant" else {"kind": "speech"}))


def test_an_item_that_is_taken_off_takes_no_request_with_it(
    ports: Ports, lan: Actor, minh: Actor, hoa: Actor, convened_meeting: int, agenda: list[int]
):
    floor = Floor(ports, convened_meeting, lan)
    floor.ask(minh, item_id=agenda[2])
    withdrawn = floor.ask(hoa, item_id=agenda[2])
    floor.act(hoa, "withdraw", request_id=withdrawn)
    agendas.remove(ports, lan, convened_meeting, agenda[2])
    assert [row["item_id"] for row in floor.rows()] == [None]


def test_the_minutes_begin_with_who_spoke_on_what(
    ports: Ports,
    floor: Floor,
    lan: Actor,
    minh: Actor,
    hoa: Actor,
    quang: Actor,
    agenda: list[int],
    clock: SettableClock,
):
    from meeting_app.services import minutes

    agendas.start(ports, lan, floor.meeting_id, agenda[0])
    floor.ask(hoa, subject="tiến độ giải ngân")
    clock.advance(seconds=1)
    floor.ask(quang)
    clock.advance(seconds=1)
    floor.ask(minh, "question", addressee_id=floor.id_of(hoa), subject="Nguồn vốn?")
    for _ in range(3):
        floor.act(lan, "next")
        clock.advance(seconds=30)
    agendas.finish(ports, lan, floor.meeting_id, agenda[0])
    floor.ask(lan)  # never called
    meetings.close(ports, lan, floor.meeting_id)
    minutes.draft(ports, lan, floor.meeting_id)
    text = next(each.text for each in sections.sections(ports, lan, floor.meeting_id) if each.item_id == agenda[0])
    assert text.splitlines() == [
        "Lê Quang Minh trình bày nội dung.",
        "Ý kiến phát biểu: Phạm Thị Hoa (về tiến độ giải ngân); Vũ Đình Quang.",
        "Lê Quang Minh chất vấn Phạm Thị Hoa về: Nguồn vốn?",
    ]
