"""Searching all documents somebody may read: asked in the same statement that finds, never afterwards."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, literal, or_
from sqlalchemy.sql import ColumnElement, Select
from sqlmodel import col, select

from meeting_app.domain.access import DESK_ROLES, Actor
from meeting_app.domain.account import Right
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.document import Audience, Document, DocumentReader, Release
from meeting_app.domain.folder import Folder
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.page_file import text_name
from meeting_app.domain.search import TITLE_PAGE, Piece, ask, passage
from meeting_app.domain.version import Version
from meeting_app.ports import Ports
from meeting_app.services.document_rows import newest_approved
from meeting_app.services.unit_of_work import key

MOST_HITS = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A document, and the page of it where the words stand."""

    document_id: int
    title: str
    meeting_id: int | None
    meeting: str  # its title; of one's own documents the folder's name
    starts_at: datetime | None
    page: int  # 0 first
    passage: tuple[Piece, ...]


def index(ports: Ports, version_id: int) -> None:
    """Take the words of a prepared version into the search; done again it is the same."""
    with ports.database.reading() as session:
        version = session.get(Version, version_id)
        document = session.get_one(Document, version.document_id) if version is not None else None
    if version is None or document is None:
        return
    pages = {page: _text(ports, version.sha256, page) for page in range(version.pages)}
    texts = {TITLE_PAGE: f"{document.title} {version.file_name}"} | {page: text for page, text in pages.items() if text}
    with ports.database.writing() as session:
        ports.texts.put(session, version_id, texts)


def find(ports: Ports, actor: Actor, words: str, limit: int = MOST_HITS) -> list[Hit]:
    """Documents on one page of which all the words stand, the best first, each once."""
    question = ask(words)
    with ports.database.reading() as session:
        pages = ports.texts.find(session, question, allowed(actor), limit)
        rows = session.exec(
            select(Version, Document, Meeting, Folder)
            .join(Document, col(Document.id) == Version.document_id)
            .outerjoin(Meeting, col(Meeting.id) == Document.meeting_id)
            .outerjoin(Folder, col(Folder.id) == Document.folder_id)
            .where(col(Version.id).in_([each.version_id for each in pages]))
        ).all()
    by_version = {key(row[0].id): row for row in rows}
    hits = []
    for page in pages:
        _version, document, meeting, folder = by_version[page.version_id]
        hits.append(
            Hit(
                document_id=key(document.id),
                title=document.title,
                meeting_id=document.meeting_id,
                meeting=meeting.title if meeting is not None else folder.name if folder is not None else "",
                starts_at=meeting.starts_at if meeting is not None else None,
                page=max(0, page.page),
                passage=passage(page.text, question),
            )
        )
    return hits


def allowed(actor: Actor) -> Select[Any]:
    """The versions this person is shown: `domain.access.may_read` once more, as one condition of SQL."""
    mine = and_(col(Folder.owner_id) == actor.account_id, col(Folder.removed_at).is_(None))
    return (
        select(Version.id)
        .join(Document, col(Document.id) == Version.document_id)
        .outerjoin(Folder, col(Folder.id) == Document.folder_id)
        .outerjoin(Meeting, col(Meeting.id) == Document.meeting_id)
        .outerjoin(AgendaItem, col(AgendaItem.id) == Document.item_id)
        .outerjoin(
            Attendee,
            and_(col(Attendee.meeting_id) == Document.meeting_id, col(Attendee.account_id) == actor.account_id),
        )
        .where(newest_approved(), col(Document.removed_at).is_(None), or_(mine, _desk(actor), _reads(actor)))
    )


def _desk(actor: Actor) -> ColumnElement[bool]:
    registers = and_(
        literal(Right.REGISTER in actor.rights),
        col(Meeting.unit_id) == actor.unit_id,
        col(Meeting.state).in_((MeetingState.DRAFT, MeetingState.CONVENED)),
    )
    return or_(col(Attendee.role).in_(DESK_ROLES), registers)


def _reads(actor: Actor) -> ColumnElement[bool]:
    at_item = or_(
        and_(col(Document.item_id).is_(None), col(Meeting.opened_at).is_not(None)),
        and_(col(Document.item_id).is_not(None), col(AgendaItem.started_at).is_not(None)),
    )
    released = or_(
        col(Document.release) == Release.ON_ISSUE,
        and_(col(Document.release) == Release.AT_ITEM, at_item),
        and_(col(Document.release) == Release.BY_HAND, col(Document.released_at).is_not(None)),
    )
    named = exists().where(
        col(DocumentReader.document_id) == Document.id, col(DocumentReader.account_id) == actor.account_id
    )
    meant = or_(
        col(Document.audience) == Audience.EVERYONE,
        and_(col(Document.audience) == Audience.MEMBERS, col(Attendee.role) != Role.GUEST),
        and_(col(Document.audience) == Audience.NAMED, named),
    )
    in_the_house = and_(
        literal(bool({Right.REGISTER, Right.SEAL} & actor.rights)), col(Meeting.unit_id) == actor.unit_id
    )
    known = or_(col(Meeting.state).not_in((MeetingState.DRAFT, MeetingState.CANCELLED)), in_the_house)
    return and_(col(Attendee.id).is_not(None), known, released, meant)


def _text(ports: Ports, sha256: str, page: int) -> str:
    path = ports.files.derived_path(sha256, text_name(page))
    if not path.exists():
        return ""
    lines = json.loads(path.read_bytes())["lines"]
    return "\n".join(" ".join(str(word[4]) for word in line) for line in lines)
