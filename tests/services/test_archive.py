"""Papers stay provable: what could not be had is added later, timestamps are renewed, and nobody waits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.job import Job, JobKind
from meeting_app.domain.signature import Verdict
from meeting_app.ports import Ports
from meeting_app.services import archive as archives
from meeting_app.services import audit
from meeting_app.services import invitation as invitations
from meeting_app.services import job as jobs
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import read_roots
from meeting_app.worker.loop import work_once
from tests.cast import SettableClock
from tests.keys import Office
from tests.services.papers import STROKES, Interrupted


@pytest.fixture
def drafted(ports: Ports, lan: Actor, draft_meeting: int, enrolled: str) -> int:
    """The invitation lies before Hùng."""
    invitations.draft(ports, lan, draft_meeting)
    return draft_meeting


@pytest.fixture
def silent(ports: Ports, office: Office) -> Ports:
    """The house while no timestamp authority answers."""
    roots = read_roots([office.pki.trust_file])
    return replace(ports, signatures=PyHankoSignatures(["http://127.0.0.1:9/tsa"], roots))


def planned(ports: Ports) -> list[Job]:
    with ports.database.reading() as session:
        query = select(Job).where(Job.kind == JobKind.ARCHIVE_INVITATION)
        return [job for job in session.exec(query).all() if job.done_at is None]


def test_an_issued_paper_is_archived_by_the_worker(
    ports: Ports, hung: Actor, thu: Actor, drafted: int, enrolled: str, clock: SettableClock
):
    invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    assert planned(ports) == []  # signed with its timestamp; the seal is still to come
    invitations.seal(ports, thu, drafted, pin=enrolled)
    before = invitations.view(ports, hung, drafted)
    assert work_once(ports) == 1
    after = invitations.view(ports, hung, drafted)
    assert (before.profile, before.holds_until) == ("B-LT", None)
    assert after.profile == "B-LTA"
    assert after.holds_until > clock.now() + timedelta(days=10 * 365)
    assert invitations.verdict(ports, hung, drafted).verdict is Verdict.VALID
    assert ports.files.read(after.sha256).startswith(ports.files.read(before.sha256))
    assert [entry["act"] for entry in audit.export(ports)][-1] == "invitation.archive"


def test_the_timestamp_is_renewed_a_year_before_it_ends(
    ports: Ports, hung: Actor, thu: Actor, drafted: int, enrolled: str, clock: SettableClock
):
    invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    invitations.seal(ports, thu, drafted, pin=enrolled)
    work_once(ports)
    first = invitations.view(ports, hung, drafted)
    (job,) = planned(ports)
    assert job.due_at == first.holds_until - archives.RENEWED_BEFORE
    clock.set(job.due_at - timedelta(seconds=1))
    assert work_once(ports) == 0
    clock.set(job.due_at)
    assert work_once(ports) == 1
    renewed = invitations.view(ports, hung, drafted)
    assert renewed.sha256 != first.sha256
    assert invitations.verdict(ports, hung, drafted).verdict is Verdict.VALID


def test_nobody_waits_for_a_timestamp_and_nothing_is_lost(
    ports: Ports, silent: Ports, hung: Actor, thu: Actor, drafted: int, enrolled: str, clock: SettableClock
):
    invitations.sign(silent, hung, drafted, pin=enrolled, strokes=STROKES)
    invitations.seal(silent, thu, drafted, pin=enrolled)
    marked = invitations.view(ports, hung, drafted)
    assert (marked.state, marked.profile) == (InvitationState.ISSUED, "B-B")
    for _ in range(8):  # it never gives up
        assert work_once(silent) == 1
        clock.advance(minutes=11)
    assert invitations.view(ports, hung, drafted).sha256 == marked.sha256
    assert work_once(ports) == 1
    assert invitations.view(ports, hung, drafted).profile == "B-LTA"
    assert invitations.verdict(ports, hung, drafted).verdict is Verdict.VALID


def test_a_signature_without_timestamp_is_completed_before_the_seal(
    ports: Ports, silent: Ports, hung: Actor, thu: Actor, drafted: int, enrolled: str
):
    invitations.sign(silent, hung, drafted, pin=enrolled, strokes=STROKES)
    assert work_once(ports) == 1
    assert invitations.view(ports, hung, drafted).profile == "B-LTA"
    invitations.seal(ports, thu, drafted, pin=enrolled)
    assert invitations.verdict(ports, hung, drafted).verdict is Verdict.VALID


def test_a_paper_archived_under_the_sealers_hand_is_sealed_all_the_same(
    ports: Ports, silent: Ports, office: Office, hung: Actor, thu: Actor, drafted: int, enrolled: str
):
    invitations.sign(silent, hung, drafted, pin=enrolled, strokes=STROKES)
    happened: list[int] = []

    def archive_once() -> None:
        if not happened:
            happened.append(work_once(ports))

    verdict = invitations.seal(replace(ports, signatures=Interrupted(office, archive_once)), thu, drafted, pin=enrolled)
    assert happened == [1]
    assert verdict.verdict is Verdict.VALID
    assert invitations.view(ports, hung, drafted).state is InvitationState.ISSUED
    assert [facts.field for facts in verdict.signatures] == ["Leader", "Timestamp1", "AgencySeal"]


def test_a_paper_sealed_under_the_worker_is_archived_anew(
    ports: Ports, silent: Ports, office: Office, hung: Actor, thu: Actor, drafted: int, enrolled: str
):
    invitations.sign(silent, hung, drafted, pin=enrolled, strokes=STROKES)
    sealing = Sealing(office, lambda: invitations.seal(ports, thu, drafted, pin=enrolled))
    assert work_once(replace(ports, signatures=sealing)) == 1
    assert invitations.view(ports, hung, drafted).state is InvitationState.ISSUED
    work_once(ports)
    view = invitations.view(ports, hung, drafted)
    assert (view.profile, view.holds_until is None) == ("B-LTA", False)
    fields = [facts.field for facts in invitations.verdict(ports, hung, drafted).signatures]
    assert fields == ["Leader", "AgencySeal", "Timestamp1"]


class Sealing(Interrupted):
    """Something happens to the paper while its timestamp is on its way."""

    meanwhile: Callable[[], object]

    def archive(self, paper):
        ends_at = super().archive(paper)
        self.meanwhile()
        return ends_at


def test_a_paper_taken_back_is_not_archived(
    ports: Ports, silent: Ports, lan: Actor, hung: Actor, drafted: int, enrolled: str
):
    invitations.sign(silent, hung, drafted, pin=enrolled, strokes=STROKES)
    invitations.withdraw(ports, lan, drafted)
    invitations.draft(ports, lan, drafted)
    assert work_once(ports) == 1
    assert planned(ports) == []
    assert invitations.view(ports, hung, drafted).profile == ""


def test_the_same_job_is_planned_once(ports: Ports, clock: SettableClock):
    for minutes in (5, 3):
        with ports.database.writing() as session:
            jobs.plan(session, JobKind.ARCHIVE_INVITATION, 7, clock.now() + timedelta(minutes=minutes))
    (job,) = planned(ports)
    assert job.due_at == clock.now() + timedelta(minutes=3)
