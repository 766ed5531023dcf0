"""Every answer: its headers and its words."""

import httpx
import pytest

from meeting_app.ui import component
from tests.web.stages import drafted
from tests.web.web_house import PUBLIC_ORIGIN, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
PATHS = (
    "/",
    "/sign-in",
    "/room?meeting=1",
    "/nowhere",
    "/nowhere/at/all",
    "/files/document/1",
    "/files/document/999999999",
    "/session",
    "/health",
    "/sign-out",
    "/favicon.png",
    "/manifest.json",
    component.address("theme/shell.js"),
    "/ui/x/y.js",
    "/_stcore/health",
    "/_stcore/host-config",
    "/static/favicon.png",
    "/static/none.js",
    "/%00",
    "/../x",
)


@BOTH
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_tells_the_browser_what_it_must_not_do(house: WebHouse, path: str):
    for visitor in (house.nobody(), house.visitor("lan")):
        headers = visitor.get_unaltered(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert headers.get("strict-transport-security") == ("max-age=31536000" if house.is_proxied else None)
        assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(headers)


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    rules = [rule.split() for rule in answer.headers["content-security-policy"].split("; ")]
    return {name: sources for name, *sources in rules}


@pytest.mark.parametrize("path", ["/", "/sign-in", "/files/document/999999999", "/static/none.js"])
def test_the_content_policy_lets_no_foreign_script_in(house: WebHouse, path: str):
    rules = policy(house.visitor("lan").get(path))
    assert rules["default-src"] == ["'none'"]
    assert rules["frame-ancestors"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    assert rules["base-uri"] == ["'self'"]
    assert rules["script-src"] == ["'self'", "blob:"]
    assert not {"*", "http:", "https:", "ws:", "wss:"} & {source for sources in rules.values() for source in sources}


def test_the_live_socket_is_the_only_other_address_a_page_may_reach(house: WebHouse):
    def allowed(host: str) -> list[str]:
        return policy(house.nobody().get("/sign-in", headers={"Host": host}))["connect-src"]

    assert allowed("hop.example.vn:8501") == ["'self'", "ws://hop.example.vn:8502"]
    assert allowed("[::1]:8501") == ["'self'", "ws://[::1]:8502"]
    for made_up in ("x; script-src *", "*", "a b", "<x>", ""):
        rules = house.nobody().get("/sign-in", headers={"Host": made_up})
        if rules.status_code == 200:
            assert policy(rules)["script-src"] == ["'self'", "blob:"]
            assert "*" not in rules.headers["content-security-policy"]


@pytest.mark.parametrize("house", ["postgres"], indirect=True)
def test_behind_tls_the_live_socket_is_reached_by_tls(house: WebHouse):
    host = PUBLIC_ORIGIN.removeprefix("https://")
    rules = policy(house.nobody().get("/sign-in", headers={"Host": host}))
    assert rules["connect-src"] == ["'self'", f"wss://{host}:8502"]


def test_the_page_of_streamlit_is_ours_and_has_no_script_inside(house: WebHouse):
    page = house.visitor("lan").get("/")
    assert page.headers["cache-control"] == "no-cache"
    assert '<html lang="vi" translate="no">' in page.text
    assert "<title>Phòng họp không giấy</title>" in page.text
    assert "<script>" not in page.text
    assert "service-desc" not in page.text


def test_an_address_that_leads_nowhere_says_so_or_leads_home(house: WebHouse):
    lan = house.visitor("lan")
    answer = lan.get("/nowhere/at/all")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert answer.json() == {"sentence": "Nội dung này không tồn tại hoặc chưa được mở cho bạn."}
    led = lan.get("/nowhere/at/all", headers={"Sec-Fetch-Mode": "navigate"})
    assert (led.status_code, led.headers["location"]) == (303, "/")


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/x//evil.example", "///"])
def test_nobody_is_led_to_another_site_by_an_address(house: WebHouse, path: str):
    for visitor in (house.nobody(), house.visitor("lan")):
        for headers in ({}, {"Sec-Fetch-Mode": "navigate"}):
            answer = visitor.get("/", headers=headers, extensions={"target": path.encode()})
            assert not answer.headers.get("location", "/").startswith(("//", "/\\", "http"))


def test_scripts_are_told_in_words_that_nobody_is_signed_in(house: WebHouse):
    for answer in (
        house.nobody().post("/verify", content=b"x"),
        house.nobody().get("/files/document/1"),
        house.nobody().get("/room", headers={"Sec-Fetch-Mode": "cors"}),
    ):
        assert answer.status_code == 401
        assert answer.json() == {"sentence": "Bạn chưa đăng nhập. Đề nghị đăng nhập lại."}


def test_words_come_in_the_readers_language(house: WebHouse):
    username, reader = house.newcomer(), house.nobody()
    reader.sign_in(username)
    assert reader.post("/language", json={"language": "en"}).status_code == 204
    assert reader.get("/nowhere/x").json() == {"sentence": "This does not exist, or it is not open to you."}
    assert '<html lang="en"' in reader.get("/").text
    assert house.visitor("lan").get("/nowhere/x").json()["sentence"].startswith("Nội dung")
    for other in ("fr", "", "../vi", "\x00", 7, None):
        assert reader.post("/language", json={"language": other}).status_code == 400


def test_a_mistake_of_our_own_gives_a_number_and_never_a_trace(house: WebHouse):
    """The bytes of a document are gone from the disk: nothing of that is the reader's fault."""
    from meeting_app.services import document as documents

    lan, meeting_id = house.actor("lan"), drafted(house)
    document = documents.documents(house.ports, lan, meeting_id)[0]
    documents.original(house.ports, lan, document.id).path.unlink()
    answer = house.visitor("lan").get(f"/files/document/{document.id}")
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    sentence = answer.json()["sentence"]
    assert sentence.startswith("Có sự cố ngoài dự kiến.")
    reference = sentence.removesuffix(".").rpartition(" ")[2]
    assert f"reference {reference}" in house.logged()
    assert str(house.folder) not in answer.text
    assert house.is_alive()


def test_the_health_answer_says_no_more_than_it_must(house: WebHouse):
    answer = house.nobody().get("/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert house.nobody().ask("HEAD", "/health").status_code == 200
