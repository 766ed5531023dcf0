"""Who may lead the reading, and what a turn leaves behind."""

import pytest
from sqlmodel import func, select

from meeting_app.domain.attendee import Attendee
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.event import Channel, CommandReceipt, MeetingEvent
from meeting_app.domain.meeting import NotInState
from meeting_app.domain.presenter import AnotherPresents, NotPresenting, NotTheirTurn
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.services import agenda as agendas
from meeting_app.services import command, presenter, snapshot
from meeting_app.services import document as documents
from meeting_app.services import meeting as meetings
from meeting_app.services.presenter import Place
from tests.conftest import hand_out


@pytest.fixture
def report(ports, lan, running_meeting) -> int:
    return hand_out(ports, lan, running_meeting, for_guests=True)


@pytest.fixture
def internal(ports, lan, running_meeting) -> int:
    return hand_out(ports, lan, running_meeting, for_guests=False)


def attendee_of(ports, meeting_id: int, actor) -> int:
    with ports.database.reading() as session:
        query = select(Attendee.id).where(Attendee.meeting_id == meeting_id, Attendee.account_id == actor.account_id)
        return session.exec(query).one()


def leader(ports, actor, meeting_id: int) -> int | None:
    return snapshot.take(ports, actor, meeting_id)[1]["presenter"]["attendee_id"]


def place(ports, meeting_id: int) -> Place:
    return presenter.place(ports, meeting_id)


def count(ports, table) -> int:
    with ports.database.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_nobody_leads_until_somebody_takes_it(ports, running_meeting, hung, minh):
    assert leader(ports, minh, running_meeting) is None
    presenter.take(ports, hung, running_meeting)
    assert leader(ports, minh, running_meeting) == attendee_of(ports, running_meeting, hung)


def test_the_desk_takes_it_from_anybody_and_hands_it_to_anybody(ports, running_meeting, hung, lan, quang):
    presenter.take(ports, hung, running_meeting)
    presenter.take(ports, lan, running_meeting)
    assert leader(ports, hung, running_meeting) == attendee_of(ports, running_meeting, lan)
    guest = attendee_of(ports, running_meeting, quang)
    presenter.hand(ports, hung, running_meeting, guest)
    assert leader(ports, hung, running_meeting) == guest


def test_whoever_presents_the_current_item_takes_it_while_it_is_free(
    ports, running_meeting, agenda, hung, minh, hoa, report
):
    with pytest.raises(NotTheirTurn):
        presenter.take(ports, minh, running_meeting)
    agendas.start(ports, hung, running_meeting, agenda[0])
    with pytest.raises(NotTheirTurn):
        presenter.take(ports, hoa, running_meeting)
    presenter.take(ports, hung, running_meeting)
    with pytest.raises(AnotherPresents, match="Nguyễn Văn Hùng"):
        presenter.take(ports, minh, running_meeting)
    presenter.stop(ports, hung, running_meeting)
    presenter.take(ports, minh, running_meeting)
    presenter.turn(ports, minh, running_meeting, report, 3)
    assert place(ports, running_meeting).page == 3


def test_only_the_desk_hands_over_and_only_presenter_or_desk_stop(ports, running_meeting, hung, lan, minh, hoa):
    with pytest.raises(NotAllowed):
        presenter.hand(ports, minh, running_meeting, attendee_of(ports, running_meeting, minh))
    presenter.hand(ports, hung, running_meeting, attendee_of(ports, running_meeting, minh))
    with pytest.raises(NotAllowed):
        presenter.stop(ports, hoa, running_meeting)
    presenter.stop(ports, minh, running_meeting)
    assert leader(ports, hung, running_meeting) is None
    presenter.stop(ports, hoa, running_meeting)  # nothing is left to stop


def test_it_is_handed_to_nobody_outside_the_meeting(ports, running_meeting, lan, hung):
    presenter.take(ports, lan, running_meeting)
    with pytest.raises(NotFound):
        presenter.hand(ports, lan, running_meeting, 10_000)
    assert leader(ports, hung, running_meeting) == attendee_of(ports, running_meeting, lan)


