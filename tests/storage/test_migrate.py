"""Migrations make exactly the tables that the code expects, on both databases."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

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
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))


def heads(database: SqlDatabase) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("select id, sequence, hash from audit_head"))]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_database_becomes_what_the_code_expects(empty_database: Make, kind: str):
    database = empty_database(kind)
    migrate(database.engine)
    assert differences(database) == []
    assert set(inspect(database.engine).get_table_names()) == {*METADATA.tables, "alembic_version"}
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


def test_there_is_one_way_through_the_migrations():
    directory = ScriptDirectory(str(SCRIPTS))
    assert len(directory.get_heads()) == 1
    assert len(directory.get_bases()) == 1


def test_a_new_installation_begins_with_a_whole_audit_chain(ports):
    assert audit.check(ports) == (0, None)
