"""The clerk seals the documents of a meeting in one act: each once, whatever happens in between."""

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.signature import Field, Verdict
from meeting_app.ports import Ports
from meeting_app.services import sealing, sealing_progress
from tests.services.attachments import hand_in, issue, seals, small


@pytest.fixture
def issued_meeting(ports: Ports, lan: Actor, draft_meeting: int, enrolled: str) -> int:
    """Its invitation is with everybody; An Hải has its seal."""
    issue(ports, lan, draft_meeting)
    return draft_meeting


def seal_all(ports: Ports, actor: Actor, meeting_id: int, pin: str, **how) -> None:
    sealing.finish(sealing.start(ports, actor, meeting_id, pin=pin, **how))


def test_sixty_documents_are_sealed_in_one_act(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    documents = hand_in(ports, lan, issued_meeting, [small(f"Phu luc {number}") for number in range(60)])
    seal_all(ports, thu, issued_meeting, enrolled)
    sealed = seals(ports, issued_meeting)
    assert sorted(sealed) == documents
    assert all(each.sealed_at and each.profile == "B-LT" and not each.failure for each in sealed.values())
    assert len({each.sealed_sha256 for each in sealed.values()}) == 60
    verdict = ports.signatures.verify(ports.files.read(sealed[documents[37]].sealed_sha256))
    assert verdict.verdict is Verdict.VALID
    assert [(facts.field, facts.profile) for facts in verdict.signatures] == [(Field.ATTACHMENT, "B-LT")]
    view = sealing_progress.view(ports, thu, issued_meeting)
    assert (view.documents, view.sealed, view.waiting, view.refused) == (60, 60, 0, ())
    assert view.batch is not None
    assert (view.batch.runs, view.batch.done, view.batch.total) == (False, 60, 60)
