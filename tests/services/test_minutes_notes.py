"""The minutes while the meeting runs: they grow by themselves, and the draft takes over what the desk noted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.floor import RequestKind
from meeting_app.domain.meeting import NotInState
from meeting_app.domain.minutes import ChangedMeanwhile, MinutesRevision, MinutesState
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import conclusion as conclusions
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes, minutes_notes, minutes_section, snapshot, vote
from meeting_app.services.minutes_notes import GrowingPart
from meeting_app.services.minutes_section import SectionView
from meeting_app.services.waiting import Errand
from tests.cast import Cast
from tests.pdf.reading import text_of
from tests.services.floor_play import Floor
from tests.services.papers import errands
from tests.voting import come, opened


@pytest.fixture
def noted(ports: Ports, lan: Actor, running_meeting: int) -> int:
    """Lan has opened the notes of a meeting in session."""
    minutes_notes.begin(ports, lan, running_meeting)
    return running_meeting


def parts(ports: Ports, actor: Actor, meeting_id: int) -> tuple[GrowingPart, ...]:
    return minutes_notes.view(ports, actor, meeting_id).parts


def section(ports: Ports, actor: Actor, meeting_id: int, place: int) -> SectionView:
    found = parts(ports, actor, meeting_id)[place].section
    assert found is not None
    return found


def note(ports: Ports, actor: Actor, seen: SectionView, text: str) -> int:
    return minutes_section.save(ports, actor, seen.id, base_revision=seen.revision, text=text)


def speak(ports: Ports, lan: Actor, who: Actor, meeting_id: int, subject: str) -> None:
    played = Floor(ports, meeting_id, lan)
    request = played.ask(who, RequestKind.SPEECH.value, subject=subject)
    played.act(lan, "grant", request_id=request)
    played.act(lan, "end", request_id=request)


def test_there_is_somewhere_to_write_for_each_item_once(ports: Ports, lan: Actor, running_meeting: int, agenda):
    before = minutes_notes.view(ports, lan, running_meeting)
    assert (before.state, before.may_write, {each.section for each in before.parts}) == (None, False, {None})
    for _ in range(2):
        minutes_notes.begin(ports, lan, running_meeting)
    found = minutes_notes.view(ports, lan, running_meeting)
    assert (found.state, found.may_write) == (MinutesState.NOTES, True)
    assert [each.item_id for each in found.parts] == [None, *agenda, None]
    assert [each.section.text for each in found.parts if each.section] == [""] * 5


def test_what_happens_stands_under_its_item_in_the_words_of_the_paper(
    ports: Ports, cast: Cast, lan: Actor, noted: int, agenda: list[int]
):
    minh = cast.actors["minh"]
    come(ports, noted, *(cast.actors[name] for name in ("hung", "minh", "hoa")))
    assert [each.known for each in parts(ports, lan, noted)] == [()] * 5
    agendas.start(ports, lan, noted, agenda[0])
    speak(ports, lan, minh, noted, "Giá đất")
    vote.close(ports, lan, noted, opened(ports, lan, noted, item_id=agenda[0]))
    conclusions.record(ports, lan, noted, "Giao Phòng Kinh tế.", agenda[0])
    conclusions.record(ports, lan, noted, "Họp lại sau một tuần.")
    agendas.finish(ports, lan, noted, agenda[0])
    agendas.skip(ports, lan, noted, agenda[1])
    first, second, third, closing = parts(ports, lan, noted)[1:]
    assert first.known == (
        "Lê Quang Minh trình bày nội dung.",
        "Ý kiến phát biểu: Lê Quang Minh (về Giá đất).",
    )
    assert first.votes[0].startswith("Thông qua dự toán (biểu quyết công khai, 0/3 phiếu)")
    assert (first.conclusions, closing.conclusions) == (("Giao Phòng Kinh tế.",), ("Họp lại sau một tuần.",))
    assert second.known == ("Nội dung này không được thảo luận tại phiên họp.",)
    assert third.known == ()  # it may still be reached


def test_the_draft_takes_over_what_was_noted_under_what_is_known(
    ports: Ports, cast: Cast, lan: Actor, noted: int, agenda: list[int], enrolled: str
):
    note(ports, lan, section(ports, lan, noted, 0), "Chủ toạ nêu lý do.")
    agendas.start(ports, lan, noted, agenda[0])
    speak(ports, lan, cast.actors["minh"], noted, "")
    note(ports, lan, section(ports, lan, noted, 1), "Đề nghị rà soát số liệu.")
    meetings.close(ports, lan, noted)
    assert minutes.view(ports, lan, noted) is None
    assert errands(ports, lan) == [Errand.WRITE_MINUTES]
    minutes.draft(ports, lan, noted)
    written = minutes_section.sections(ports, lan, noted)
    assert [each.item_id for each in written] == [None, *agenda, None]
    assert (written[0].text, written[0].revision) == ("Chủ toạ nêu lý do.", 2)
    assert written[1].text.splitlines() == [
        "Lê Quang Minh trình bày nội dung.",
        "Ý kiến phát biểu: Lê Quang Minh.",
        "Đề nghị rà soát số liệu.",
    ]
    assert (written[1].revision, written[2].revision, written[2].text) == (
        3,
        2,
        "Nội dung này không được thảo luận tại phiên họp.",
    )
    growing = minutes_notes.view(ports, lan, noted)
    assert (growing.state, growing.parts[1].known) == (MinutesState.DRAFT, ())  # it stands in the text
    minutes.finalise(ports, lan, noted)
    assert "Đề nghị rà soát số liệu." in text_of(minutes.file(ports, lan, noted).path.read_bytes())
    assert not minutes_notes.view(ports, lan, noted).may_write


def test_a_window_left_open_over_the_draft_overwrites_nothing(ports: Ports, lan: Actor, noted: int, agenda):
    agendas.start(ports, lan, noted, agenda[0])
    seen = section(ports, lan, noted, 1)
    note(ports, lan, seen, "Một.")
    late = section(ports, lan, noted, 1)
    meetings.close(ports, lan, noted)
    minutes.draft(ports, lan, noted)
    with pytest.raises(ChangedMeanwhile) as clash:
        note(ports, lan, late, "Một. Hai.")
    assert clash.value.values["text"] == "Lê Quang Minh trình bày nội dung.\nMột."
    empty = parts(ports, lan, noted)[2].section
    assert empty is not None
    with pytest.raises(ChangedMeanwhile):  # also where nothing had been written
        minutes_section.save(ports, lan, empty.id, base_revision=1, text="Của mục hai.")


def test_notes_follow_the_agenda(ports: Ports, lan: Actor, noted: int, agenda: list[int]):
    note(ports, lan, section(ports, lan, noted, 1), "Của mục một.")
    agendas.insert(ports, lan, noted, "Việc phát sinh", minutes=5, position=1)
    agendas.move(ports, lan, noted, agenda[0], 3)
    found = parts(ports, lan, noted)
    assert [each.heading for each in found][1] == "Việc phát sinh"
    assert found[1].section is None
    assert found[3].section is not None
    assert (found[3].item_id, found[3].section.text) == (agenda[0], "Của mục một.")
    minutes_notes.begin(ports, lan, noted)
    assert all(each.section for each in parts(ports, lan, noted))
    meetings.close(ports, lan, noted)
    minutes.draft(ports, lan, noted)
    headings = [each.heading for each in minutes_section.sections(ports, lan, noted)]
    assert headings == [each.heading for each in found]


def test_notes_are_no_minutes_yet(ports: Ports, cast: Cast, lan: Actor, noted: int):
    assert minutes.view(ports, lan, noted) is None
    with pytest.raises(NotFound):
        minutes_section.sections(ports, lan, noted)
    with pytest.raises(NotFound):
        minutes.finalise(ports, lan, noted)
    for person in ("lan", "minh"):
        assert snapshot.take(ports, cast.actors[person], noted)[1]["minutes"] == {"state": ""}
    conclusions.record(ports, lan, noted, "Vẫn ghi được kết luận.")


def test_only_secretary_and_chair_note_and_read_notes(ports: Ports, cast: Cast, noted: int):
    lan = cast.actors["lan"]
    seen = section(ports, lan, noted, 0)
    note(ports, cast.actors["hung"], seen, "Chủ toạ ghi")
    for person, refusal in {"minh": NotAllowed, "quang": NotAllowed, "thu": NotAllowed, "nam": NotFound}.items():
        for act in (minutes_notes.begin, minutes_notes.view):
            with pytest.raises(refusal):
                act(ports, cast.actors[person], noted)
        with pytest.raises(refusal):
            note(ports, cast.actors[person], seen, "Của tôi")
    assert section(ports, lan, noted, 0).text == "Chủ toạ ghi"


def test_notes_begin_while_the_meeting_lasts(ports: Ports, lan: Actor, convened_meeting: int, agenda: list[int]):
    with pytest.raises(NotInState):
        minutes_notes.begin(ports, lan, convened_meeting)
    meetings.open_session(ports, lan, convened_meeting)
    meetings.pause(ports, lan, convened_meeting)
    minutes_notes.begin(ports, lan, convened_meeting)
    meetings.resume(ports, lan, convened_meeting)
    meetings.close(ports, lan, convened_meeting)
    with pytest.raises(NotInState):
        minutes_notes.begin(ports, lan, convened_meeting)
    note(ports, lan, section(ports, lan, convened_meeting, 0), "Ghi sau khi bế mạc.")


def test_no_note_is_lost_in_a_race_with_the_draft(ports: Ports, hung: Actor, lan: Actor, noted: int, agenda: list[int]):
    """Eight notes under one item while the minutes are opened: each that was taken is kept."""
    agendas.start(ports, lan, noted, agenda[0])
    seen, start = section(ports, lan, noted, 1), Barrier(9)
    meetings.close(ports, lan, noted)

    def write(number: int) -> int | None:
        start.wait()
        try:
            return note(ports, (hung, lan)[number % 2], seen, f"Bản {number}")
        except ChangedMeanwhile:
            return None

    def open_minutes() -> None:
        start.wait()
        minutes.draft(ports, hung, noted)

    with ThreadPoolExecutor(9) as pool:
        opening = pool.submit(open_minutes)
        taken = [number for number, revision in enumerate(pool.map(write, range(8))) if revision]
        opening.result()
    with ports.database.reading() as session:
        assert {each.text for each in session.exec(select(MinutesRevision)).all()} == {f"Bản {n}" for n in range(8)}
    written = minutes_section.sections(ports, lan, noted)[1].text.splitlines()
    assert len(taken) <= 1
    assert written == ["Lê Quang Minh trình bày nội dung.", *[f"Bản {number}" for number in taken]]
