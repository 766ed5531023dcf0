"""Telling the rooms of documents: a change reaches those who may read them; to who no longer may they are gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from meeting_app.domain.access import Hearing
from meeting_app.domain.document import Document
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import Meeting
from meeting_app.services import document_rows as rows
from meeting_app.services.event import Body, document_body
from meeting_app.services.unit_of_work import Work, key

_WIDTH = {None: 0, Channel.DESK: 1, Channel.MEMBERS: 2, Channel.EVERYONE: 3}  # each hears what the narrower ones hear
_Told = dict[int, tuple[Hearing, Body]]


@contextmanager
def telling(work: Work, meeting: Meeting, *which: Any) -> Iterator[None]:
    """Whatever the block changes about these documents of the meeting, their readers are told afterwards."""
    before = _told(work, meeting, *which)
    yield
    work.session.flush()
    after = _told(work, meeting, *which)
    for document_id in sorted({*before, *after}):
        old, new = before.get(document_id, (Hearing(), {})), after.get(document_id, (Hearing(), {}))
        if old != new:
            _tell(work, meeting, document_id, old[0], new)


def _told(work: Work, meeting: Meeting, *which: Any) -> _Told:
    found = rows.shown(work.session, Document.meeting_id == meeting.id, *which)
    return {key(each.document.id): (each.hearing(meeting), document_body(each, meeting)) for each in found}


def _tell(work: Work, meeting: Meeting, document_id: int, before: Hearing, after: tuple[Hearing, Body]) -> None:
    hearing, body = after
    gone: Body = {"documents": [], "gone": [document_id]}
    there: Body = {"documents": [body]}
    # A frame of the wider channel reaches those of the narrower one too: they are told anew right after.
    if before.channel is not None and _WIDTH[before.channel] > _WIDTH[hearing.channel]:
        work.emit(meeting, Kind.DOCUMENTS, gone, before.channel)
    for account_id in sorted(before.people - hearing.people):
        work.emit(meeting, Kind.DOCUMENTS, gone, Channel.PERSON, account_id)
    if hearing.channel is not None:
        work.emit(meeting, Kind.DOCUMENTS, there, hearing.channel)
    for account_id in sorted(hearing.people):
        work.emit(meeting, Kind.DOCUMENTS, there, Channel.PERSON, account_id)
