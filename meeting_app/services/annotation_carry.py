"""Annotations of one version laid onto the next, where their page is found again; and what every change costs."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from meeting_app.domain import annotation as rules
from meeting_app.domain.annotation import Annotation, AnnotationCount, AnnotationShare
from meeting_app.domain.document import Document
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.version import Approval, Version
from meeting_app.ports import Ports
from meeting_app.services import annotation_rows as rows
from meeting_app.services import document_rows
from meeting_app.services import version as versions
from meeting_app.services.annotation_rows import Desk
from meeting_app.services.unit_of_work import Work, changing, key


def carry(ports: Ports, version_id: int, account_id: int | None = None) -> None:
    """Copy what lies on the version before, of everybody or of one, each once; what is shared stays shared.

    What stands on a page that is not found again stays where it is, and in its maker's list.
    """
    with ports.database.reading() as session:
        before = _version_before(session, session.get_one(Version, version_id))
        makers = _makers(session, before, account_id) if before is not None else []
    if before is None or not makers:
        return
    pages = versions.same_pages(ports, key(before.id), version_id)
    for maker in makers:
        _carry_of(ports, maker, before, version_id, pages)


def _carry_of(ports: Ports, account_id: int, before: Version, version_id: int, pages: dict[int, int]) -> None:
    with changing(ports, None) as work:
        session = work.session
        # The lock of this row comes first, as in every change of theirs.
        count(work, account_id, version_id, None, new=0)
        known = set(
            session.exec(
                select(Annotation.carried_from).where(
                    Annotation.version_id == version_id, Annotation.account_id == account_id
                )
            ).all()
        )
        query = select(Annotation).where(
            Annotation.version_id == before.id,
            Annotation.account_id == account_id,
            col(Annotation.removed_at).is_(None),
        )
        desk = _desk(session, version_id)
        everyone, people = False, set[int]()
        for row in session.exec(query.order_by(col(Annotation.id))).all():
            if row.id in known or row.page not in pages:
                continue
            shared = rows.shared_with(session, row)
            _copy(work, row, version_id, pages[row.page], shared)
            everyone |= row.shared_at is not None
            people |= shared
        announce(work, desk, everyone=everyone, people=people)


def _copy(work: Work, row: Annotation, version_id: int, page: int, shared: Collection[int]) -> None:
    copy = Annotation(
        **row.model_dump(exclude={"id", "client_id", "version_id", "page", "change", "carried_from"}),
        client_id=f"carried-{row.id}-{version_id}",
        version_id=version_id,
        page=page,
        change=count(work, row.account_id, version_id, row.body, new=1),
        carried_from=row.id,
    )
    work.session.add(copy)
    work.session.flush()
    work.session.add_all(
        AnnotationShare(annotation_id=key(copy.id), account_id=each, shared_at=work.now) for each in shared
    )


def _version_before(session: Session, version: Version) -> Version | None:
    query = select(Version).where(
        Version.document_id == version.document_id,
        Version.number < version.number,
        Version.approval == Approval.APPROVED,
    )
    return session.exec(query.order_by(col(Version.number).desc())).first()


def _makers(session: Session, before: Version, account_id: int | None) -> list[int]:
    query = select(Annotation.account_id).where(
        Annotation.version_id == before.id, col(Annotation.removed_at).is_(None)
    )
    if account_id is not None:
        query = query.where(Annotation.account_id == account_id)
    return sorted(set(session.exec(query).all()))


def _desk(session: Session, version_id: int) -> Desk:
    version = session.get_one(Version, version_id)
    document = session.get_one(Document, version.document_id)
    meeting = session.get(Meeting, document.meeting_id) if document.meeting_id is not None else None
    return Desk(document, version, meeting)


def count(work: Work, account_id: int, version_id: int, body: dict[str, Any] | None, *, new: int) -> int:
    """The number of one more change; raises TooManyAnnotations. Bodies once written count for good."""
    place = {"account_id": account_id, "version_id": version_id}
    work.session.execute(
        text(
            "insert into annotation_count (account_id, version_id, changes, kept, bytes)"
            " values (:account_id, :version_id, 0, 0, 0) on conflict do nothing"
        ),
        place,
    )
    query = select(AnnotationCount).where(
        AnnotationCount.account_id == account_id, AnnotationCount.version_id == version_id
    )
    # The row's lock lets two tablets of one person take turns, so that each change has a number of its own.
    row = work.session.exec(query.with_for_update().execution_options(populate_existing=True)).one()
    size = len(str(body)) if body else 0
    # Only what adds is bounded: removing and sharing must go on when there is no room left.
    if (new and row.kept >= rules.MOST_ANNOTATIONS) or (size and row.bytes + size > rules.MOST_BYTES):
        raise rules.TooManyAnnotations
    row.changes, row.kept, row.bytes = row.changes + 1, row.kept + new, row.bytes + size
    work.session.flush()
    return row.changes


def announce(work: Work, desk: Desk, *, everyone: bool, people: Collection[int]) -> None:
    """Have those look who see a shared annotation appear, change or go: ids only, each reads what is theirs."""
    if desk.meeting is None:
        return
    body = {"document_id": desk.document.id}
    if everyone:
        hearing = document_rows.of_version(work.session, desk.document, desk.version).hearing(desk.meeting)
        if hearing.channel is not None:
            work.emit(desk.meeting, Kind.ANNOTATIONS, body, hearing.channel)
        people = hearing.people
    for account_id in sorted(people):
        work.emit(desk.meeting, Kind.ANNOTATIONS, body, Channel.PERSON, account_id)
