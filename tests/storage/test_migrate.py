"""Migrations make exactly the tables that the code expects, on both databases."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, inspect, text
from sqlmodel import col, select

from meeting_app.domain.document import Audience, Document, DocumentState
from meeting_app.domain.invitation import Invitation
from meeting_app.domain.job import Job, JobKind
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.domain.sealing import DocumentSeal
from meeting_app.domain.version import Approval, Version
from meeting_app.services import audit
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.migrate import SCRIPTS, empty, migrate
from meeting_app.storage.tables import METADATA

KINDS = ["sqlite", "postgresql"]
START = """
import sys
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.migrate import migrate
migrate(SqlDatabase(sys.argv[1]).engine)
"""

Make = Callable[[str], SqlDatabase]


def differences(database: SqlDatabase) -> list[object]:
    opts = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or not searches(name)}
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), METADATA))


def searches(table: str) -> bool:
    """SQLite's index of texts is a virtual table, and four more that it keeps for itself."""
    return table.startswith("page_search")


def heads(database: SqlDatabase) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("select id, sequence, hash from audit_head"))]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_database_becomes_what_the_code_expects(empty_database: Make, kind: str):
    database = empty_database(kind)
    migrate(database.engine)
    assert differences(database) == []
    tables = {name for name in inspect(database.engine).get_table_names() if not searches(name)}
    assert tables == {*METADATA.tables, "alembic_version"}
    assert heads(database) == [(1, 0, "0" * 64)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_emptied_database_begins_anew(empty_database: Make, kind: str):
    database = empty_database(kind)
    migrate(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("update audit_head set sequence = 7"))
    empty(database.engine)
    assert inspect(database.engine).get_table_names() == []
    migrate(database.engine)
    assert heads(database) == [(1, 0, "0" * 64)]


@pytest.mark.parametrize("kind", KINDS)
def test_foreign_keys_and_unique_constraints_are_all_there(empty_database: Make, kind: str):
    """What alembic does not compare on SQLite: every key and constraint, column by column."""
    database = empty_database(kind)
    migrate(database.engine)
    found = inspect(database.engine)
    for name, table in METADATA.tables.items():
        keys = {
            (tuple(key["constrained_columns"]), key["referred_table"], tuple(key["referred_columns"]))
            for key in found.get_foreign_keys(name)
        }
        expected_keys = {
            (tuple(key.column_keys), key.referred_table.name, tuple(each.column.name for each in key.elements))
            for key in table.foreign_key_constraints
        }
        assert (name, keys) == (name, expected_keys)
        unique = {tuple(sorted(each["column_names"])) for each in found.get_unique_constraints(name)}
        expected_unique = {
            tuple(sorted(column.name for column in each.columns))
            for each in table.constraints
            if each.__visit_name__ == "unique_constraint"
        }
        assert (name, unique) == (name, expected_unique)
        assert {column["name"]: column["nullable"] for column in found.get_columns(name)} == {
            column.name: column.nullable for column in table.columns
        }


@pytest.mark.parametrize("kind", KINDS)
def test_migrating_again_changes_nothing(empty_database: Make, kind: str):
    database = empty_database(kind)
    migrate(database.engine)
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("update audit_head set sequence = 5"))
    migrate(database.engine)
    assert heads(database) == [(1, 5, "0" * 64)]


@pytest.mark.parametrize("kind", KINDS)
def test_processes_that_start_at_once_migrate_once(empty_database: Make, kind: str):
    database = empty_database(kind)
    address = database.engine.url.render_as_string(hide_password=False)
    starting = [subprocess.Popen([sys.executable, "-c", START, address]) for _ in range(2)]
    assert [each.wait(timeout=120) for each in starting] == [0, 0]
    assert heads(database) == [(1, 0, "0" * 64)]
    assert differences(database) == []


BEFORE_0004 = """
insert into post (id, name, rank) values (1, 'Chủ tịch', 1), (2, 'Phó Chủ tịch', 2), (3, 'Trưởng phòng', 3);
insert into unit (id, name, parent_name, symbol, place)
    values (1, 'UBND phường', '', 'UBND', 'An Hải'), (2, 'Trường', '', 'TH', 'An Hải');
insert into venue (id, unit_id, name, seats) values (1, 1, 'Phòng họp', 10);
insert into account (id, username, full_name, email, password_hash, unit_id, rights, language)
    values (1, 'hung', 'Hùng', '', '', 1, '', 'vi'), (2, 'minh', 'Minh', '', '', 1, '', 'vi');
insert into appointment (id, account_id, unit_id, post_id, authority, since)
    values (1, 1, 1, 1, 'TM. UỶ BAN NHÂN DÂN' || {newline} || 'CHỦ TỊCH', '2024-01-01'), (2, 2, 1, 3, '', '2024-01-01');
insert into meeting (id, unit_id, venue_id, title, note, starts_at, ends_at, state, version, created_by, created_at)
    values (1, 1, 1, 'Họp', '', '{moment}', '{moment}', 'draft', 0, 1, '{moment}');
insert into document_number (id, unit_id, meeting_id, year, kind, number, symbol, dated, subject, reserved_at)
    values (1, 1, 1, 2026, 'GM', 1, 'GM-UBND', '2026-01-05', 'Họp', '{moment}');
insert into invitation (id, meeting_id, number_id, leader_id, state, sha256, places, drafted_at, refusal_reason)
    values (1, 1, 1, 1, 'awaiting_leader', '', '{{}}', '{moment}', '')
"""


