"""Faults in the middle of a signature: never half a paper, and nothing lost that somebody was told is done."""

from dataclasses import replace
from pathlib import Path

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.signature import RevocationUnknown, Verdict
from meeting_app.errors import StorageFull
from meeting_app.ports import Ports
from meeting_app.services import audit
from meeting_app.services import invitation as invitations
from meeting_app.storage.files import DiskCopy, DiskFiles
from tests.keys import SignaturesOnDemand
from tests.services.papers import STROKES


class Killed(BaseException):
    """As if the process were gone: nobody catches it."""


class Fragile(DiskFiles):
    """A disk that breaks off just before a signed paper would be kept."""

    def __init__(self, root: Path, fault: type[BaseException]) -> None:
        super().__init__(root)
        self._fault = fault

    def copy(self, sha256: str):
        return _BreakingCopy(super().copy(sha256), self._fault)


class _BreakingCopy:
    def __init__(self, copying, fault: type[BaseException]) -> None:
        self._copying, self._fault = copying, fault

    def __enter__(self):
        self._copy: DiskCopy = self._copying.__enter__()
        self.file = self._copy.file
        return self

    def __exit__(self, *error: object):
        return self._copying.__exit__(*error)

    def keep(self) -> str:
        raise self._fault


@pytest.fixture
def drafted(ports: Ports, lan: Actor, draft_meeting: int, enrolled: str) -> int:
    """The invitation lies before Hùng."""
    invitations.draft(ports, lan, draft_meeting)
    return draft_meeting


@pytest.mark.parametrize("fault", [StorageFull, Killed])
def test_a_fault_before_the_paper_is_kept_leaves_it_unsigned(
    ports: Ports, hung: Actor, drafted: int, enrolled: str, tmp_path: Path, fault: type[BaseException]
):
    before = invitations.view(ports, hung, drafted)
    fragile = replace(ports, files=Fragile(tmp_path / "files", fault))
    with pytest.raises(fault):
        invitations.sign(fragile, hung, drafted, pin=enrolled, strokes=STROKES)
    assert invitations.view(ports, hung, drafted) == before
    assert list((tmp_path / "files" / "incoming").iterdir()) == []
    verdict = invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    assert verdict.signatures[-1].verdict is Verdict.VALID


def test_killed_between_keeping_and_writing_the_row_the_signer_was_told_nothing_and_signs_again(
    ports: Ports, hung: Actor, drafted: int, enrolled: str
):
    class KilledDatabase:
        """The row of the signature is the first that is written after the PIN was found right."""

        writes = 0

        def reading(self):
            return ports.database.reading()

        def writing(self):
            self.writes += 1
            if self.writes > 2:  # the try spent, the tries given back
                raise Killed
            return ports.database.writing()

    with pytest.raises(Killed):
        invitations.sign(replace(ports, database=KilledDatabase()), hung, drafted, pin=enrolled, strokes=STROKES)
    view = invitations.view(ports, hung, drafted)
    assert (view.state, view.may_sign) == (InvitationState.AWAITING_LEADER, True)
    invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    assert invitations.view(ports, hung, drafted).state is InvitationState.AWAITING_SEAL


class Unreachable(SignaturesOnDemand):
    """Nobody answers about revocation."""

    def begin(self, certificates, *, unchecked=False):
        if not unchecked:
            raise RevocationUnknown(signer="Nguyễn Văn Hùng")
        return super().begin(certificates, unchecked=True)


def test_the_decision_to_sign_unchecked_is_recorded(ports: Ports, hung: Actor, drafted: int, enrolled: str, office):
    unreachable = replace(ports, signatures=Unreachable(office))
    with pytest.raises(RevocationUnknown):
        invitations.sign(unreachable, hung, drafted, pin=enrolled, strokes=STROKES)
    assert invitations.view(ports, hung, drafted).state is InvitationState.AWAITING_LEADER
    invitations.sign(unreachable, hung, drafted, pin=enrolled, strokes=STROKES, unchecked=True)
    (entry,) = (entry for entry in audit.export(ports) if entry["act"] == "invitation.sign")
    assert entry["detail"]["unchecked"] is True
