"""PINs and certificates in a real browser: a key made by its holder, a root compared before it is trusted."""

from pathlib import Path

from playwright.sync_api import expect

from meeting_app.domain.credential_life import RequestState
from meeting_app.domain.key import KeyAlgorithm
from meeting_app.services import certificate_request as requests
from meeting_app.services import credential_overview
from meeting_app.services import trust_anchor as anchors
from meeting_app.services.certificate_request import Asking
from tests import authority
from tests.keys import PIN
from tests.ui.conftest import Open
from tests.web.web_house import WebHouse

CHOSEN = "mùa lúa 73"


def choose(person, *texts: str) -> None:
    for name, text in zip(("fresh", "again") if len(texts) == 2 else ("old", "fresh", "again"), texts, strict=True):
        person.page.locator(f"form:has(input[name=again][id*=credentials]) input[name={name}]").first.fill(text)


def test_the_holder_makes_the_key_and_the_administrator_enters_the_certificate(
    opened: Open, house: WebHouse, tmp_path: Path
):
    vinh, hoa = house.actor("vinh"), house.actor("hoa")
    request_id = requests.ask(house.ports, vinh, Asking(KeyAlgorithm.EC_P256, hoa.account_id))
    holder = opened("hoa", "phone")
    holder.go("/account")
    button = holder.page.get_by_role("button", name="Đặt PIN và tạo khoá")
    expect(button).to_be_visible()
    choose(holder, CHOSEN, "khác hẳn 88")
    button.tap()
    holder.sees_text("Hai lần nhập PIN mới không giống nhau")
    choose(holder, "111111", "111111")
    button.tap()
    holder.sees_text("Mã PIN này quá dễ đoán")
    assert not holder.scrolls_sideways()
    choose(holder, CHOSEN, CHOSEN)
    button.tap()
    holder.sees_text("Đã tạo khoá.")
    expect(button).to_be_hidden()

    desk = opened("vinh")
    desk.go("/credentials")
    desk.page.get_by_role("tab", name="Yêu cầu cấp").tap()
    with desk.page.expect_download() as loading:
        desk.page.get_by_role("link", name="Tải tệp yêu cầu").tap()
    csr = Path(loading.value.path()).read_bytes()
    pki = house.office.pki
    chain = tmp_path / "chuoi.p7b"
    chain.write_bytes(authority.as_pkcs7(authority.issue(pki, csr), pki.certificate("issuing")))
    other = tmp_path / "khac.pem"
    other.write_bytes(authority.as_pem(pki.certificate("hung")))
    chooser = desk.page.locator("input[type=file]").first
    chooser.set_input_files(other)
    desk.sees_text("Trong tệp không có chứng thư nào thuộc khoá")
    chooser.set_input_files(chain)
    desk.sees_text("Đã nhập chứng thư và đưa vào sử dụng.")
    (entered,) = credential_overview.own(house.ports, hoa)
    assert entered.holder == "Phạm Thị Hoa"
    views = {each.id: each.state for each in credential_overview.requests(house.ports, vinh)}
    assert views[request_id] is RequestState.ISSUED


def test_the_pin_is_changed_where_no_page_keeps_it(opened: Open, house: WebHouse):
    person = opened("minh")
    person.go("/account")
    person.page.get_by_text("Đổi mã PIN").first.tap()
    button = person.page.get_by_role("button", name="Đổi mã PIN")
    expect(button).to_be_visible()
    choose(person, "000000", CHOSEN, CHOSEN)
    button.tap()
    person.sees_text("Mã PIN không đúng.")
    choose(person, PIN, CHOSEN, CHOSEN)
    button.tap()
    person.sees_text("Đã xong. PIN mới có hiệu lực từ bây giờ.")
    assert person.page.locator("input[name=old][id*=credentials]").first.input_value() == ""
    choose(person, CHOSEN, PIN, PIN)  # as all other tests know it
    button.tap()
    expect(person.page.locator("input[name=old][id*=credentials]").first).to_have_value("")


def test_a_root_is_trusted_only_after_its_fingerprint_was_compared(opened: Open, house: WebHouse, tmp_path: Path):
    der, _key = authority.self_signed("CA công cộng Sao Mai")
    path = tmp_path / "goc.pem"
    path.write_bytes(authority.as_pem(der))
    desk = opened("vinh")
    desk.go("/credentials")
    desk.page.get_by_role("tab", name="Tổ chức tin cậy").tap()
    desk.page.locator("input[type=file]").first.set_input_files(path)
    trust = desk.page.get_by_role("button", name="Tin cậy tổ chức này")
    expect(trust).to_be_disabled()
    seen = anchors.look_at(house.ports, house.actor("vinh"), der)
    shown = desk.page.locator(".fingerprint span").all_inner_texts()
    assert "".join(shown) == seen.sha256.upper()
    desk.page.get_by_label("Tôi đã đối chiếu").check()
    trust.tap()
    desk.sees_text("Đã thêm vào danh sách tin cậy.")
    (anchor,) = anchors.anchors(house.ports, house.actor("vinh"))
    assert (anchor.name, anchor.sha256) == ("CA công cộng Sao Mai", seen.sha256)
    anchors.remove(house.ports, house.actor("vinh"), anchor.id)
