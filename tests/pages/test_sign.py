"""Ký: the pad only for whoever's turn it is, giving back needs a reason, then the verdict with its facts."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import Credential
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.pending_signature import PendingSignature
from meeting_app.ports import Ports
from meeting_app.services import delegation as delegations
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes as records
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import read_roots
from tests.cast import Cast, SettableClock
from tests.keys import Office
from tests.pages.conftest import Browse, errors, said
from tests.services.papers import STROKES
from tests.services.posts import give


def pad(page: AppTest):
    """What the pad was given, or None where there is none."""
    found = [each.proto for each in page.get("bidi_component")]
    return found[0] if found else None


def told(page: AppTest) -> str:
    """What the pad says, as it was given."""
    return json.dumps(json.loads(pad(page).json), ensure_ascii=False)


@pytest.fixture
def drafted(ports: Ports, lan: Actor, draft_meeting: int, enrolled: str) -> int:
    invitations.draft(ports, lan, draft_meeting)
    return draft_meeting


@pytest.fixture
def finalised(ports: Ports, lan: Actor, running_meeting: int, enrolled: str) -> int:
    meetings.close(ports, lan, running_meeting)
    records.draft(ports, lan, running_meeting)
    records.finalise(ports, lan, running_meeting)
    return running_meeting


def test_the_leader_has_the_pad(browse: Browse, hung: Actor, drafted: int) -> None:
    page = browse(hung, "sign", paper="invitation", meeting=drafted)
    assert page.title[0].value == "Ký"
    assert pad(page) is not None
    assert "Không ký, trả lại" in [each.label for each in page.expander]


def test_the_sentence_says_by_what_right(
    browse: Browse, cast: Cast, ports: Ports, lan: Actor, hung: Actor, minh: Actor, drafted: int, enrolled: str
) -> None:
    assert "với thẩm quyền TM. UỶ BAN NHÂN DÂN – CHỦ TỊCH." in told(
        browse(hung, "sign", paper="invitation", meeting=drafted)
    )
    invitations.withdraw(ports, lan, drafted)
    give(ports, cast, "minh")
    invitations.draft(ports, lan, drafted, minh.account_id)
    text = told(browse(minh, "sign", paper="invitation", meeting=drafted))
    assert "với thẩm quyền TUQ. CHỦ TỊCH – TRƯỞNG PHÒNG." in text
    assert "Trưởng phòng, Uỷ ban nhân dân phường An Hải" in text


def test_minutes_are_signed_in_an_own_role(browse: Browse, lan: Actor, finalised: int) -> None:
    assert "với tư cách THƯ KÝ." in told(browse(lan, "sign", paper="minutes", meeting=finalised))


def test_a_right_that_was_lost_is_said_instead_of_the_pad(
    browse: Browse, cast: Cast, ports: Ports, lan: Actor, minh: Actor, draft_meeting: int, enrolled: str
) -> None:
    given = give(ports, cast, "minh")
    invitations.draft(ports, lan, draft_meeting, minh.account_id)
    delegations.withdraw(ports, cast.actors["vinh"], given)
    page = browse(minh, "sign", paper="invitation", meeting=draft_meeting)
    assert pad(page) is None
    assert "đã bị thu hồi" in errors(page)[0]
    assert "Không ký, trả lại" in [each.label for each in page.expander]


def test_others_have_no_pad(browse: Browse, lan: Actor, thu: Actor, drafted: int) -> None:
    for actor in (lan, thu):
        page = browse(actor, "sign", paper="invitation", meeting=drafted)
        assert pad(page) is None
        assert "Văn bản này chưa đến lượt ký." in said(page)


def test_strangers_find_nothing(browse: Browse, nam: Actor, minh: Actor, drafted: int) -> None:
    for actor in (nam, minh):
        page = browse(actor, "sign", paper="invitation", meeting=drafted)
        assert errors(page) == ["Nội dung này không tồn tại hoặc chưa được mở cho bạn."]


def test_giving_back_needs_a_reason_and_leads_home(
    browse: Browse, ports: Ports, hung: Actor, lan: Actor, drafted: int
) -> None:
    page = browse(hung, "sign", paper="invitation", meeting=drafted)
    give_back = next(each for each in page.button if each.label == "Trả lại kèm lý do")
    give_back.click()
    page.run()
    assert errors(page) == ["Đề nghị nêu lý do."]
    page.text_area(key="refusal_reason").set_value("Chưa đủ thành phần")
    next(each for each in page.button if each.label == "Trả lại kèm lý do").click()
    page.run()
    assert page.title[0].value == "Hôm nay"
    view = invitations.view(ports, lan, drafted)
    assert view is not None
    assert (view.state, view.refusal_reason) == (InvitationState.REFUSED, "Chưa đủ thành phần")


def test_after_the_leader_the_clerk_seals_with_the_pin_alone(
    browse: Browse, ports: Ports, hung: Actor, thu: Actor, drafted: int, enrolled: str
) -> None:
    invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    page = browse(thu, "sign", paper="invitation", meeting=drafted)
    assert page.title[0].value == "Đóng dấu và phát hành"
    assert '"needs_stroke": false' in str(pad(page)).replace("\\", "")
    assert "Trả lại kèm lý do" not in said(page)


def test_whoever_signed_sees_the_verdict_with_every_fact(
    browse: Browse, ports: Ports, hung: Actor, drafted: int, enrolled: str
) -> None:
    invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    page = browse(hung, "sign", paper="invitation", meeting=drafted)
    assert page.title[0].value == "Bạn đã ký"
    text = said(page)
    for fact in (
        "Chữ ký của người có thẩm quyền: Nguyễn Văn Hùng",
        "Cơ quan, đơn vị quản lý",
        "Tổ chức cấp chứng thư số",
        "Thời điểm ký (dấu thời gian xác nhận)",
        "nội dung không thay đổi từ khi ký",
        "Chứng thư số tại thời điểm ký",
        "Thời hạn chứng thư số",
        "SHA-256",
    ):
        assert fact in text


def test_minutes_go_to_the_secretary_then_to_the_chair(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, finalised: int, enrolled: str
) -> None:
    assert pad(browse(lan, "sign", paper="minutes", meeting=finalised)) is not None
    assert pad(browse(hung, "sign", paper="minutes", meeting=finalised)) is None
    records.sign(ports, lan, finalised, pin=enrolled, strokes=STROKES)
    assert pad(browse(hung, "sign", paper="minutes", meeting=finalised)) is not None
    page = browse(lan, "sign", paper="minutes", meeting=finalised)
    assert pad(page) is None
    assert page.title[0].value == "Bạn đã ký"
    assert "Chữ ký của thư ký: Trần Thị Lan" in said(page)


def test_the_chair_gives_the_minutes_back(
    browse: Browse, ports: Ports, lan: Actor, hung: Actor, finalised: int, enrolled: str
) -> None:
    records.sign(ports, lan, finalised, pin=enrolled, strokes=STROKES)
    page = browse(hung, "sign", paper="minutes", meeting=finalised)
    page.text_area(key="refusal_reason").set_value("Ghi lại kết luận mục 2")
    next(each for each in page.button if each.label == "Trả lại kèm lý do").click()
    page.run()
    assert page.title[0].value == "Hôm nay"
    view = records.view(ports, lan, finalised)
    assert view is not None
    assert view.may_write
    assert view.refusal_reason == "Ghi lại kết luận mục 2"


def test_after_the_seal_everybody_reads_that_the_paper_is_out(
    browse: Browse, ports: Ports, hung: Actor, thu: Actor, drafted: int, enrolled: str
) -> None:
    invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    invitations.seal(ports, thu, drafted, pin=enrolled)
    for actor in (thu, hung):
        assert browse(actor, "sign", paper="invitation", meeting=drafted).title[0].value == "Đã đóng dấu và phát hành"


def test_who_has_no_certificate_is_told_before_drawing(
    browse: Browse, ports: Ports, hung: Actor, drafted: int, clock: SettableClock
) -> None:
    with ports.database.writing() as session:
        for row in session.exec(select(Credential)).all():
            row.stopped_at = clock.now()
    page = browse(hung, "sign", paper="invitation", meeting=drafted)
    assert pad(page) is None
    assert "Nguyễn Văn Hùng" in errors(page)[0]


def test_who_was_asked_on_the_phone_sees_that_it_waits_and_may_stop(
    browse: Browse, ports: Ports, hung: Actor, drafted: int, clock: SettableClock
) -> None:
    with ports.database.writing() as session:
        key = session.exec(select(Credential).where(Credential.account_id == hung.account_id)).one()
        session.add(
            PendingSignature(
                meeting_id=drafted, paper="invitation", seal=False, account_id=hung.account_id, credential_id=key.id,
                base_sha256="0" * 64, prepared_sha256="0" * 64, prepared="{}", ticket="{}",
                asked_at=clock.now(), expires_at=clock.now() + timedelta(minutes=5),
            )
        )  # fmt: skip
    page = browse(hung, "sign", paper="invitation", meeting=drafted)
    assert pad(page) is None
    assert "Đề nghị xác nhận trên điện thoại" in said(page)
    assert "Còn 6 phút" in said(page)
    page.button(key="stop_waiting").click()
    page.run()
    assert pad(page) is not None


def test_a_signature_without_timestamp_says_so(
    browse: Browse, ports: Ports, hung: Actor, drafted: int, enrolled: str, office: Office
) -> None:
    silent = PyHankoSignatures(["http://127.0.0.1:9/tsa"], read_roots([office.pki.trust_file]))
    invitations.sign(replace(ports, signatures=silent), hung, drafted, pin=enrolled, strokes=STROKES)
    page = browse(hung, "sign", paper="invitation", meeting=drafted)
    assert page.title[0].value == "Bạn đã ký"
    assert "Chữ ký đã được lưu. Chưa lấy được dấu thời gian" in said(page)


@pytest.mark.parametrize(
    "asked", [{}, {"meeting": 1}, {"paper": "invitation"}, {"paper": "../etc", "meeting": 1}], ids=str
)
def test_without_a_paper_one_is_led_home(browse: Browse, hung: Actor, asked: dict[str, object]) -> None:
    assert browse(hung, "sign", **asked).title[0].value == "Hôm nay"
