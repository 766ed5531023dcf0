"""What both databases promise alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError, InternalError, StatementError
from sqlmodel import Session, col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, SignInAttempt
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.organisation import Unit, Venue
from meeting_app.errors import StorageFull
from meeting_app.storage.database import SqlDatabase

EIGHT = datetime(2026, 11, 23, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=7)))


def attempt(at: datetime = EIGHT) -> SignInAttempt:
    return SignInAttempt(username="lan", address="127.0.0.1", at=at, succeeded=True)


def attempts(database: SqlDatabase) -> list[SignInAttempt]:
    with database.reading() as session:
        return list(session.exec(select(SignInAttempt)).all())


def test_a_moment_comes_back_aware_in_utc_to_the_microsecond(database: SqlDatabase):
    with database.writing() as session:
        session.add(attempt())
    [row] = attempts(database)
    assert row.at == EIGHT
    assert row.at.tzinfo is UTC


def test_moments_are_compared_as_moments(database: SqlDatabase):
    with database.writing() as session:
        session.add(attempt())
    for offset in (-11, 0, 7, 13):
        same = EIGHT.astimezone(timezone(timedelta(hours=offset)))
        with database.reading() as session:
            later = select(SignInAttempt).where(SignInAttempt.at > same - timedelta(seconds=1))
            earlier = select(SignInAttempt).where(SignInAttempt.at < same + timedelta(seconds=1))
            assert len(session.exec(later).all()) == len(session.exec(earlier).all()) == 1


def test_a_moment_without_zone_is_refused(database: SqlDatabase):
    with pytest.raises(StatementError), database.writing() as session:
        session.add(attempt(EIGHT.replace(tzinfo=None)))
    assert attempts(database) == []


def test_a_row_that_points_nowhere_is_refused(database: SqlDatabase):
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Venue(unit_id=10_000, name="Phòng ma"))


def test_a_row_that_is_pointed_to_is_not_deleted(database: SqlDatabase, lan: Actor):
    with pytest.raises(IntegrityError), database.writing() as session:
        session.delete(session.get_one(Unit, lan.unit_id))


def test_an_exception_takes_everything_back(database: SqlDatabase):
    def fail(session: Session) -> None:
        session.add(attempt())
        session.flush()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), database.writing() as session:
        fail(session)
    assert attempts(database) == []


def test_rows_read_stay_readable_after_their_session(database: SqlDatabase, lan: Actor):
    with database.reading() as session:
        row = session.get_one(Account, lan.account_id)
    assert row.full_name == "Trần Thị Lan"
    with database.writing() as session:
        session.add(written := attempt())
    assert written.id is not None
    assert written.username == "lan"


def test_a_reader_sees_one_moment(database: SqlDatabase):
    with database.reading() as reader:
        assert reader.exec(select(SignInAttempt)).all() == []
        with database.writing() as writer:
            writer.add(attempt())
        assert reader.exec(select(SignInAttempt)).all() == []
    assert len(attempts(database)) == 1


def test_a_row_changed_while_reading_is_not_kept(database: SqlDatabase, lan: Actor):
    with database.reading() as session:
        session.get_one(Account, lan.account_id).full_name = "Người khác"
    with database.reading() as session:
        assert session.get_one(Account, lan.account_id).full_name == "Trần Thị Lan"


def test_a_state_is_stored_as_its_word(database: SqlDatabase, draft_meeting: int):
    with database.writing() as session:
        session.get_one(Meeting, draft_meeting).state = MeetingState.CANCELLED
    with database.reading() as session:
        assert session.execute(text("select state from meeting")).scalar_one() == "cancelled"
        assert session.get_one(Meeting, draft_meeting).state is MeetingState.CANCELLED


def test_busy_writers_wait_for_each_other_and_lose_nothing(database: SqlDatabase, lan: Actor):
    start = Barrier(10)

    def add_letters(_: int) -> None:
        start.wait()
        for _ in range(10):
            with database.writing() as session:
                row = session.exec(select(Account).where(Account.id == lan.account_id).with_for_update()).one()
                row.email += "x"

    with database.writing() as session:
        session.get_one(Account, lan.account_id).email = ""
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(add_letters, range(10)))
    with database.reading() as session:
        assert session.get_one(Account, lan.account_id).email == "x" * 100


def test_readers_do_not_wait_for_a_writer(database: SqlDatabase):
    with database.writing() as session:
        session.add(attempt())
        session.flush()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(attempts, database).result(timeout=10) == []
    assert len(attempts(database)) == 1


def test_text_is_text_whatever_it_looks_like(database: SqlDatabase, lan: Actor):
    strange = "'; drop table account; -- %s {0} \\ \" <script> ậ 𝕏 👩‍⚖️"
    with database.writing() as session:
        session.get_one(Account, lan.account_id).full_name = strange
    with database.reading() as session:
        found = session.exec(select(Account).where(col(Account.full_name) == strange)).one()
    assert found.id == lan.account_id


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_sqlite_keeps_foreign_keys_and_survives_a_power_cut(database: SqlDatabase):
    with database.reading() as session:
        pragmas = {
            name: session.execute(text(f"pragma {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_write_while_reading(database: SqlDatabase):
    with pytest.raises(InternalError, match="read-only transaction"), database.reading() as session:
        session.execute(insert(SignInAttempt).values(attempt().model_dump(exclude={"id"})))
    with database.writing() as session:  # the connection comes back to the pool as it was
        session.add(attempt())
    assert len(attempts(database)) == 1


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_a_full_disk_is_a_sentence_for_people(database: SqlDatabase):
    """What PostgreSQL says of it; SQLite stands on a disk that is really full in room/test_full_disk.py."""
    said = "DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$"
    with pytest.raises(StorageFull), database.writing() as session:
        session.execute(text(said))
    with database.writing() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
