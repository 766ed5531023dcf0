from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.organisation import Appointment, Post
from meeting_app.ports import Ports
from meeting_app.services import appointment as appointments
from meeting_app.services import people
from meeting_app.services.unit_of_work import key
from tests.cast import MORNING, Cast, SettableClock

TODAY = date(2026, 11, 23)


def appoint(ports: Ports, actor: Actor, post: str, since: date, until: date | None = None) -> None:
    with ports.database.writing() as session:
        post_id = session.exec(select(Post.id).where(Post.name == post)).one()
        session.add(
            Appointment(account_id=actor.account_id, unit_id=actor.unit_id, post_id=post_id, since=since, until=until)
        )


def test_everybody_is_listed_by_rank_then_name(ports: Ports):
    assert [(each.name, each.post) for each in people.everybody(ports)] == [
        ("Nguyễn Văn Hùng", "Chủ tịch"),
        ("Ngô Hải Nam", "Chánh Văn phòng"),
        ("Trần Thị Lan", "Chánh Văn phòng"),
        ("Lê Quang Minh", "Trưởng phòng"),
        ("Phạm Thị Hoa", "Trưởng phòng"),
        ("Đỗ Tiến Dũng", "Trưởng phòng"),
        ("Vũ Đình Quang", "Hiệu trưởng"),
        ("Bùi Thế Vinh", "Chuyên viên"),
        ("Hoàng Thị Thu", "Văn thư"),
    ]


def test_a_locked_account_is_not_offered(ports: Ports, minh: Actor, clock: SettableClock):
    with ports.database.writing() as session:
        session.get_one(Account, minh.account_id).locked_at = clock.now()
    assert minh.account_id not in {each.account_id for each in people.everybody(ports)}


def test_the_highest_post_held_that_day_counts(ports: Ports, minh: Actor):
    appoint(ports, minh, "Chủ tịch", TODAY, TODAY + timedelta(days=1))
    appoint(ports, minh, "Văn thư", TODAY - timedelta(days=90))
    with ports.database.reading() as session:

        def post_on(day: date) -> str:
            return people.persons(session, [minh.account_id], day)[minh.account_id].post

        days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
        assert [post_on(day) for day in days] == ["Trưởng phòng", "Chủ tịch", "Chủ tịch", "Trưởng phòng"]


def test_a_signature_rests_on_a_post_in_that_unit_at_that_moment(ports: Ports, cast: Cast, hung: Actor):
    def post_at(unit_id: int, moment: datetime) -> str | None:
        held = people.appointment_at(session, hung.account_id, unit_id, moment)
        return held[1].name if held else None

    with ports.database.reading() as session:
        assert post_at(hung.unit_id, MORNING) == "Chủ tịch"
        assert post_at(cast.units["le_chan"], MORNING) is None
        assert post_at(hung.unit_id, datetime(2023, 12, 31, 16, 59, tzinfo=UTC)) is None
        assert post_at(hung.unit_id, datetime(2023, 12, 31, 17, 0, tzinfo=UTC)) == "Chủ tịch"  # midnight of Việt Nam


def test_of_the_day_of_a_move_the_new_post_counts_and_of_its_moments_each_its_own(
    ports: Ports, cast: Cast, minh: Actor, vinh: Actor, clock: SettableClock
):
    before, moved_at = clock.now(), clock.advance(hours=1)
    with ports.database.reading() as session:
        held = people.appointment_at(session, minh.account_id, minh.unit_id, before)
    assert held is not None
    appointments.move(ports, vinh, key(held[0].id), cast.posts["Chuyên viên"])
    with ports.database.reading() as session:
        posts = [
            people.persons(session, [minh.account_id], on)[minh.account_id].post
            for on in (before, moved_at, moved_at.date())
        ]
    assert posts == ["Trưởng phòng", "Chuyên viên", "Chuyên viên"]


def test_who_holds_no_post_is_listed_last(ports: Ports, hung: Actor):
    with ports.database.writing() as session:
        for appointment in session.exec(select(Appointment).where(Appointment.account_id == hung.account_id)).all():
            appointment.until = date(2025, 1, 1)
    last = people.everybody(ports)[-1]
    assert (last.account_id, last.post) == (hung.account_id, "")
