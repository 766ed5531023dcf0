"""The record of attendance: in the minutes, as a table, as a paper."""

import csv
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Whereabouts
from meeting_app.domain.meeting import Meeting
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import attendance
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import meeting as meetings
from tests.cast import Cast, SettableClock


@pytest.fixture
def attended(ports: Ports, cast: Cast, running_meeting: int, clock: SettableClock) -> int:
    """Hùng in time, Lan online, Hoa late and gone early, Minh sent Thu, Dũng is away, Quang never came."""
    who = cast.actors
    attendees.check_in(ports, who["hung"], running_meeting)
    attendees.check_in(ports, who["lan"], running_meeting, place=Whereabouts.ONLINE)
    delegations.choose(ports, who["minh"], running_meeting, who["thu"].account_id, reason="Họp tại thành phố")
    attendees.check_in(ports, who["thu"], running_meeting)
    clock.advance(minutes=45)
    attendees.check_in(ports, who["hoa"], running_meeting)
    clock.advance(minutes=30)
    attendees.leave(ports, who["hoa"], running_meeting)
    people = {each.account_id: each.id for each in attendees.attendees(ports, who["lan"], running_meeting)}
    attendees.explain_absence(ports, who["lan"], running_meeting, people[who["dung"].account_id], "=1+1 nghỉ ốm")
    return running_meeting


def lines(ports: Ports, meeting_id: int) -> dict[str, attendance.Line]:
    with ports.database.reading() as session:
        found = attendance.lines(session, session.get_one(Meeting, meeting_id))
    return {each.person.name.split()[-1]: each for each in found}


def rows(ports: Ports, actor: Actor, meeting_id: int) -> dict[str, dict[str, str]]:
    content = attendance.table(ports, actor, meeting_id)[1]
    assert content.startswith(b"\xef\xbb\xbf")
    read = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))
    return {row["Họ và tên"].split()[-1]: row for row in read}


def test_the_minutes_say_who_came_late_left_early_and_went_for_whom(ports: Ports, attended: int):
    found = lines(ports, attended)
    assert {name: (line.came, line.remarks) for name, line in found.items()} == {
        "Hùng": (True, ()),
        "Lan": (True, ("dự trực tuyến",)),
        "Minh": (False, ("Hoàng Thị Thu dự thay",)),
        "Thu": (True, ("dự thay Lê Quang Minh",)),
        "Hoa": (True, ("đến muộn, 08 giờ 45", "về sớm, 09 giờ 15")),
        "Dũng": (False, ()),
        "Quang": (False, ()),
    }


def test_who_left_before_the_opening_was_not_there(
    ports: Ports, lan: Actor, minh: Actor, convened_meeting: int, clock: SettableClock
):
    attendees.check_in(ports, minh, convened_meeting)
    clock.advance(minutes=5)
    attendees.leave(ports, minh, convened_meeting)
    clock.advance(minutes=5)
    meetings.open_session(ports, lan, convened_meeting)
    assert not lines(ports, convened_meeting)["Minh"].came


def test_who_was_a_delegate_and_never_came_is_not_absent(ports: Ports, minh: Actor, thu: Actor, convened_meeting: int):
    delegations.choose(ports, minh, convened_meeting, thu.account_id, reason="Bận")
    attendees.accept(ports, thu, convened_meeting)
    assert "Thu" in lines(ports, convened_meeting)
    delegations.withdraw(ports, minh, convened_meeting)
    assert "Thu" not in lines(ports, convened_meeting)


def test_the_table_holds_everybody_with_hours_and_reasons(ports: Ports, lan: Actor, attended: int):
    found = rows(ports, lan, attended)
    assert len(found) == 7
    assert found["Hoa"] | {"Có mặt": "Có mặt, đến muộn", "Giờ đến": "08:45", "Giờ về": "09:15"} == found["Hoa"]
    assert (found["Lan"]["Hình thức"], found["Lan"]["Điểm danh"]) == ("Trực tuyến", "Tự điểm danh")
    assert (found["Minh"]["Có mặt"], found["Minh"]["Lý do vắng"]) == ("Vắng", "Họp tại thành phố")
    assert found["Minh"]["Người dự thay"].endswith("Thu")
    assert found["Thu"]["Dự thay"] == "Lê Quang Minh"


FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\u200b=1"]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_spreadsheet_calculates_what_people_wrote(ports: Ports, lan: Actor, minh: Actor, attended: int, name: str):
    with ports.database.writing() as session:
        session.get_one(Account, minh.account_id).full_name = name
    content = attendance.table(ports, lan, attended)[1].decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(content, newline="")) for cell in row]
    assert f"'{name}" in cells
    assert "'=1+1 nghỉ ốm" in cells
    assert not [cell for cell in cells if cell.lstrip(" \u200b").startswith(("=", "+", "-", "@", "\t", "＝"))]


def test_the_paper_lists_everybody(ports: Ports, lan: Actor, attended: int):
    name, pdf = attendance.paper(ports, lan, attended)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert name.endswith(".pdf")
    for said in (
        "DANH SÁCH ĐIỂM DANH",
        "Phạm Thị Hoa",
        "về sớm, 09 giờ 15",
        "7 người; có mặt 4, vắng mặt 3",
    ):
        assert said in text
    assert "Số:" not in text


def test_a_paper_of_two_hundred_and_of_hostile_names_is_made(ports: Ports, lan: Actor, minh: Actor, attended: int):
    with ports.database.writing() as session:
        session.get_one(Account, minh.account_id).full_name = "#panic()\u202e$x$ *a* <b> " + "n" * 80
    assert attendance.paper(ports, lan, attended)[1].startswith(b"%PDF")


def test_only_the_desk_takes_it_along(ports: Ports, cast: Cast, attended: int):
    for make in (attendance.table, attendance.paper):
        for person, refusal in (("minh", NotAllowed), ("quang", NotAllowed), ("nam", NotFound), ("vinh", NotFound)):
            with pytest.raises(refusal):
                make(ports, cast.actors[person], attended)
        make(ports, cast.actors["hung"], attended)
