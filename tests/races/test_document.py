"""Many hands on one document at the same instant."""

from functools import partial
from pathlib import Path

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.version import Approval, DecidedMeanwhile, ReplacedMeanwhile, Version
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import approval as approvals
from meeting_app.services import document as documents
from meeting_app.services import preparation as preparations
from meeting_app.services import version as versions
from tests.conftest import hand_out
from tests.pdf.hostile import plain
from tests.races.test_meeting import at_once, ensure_whole


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / f"{text}.pdf"
    path.write_bytes(plain(text))
    return path


def test_two_replace_the_same_version_and_one_is_told_of_the_other(
    ports: Ports, hung: Actor, lan: Actor, minh: Actor, running_meeting: int, tmp_path: Path
):
    document_id = hand_out(ports, lan, running_meeting, for_guests=False)
    acts = [
        partial(versions.replace, ports, who, document_id, file(tmp_path, text), file_name="b.pdf", instead_of=1)
        for who, text in ((hung, "Của anh Hùng"), (lan, "Của chị Lan"))
    ]
    results = at_once(acts)
    assert results.count(ReplacedMeanwhile) == 1
    assert documents.view(ports, minh, document_id)[1].version == 2
    ensure_whole(ports, running_meeting)


def test_versions_that_come_together_are_counted_without_gap_or_repetition(
    ports: Ports, hung: Actor, lan: Actor, running_meeting: int, tmp_path: Path
):
    document_id = hand_out(ports, lan, running_meeting, for_guests=False)
    acts = [
        partial(versions.replace, ports, who, document_id, file(tmp_path, f"Bản {n}"), file_name="b.pdf")
        for n, who in enumerate((hung, lan) * 3)
    ]
    at_once(acts)
    with ports.database.reading() as session:
        numbers = session.exec(select(Version.number).where(Version.document_id == document_id)).all()
    assert sorted(numbers) == list(range(1, 8))
    ensure_whole(ports, running_meeting)


def test_approved_and_refused_at_once_it_is_one_of_both(
    ports: Ports, hung: Actor, lan: Actor, nam: Actor, running_meeting: int, agenda: list[int], tmp_path: Path
):
    preparations.ask(ports, lan, agenda[0], nam.unit_id)
    version_id = approvals.submit(ports, nam, agenda[0], file(tmp_path, "Dự thảo"), file_name="a.pdf")
    acts = [
        partial(approvals.approve, ports, hung, version_id),
        partial(approvals.refuse, ports, lan, version_id, "Chưa đủ"),
        partial(approvals.approve, ports, lan, version_id),
    ]
    results = at_once(acts)
    assert results.count(DecidedMeanwhile) == 2
    with ports.database.reading() as session:
        version = session.get_one(Version, version_id)
    assert (version.approval is Approval.APPROVED) == (results[1] is DecidedMeanwhile)
    ensure_whole(ports, running_meeting)


def test_whoever_reads_while_it_is_withdrawn_reads_it_or_does_not(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int
):
    document_id = hand_out(ports, lan, running_meeting, for_guests=False)
    reads = [partial(documents.view, ports, minh, document_id)] * 8
    results = at_once([*reads, partial(documents.remove, ports, lan, document_id)])
    assert all(each is NotFound or isinstance(each, tuple) for each in results[:-1])
    with pytest.raises(NotFound):
        documents.view(ports, minh, document_id)
    ensure_whole(ports, running_meeting)
