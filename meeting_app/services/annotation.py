"""Writing on documents: each change of a tablet kept once, in its order, and shared only on purpose.

Nobody but its maker is ever given a private annotation: no role and no right opens it. What is shared
is read by each person for themselves (`services.annotation_rows`); the event only says "look".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlmodel import col, delete, select

from meeting_app.domain import annotation as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.annotation import Annotation, AnnotationKind, AnnotationShare, Colour
from meeting_app.domain.attendee import Attendee
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import annotation_rows as rows
from meeting_app.services import document_rows
from meeting_app.services.annotation_carry import announce, carry, count
from meeting_app.services.annotation_rows import Desk
from meeting_app.services.unit_of_work import Work, changing, key


class Act(StrEnum):
    WRITE = "write"  # page, kind, colour, body; an id that is there already stays as it is
    CHANGE = "change"  # body, colour: either or both
    REMOVE = "remove"
    RESTORE = "restore"  # the way back from remove
    SHARE = "share"  # everyone, people (attendees): with exactly these from now on; nobody makes it private again


@dataclass(frozen=True, slots=True)
class Change:
    """One act on the annotation with this client-made id."""

    act: Act
    client_id: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    client_id: str
    refused: str | None = None  # the sentence that says why


@dataclass
class _Page:
    """The open transaction: whose pen, on which version, and who is to look afterwards."""

    work: Work
    desk: Desk
    account_id: int
    everyone: bool = False
    people: set[int] = field(default_factory=set)  # accounts


def keep(ports: Ports, actor: Actor, document_id: int, version_id: int, changes: Sequence[Change]) -> list[Outcome]:
    """Do a tablet's changes in their order; one that is refused does not keep the others back.

    Raises NotFound when the document is not, or no longer, theirs to read.
    """
    with changing(ports, actor) as work:
        page = _Page(work, rows.desk(work.session, actor, document_id, version_id), actor.account_id)
        outcomes = [_done(page, change) for change in changes]
        announce(work, page.desk, everyone=page.everyone, people=page.people)
        present = document_rows.current(work.session, document_id)
    if present is not None and present.id != version_id:
        carry(ports, key(present.id), actor.account_id)  # written on the old one while the new one came
    return outcomes


def _done(page: _Page, change: Change) -> Outcome:
    try:
        client_id = rules.clean_client_id(change.client_id)
        _ACTS[change.act](page, client_id, change.values)
    except MeetingError as error:
        return Outcome(str(change.client_id)[: rules.LONGEST_CLIENT_ID], str(error))
    return Outcome(client_id)


def _write(page: _Page, client_id: str, values: dict[str, Any]) -> None:
    session, version = page.work.session, page.desk.version
    kept = _found(page, client_id)
    if kept is not None:
        if kept.version_id != version.id:
            raise rules.AnnotationMalformed  # no tablet makes an id twice
        return
    kind, colour = _word(AnnotationKind, values.get("kind")), _word(Colour, values.get("colour"))
    number = values.get("page")
    if type(number) is not int or not 0 <= number < version.pages:
        raise rules.AnnotationMalformed
    body = rules.clean_body(kind, values.get("body"))
    row = Annotation(
        account_id=page.account_id,
        client_id=client_id,
        version_id=key(version.id),
        page=number,
        kind=kind,
        colour=colour,
        body=body,
        change=count(page.work, page.account_id, key(version.id), body, new=1),
        made_at=page.work.now,
        changed_at=page.work.now,
    )
    session.add(row)
    session.flush()


def _change(page: _Page, client_id: str, values: dict[str, Any]) -> None:
    row = _own(page, client_id)
    body = rules.clean_body(row.kind, values["body"]) if "body" in values else row.body
    colour = _word(Colour, values["colour"]) if "colour" in values else row.colour
    if (body, colour) == (row.body, row.colour):
        return
    _touch(page, row, grown_by=body)
    row.body, row.colour = body, colour


def _remove(page: _Page, client_id: str, _values: dict[str, Any]) -> None:
    row = _own(page, client_id)
    if row.removed_at is None:
        _touch(page, row)
        row.removed_at = page.work.now


def _restore(page: _Page, client_id: str, _values: dict[str, Any]) -> None:
    row = _own(page, client_id)
    if row.removed_at is not None:
        _touch(page, row)
        row.removed_at = None


def _share(page: _Page, client_id: str, values: dict[str, Any]) -> None:
    row = _own(page, client_id)
    everyone, people = values.get("everyone", False), values.get("people", [])
    if not isinstance(everyone, bool) or not isinstance(people, list) or len(people) > 500:  # noqa: PLR2004
        raise rules.AnnotationMalformed
    if page.desk.meeting is None and (everyone or people):
        raise NotFound  # one's own folder: there is nobody else
    accounts = {_reader(page, attendee_id) for attendee_id in people} - {page.account_id}
    before = rows.shared_with(page.work.session, row)
    if (everyone, accounts) == (row.shared_at is not None, before):
        return
    _touch(page, row)
    row.shared_at = page.work.now if everyone else None
    page.work.session.exec(delete(AnnotationShare).where(col(AnnotationShare.annotation_id) == row.id))
    page.work.session.add_all(
        AnnotationShare(annotation_id=key(row.id), account_id=each, shared_at=page.work.now) for each in accounts
    )
    page.everyone |= everyone
    page.people |= accounts
    meeting_id = page.desk.meeting.id if page.desk.meeting else None
    page.work.record("annotation.share", meeting_id, annotation=row.id, everyone=everyone, people=sorted(accounts))


_ACTS = {Act.WRITE: _write, Act.CHANGE: _change, Act.REMOVE: _remove, Act.RESTORE: _restore, Act.SHARE: _share}


def _found(page: _Page, client_id: str) -> Annotation | None:
    query = select(Annotation).where(Annotation.account_id == page.account_id, Annotation.client_id == client_id)
    return page.work.session.exec(query).one_or_none()


def _own(page: _Page, client_id: str) -> Annotation:
    """The maker's own annotation on this version; to anybody else it does not exist."""
    row = _found(page, client_id)
    if row is None or row.version_id != page.desk.version.id:
        raise NotFound
    return row


def _touch(page: _Page, row: Annotation, grown_by: dict[str, Any] | None = None) -> None:
    """Number the change, and have those look who see the annotation now."""
    row.change = count(page.work, row.account_id, row.version_id, grown_by, new=0)
    row.changed_at = page.work.now
    page.everyone |= row.shared_at is not None
    page.people |= rows.shared_with(page.work.session, row)


def _reader(page: _Page, attendee_id: object) -> int:
    """The account of an attendee who may read the document; NotFound for anybody else."""
    attendee = page.work.session.get(Attendee, attendee_id) if type(attendee_id) is int else None
    if attendee is None or not rows.reads(page.work.session, page.desk, attendee):
        raise NotFound
    return attendee.account_id


def _word(words: type[Any], value: object) -> Any:
    try:
        return words(value)
    except ValueError as error:
        raise rules.AnnotationMalformed from error
