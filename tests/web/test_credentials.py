"""Keys, certificates and trust anchors over HTTP: for whom they are, and never a PIN that is seen again."""

import base64
import json
from itertools import count

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import Credential
from meeting_app.domain.credential_life import CertificateRequest, RequestState
from meeting_app.domain.key import KeyAlgorithm, Secret
from meeting_app.domain.organisation import Appointment
from meeting_app.errors import NotFound
from meeting_app.services import audit, credential_life
from meeting_app.services import certificate_request as requests
from meeting_app.services import credential as credentials
from meeting_app.services import trust_anchor as anchors
from meeting_app.services.account import actor_of
from meeting_app.services.certificate_request import Asking
from meeting_app.services.credential_life import HandOverForm
from meeting_app.services.unit_of_work import key
from tests import authority
from tests.keys import PIN
from tests.web.web_house import Visitor, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
CHOSEN = "mùa lúa 73"
_names = count(1)


@pytest.fixture
def vinh(house: WebHouse) -> Visitor:
    return house.visitor("vinh")


@pytest.fixture
def newcomer(house: WebHouse) -> tuple[Visitor, Actor]:
    """Somebody in a post for whom nothing was requested yet."""
    username = house.newcomer()
    with house.ports.database.writing() as session:
        from meeting_app.domain.account import Account

        account = session.exec(select(Account).where(Account.username == username)).one()
        pattern = session.exec(
            select(Appointment).where(Appointment.account_id == house.actor("minh").account_id)
        ).one()
        session.add(Appointment(**(pattern.model_dump(exclude={"id"}) | {"account_id": account.id})))
    visitor = house.nobody()
    visitor.sign_in(username)
    return visitor, actor_of(account, "127.0.0.1")


@pytest.fixture
def asked(house: WebHouse, newcomer: tuple[Visitor, Actor]) -> int:
    return requests.ask(house.ports, house.actor("vinh"), Asking(KeyAlgorithm.EC_P256, newcomer[1].account_id))


@pytest.fixture
def issued(house: WebHouse, newcomer: tuple[Visitor, Actor], asked: int) -> int:
    """The newcomer's credential, its PIN CHOSEN."""
    requests.make_key(house.ports, newcomer[1], asked, CHOSEN)
    _, content = requests.request_file(house.ports, house.actor("vinh"), asked)
    upload = authority.as_pem(authority.issue(house.office.pki, content), house.office.pki.certificate("issuing"))
    return requests.enter_certificate(house.ports, house.actor("vinh"), asked, upload)


def stored(house: WebHouse, credential_id: int) -> Credential:
    with house.ports.database.reading() as session:
        return session.get_one(Credential, credential_id)


@BOTH
def test_a_request_goes_from_the_holder_to_the_authority_and_back(
    house: WebHouse, vinh: Visitor, newcomer: tuple[Visitor, Actor], asked: int
):
    holder, actor = newcomer
    assert vinh.get(f"/credentials/request/{asked}/csr").status_code == 422  # no key yet
    assert holder.post(f"/credentials/request/{asked}/key", json={"pin": CHOSEN}).status_code == 204
    csr = vinh.get(f"/credentials/request/{asked}/csr")
    assert csr.status_code == 200
    assert csr.headers["content-disposition"].startswith("attachment")
    assert csr.headers["cache-control"] == "no-store"
    pki = house.office.pki
    chain = authority.as_pkcs7(authority.issue(pki, csr.content), pki.certificate("issuing"))
    entered = vinh.post(f"/credentials/request/{asked}/certificate", content=chain)
    assert entered.status_code == 201
    credential = stored(house, entered.json()["id"])
    assert credential.account_id == actor.account_id
    assert credentials.sign(house.ports, credential, Secret(CHOSEN), [b"x"])
    assert CHOSEN not in house.logged()


