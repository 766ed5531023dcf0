"""What readers' tablets know of documents: which there are, and what their pages lie under."""

from typing import Any

from meeting_app.domain.access import Actor
from meeting_app.domain.document import DocumentState
from meeting_app.ports import Ports
from meeting_app.services import document as documents
from meeting_app.services import meeting as meetings
from meeting_app.services.document import DocumentView


def body(view: DocumentView) -> dict[str, Any]:
    """A document as the reader's scripts name it, like `services.event.document_body`."""
    return {
        "id": view.id,
        "item_id": view.item_id,
        "title": view.title,
        "version": view.version,
        "version_id": view.version_id,
        "pages": view.pages,
        "prepared": view.prepared_pages,
        "state": view.state.value,
        "sha": view.sha,
    }


def papers(ports: Ports, actor: Actor, meeting_id: int) -> dict[str, Any]:
    """What the actor can take along of a meeting: its documents that are ready and theirs to read."""
    meeting = meetings.view(ports, actor, meeting_id)
    views = documents.documents(ports, actor, meeting_id)
    ready = [body(view) for view in views if view.state is DocumentState.READY]
    return {"id": meeting_id, "title": meeting.title, "documents": ready}
