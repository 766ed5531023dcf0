"""Chứng thư số: for administrators; what needs attention first, one card for each, and everybody's own account."""

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import PIN_TRIES, Credential, CredentialState
from meeting_app.domain.credential_life import RequestState
from meeting_app.domain.key import KeyAlgorithm, Secret
from meeting_app.domain.signature import WrongPin
from meeting_app.domain.trust_anchor import AnchorKind
from meeting_app.ports import Ports
from meeting_app.services import certificate_request as requests
from meeting_app.services import credential as credentials
from meeting_app.services import credential_life as life
from meeting_app.services import credential_overview
from meeting_app.services import trust_anchor as anchors
from meeting_app.services.certificate_request import Asking
from meeting_app.services.unit_of_work import key
from tests import authority
from tests.cast import Cast
from tests.pages.conftest import Browse, errors, primaries, said

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
NOT_FOUND = "Nội dung này không tồn tại hoặc chưa được mở cho bạn."


def row(ports: Ports, actor: Actor) -> Credential:
    with ports.database.reading() as session:
        return session.exec(select(Credential).where(Credential.account_id == actor.account_id)).one()


def state(ports: Ports, actor: Actor) -> CredentialState:
    return row(ports, actor).state(ports.clock.now())


def tab(page, title: str):
    page.session_state["credentials_tab"] = title
    return page.run()


@pytest.fixture
def hungs(ports: Ports, hung: Actor, enrolled: str) -> int:
    return key(row(ports, hung).id)


@pytest.mark.parametrize("name", ["hung", "lan", "thu", "minh", "quang", "nam"])
def test_others_have_no_such_page(browse: Browse, cast: Cast, hungs: int, name: str):
    assert errors(browse(cast.actors[name], "credentials")) == [NOT_FOUND]
    opened = browse(cast.actors[name], "credentials", credential=hungs)
    assert errors(opened) == [NOT_FOUND]
    assert "Dấu vân tay" not in said(opened)


def test_an_unknown_one_is_not_found(browse: Browse, vinh: Actor, enrolled: str):
    page = browse(vinh, "credentials", credential=999_999)
    assert errors(page) == [NOT_FOUND]
    assert "Tất cả chứng thư" in said(page)


def test_nothing_to_see_to_says_so(browse: Browse, vinh: Actor, hungs: int):
    assert "Mọi người cần ký đều có chứng thư" in said(browse(vinh, "credentials"))


def test_what_is_missing_is_requested_with_one_touch_and_taken_back_with_another(
    browse: Browse, ports: Ports, vinh: Actor, hung: Actor
):
    page = browse(vinh, "credentials")
    text = said(page)
    assert "Nguyễn Văn Hùng – Chủ tịch" in text
    assert "chưa có chứng thư để ký" in text
    place = next(each for each in page.button if each.label == "Xin cấp chứng thư")
    place.click().run()
    assert not errors(page)
    (request,) = credential_overview.requests(ports, vinh)
    assert request.state is RequestState.ASKED
    assert "Chờ người giữ khoá đặt PIN" in said(page)
    page.button(key="take_back").click().run()
    assert credential_overview.requests(ports, vinh)[0].state is RequestState.WITHDRAWN


def test_the_card_tells_the_facts_and_the_history(browse: Browse, ports: Ports, vinh: Actor, hungs: int):
    life.suspend(ports, vinh, hungs, "Mất *thẻ*")
    text = said(browse(vinh, "credentials", credential=hungs))
    for word in ("Nguyễn Văn Hùng", "Chủ tịch", "ECDSA P-256", "Tạm dừng", "Mất *thẻ*", "Bùi Thế Vinh"):
        assert word in text


def test_suspended_and_resumed_from_the_card(browse: Browse, ports: Ports, vinh: Actor, hung: Actor, hungs: int):
    page = browse(vinh, "credentials", credential=hungs)
    assert primaries(page) == []
    submit(page, "Tạm dừng", "Mất thẻ")
    assert state(ports, hung) is CredentialState.SUSPENDED
    assert primaries(page) == ["Cho dùng lại"]
    submit(page, "Cho dùng lại", "")
    assert errors(page) == ["Đề nghị ghi ngắn gọn lý do."]
    submit(page, "Cho dùng lại", "Đã tìm thấy")
    assert state(ports, hung) is CredentialState.IN_USE


def submit(page, label: str, reason: str) -> None:
    page.text_input(key=f"reason_{label}").set_value(reason)
    next(each for each in page.button if each.label == label).click().run()