@BOTH
def test_the_pin_is_changed_and_seen_nowhere(
    house: WebHouse, newcomer: tuple[Visitor, Actor], issued: int, vinh: Visitor
):
    holder, _actor = newcomer
    path = f"/credentials/{issued}/pin"
    assert vinh.post(path, json={"old": CHOSEN, "new": "gió biển 48"}).status_code == 404
    wrong = holder.post(path, json={"old": "000000", "new": "gió biển 48"})
    assert (wrong.status_code, wrong.json()["sentence"]) == (422, "Mã PIN không đúng.")
    assert stored(house, issued).wrong_pins == 1
    simple = holder.post(path, json={"old": CHOSEN, "new": "123456"})
    assert "quá dễ đoán" in simple.json()["sentence"]
    assert holder.post(path, json={"old": CHOSEN, "new": "gió biển 48"}).status_code == 204
    assert credentials.sign(house.ports, stored(house, issued), Secret("gió biển 48"), [b"x"])
    told = house.logged() + str(list(audit.export(house.ports)))
    assert CHOSEN not in told
    assert "gió biển 48" not in told


def test_a_key_file_is_entered_with_its_pin(house: WebHouse, vinh: Visitor):
    request_id = requests.ask(house.ports, house.actor("vinh"), Asking(KeyAlgorithm.EC_P256))
    path = f"/credentials/request/{request_id}/key-file"
    pki = house.office.pki
    name = "Uỷ ban nhân dân phường An Hải"
    content = authority.key_file(pki, authority.weak_key(2048), name, PIN)
    for body, status in (
        ({"key_file": "***", "pin": PIN}, 422),
        ({"key_file": "", "pin": PIN}, 422),
        ({"key_file": base64.b64encode(b"x" * 60_000).decode(), "pin": PIN}, 422),
        ({"key_file": base64.b64encode(content).decode(), "pin": "000000"}, 422),
        ({"key_file": 7, "pin": PIN}, 400),
        ([], 400),
    ):
        assert vinh.post(path, json=body).status_code == status
    answer = vinh.post(path, json={"key_file": base64.b64encode(content).decode(), "pin": PIN})
    assert answer.status_code == 201
    assert PIN not in answer.text
    credential_life.revoke(house.ports, house.actor("vinh"), answer.json()["id"], "Thử xong")  # the seal of all others


def stored_request(house: WebHouse, request_id: int) -> CertificateRequest:
    with house.ports.database.reading() as session:
        return session.get_one(CertificateRequest, request_id)


@BOTH
def test_a_root_is_compared_then_trusted_then_removed(house: WebHouse, vinh: Visitor):
    der, _key = authority.self_signed(f"CA công cộng {next(_names)}")
    seen = vinh.post("/trust-anchors/look", content=authority.as_pem(der))
    assert seen.status_code == 200
    query = {"kind": "public", "sha256": seen.json()["sha256"]}
    assert vinh.post("/trust-anchors", params=query | {"kind": "secret"}, content=der).status_code == 400
    assert vinh.post("/trust-anchors", params=query | {"sha256": "0" * 64}, content=der).status_code == 422
    added = vinh.post("/trust-anchors", params=query, content=der)
    assert added.status_code == 201
    assert vinh.post("/trust-anchors", params=query, content=der).status_code == 422
    anchors.remove(house.ports, house.actor("vinh"), added.json()["id"])


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x30\x80" * 20_000, b"-----BEGIN CERTIFICATE-----\nAA\n"])
def test_what_is_no_certificate_is_refused_in_a_sentence(
    house: WebHouse, vinh: Visitor, newcomer: tuple[Visitor, Actor], asked: int, content: bytes
):
    requests.make_key(house.ports, newcomer[1], asked, CHOSEN)
    for path in (f"/credentials/request/{asked}/certificate", "/trust-anchors/look", "/trust-anchors?kind=state"):
        answer = vinh.post(path, content=content)
        assert answer.status_code == 422
        assert "chứng thư" in answer.json()["sentence"]
    assert house.is_alive()


