"""What the desk says to all or to one, and who calls for help: each hears only what is theirs."""

from collections.abc import Callable

import pytest

from meeting_app.domain import message as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.event import Channel
from meeting_app.domain.meeting import NotInState
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services import snapshot
from tests.services.floor_play import Floor
from tests.services.listening import told


@pytest.fixture
def room(ports: Ports, lan: Actor, running_meeting: int) -> Floor:
    return Floor(ports, running_meeting, lan)


def texts(room: Floor, who: Actor) -> list[str]:
    return [each["text"] for each in room.state(who)["messages"]]


def test_a_message_to_all_is_read_by_all_until_it_is_recalled(
    room: Floor, lan: Actor, hung: Actor, minh: Actor, quang: Actor
):
    room.act(lan, "message.send", text="  Mời các đại biểu vào phòng họp ")
    for person in (lan, hung, minh, quang):
        assert texts(room, person) == ["Mời các đại biểu vào phòng họp"]
        assert Channel.PERSON not in events.enter(room.ports, person, room.meeting_id).channels
    message = room.state()["messages"][0]["id"]
    before = room.act(hung, "message.recall", message_id=message)
    assert room.act(lan, "message.recall", message_id=message) == before
    assert texts(room, minh) == []


def test_a_message_to_one_is_read_by_that_one_and_the_desk_alone(
    room: Floor, lan: Actor, hung: Actor, minh: Actor, hoa: Actor, quang: Actor
):
    listeners = {person.full_name: snapshot.take(room.ports, person, room.meeting_id) for person in (minh, hoa, quang)}
    before = room.act(lan, "message.send", text="Mời anh sang bàn thư ký", attendee_id=room.id_of(minh)) - 2
    for person in (lan, hung, minh):
        assert texts(room, person) == ["Mời anh sang bàn thư ký"]
    for person in (hoa, quang):
        assert texts(room, person) == []
    log = events.after(room.ports, room.meeting_id, before)
    for person, heard in ((minh, 1), (hoa, 0), (quang, 0)):
        listener, state = listeners[person.full_name]
        assert len(told(state, listener, log)["messages"]) == heard
    # The receiver's snapshot is their own from now on, nobody else's is.
    for person, personal in ((minh, True), (hoa, False), (quang, False), (hung, False)):
        assert (Channel.PERSON in events.enter(room.ports, person, room.meeting_id).channels) is personal


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", rules.MessageEmpty), (" \x00\n", rules.MessageEmpty), ("x" * 501, rules.MessageTooLong)],
)
def test_a_message_says_something_short(room: Floor, lan: Actor, text: str, refusal: type[MeetingError]):
    with pytest.raises(refusal):
        room.act(lan, "message.send", text=text)


def test_only_the_desk_says_something_to_all(room: Floor, lan: Actor, minh: Actor, quang: Actor):
    room.act(lan, "message.send", text="Nghỉ giải lao 15 phút")
    message = room.state()["messages"][0]["id"]
    for person in (minh, quang):
        for act, arguments in (("message.send", {"text": "x"}), ("message.recall", {"message_id": message})):
            with pytest.raises(NotAllowed):
                room.act(person, act, **arguments)


def test_a_call_for_help_is_seen_by_the_desk_and_by_who_called(
    room: Floor, lan: Actor, hung: Actor, minh: Actor, hoa: Actor, quang: Actor
):
    room.act(quang, "help.call", text="Màn hình không lật trang")
    for person, seen in ((lan, 1), (hung, 1), (quang, 1), (minh, 0), (hoa, 0)):
        assert len(room.state(person)["help"]) == seen
    call = room.state()["help"][0]["id"]
    version = room.act(quang, "help.call", text="Màn hình không lật trang")
    assert version == events.version_of(room.ports, room.meeting_id)
    with pytest.raises(rules.HelpAlreadyCalled):
        room.act(quang, "help.call", text="Nhanh lên")
    for person in (quang, minh):
        with pytest.raises(NotAllowed):
            room.act(person, "help.answer", help_id=call)
    room.act(lan, "help.answer", help_id=call)
    with pytest.raises(rules.NobodyCallsForHelp):
        room.act(hung, "help.answer", help_id=call)
    assert room.state(quang)["help"][0]["answered_at"] is not None
    room.act(hung, "help.reopen", help_id=call)
    with pytest.raises(rules.HelpNotAnswered):
        room.act(hung, "help.reopen", help_id=call)
    room.act(quang, "help.withdraw")
    with pytest.raises(rules.NobodyCallsForHelp):
        room.act(quang, "help.withdraw")
    assert room.state()["help"] == room.state(quang)["help"] == []


def test_an_answer_is_not_taken_back_onto_a_newer_call(room: Floor, lan: Actor, minh: Actor):
    room.act(minh, "help.call")
    call = room.state()["help"][0]["id"]
    room.act(lan, "help.answer", help_id=call)
    room.act(minh, "help.call")
    with pytest.raises(rules.CalledAgain):
        room.act(lan, "help.reopen", help_id=call)


@pytest.mark.parametrize("act", ["message.send", "help.call"])
def test_nobody_talks_before_the_invitation_or_from_outside(
    ports: Ports, lan: Actor, nam: Actor, minh: Actor, draft_meeting: int, act: str
):
    room = Floor(ports, draft_meeting, lan)
    for person, refusal in ((lan, NotInState), (nam, NotFound), (minh, NotFound)):
        with pytest.raises(refusal):
            room.act(person, act, text="x")


def test_a_message_to_somebody_of_another_meeting_reaches_nobody(room: Floor, lan: Actor):
    for attendee in (10_000, 0, -1):
        with pytest.raises(NotFound):
            room.act(lan, "message.send", text="x", attendee_id=attendee)
    refused: Callable[[], int] = lambda: room.act(lan, "message.recall", message_id=10_000)  # noqa: E731
    with pytest.raises(NotFound):
        refused()
