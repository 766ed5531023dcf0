"""Letting people in, those who come together by one reading of the rows: each is asked the same, in one transaction."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.sql.selectable import ExecutableReturnsRows as Statement
from sqlmodel import Session

from meeting_app.plain import Plain
from meeting_app.ports import Database, Ports
from meeting_app.room.door import Admitted, Ticket, admit

AT_ONCE = 50  # some tens of milliseconds; what is told them is as old at most

Asking = tuple[Ticket, int]  # to be let into this meeting


@dataclass(frozen=True, slots=True)
class _OneReading:
    """A database whose readings are all the same one."""

    session: Session
    database: Database

    @contextmanager
    def reading(self) -> Iterator[Session]:
        yield self.session

    def rows(self, question: Statement, **values: int | str | None) -> list[tuple[Any, ...]]:
        return Plain.within(self.session).rows(question, **values)

    def writing(self) -> AbstractContextManager[Session]:
        return self.database.writing()

    def together(self) -> AbstractContextManager[Database]:
        return self.database.together()


def admit_together(ports: Ports, asking: Sequence[Asking]) -> list[Admitted | Exception | None]:
    """Per asker: what `door.admit` says, or the error it raises."""
    with ports.database.reading() as session:
        inside = replace(ports, database=_OneReading(session, ports.database))
        return [_admitted(inside, *each) for each in asking]


def _admitted(ports: Ports, ticket: Ticket, meeting_id: int) -> Admitted | Exception | None:
    try:
        return admit(ports, ticket, meeting_id)
    except Exception as error:  # noqa: BLE001 — the others of the group are let in all the same
        return error
