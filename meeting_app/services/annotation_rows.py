"""Annotations as one person may see them: their own, and what others shared with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from meeting_app.domain.access import Actor, Standing, ensure_sees
from meeting_app.domain.account import Account
from meeting_app.domain.annotation import Annotation, AnnotationCount, AnnotationKind, AnnotationShare, Colour
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.document import Document
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.version import Version
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document_rows
from meeting_app.services import event as events
from meeting_app.services.document_reading import readable
from meeting_app.services.unit_of_work import key, reading_standing


@dataclass(frozen=True, slots=True)
class Desk:
    """A version of a document that somebody may read, and where it lies."""

    document: Document
    version: Version
    meeting: Meeting | None  # none in one's own folder


@dataclass(frozen=True, slots=True)
class AnnotationView:
    """As its reader may see it."""

    id: str  # made by the maker's tablet; of a shared one the row's number
    page: int
    kind: AnnotationKind
    colour: Colour
    body: dict[str, Any]
    changed_at: datetime
    maker: str  # empty: one's own
    everyone: bool  # of one's own: shared with everybody …
    people: tuple[int, ...]  # … or with these attendees
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Notebook:
    """Everything one person may see on a version."""

    changes: int  # of one's own, so far: ask for what comes after
    own: list[AnnotationView]
    shared: list[AnnotationView]


@dataclass(frozen=True, slots=True)
class Mention:
    """A line of somebody's list of what they wrote in a meeting, with the page to go to."""

    document_id: int
    title: str
    version: int
    newest: bool  # otherwise its page is not in the present version
    page: int
    kind: AnnotationKind
    client_id: str
    text: str
    strokes: int  # of ink on this page
    changed_at: datetime


def desk(session: Session, actor: Actor, document_id: int, version_id: int | None = None) -> Desk:
    """A version the actor may read now, the present one when none is said; NotFound otherwise."""
    number = None
    if version_id is not None:
        asked = session.get(Version, version_id)
        if asked is None or asked.document_id != document_id:
            raise NotFound
        number = asked.number
    shown = readable(session, actor, document_id, number=number).shown
    meeting_id = shown.document.meeting_id
    return Desk(shown.document, shown.version, session.get(Meeting, meeting_id) if meeting_id is not None else None)


def notebook(ports: Ports, actor: Actor, document_id: int, version_id: int | None = None, after: int = 0) -> Notebook:
    """What the actor wrote after a change (removed ones too), and all that others share with them."""
    with ports.database.reading() as session:
        found = desk(session, actor, document_id, version_id)
        version_id = key(found.version.id)
        counted = session.get(AnnotationCount, (actor.account_id, version_id))
        query = select(Annotation).where(
            Annotation.version_id == version_id,
            Annotation.account_id == actor.account_id,
            Annotation.change > after,
        )
        if after == 0:
            query = query.where(col(Annotation.removed_at).is_(None))
        rows = list(session.exec(query.order_by(col(Annotation.id))).all())
        shared = _shared(session, actor, version_id)
        return Notebook(counted.changes if counted else 0, _own_views(session, found, actor.account_id, rows), shared)