def test_a_locked_one_waits_to_be_unlocked(browse: Browse, ports: Ports, vinh: Actor, hung: Actor, hungs: int):
    for _ in range(PIN_TRIES):
        with pytest.raises(WrongPin):
            credentials.sign(ports, row(ports, hung), Secret("000000"), [b"x"])
    assert "bị khoá do nhập sai PIN" in said(browse(vinh, "credentials"))
    page = browse(vinh, "credentials", credential=hungs)
    assert primaries(page) == ["Mở khoá"]
    submit(page, "Mở khoá", "Gặp trực tiếp, xem CCCD")
    assert state(ports, hung) is CredentialState.IN_USE


def test_the_list_is_searched_and_filtered(browse: Browse, ports: Ports, vinh: Actor, hungs: int):
    life.revoke(ports, vinh, hungs, "Lộ khoá")
    page = tab(browse(vinh, "credentials"), "Chứng thư số")
    assert "4 chứng thư." in said(page)
    page.text_input(key="credential_search").set_value("hùng").run()
    assert "1 chứng thư." in said(page)
    page.text_input(key="credential_search").set_value("không ai").run()
    assert "Không có chứng thư nào phù hợp." in said(page)


def test_a_request_is_opened_from_the_form_and_withdrawn(browse: Browse, ports: Ports, vinh: Actor, hoa: Actor):
    page = tab(browse(vinh, "credentials"), "Yêu cầu cấp")
    assert "Không có yêu cầu nào đang chờ." in said(page)
    request_id = requests.ask(ports, vinh, Asking(KeyAlgorithm.EC_P384, hoa.account_id))
    page.run()
    assert "Phạm Thị Hoa – Trưởng phòng" in said(page)
    page.button(key=f"withdraw_{request_id}").click().run()
    assert errors(page) == []
    assert credential_overview.requests(ports, vinh)[0].state is RequestState.WITHDRAWN


def test_a_trusted_authority_is_removed(browse: Browse, ports: Ports, vinh: Actor):
    der, _key = authority.self_signed("CA *công cộng*")
    facts = anchors.look_at(ports, vinh, der)
    anchor_id = anchors.add(ports, vinh, der, AnchorKind.PUBLIC, sha256=facts.sha256)
    page = tab(browse(vinh, "credentials"), "Tổ chức tin cậy")
    assert "CA *công cộng*" in said(page)
    assert "CA công cộng" in said(page)
    page.button(key=f"remove_anchor_{anchor_id}").click().run()
    assert "Chưa thêm tổ chức chứng thực nào." in said(page)
    assert "Bùi Thế Vinh gỡ bỏ ngày" in said(page)


def test_the_account_page_shows_ones_own_and_its_brake(browse: Browse, ports: Ports, hung: Actor, hungs: int):
    page = browse(hung, "account")
    text = said(page)
    assert "Chứng thư số của tôi" in text
    assert "Đang sử dụng" in text
    next(each for each in page.button if each.label == "Khoá ngay").click().run()
    assert state(ports, hung) is CredentialState.SUSPENDED
    assert "Quản trị đơn vị có thể cho dùng lại" in said(page)


def test_who_has_no_certificate_sees_nothing_of_it(browse: Browse, quang: Actor):
    assert "Chứng thư số" not in said(browse(quang, "account"))


def test_a_key_to_be_made_waits_on_the_account_page(browse: Browse, ports: Ports, vinh: Actor, hoa: Actor):
    requests.ask(ports, vinh, Asking(KeyAlgorithm.EC_P384, hoa.account_id))
    assert "Đang xin cấp chứng thư cho Phạm Thị Hoa" in said(browse(hoa, "account"))


def test_the_clerk_sees_the_seal(browse: Browse, thu: Actor, enrolled: str):
    assert "con dấu số" in said(browse(thu, "account"))


def test_hundreds_of_certificates_are_paged(browse: Browse, ports: Ports, vinh: Actor, hung: Actor, hungs: int):
    with ports.database.writing() as session:
        pattern = session.get_one(Credential, hungs).model_dump(exclude={"id", "certificate_sha256"})
        for number in range(200):
            session.add(Credential(**pattern, certificate_sha256=f"{number:064}"))
    page = tab(browse(vinh, "credentials"), "Chứng thư số")
    assert "204 chứng thư." in said(page)
    assert len([each for each in page.button if each.label == "Mở"]) == 20
