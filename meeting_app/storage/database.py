"""Rows in SQLite (WAL) or PostgreSQL, behind two doors: `writing` and `reading`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.sql.selectable import ExecutableReturnsRows as Statement
from sqlmodel import Session, create_engine

from meeting_app.errors import StorageFull
from meeting_app.plain import Plain, Row

BUSY_SECONDS = 30
_FULL = {sqlite3.SQLITE_FULL, "53100"}  # PostgreSQL: disk_full (its manual, appendix A)


class SqlDatabase:
    """Sessions over one engine. In SQLite a writer takes the write lock at its first statement
    (BEGIN IMMEDIATE), so two use cases that read and then write never interleave.
    """

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        connection = self.engine.connect().execution_options(writes=True)
        with _saying_when_full(), connection, Session(connection, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        connection = self.engine.connect()
        if self.engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection, Session(connection, expire_on_commit=False, autoflush=False) as session:
            try:
                yield session
            finally:
                session.expunge_all()  # a rollback would empty the rows that the caller goes on to read
                session.rollback()

    def rows(self, question: Statement, **values: int | str | None) -> list[Row]:
        with closing(self.engine.raw_connection()) as connection:  # the pool rolls back what the driver began
            return Plain(connection, self.engine.dialect).rows(question, **values)

    @contextmanager
    def together(self) -> Iterator["SharedTransaction"]:
        with (
            self.reading() as before,
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            shared = SharedTransaction(before, connection)
            yield shared
            shared.ensure_whole()

    def close(self) -> None:
        self.engine.dispose()


class TransactionLost(Exception):
    """The database undid more than a savepoint (SQLite: a full disk); nothing done so far may count."""


class SharedTransaction:
    """Several `writing`s in one transaction, each a savepoint. Reading sees what was committed before it began."""

    def __init__(self, before: Session, connection: Connection) -> None:
        self._before, self._connection, self._lost = before, connection, False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        yield self._before

    def rows(self, question: Statement, **values: int | str | None) -> list[Row]:
        return Plain.within(self._before).rows(question, **values)

    @contextmanager
    def together(self) -> Iterator["SharedTransaction"]:
        yield self

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.ensure_whole()
        with (
            Session(self._connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session,
            session.begin(),
        ):
            yield session
            session.flush()
            self.ensure_whole()  # a savepoint outside a transaction would commit by itself (SQLite)

    def ensure_whole(self) -> None:
        """Raise TransactionLost once the transaction is gone, and from then on."""
        driver = self._connection.connection.dbapi_connection
        if not self._connection.in_transaction() or getattr(driver, "in_transaction", True) is False:
            self._lost = True
        if self._lost:
            raise TransactionLost


@contextmanager
def _saying_when_full() -> Iterator[None]:
    """Raise StorageFull, a sentence for people, when the disk has no room for what is written."""
    try:
        yield
    except Exception as error:
        told = getattr(error, "orig", error)  # the driver's own comes bare where SQLAlchemy was passed by
        if {getattr(told, "sqlite_errorcode", None), getattr(told, "sqlstate", None)} & _FULL:
            raise StorageFull from error
        raise


def _engine(address: str) -> Engine:
    # An error that names the values of its statement would put a secret ballot into the log.
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS}, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late; ours is in _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # NORMAL in WAL survives a crash of the process but may lose the last commits at a power cut; FULL does not.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten: a secret ballot that is laid anew leaves nothing of how it lay before.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
