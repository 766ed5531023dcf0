"""Searching finds for each person exactly what they may read."""

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.document import Audience, DocumentReader, Release
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.domain.version import Approval
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document as documents
from meeting_app.services import search
from meeting_app.services import version as versions
from meeting_app.services.unit_of_work import changing
from meeting_app.worker.prepare import prepare
from tests.cast import Cast
from tests.laying import lay, lay_version, version_of
from tests.pdf.hostile import plain


@pytest.mark.parametrize("state", MeetingState)
def test_whoever_may_read_finds_and_nobody_else(
    ports: Ports, cast: Cast, running_meeting: int, agenda: list[int], state: MeetingState
):
    """Every audience and release, for everybody, in every state: the condition in SQL is the rule of the domain."""
    lan = cast.actors["lan"]
    with changing(ports, lan) as work:
        work.session.get_one(AgendaItem, agenda[0]).started_at = work.now
        meeting = work.session.get_one(Meeting, running_meeting)
        meeting.state = state
        if state in (MeetingState.DRAFT, MeetingState.CONVENED):
            meeting.opened_at = None
        for audience in Audience:
            for release in Release:
                for item_id in (None, agenda[0], agenda[1]):
                    for released_at in (None, work.now):
                        how = {"audience": audience, "release": release, "item_id": item_id, "released_at": released_at}
                        document, version = lay(work, running_meeting, **how)
                        ports.texts.put(work.session, version.id, {0: "kế hoạch chung"})
                        if audience is Audience.NAMED:
                            for name in ("hoa", "quang", "nam"):
                                row = DocumentReader(document_id=document.id, account_id=cast.actors[name].account_id)
                                work.session.add(row)
    counts = {}
    for name, actor in cast.actors.items():
        found = {each.document_id for each in search.find(ports, actor, "ke hoach", 1000)}
        try:
            readable = {each.id for each in documents.documents(ports, actor, running_meeting)}
        except NotFound:
            readable = set()
        assert found == readable, name
        counts[name] = len(found)
    assert counts["hung"] == 4 * 3 * 3 * 2
    assert counts["nam"] == counts["vinh"] == counts["thu"] == 0


def test_only_what_is_shown_now_is_found(ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    with changing(ports, lan) as work:
        document, first = lay(work, running_meeting)
        second = lay_version(work, document)
        third = lay_version(work, document)
        third.approval = Approval.SUBMITTED
        _removed, gone = lay(work, running_meeting, removed_at=work.now)
        for version, words in ((first, "bản đầu"), (second, "bản hai"), (third, "bản ba"), (gone, "đã rút")):
            ports.texts.put(work.session, version.id, {0: words})
    for words, count in (("bản đầu", 0), ("bản hai", 1), ("bản ba", 0), ("đã rút", 0)):
        for actor in (lan, minh):
            assert len(search.find(ports, actor, words)) == count, words


def test_the_worker_takes_a_document_in(ports: Ports, lan: Actor, minh: Actor, running_meeting: int, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(plain("Báo cáo công tác cải cách hành chính"))
    document_id = documents.upload(ports, lan, running_meeting, path, file_name="bao-cao.pdf", title="Báo cáo quý")
    assert search.find(ports, minh, "cai cach hanh chinh") == []
    prepare(ports, version_of(ports, document_id))
    [hit] = search.find(ports, minh, "cai cach hanh chinh")
    assert (hit.document_id, hit.page, hit.title, hit.meeting_id) == (document_id, 0, "Báo cáo quý", running_meeting)
    assert [piece.text for piece in hit.passage if piece.hit] == ["cải", "cách", "hành", "chính"]
    assert [each.document_id for each in search.find(ports, minh, "bao cao quy")] == [document_id]
    path.write_bytes(plain("Nội dung mới"))
    prepare(ports, versions.replace(ports, lan, document_id, path, file_name="b.pdf"))
    assert search.find(ports, minh, "cai cach hanh chinh") == []


def test_another_meeting_of_others_stays_unknown(ports: Ports, cast: Cast, running_meeting: int):
    with changing(ports, cast.actors["lan"]) as work:
        ports.texts.put(work.session, lay(work, running_meeting, for_guests=True)[1].id, {0: "mật khẩu wifi"})
    assert search.find(ports, cast.actors["nam"], "wifi") == []
