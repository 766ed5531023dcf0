"""The clerk seals the documents of a meeting in one act: each once, whatever happens in between."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import Credential, CredentialKind, NoCredential, PinLocked
from meeting_app.domain.job import Job, JobKind
from meeting_app.domain.sealing import (
    CHUNK,
    InvitationNotIssued,
    NothingToSeal,
    SealBatch,
    SealingRuns,
    TimestampsMissing,
)
from meeting_app.domain.signature import Field, Verdict, WrongPin
from meeting_app.errors import NotAllowed, NotFound, StorageFull
from meeting_app.ports import Ports
from meeting_app.services import audit, sealing, sealing_progress
from meeting_app.services import document as documents
from meeting_app.services import job as jobs
from meeting_app.services import meeting as meetings
from meeting_app.services.waiting import Errand
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import read_roots
from meeting_app.storage.database import SqlDatabase
from meeting_app.worker.loop import DUTIES
from tests.cast import SettableClock
from tests.commands.house import ROOT, wait_until
from tests.keys import Office
from tests.pdf.hostile import truncated
from tests.races.test_meeting import at_once, ensure_whole
from tests.services.attachments import hand_in, issue, seals, small
from tests.services.papers import Interrupted, errands


@pytest.fixture
def issued_meeting(ports: Ports, lan: Actor, draft_meeting: int, enrolled: str) -> int:
    """Its invitation is with everybody; An Hải has its seal."""
    issue(ports, lan, draft_meeting)
    return draft_meeting


def many(count: int) -> list[bytes]:
    return [small(f"Phu luc {number}") for number in range(1, count + 1)]


def seal_all(ports: Ports, actor: Actor, meeting_id: int, pin: str, **how) -> None:
    sealing.finish(sealing.start(ports, actor, meeting_id, pin=pin, **how))


def batches(ports: Ports) -> list[SealBatch]:
    with ports.database.reading() as session:
        return list(session.exec(select(SealBatch).order_by(SealBatch.id)).all())


def wrong_pins(ports: Ports) -> int:
    with ports.database.reading() as session:
        return session.exec(select(Credential.wrong_pins).where(Credential.kind == CredentialKind.SEAL)).one()


def ensure_each_sealed_once(ports: Ports, meeting_id: int, ids: list[int]) -> None:
    sealed = seals(ports, meeting_id)
    assert sorted(sealed) == ids
    assert all(each.sealed_at and each.profile == "B-LT" and not each.failure for each in sealed.values())
    assert len({each.sealed_sha256 for each in sealed.values()}) == len(ids)
    ensure_whole(ports, meeting_id)
    told = [entry for entry in audit.export(ports) if entry["act"] == "document.seal"]
    named = [name for entry in told for name in entry["detail"]["sealed"]]
    assert sorted(named, key=int) == [str(each) for each in ids]


def test_sixty_documents_are_sealed_in_one_act(
    ports: Ports, lan: Actor, minh: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    ids = hand_in(ports, lan, issued_meeting, many(60))
    before = documents.original(ports, minh, ids[37])
    assert documents.file(ports, minh, ids[37]) == before
    assert errands(ports, thu) == [Errand.SEAL_DOCUMENTS]
    seal_all(ports, thu, issued_meeting, enrolled)
    ensure_each_sealed_once(ports, issued_meeting, ids)
    after = documents.file(ports, minh, ids[37])
    assert documents.original(ports, minh, ids[37]) == before
    assert (after.file_name, after.sha256 != before.sha256) == (before.file_name, True)
    assert after.path.read_bytes().startswith(before.path.read_bytes())
    meeting_id, view = documents.view(ports, minh, ids[37])
    assert (meeting_id, view.sha, view.sealed_at) == (issued_meeting, before.sha256[:16], ports.clock.now())
    verdict = ports.signatures.verify(after.path.read_bytes())
    assert verdict.verdict is Verdict.VALID
    assert [(facts.field, facts.signer) for facts in verdict.signatures] == [
        (Field.ATTACHMENT, "Uỷ ban nhân dân phường An Hải")
    ]
    progress = sealing_progress.view(ports, thu, issued_meeting)
    assert (progress.documents, progress.sealed, progress.waiting, progress.refused) == (60, 60, 0, ())
    assert progress.batch is not None
    assert (progress.batch.runs, progress.batch.done, progress.batch.total) == (False, 60, 60)
    assert errands(ports, thu) == []
    with pytest.raises(NothingToSeal):
        sealing.start(ports, thu, issued_meeting, pin=enrolled)


def test_the_key_is_asked_once_for_each_chunk(ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str):
    hand_in(ports, lan, issued_meeting, many(8))
    begun = sealing.start(ports, thu, issued_meeting, pin=enrolled)
    assert begun.act.chunk == CHUNK
    begun.act.chunk = 5
    assert len(seals(ports, issued_meeting)) == 1
    progress = sealing_progress.view(ports, thu, issued_meeting).batch
    assert progress is not None
    assert (progress.runs, progress.done, progress.total, progress.by) == (True, 1, 8, "Hoàng Thị Thu")
    sealing.finish(begun)
    told = [entry["detail"]["sealed"] for entry in audit.export(ports) if entry["act"] == "document.seal"]
    assert [len(each) for each in told] == [1, 5, 2]


def test_a_wrong_pin_is_told_at_once_and_counted(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    hand_in(ports, lan, issued_meeting, many(2))
    for _ in range(5):
        with pytest.raises(WrongPin):
            sealing.start(ports, thu, issued_meeting, pin="975318")
    with pytest.raises(PinLocked):
        sealing.start(ports, thu, issued_meeting, pin=enrolled)
    assert wrong_pins(ports) == 5
    assert (seals(ports, issued_meeting), batches(ports)) == ({}, [])
    assert sealing_progress.view(ports, thu, issued_meeting).waiting == 2


def test_it_is_stopped_in_the_middle_and_goes_on_with_the_rest(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    ids = hand_in(ports, lan, issued_meeting, many(9))
    stopping = Interrupted(ports.signatures.office, lambda: sealing.cancel(ports, thu, issued_meeting))
    seal_all(replace(ports, signatures=stopping), thu, issued_meeting, enrolled)
    assert sorted(seals(ports, issued_meeting)) == ids[:1]
    sealing.cancel(ports, thu, issued_meeting)  # nothing runs: nothing happens
    begun = sealing.start(ports, thu, issued_meeting, pin=enrolled)
    stopping = Interrupted(ports.signatures.office, lambda: sealing.cancel(ports, thu, issued_meeting))
    begun.act.ports, begun.act.chunk = replace(ports, signatures=stopping), 4
    sealing.finish(begun)
    assert sorted(seals(ports, issued_meeting)) == ids[:6]
    [first, second] = batches(ports)
    assert first.cancelled_at is not None
    assert second.ended_at is not None
    progress = sealing_progress.view(ports, thu, issued_meeting)
    assert progress.batch is not None
    assert (progress.batch.runs, progress.batch.stops, progress.waiting) == (False, True, 3)
    assert errands(ports, thu) == [Errand.SEAL_DOCUMENTS]
    seal_all(ports, thu, issued_meeting, enrolled)
    ensure_each_sealed_once(ports, issued_meeting, ids)


def test_what_cannot_be_sealed_is_listed_and_stops_nobody(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    files = [truncated(), small("tot"), b"%PDF-1.7 hong"]
    ids = hand_in(ports, lan, issued_meeting, files)
    seal_all(ports, thu, issued_meeting, enrolled)
    sealed = seals(ports, issued_meeting)
    again = hand_in(
        ports, lan, issued_meeting, [ports.files.read(sealed[ids[1]].sealed_sha256), small("mat"), *many(1)]
    )
    lost = documents.original(ports, lan, again[1]).path
    kept = lost.read_bytes()
    lost.unlink()
    seal_all(ports, thu, issued_meeting, enrolled)
    progress = sealing_progress.view(ports, thu, issued_meeting)
    assert (progress.sealed, progress.waiting) == (2, 0)
    assert [each.sentence for each in progress.refused] == [
        "Tệp này không phải là văn bản PDF đọc được.",
        "Tệp này không phải là văn bản PDF đọc được.",
        "Chữ ký trước đã khoá văn bản; không thể ký thêm.",
        "Không còn tệp của tài liệu này trong kho lưu trữ. Đề nghị tải lên lại.",
    ]
    assert errands(ports, thu) == []
    ports.files.put(kept)
    with pytest.raises(NothingToSeal):
        sealing.start(ports, thu, issued_meeting, pin=enrolled)
    seal_all(ports, thu, issued_meeting, enrolled, again=True)
    assert seals(ports, issued_meeting)[again[1]].sealed_at is not None
    assert len(sealing_progress.view(ports, thu, issued_meeting).refused) == 3


def test_nothing_is_sealed_without_a_timestamp_and_all_is_archived(
    ports: Ports, lan: Actor, thu: Actor, clock: SettableClock, issued_meeting: int, enrolled: str, office: Office
):
    ids = hand_in(ports, lan, issued_meeting, many(2))
    silent = replace(ports, signatures=PyHankoSignatures([], read_roots([office.pki.trust_file])))
    with pytest.raises(TimestampsMissing):
        sealing.start(silent, thu, issued_meeting, pin=enrolled)
    begun = sealing.start(ports, thu, issued_meeting, pin=enrolled)
    begun.act.ports = silent
    sealing.finish(begun)
    batch = sealing_progress.view(ports, thu, issued_meeting).batch
    assert batch is not None
    assert (batch.done, batch.runs, batch.failure) == (1, False, str(TimestampsMissing()))
    seal_all(ports, thu, issued_meeting, enrolled)
    ensure_each_sealed_once(ports, issued_meeting, ids)
    assert due_archiving(ports) == []
    clock.advance(hours=1)
    assert len(due_archiving(ports)) == 2
    for job in due_archiving(ports):
        again_at = DUTIES[job.kind](ports, job.subject_id)
        assert again_at is not None
        assert again_at > ports.clock.now()
    for each in ids:
        seal = seals(ports, issued_meeting)[each]
        assert (seal.profile, seal.holds_until is not None) == ("B-LTA", True)
        assert ports.signatures.verify(documents.file(ports, lan, each).path.read_bytes()).verdict is Verdict.VALID


def due_archiving(ports: Ports) -> list[Job]:
    return [job for job in jobs.due(ports) if job.kind is JobKind.ARCHIVE_DOCUMENT]


def test_two_clerks_at_once_and_one_seals(ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str):
    ids = hand_in(ports, lan, issued_meeting, many(4))
    came = at_once([lambda: sealing.start(ports, thu, issued_meeting, pin=enrolled)] * 3)
    assert came.count(SealingRuns) == 2
    [begun] = [each for each in came if isinstance(each, sealing.Begun)]
    with pytest.raises(SealingRuns, match="Hoàng Thị Thu"):
        sealing.start(ports, thu, issued_meeting, pin=enrolled)
    sealing.finish(begun)
    ensure_each_sealed_once(ports, issued_meeting, ids)


def test_an_act_taken_for_dead_that_comes_back_seals_nothing_more(
    ports: Ports, lan: Actor, thu: Actor, clock: SettableClock, issued_meeting: int, enrolled: str
):
    ids = hand_in(ports, lan, issued_meeting, many(4))
    slow = sealing.start(ports, thu, issued_meeting, pin=enrolled)
    clock.advance(seconds=61)
    progress = sealing_progress.view(ports, thu, issued_meeting).batch
    assert progress is not None
    assert (progress.runs, progress.is_lost) == (False, True)
    quick = sealing.start(ports, thu, issued_meeting, pin=enrolled)
    sealing.finish(slow)
    assert sorted(seals(ports, issued_meeting)) == ids[:2]
    sealing.finish(quick)
    ensure_each_sealed_once(ports, issued_meeting, ids)


def test_a_killed_process_leaves_each_document_sealed_once_or_not_at_all(
    ports: Ports,
    lan: Actor,
    thu: Actor,
    clock: SettableClock,
    issued_meeting: int,
    enrolled: str,
    office: Office,
    database_address: str,
):
    ids = hand_in(ports, lan, issued_meeting, many(14))
    told = {
        "database": database_address,
        "files": str(ports.files.root),
        "timestamps": office.pki.timestamp_url,
        "trust": str(office.pki.trust_file),
        "account": thu.account_id,
        "name": thu.full_name,
        "unit": thu.unit_id,
        "meeting": issued_meeting,
        "pin": enrolled,
        "chunk": 5,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.services.sealing_process"], cwd=ROOT, stdin=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(told))
    process.stdin.close()
    wait_until(lambda: len(seals(ports, issued_meeting)) > 1, process)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(timeout=10) == -signal.SIGKILL
    left = sorted(seals(ports, issued_meeting))
    assert left == ids[:6]
    clock.set(datetime.now(UTC))
    with pytest.raises(SealingRuns):  # nobody knows yet that it is dead
        sealing.start(ports, thu, issued_meeting, pin=enrolled)
    clock.set(datetime.now(UTC) + timedelta(seconds=61))
    seal_all(ports, thu, issued_meeting, enrolled)
    ensure_each_sealed_once(ports, issued_meeting, ids)


def test_a_full_disk_stops_it_with_its_sentence(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    ids = hand_in(ports, lan, issued_meeting, many(4))
    begun = sealing.start(ports, thu, issued_meeting, pin=enrolled)

    def full() -> None:
        raise StorageFull

    begun.act.ports = replace(ports, signatures=Interrupted(ports.signatures.office, full))
    sealing.finish(begun)
    progress = sealing_progress.view(ports, thu, issued_meeting)
    assert progress.batch is not None
    assert (progress.batch.runs, progress.batch.failure, progress.waiting) == (False, str(StorageFull()), 3)
    seal_all(ports, thu, issued_meeting, enrolled)
    ensure_each_sealed_once(ports, issued_meeting, ids)


def test_a_document_removed_meanwhile_is_not_sealed(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    ids = hand_in(ports, lan, issued_meeting, many(3))
    begun = sealing.start(ports, thu, issued_meeting, pin=enrolled)
    documents.remove(ports, lan, ids[2])
    sealing.finish(begun)
    assert sorted(seals(ports, issued_meeting)) == ids[:2]


@pytest.mark.parametrize("act", [sealing.cancel, sealing_progress.view, lambda *a: sealing.start(*a, pin="246810")])
def test_it_is_the_clerks_alone(
    ports: Ports, lan: Actor, hung: Actor, minh: Actor, quang: Actor, nam: Actor, vinh: Actor, issued_meeting: int, act
):
    hand_in(ports, lan, issued_meeting, many(1))
    for actor in (lan, hung, minh, quang):
        with pytest.raises(NotAllowed):
            act(ports, actor, issued_meeting)
    for actor in (nam, vinh):
        with pytest.raises(NotFound):
            act(ports, actor, issued_meeting)
    assert seals(ports, issued_meeting) == {}


def test_nothing_is_sealed_before_the_invitation_is_issued(
    ports: Ports, lan: Actor, thu: Actor, draft_meeting: int, enrolled: str
):
    hand_in(ports, lan, draft_meeting, many(1))
    assert errands(ports, thu) == []
    assert not sealing_progress.view(ports, thu, draft_meeting).issued
    with pytest.raises(InvitationNotIssued):
        sealing.start(ports, thu, draft_meeting, pin=enrolled)


def test_an_agency_without_a_seal_is_told_so(ports: Ports, lan: Actor, thu: Actor, draft_meeting: int):
    issue(ports, lan, draft_meeting)
    hand_in(ports, lan, draft_meeting, many(1))
    with pytest.raises(NoCredential):
        sealing.start(ports, thu, draft_meeting, pin="246810")
    assert batches(ports) == []


def test_documents_that_come_later_are_sealed_later(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str
):
    first = hand_in(ports, lan, issued_meeting, many(1))
    seal_all(ports, thu, issued_meeting, enrolled)
    meetings.open_session(ports, lan, issued_meeting)
    later = hand_in(ports, lan, issued_meeting, [small("bo sung")])
    assert errands(ports, thu) == [Errand.SEAL_DOCUMENTS]
    seal_all(ports, thu, issued_meeting, enrolled)
    ensure_each_sealed_once(ports, issued_meeting, [*first, *later])


def test_the_pin_is_nowhere_in_rows_or_in_what_is_printed(
    ports: Ports, lan: Actor, thu: Actor, issued_meeting: int, enrolled: str, database: SqlDatabase
):
    hand_in(ports, lan, issued_meeting, many(2))
    begun = sealing.start(ports, thu, issued_meeting, pin=enrolled)
    assert enrolled not in repr(begun)
    sealing.finish(begun)
    assert enrolled not in json.dumps(list(audit.export(ports)), default=str)