def mentions(ports: Ports, actor: Actor, meeting_id: int) -> list[Mention]:
    """What the actor wrote on the documents of a meeting, in their order, page by page; ink counted per page."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        ensure_sees(standing)
        lines: list[Mention] = []
        for shown in document_rows.shown(session, Document.meeting_id == meeting_id):
            if shown.may_read(standing):
                lines += _mentions(session, actor, shown.document, shown.version)
    return lines


def readers(ports: Ports, actor: Actor, document_id: int) -> list[events.Body]:
    """Those of the meeting with whom an annotation of the document can be shared, by rank."""
    with ports.database.reading() as session:
        found = desk(session, actor, document_id)
        if found.meeting is None:
            return []
        query = select(Attendee).where(Attendee.meeting_id == found.meeting.id, Attendee.account_id != actor.account_id)
        rows = [each for each in session.exec(query).all() if reads(session, found, each)]
        bodies = events.attendee_bodies(session, found.meeting, rows)
    return [{name: body[name] for name in ("id", "name", "post", "unit")} for body in bodies]


def reads(session: Session, found: Desk, attendee: Attendee) -> bool:
    """Whether this attendee may read the document too."""
    if found.meeting is None or attendee.meeting_id != found.meeting.id:
        return False
    # By their place in the meeting alone: a right of their account opens nothing here.
    reader = Standing(Actor(attendee.account_id, "", 0), found.meeting, attendee)
    return document_rows.of_version(session, found.document, found.version).may_read(reader)


def shared_with(session: Session, row: Annotation) -> set[int]:
    query = select(AnnotationShare.account_id).where(AnnotationShare.annotation_id == row.id)
    return set(session.exec(query).all())


def _shared(session: Session, actor: Actor, version_id: int) -> list[AnnotationView]:
    mine = select(AnnotationShare.annotation_id).where(AnnotationShare.account_id == actor.account_id)
    query = (
        select(Annotation, Account.full_name)
        .join(Account, col(Account.id) == Annotation.account_id)
        .where(
            Annotation.version_id == version_id,
            Annotation.account_id != actor.account_id,
            col(Annotation.removed_at).is_(None),
            or_(col(Annotation.shared_at).is_not(None), col(Annotation.id).in_(mine)),
        )
        .order_by(col(Annotation.id))
    )
    return [
        AnnotationView(str(row.id), row.page, row.kind, row.colour, row.body, row.changed_at, maker, False, ())
        for row, maker in session.exec(query).all()
    ]


def _own_views(session: Session, found: Desk, account_id: int, rows: list[Annotation]) -> list[AnnotationView]:
    attendees: dict[int, int] = {}
    if found.meeting is not None:
        seated = select(Attendee.account_id, Attendee.id).where(Attendee.meeting_id == found.meeting.id)
        attendees = {account: key(attendee) for account, attendee in session.exec(seated).all()}
    shares: dict[int, list[int]] = {}
    own = select(Annotation.id).where(Annotation.version_id == found.version.id, Annotation.account_id == account_id)
    query = select(AnnotationShare).where(col(AnnotationShare.annotation_id).in_(own))
    for share in session.exec(query).all():
        shares.setdefault(share.annotation_id, []).append(share.account_id)
    return [
        AnnotationView(
            row.client_id,
            row.page,
            row.kind,
            row.colour,
            row.body,
            row.changed_at,
            "",
            row.shared_at is not None,
            tuple(sorted(attendees[each] for each in shares.get(key(row.id), []) if each in attendees)),
            row.removed_at is not None,
        )
        for row in rows
    ]


def _mentions(session: Session, actor: Actor, document: Document, present: Version) -> list[Mention]:
    carried = select(Annotation.carried_from).where(col(Annotation.carried_from).is_not(None))
    there = (
        Version.document_id == document.id,
        Annotation.account_id == actor.account_id,
        col(Annotation.removed_at).is_(None),
        col(Annotation.id).not_in(carried),
    )
    query = select(Annotation, Version.number).join(Version, col(Version.id) == Annotation.version_id).where(*there)
    written = query.where(Annotation.kind != AnnotationKind.INK)
    lines = [
        _mention(document, present, row, number, str(row.body.get("text", "")), 0)
        for row, number in session.exec(written).all()
    ]
    drawn = session.exec(
        select(func.min(Annotation.id), func.count())
        .join(Version, col(Version.id) == Annotation.version_id)
        .where(*there, Annotation.kind == AnnotationKind.INK)
        .group_by(col(Annotation.version_id), col(Annotation.page))
    ).all()
    strokes = dict(drawn)
    for row, number in session.exec(query.where(col(Annotation.id).in_(strokes))).all():
        lines.append(_mention(document, present, row, number, "", strokes[row.id]))
    return sorted(lines, key=lambda line: (-line.version, line.page, line.changed_at))


def _mention(document: Document, present: Version, row: Annotation, number: int, text: str, strokes: int) -> Mention:
    return Mention(
        document_id=key(document.id),
        title=document.title,
        version=number,
        newest=number == present.number,
        page=row.page,
        kind=row.kind,
        client_id=row.client_id,
        text=text,
        strokes=strokes,
        changed_at=row.changed_at,
    )