def paths(house: WebHouse, credential_id: int, request_id: int, record_id: int) -> list[tuple[str, str, dict]]:
    return [
        ("POST", f"/credentials/{credential_id}/pin", {"json": {"old": "1", "new": CHOSEN}}),
        ("POST", f"/credentials/request/{request_id}/key", {"json": {"pin": CHOSEN}}),
        ("GET", f"/credentials/request/{request_id}/csr", {}),
        ("POST", f"/credentials/request/{request_id}/certificate", {"content": b"x"}),
        ("POST", f"/credentials/request/{request_id}/key-file", {"json": {"key_file": "", "pin": ""}}),
        ("GET", f"/credentials/hand-over/{record_id}", {}),
        ("POST", "/trust-anchors/look", {"content": b"x"}),
        ("POST", "/trust-anchors?kind=state&sha256=0", {"content": b"x"}),
    ]


@BOTH
def test_to_strangers_nothing_of_it_exists(house: WebHouse, newcomer: tuple[Visitor, Actor], issued: int, asked: int):
    record = credential_life.hand_over(house.ports, house.actor("vinh"), issued, HandOverForm(newcomer[1].account_id))
    before = stored(house, issued)
    for name in ("nam", "quang", "minh", "lan", "hung", "thu"):
        who = house.visitor(name)
        for method, path, options in paths(house, issued, asked, record):
            answer = who.ask(method, path, **options)
            assert (answer.status_code, answer.json()) == (404, {"sentence": str(NotFound())}), path
        for method, path, options in paths(house, 999_999_999, 999_999_999, 999_999_999):
            assert who.ask(method, path, **options).status_code == 404
    assert stored(house, issued) == before
    nobody = house.nobody()
    for method, path, options in paths(house, issued, asked, record):
        assert nobody.ask(method, path, **options).status_code == 401


def test_only_our_pages_and_only_by_post(house: WebHouse, vinh: Visitor, issued: int, asked: int):
    for method, path, options in paths(house, issued, asked, 1):
        wrong = "GET" if method == "POST" else "POST"
        assert vinh.ask(wrong, path).status_code in (404, 405)
        if method == "POST":
            foreign = {"Origin": "https://evil.example"}
            assert vinh.ask(method, path, headers=foreign, **options).status_code == 403


def test_huge_bodies_are_refused_unread(house: WebHouse, vinh: Visitor, issued: int, asked: int):
    big = json.dumps({"pin": "9" * 500_000, "old": "", "new": "", "key_file": ""}).encode()
    for method, path, _options in paths(house, issued, asked, 1):
        if method == "POST":
            answer = vinh.post(path, content=big)
            assert answer.status_code == 413
            assert answer.json() == {"sentence": "Nội dung gửi lên quá lớn. Chưa có gì thay đổi."}
    assert house.is_alive()


@pytest.mark.parametrize("content", [{"pin": 7}, {"pin": None}, {}, [], "x", {"pin": [CHOSEN]}])
def test_words_of_another_kind_make_no_key(
    house: WebHouse, newcomer: tuple[Visitor, Actor], asked: int, content: object
):
    answer = newcomer[0].post(f"/credentials/request/{asked}/key", json=content)
    assert answer.status_code in (400, 422)
    assert stored_request(house, asked).state is RequestState.ASKED


def test_the_hand_over_record_is_a_page_to_print(house: WebHouse, vinh: Visitor, newcomer, issued: int):
    form = HandOverForm(newcomer[1].account_id, device='TK-"42"#', note="Tại phòng 3 #let x = 1 $y$")
    record = credential_life.hand_over(house.ports, house.actor("vinh"), issued, form)
    for who in (vinh, newcomer[0]):
        answer = who.get(f"/credentials/hand-over/{record}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    from io import BytesIO

    from pypdf import PdfReader

    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for word in ("BIÊN BẢN", "Lê Quang Minh", 'TK-"42"#', "#let x = 1 $y$", "ECDSA P-256"):
        assert word in text
    assert key(stored(house, issued).id) == issued
