"""What the room reads after each commit: the same log and the same place as a session reads."""

from dataclasses import fields

from meeting_app.domain.event import Happened
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import presenter
from meeting_app.services.news import news
from meeting_app.services.presenter import Place
from tests.conftest import hand_out


def as_read(row) -> Happened:
    return Happened(**{each.name: getattr(row, each.name) for each in fields(Happened)})


def test_the_events_are_those_of_the_log_type_by_type(ports, lan, running_meeting):
    hand_out(ports, lan, running_meeting, for_guests=False)
    log = [as_read(each) for each in events.after(ports, running_meeting, 0)]
    found, place = news(ports, running_meeting, 0, 500)
    assert found == log
    assert [(type(each.kind), type(each.channel), each.at.tzinfo) for each in found] == [
        (type(each.kind), type(each.channel), each.at.tzinfo) for each in log
    ]
    assert place == Place()
    assert [each.version for each in news(ports, running_meeting, 2, 3)[0]] == [3, 4, 5]
    assert news(ports, running_meeting, log[-1].version, 500) == ([], Place())
    assert news(ports, 9_999, 0, 500) == ([], Place())


def test_each_turn_is_seen_and_so_is_who_may_follow_it(ports, lan, running_meeting):
    document = hand_out(ports, lan, running_meeting, for_guests=True)
    presenter.take(ports, lan, running_meeting)
    version, known = events.version_of(ports, running_meeting), Place()
    for page in (0, 1, 1, 0):
        presenter.turn(ports, lan, running_meeting, document, page)
        _events, known = news(ports, running_meeting, version, 500, known)
        assert (known.document_id, known.page) == (document, page)
        assert known == presenter.place(ports, running_meeting)


def test_a_known_place_is_kept_while_nothing_can_have_changed_it(ports, lan, running_meeting, monkeypatch):
    presenter.take(ports, lan, running_meeting)
    version = events.version_of(ports, running_meeting)
    place = presenter.place(ports, running_meeting)
    monkeypatch.setattr(presenter, "place", lambda *_: Place(turn=99))
    assert news(ports, running_meeting, version, 500, place) == ([], place)
    meetings.pause(ports, lan, running_meeting)
    assert news(ports, running_meeting, version, 500, place)[1] == Place(turn=99)  # an event: looked up anew
