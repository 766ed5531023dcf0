"""A new version in the place of the old: who is told, what is kept, and which pages are still the same."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from meeting_app.domain.access import Actor
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import NotInState
from meeting_app.domain.version import ReplacedMeanwhile, SameFile
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import document as documents
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import version as versions
from meeting_app.worker.prepare import prepare
from tests.cast import Cast
from tests.laying import version_of
from tests.pdf.hostile import plain

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """A file of these pages, a line or more each."""

    def write(*pages: str) -> Path:
        writer = PdfWriter()
        for each in pages:
            writer.append(PdfReader(BytesIO(plain(each))))
        path = tmp_path / f"{abs(hash(pages))}.pdf"
        writer.write(path)
        return path

    return write


@pytest.fixture
def report(ports: Ports, lan: Actor, running_meeting: int, put: Put) -> int:
    return documents.upload(ports, lan, running_meeting, put("Một", "Hai"), file_name="Báo cáo.pdf")


def test_readers_of_the_old_version_are_told_of_the_new(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, report: int, put: Put
):
    before = events.version_of(ports, running_meeting)
    version_id = versions.replace(ports, lan, report, put("Một", "Hai sửa", "Ba"), file_name="Báo cáo (sửa).pdf")
    [told] = events.after(ports, running_meeting, before)
    [body] = told.body["documents"]
    assert (told.kind, told.channel) == (Kind.DOCUMENTS, Channel.MEMBERS)
    assert (body["id"], body["version"], body["version_id"]) == (report, 2, version_id)
    assert (body["pages"], body["prepared"]) == (3, 0)
    view = documents.view(ports, minh, report)[1]
    assert (view.version, view.file_name, view.title) == (2, "Báo cáo (sửa).pdf", "Báo cáo")
    assert body["sha"] == view.sha
    assert len(documents.documents(ports, minh, running_meeting)) == 1


def test_the_old_version_stays_to_be_compared_with(ports: Ports, lan: Actor, minh: Actor, report: int, put: Put):
    old = documents.view(ports, minh, report)[1]
    prepare(ports, old.version_id)
    prepare(ports, versions.replace(ports, lan, report, put("Một", "Hai sửa", "Ba"), file_name="b.pdf"))
    assert documents.page(ports, minh, report, 1, 800, sha=old.sha).path.exists()
    with pytest.raises(NotFound):
        documents.page(ports, minh, report, 2, 800, sha=old.sha)
    assert documents.page(ports, minh, report, 2, 800).path.exists()
    for wrong in ("0" * 16, "", "%", old.sha[:15]):
        with pytest.raises(NotFound):
            documents.page(ports, minh, report, 0, 800, sha=wrong)


def test_pages_are_found_again_in_the_next_version(ports: Ports, lan: Actor, minh: Actor, report: int, put: Put):
    old = version_of(ports, report)
    prepare(ports, old)
    new = versions.replace(ports, lan, report, put("Lời nói đầu", "Một", "Hai"), file_name="b.pdf")
    prepare(ports, new)
    assert versions.same_pages(ports, old, new) == {0: 1, 1: 2}
    assert versions.same_pages(ports, new, old) == {1: 0, 2: 1}
    newest = versions.replace(ports, lan, report, put("Một", "Hai của năm nay"), file_name="c.pdf")
    prepare(ports, newest)
    before, after, found = versions.compared(ports, minh, report, 1, 3)
    assert (before.id, after.id) == (old, newest)
    assert (found.same, found.changed, found.removed, found.added) == (((0, 0),), ((1, 1),), (), ())


def test_pages_that_are_not_prepared_are_like_no_other(ports: Ports, lan: Actor, report: int, put: Put):
    old = version_of(ports, report)
    new = versions.replace(ports, lan, report, put("Một", "Hai", "Ba"), file_name="b.pdf")
    assert versions.same_pages(ports, old, new) == {}


def test_versions_of_two_documents_have_no_page_in_common(
    ports: Ports, lan: Actor, running_meeting: int, report: int, put: Put
):
    other = documents.upload(ports, lan, running_meeting, put("Một"), file_name="khác.pdf")
    with pytest.raises(NotFound):
        versions.same_pages(ports, version_of(ports, report), version_of(ports, other))


def test_the_same_file_replaces_nothing(ports: Ports, lan: Actor, running_meeting: int, report: int, put: Put):
    before = events.version_of(ports, running_meeting)
    with pytest.raises(SameFile):
        versions.replace(ports, lan, report, put("Một", "Hai"), file_name="b.pdf")
    assert events.version_of(ports, running_meeting) == before


def test_whoever_saw_an_older_version_is_told_before_replacing_a_newer(
    ports: Ports, lan: Actor, hung: Actor, report: int, put: Put
):
    versions.replace(ports, lan, report, put("Hai"), file_name="b.pdf", instead_of=1)
    with pytest.raises(ReplacedMeanwhile, match="Báo cáo"):
        versions.replace(ports, hung, report, put("Ba"), file_name="c.pdf", instead_of=1)
    versions.replace(ports, hung, report, put("Ba"), file_name="c.pdf", instead_of=2)
    assert documents.view(ports, lan, report)[1].version == 3


def test_only_the_desk_replaces_while_the_meeting_lasts(
    ports: Ports, cast: Cast, running_meeting: int, report: int, put: Put
):
    refusals = {"minh": NotAllowed, "quang": NotFound, "thu": NotFound, "vinh": NotFound, "nam": NotFound}
    for person, refusal in refusals.items():
        with pytest.raises(refusal):
            versions.replace(ports, cast.actors[person], report, put("Hai"), file_name="b.pdf")
    lan = cast.actors["lan"]
    meetings.close(ports, lan, running_meeting)
    with pytest.raises(NotInState):
        versions.replace(ports, lan, report, put("Hai"), file_name="b.pdf")
    documents_left = documents.documents(ports, lan, running_meeting)
    assert [each.version for each in documents_left] == [1]


def test_a_document_taken_away_takes_no_new_version(ports: Ports, lan: Actor, report: int, put: Put):
    documents.remove(ports, lan, report)
    with pytest.raises(NotFound):
        versions.replace(ports, lan, report, put("Hai"), file_name="b.pdf")


def test_pages_of_an_old_version_that_come_late_disturb_nobody(
    ports: Ports, lan: Actor, running_meeting: int, report: int, put: Put
):
    old = version_of(ports, report)
    versions.replace(ports, lan, report, put("Hai"), file_name="b.pdf")
    before = events.version_of(ports, running_meeting)
    prepare(ports, old)
    assert events.version_of(ports, running_meeting) == before
