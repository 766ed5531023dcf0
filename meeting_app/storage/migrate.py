"""Bring the rows to the newest layout: `migrate` is run by every start, under a lock."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from meeting_app.storage import tables

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 70_733_717  # any number, the same in every process


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Apply the migrations that this database has not seen; safe when several processes start at once."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config.attributes["connection"] = connection
            config.attributes["metadata"] = tables.METADATA
            command.upgrade(config, to)


def empty(engine: Engine) -> None:
    """Take every table away, so that `migrate` begins anew."""
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            connection.execute(text("drop table if exists page_search"))  # SQLite's own: it stands in no metadata
            tables.METADATA.drop_all(connection)
            connection.execute(text("drop table if exists alembic_version"))
