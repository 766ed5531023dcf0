"""Documents handed in by other units: waiting, approved, refused with a reason; readers see only what was approved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.version import Approval, DecidedMeanwhile, ReasonMissing
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import annotation as annotations
from meeting_app.services import annotation_rows, snapshot
from meeting_app.services import approval as approvals
from meeting_app.services import document as documents
from meeting_app.services import event as events
from meeting_app.services import preparation as preparations
from meeting_app.services.annotation import Act, Change
from meeting_app.worker.loop import work_once
from tests.cast import Cast
from tests.pdf.hostile import plain

Put = Callable[[str], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(text: str) -> Path:
        path = tmp_path / f"{text}.pdf"
        path.write_bytes(plain(text))
        return path

    return write


@pytest.fixture
def asked(ports: Ports, lan: Actor, nam: Actor, running_meeting: int, agenda: list[int]) -> int:
    """The item for which Nam's unit is to bring documents."""
    preparations.ask(ports, lan, agenda[0], nam.unit_id)
    return agenda[0]


@pytest.fixture
def waiting(ports: Ports, nam: Actor, asked: int, put: Put) -> int:
    """A version Nam handed in."""
    return approvals.submit(ports, nam, asked, put("Dự thảo"), file_name="Dự thảo.pdf")


def document_of(ports: Ports, lan: Actor, meeting_id: int) -> int:
    [one] = approvals.submissions(ports, lan, meeting_id)
    return one.document_id


def test_a_unit_is_told_what_it_is_to_bring_and_nothing_more(
    ports: Ports, lan: Actor, nam: Actor, running_meeting: int, asked: int
):
    [task] = preparations.tasks(ports, nam)
    assert (task.item_id, task.meeting_id) == (asked, running_meeting)
    for act in (documents.documents, snapshot.take):
        with pytest.raises(NotFound):
            act(ports, nam, running_meeting)
    preparations.let_go(ports, lan, asked, nam.unit_id)
    assert preparations.tasks(ports, nam) == []


def test_what_is_handed_in_waits_for_the_desk_alone(
    ports: Ports, cast: Cast, nam: Actor, running_meeting: int, waiting: int
):
    [one] = approvals.submissions(ports, cast.actors["hung"], running_meeting)
    assert (one.version_id, one.approval, one.by, one.title) == (waiting, Approval.SUBMITTED, nam.full_name, "Dự thảo")
    for name in ("hung", "lan", "minh", "quang"):
        assert documents.documents(ports, cast.actors[name], running_meeting) == []
        assert snapshot.take(ports, cast.actors[name], running_meeting)[1]["documents"] == []
    assert documents.view(ports, cast.actors["lan"], one.document_id, number=1)[1].title == "Dự thảo"
    assert documents.original(ports, nam, one.document_id, number=1)
    for name in ("minh", "quang", "thu", "vinh"):
        with pytest.raises(NotFound):
            documents.view(ports, cast.actors[name], one.document_id, number=1)


def test_approved_it_reaches_the_tablets(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, running_meeting: int, waiting: int
):
    before = events.version_of(ports, running_meeting)
    approvals.approve(ports, lan, waiting)
    [told] = events.after(ports, running_meeting, before)
    assert told.body["documents"][0]["version_id"] == waiting
    assert [each.version_id for each in documents.documents(ports, minh, running_meeting)] == [waiting]
    assert approvals.submissions(ports, lan, running_meeting) == []
    approvals.undo(ports, lan, waiting)
    assert documents.documents(ports, minh, running_meeting) == []
    assert events.after(ports, running_meeting, before)[-1].body["gone"]


def test_a_refusal_says_why(ports: Ports, lan: Actor, nam: Actor, running_meeting: int, asked: int, waiting: int):
    for nothing in ("", "  "):
        with pytest.raises(ReasonMissing):
            approvals.refuse(ports, lan, waiting, nothing)
    approvals.refuse(ports, lan, waiting, "Thiếu phụ lục số liệu")
    [mine] = approvals.brought(ports, nam, asked)
    assert (mine.approval, mine.reason) == (Approval.REFUSED, "Thiếu phụ lục số liệu")


def test_the_next_version_waits_while_the_approved_one_is_read(
    ports: Ports, lan: Actor, nam: Actor, minh: Actor, running_meeting: int, asked: int, waiting: int, put: Put
):
    document_id = document_of(ports, lan, running_meeting)
    approvals.approve(ports, lan, waiting)
    second = approvals.submit(ports, nam, asked, put("Sửa"), file_name="Sửa.pdf", document_id=document_id)
    assert documents.view(ports, minh, document_id)[1].version == 1
    with pytest.raises(NotFound):
        documents.view(ports, minh, document_id, number=2)
    approvals.approve(ports, lan, second)
    assert documents.view(ports, minh, document_id)[1].version == 2


def test_what_was_written_while_the_next_version_waited_goes_along(
    ports: Ports, lan: Actor, nam: Actor, minh: Actor, running_meeting: int, asked: int, waiting: int, put: Put
):
    document_id = document_of(ports, lan, running_meeting)
    approvals.approve(ports, lan, waiting)
    same_text = put("Dự thảo")
    same_text.write_bytes(same_text.read_bytes() + b"\n% another file")
    second = approvals.submit(ports, nam, asked, same_text, file_name="Sửa.pdf", document_id=document_id)
    while work_once(ports):
        pass
    body = {"text": "Hỏi lại số liệu", "x": 5, "y": 5}
    note = Change(Act.WRITE, "note-while-waiting", {"page": 0, "kind": "note", "colour": "blue", "body": body})
    [outcome] = annotations.keep(ports, minh, document_id, waiting, [note])
    assert outcome.refused is None
    approvals.approve(ports, lan, second)
    [carried] = annotation_rows.notebook(ports, minh, document_id, second).own
    assert carried.body["text"] == "Hỏi lại số liệu"


def test_only_chair_and_secretary_decide(ports: Ports, cast: Cast, waiting: int):
    for name in ("minh", "quang", "thu", "nam", "vinh"):
        with pytest.raises(NotFound):
            approvals.approve(ports, cast.actors[name], waiting)
        with pytest.raises(NotFound):
            approvals.refuse(ports, cast.actors[name], waiting, "Không")


def test_whoever_decides_second_is_told_who_was_first(ports: Ports, hung: Actor, lan: Actor, waiting: int):
    approvals.refuse(ports, hung, waiting, "Chưa đủ")
    with pytest.raises(DecidedMeanwhile, match=hung.full_name):
        approvals.approve(ports, lan, waiting)


def test_only_who_was_asked_hands_in(
    ports: Ports, cast: Cast, lan: Actor, running_meeting: int, agenda: list[int], asked: int, put: Put
):
    for name, item_id in (("minh", asked), ("thu", asked), ("nam", agenda[1]), ("nam", 10_000)):
        with pytest.raises(NotFound):
            approvals.submit(ports, cast.actors[name], item_id, put("x"), file_name="x.pdf")
    with pytest.raises(NotAllowed):
        approvals.submissions(ports, cast.actors["minh"], running_meeting)
    for name, refusal in {"minh": NotAllowed, "nam": NotFound}.items():
        with pytest.raises(refusal):
            preparations.ask(ports, cast.actors[name], asked, 1)
