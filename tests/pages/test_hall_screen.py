"""The hall's screens on the meeting's page: paired and parted with by the desk, unknown to everybody else."""

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import hall_screen as screens
from tests.pages.conftest import Browse, errors, said

FIELD, PAIR, PART = "Mã trên màn hình", "Ghép màn hình", "Ngắt"


def button(page, label: str):
    return next(each for each in page.button if each.label == label)


def typed(page, code: str):
    next(each for each in page.text_input if each.label == FIELD).set_value(code)
    return button(page, PAIR).click().run()


def test_the_desk_pairs_a_screen_and_parts_with_it(browse: Browse, ports: Ports, lan: Actor, convened_meeting: int):
    shown = screens.look(ports, None)
    page = typed(browse(lan, "meeting", meeting=convened_meeting), shown.code.lower())
    assert errors(page) == []
    assert screens.look(ports, shown.token).meeting_id == convened_meeting
    assert "Màn hình 1" in said(page)
    page = button(page, PART).click().run()
    assert screens.look(ports, shown.token).meeting_id is None
    assert "Màn hình 1 không còn hiển thị" in said(page)


def test_a_wrong_code_says_what_to_do_and_stays_in_the_field(
    browse: Browse, ports: Ports, lan: Actor, convened_meeting: int
):
    code = screens.look(ports, None).code
    wrong = "AAAAAA" if code != "AAAAAA" else "CCCCCC"
    page = typed(browse(lan, "meeting", meeting=convened_meeting), wrong)
    assert ["không có màn hình nào hiện mã này" in each for each in errors(page)] == [True]
    assert next(each for each in page.text_input if each.label == FIELD).value == wrong
    assert screens.screens(ports, lan, convened_meeting) == []


def test_a_name_of_a_screen_is_never_markup(browse: Browse, ports: Ports, lan: Actor, convened_meeting: int):
    screens.pair(ports, lan, convened_meeting, screens.look(ports, None).code)
    [screen] = screens.screens(ports, lan, convened_meeting)
    screens.rename(ports, lan, convened_meeting, screen.id, "![x](http://evil) **đậm**")
    assert "![x](http://evil) **đậm**" in said(browse(lan, "meeting", meeting=convened_meeting))


def test_who_is_not_of_the_desk_sees_no_screens(browse: Browse, minh: Actor, convened_meeting: int):
    page = browse(minh, "meeting", meeting=convened_meeting)
    assert [each.label for each in page.button if each.label == PAIR] == []
    assert "Màn hình hội trường" not in said(page)


def test_a_draft_is_not_yet_for_the_wall(browse: Browse, lan: Actor, draft_meeting: int):
    page = browse(lan, "meeting", meeting=draft_meeting)
    assert [each.label for each in page.button if each.label == PAIR] == []