@pytest.mark.parametrize("kind", KINDS)
def test_who_signed_by_a_free_text_becomes_the_head_of_a_unit_that_knows_its_posts(empty_database: Make, kind: str):
    database = empty_database(kind)
    migrate(database.engine, to="0001")
    newline = "char(10)" if kind == "sqlite" else "chr(10)"
    rows = BEFORE_0004.format(newline=newline, moment="2026-01-05 01:00:00")
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in rows.split(";"):
            connection.execute(text(statement))
    migrate(database.engine)
    assert differences(database) == []
    with database.reading() as session:
        units = session.exec(select(Unit).order_by(col(Unit.id))).all()
        posts = session.exec(select(Post).order_by(col(Post.id))).all()
        held = session.exec(select(Appointment)).all()
        [invitation] = session.exec(select(Invitation)).all()
    assert [(unit.collective, unit.head_post_id) for unit in units] == [("Uỷ ban nhân dân", 1), ("", None)]
    assert [(post.deputy_of_id, post.heads) for post in posts] == [(None, True), (1, False), (None, True)]
    assert [(each.begun_at, each.ended_at) for each in held] == [(None, None)] * 2
    assert invitation.lines == ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")


@pytest.mark.parametrize("kind", KINDS)
def test_keys_that_papers_wait_for_keep_their_rows(empty_database: Make, kind: str):
    """SQLite would refuse to make a table anew that other rows refer to."""
    database = empty_database(kind)
    migrate(database.engine, to="0002")
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        metadata = MetaData()
        metadata.reflect(connection)
        for name in ("unit", "account", "venue", "meeting", "credential", "pending_signature"):
            connection.execute(metadata.tables[name].insert().values(**filled(metadata.tables[name])))
    migrate(database.engine)
    with database.engine.connect() as connection:
        rows = connection.execute(text("select credential_id, appointment_id from pending_signature, credential")).all()
    assert [tuple(row) for row in rows] == [(1, None)]


@pytest.mark.parametrize("kind", KINDS)
def test_documents_become_first_versions_of_themselves(empty_database: Make, kind: str):
    """Seals and open jobs go on referring to the same file; new rows are counted on from there."""
    database = empty_database(kind)
    migrate(database.engine, to="0006")
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        metadata = MetaData()
        metadata.reflect(connection)
        for name in ("unit", "account", "venue", "meeting"):
            connection.execute(metadata.tables[name].insert().values(**filled(metadata.tables[name])))
        documents = metadata.tables["document"]
        for for_guests in (False, True):
            row = filled(documents) | {"id": 5 + for_guests, "for_guests": for_guests, "state": "ready", "pages": 7}
            connection.execute(documents.insert().values(**row))
        for name, values in {"seal_batch": {}, "document_seal": {"document_id": 6}}.items():
            connection.execute(metadata.tables[name].insert().values(**(filled(metadata.tables[name]) | values)))
    migrate(database.engine)
    with database.writing() as session:
        versions = session.exec(select(Version).order_by(col(Version.id))).all()
        assert [(each.id, each.document_id, each.number, each.pages) for each in versions] == [
            (5, 5, 1, 7),
            (6, 6, 1, 7),
        ]
        assert {each.approval for each in versions} == {Approval.APPROVED}
        documents = session.exec(select(Document).order_by(col(Document.id))).all()
        assert [each.audience for each in documents] == [Audience.MEMBERS, Audience.EVERYONE]
        assert [each.version_id for each in session.exec(select(DocumentSeal)).all()] == [6]
        # Nothing but the worker makes the pictures, the words and the outline that pages have now.
        assert {each.state for each in versions} == {DocumentState.PREPARING}
        waiting = session.exec(select(Job).where(Job.kind == JobKind.PREPARE_DOCUMENT)).all()
        assert [(job.subject_id, job.done_at) for job in waiting] == [(5, None), (6, None)]
        new = Version(**(versions[0].model_dump(exclude={"id"}) | {"number": 2}))
        session.add(new)
        session.flush()
        assert new.id == 7


def filled(table: Table) -> dict[str, object]:
    """Something of each column's kind, the first row of whatever it refers to."""
    kinds = {datetime: datetime(2026, 11, 25, tzinfo=UTC), date: date(2026, 11, 25), bytes: b"", bool: False, int: 1}
    return {column.name: kinds.get(column.type.python_type, "file") for column in table.columns if not column.nullable}


def test_there_is_one_way_through_the_migrations():
    directory = ScriptDirectory(str(SCRIPTS))
    assert len(directory.get_heads()) == 1
    assert len(directory.get_bases()) == 1


def test_a_new_installation_begins_with_a_whole_audit_chain(ports):
    assert audit.check(ports) == (0, None)