@pytest.mark.parametrize("name", ["nam", "vinh", "thu"])
def test_for_strangers_there_is_nothing_to_lead(ports, cast, running_meeting, report, name):
    stranger = cast.actors[name]
    for act in (
        lambda: presenter.take(ports, stranger, running_meeting),
        lambda: presenter.stop(ports, stranger, running_meeting),
        lambda: presenter.hand(ports, stranger, running_meeting, 1),
        lambda: presenter.turn(ports, stranger, running_meeting, report, 1),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_turn_is_the_presenters_alone_and_on_a_page_that_is_there(ports, running_meeting, hung, lan, minh, report):
    presenter.take(ports, hung, running_meeting)
    for actor in (lan, minh):
        with pytest.raises(NotPresenting):
            presenter.turn(ports, actor, running_meeting, report, 1)
    for page in (-1, 9, 10_000):
        with pytest.raises(NotFound):
            presenter.turn(ports, hung, running_meeting, report, page)
    presenter.turn(ports, hung, running_meeting, report, 8)
    assert place(ports, running_meeting).page == 8


def test_a_guest_who_leads_shows_only_what_a_guest_may_read(ports, running_meeting, hung, quang, report, internal):
    presenter.hand(ports, hung, running_meeting, attendee_of(ports, running_meeting, quang))
    presenter.turn(ports, quang, running_meeting, report, 1)
    with pytest.raises(NotFound):
        presenter.turn(ports, quang, running_meeting, internal, 1)


def test_the_place_is_for_those_who_may_read_the_document(ports, running_meeting, hung, report, internal):
    presenter.take(ports, hung, running_meeting)
    presenter.turn(ports, hung, running_meeting, internal, 4)
    assert place(ports, running_meeting).channel is Channel.MEMBERS
    presenter.turn(ports, hung, running_meeting, report, 4)
    assert place(ports, running_meeting).channel is Channel.EVERYONE


def test_a_withdrawn_document_is_no_place(ports, running_meeting, hung, lan, report):
    presenter.take(ports, hung, running_meeting)
    presenter.turn(ports, hung, running_meeting, report, 4)
    documents.remove(ports, lan, report)
    assert place(ports, running_meeting).document_id is None
    with pytest.raises(NotFound):
        presenter.turn(ports, hung, running_meeting, report, 5)


def test_a_thousand_turns_leave_one_row(ports, running_meeting, hung, report):
    presenter.take(ports, hung, running_meeting)
    before = [count(ports, table) for table in (MeetingEvent, CommandReceipt, AuditEntry)]
    for number in range(1000):
        command.perform(
            ports, hung, running_meeting, f"turn-{number}", "present.turn", {"document_id": report, "page": number % 9}
        )
    assert [count(ports, table) for table in (MeetingEvent, CommandReceipt, AuditEntry)] == before
    assert place(ports, running_meeting).page == 999 % 9


def test_the_number_of_the_place_only_grows(ports, running_meeting, hung, lan, report):
    numbers = [place(ports, running_meeting).turn]
    for act in (
        lambda: presenter.take(ports, hung, running_meeting),
        lambda: presenter.turn(ports, hung, running_meeting, report, 1),
        lambda: presenter.turn(ports, hung, running_meeting, report, 2),
        lambda: presenter.stop(ports, lan, running_meeting),
        lambda: presenter.take(ports, lan, running_meeting),
        lambda: presenter.turn(ports, lan, running_meeting, report, 1),
    ):
        act()
        numbers.append(place(ports, running_meeting).turn)
    assert numbers == sorted(set(numbers))


def test_the_same_page_again_is_no_news(ports, wake_ups, running_meeting, hung, report):
    presenter.take(ports, hung, running_meeting)
    presenter.turn(ports, hung, running_meeting, report, 1)
    heard = len(wake_ups.rung)
    presenter.turn(ports, hung, running_meeting, report, 1)
    assert len(wake_ups.rung) == heard


def test_leading_ends_with_the_meeting(ports, running_meeting, hung, report):
    presenter.take(ports, hung, running_meeting)
    presenter.turn(ports, hung, running_meeting, report, 1)
    meetings.close(ports, hung, running_meeting)
    assert leader(ports, hung, running_meeting) is None
    assert place(ports, running_meeting).document_id is None
    with pytest.raises(NotInState):
        presenter.take(ports, hung, running_meeting)
    with pytest.raises(NotInState):
        presenter.turn(ports, hung, running_meeting, report, 2)
