"""Nothing changes by a request that another site's page sent, and no foreign page listens."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from meeting_app.domain.access import Actor
from meeting_app.services import account
from meeting_app.settings import COOKIE
from meeting_app.storage.tables import METADATA
from tests.web.stages import before_the_leader, closed, invited, running, sections
from tests.web.web_house import PUBLIC_ORIGIN, Visitor, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
CHANGING = (
    "/sign-in",
    "/sign-out",
    "/password",
    "/language",
    "/verify",
    "/upload/1",
    "/sign/invitation/1",
    "/seal/minutes/1",
    "/minutes/section/1",
    "/_stcore/upload_file/x/y",
    "/",
)
# {own} is the origin a page of ours has.
FOREIGN = (
    None,
    "",
    "null",
    "https://evil.example",
    "http://[evil",
    "http://",
    "//",
    "{own}.evil.example",
    "{own}@evil.example",
    "{own}/../evil",
    "{own}:80",
    "{own} https://evil.example",
    "ftp://hop.example.vn",
    "file://",
)


def row_counts(house: WebHouse) -> dict[str, int]:
    with house.ports.database.reading() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }


@BOTH
@pytest.mark.parametrize("path", CHANGING)
def test_a_change_must_come_from_a_page_of_ours(house: WebHouse, path: str):
    lan, before = house.visitor("lan"), row_counts(house)
    for origin in FOREIGN:
        headers = {"Origin": origin.format(own=house.origin) if origin is not None else None}
        answer = lan.post(path, headers=headers, json={"old": "x", "new": "y"})
        assert (answer.status_code, origin) == (403, origin)
        assert answer.json() == {"sentence": "Yêu cầu này không xuất phát từ trang của phần mềm."}
        assert "set-cookie" not in answer.headers
    assert row_counts(house) == before
    assert lan.get("/session").status_code == 204


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_no_way_around(house: WebHouse, method: str):
    answer = house.visitor("lan").ask(method, "/sign-out", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 204)])
def test_what_the_browser_says_of_the_sending_page_counts_too(house: WebHouse, site: str, status: int):
    answer = house.visitor("lan").post("/language", json={"language": "vi"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


@pytest.mark.parametrize("house", ["postgres"], indirect=True)
def test_behind_a_proxy_only_the_public_name_counts(house: WebHouse):
    lan = house.visitor("lan")
    for origin, status in (
        (house.address, 403),
        ("http://hop.example.vn", 403),
        (PUBLIC_ORIGIN, 204),
        (PUBLIC_ORIGIN.upper(), 204),
    ):
        answer = lan.post("/language", json={"language": "vi"}, headers={"Origin": origin})
        assert (origin, answer.status_code) == (origin, status)


def test_a_host_that_somebody_made_up_opens_nothing(house: WebHouse):
    headers = {"Host": "evil.example", "Origin": "https://hop.example.vn"}
    assert house.visitor("lan").post("/sign-out", headers=headers).status_code == 403


def test_asking_never_changes_anything(house: WebHouse):
    """Opening a paper is noted for attendees, so Lan has opened hers before; nothing else is ever written."""
    waiting, meeting_id, section = before_the_leader(house), invited(house), sections(house, closed(house))[0].id
    lan = house.visitor("lan")
    lan.get(f"/files/invitation/{meeting_id}")
    before = row_counts(house)
    for path in (
        *CHANGING,
        f"/upload/{meeting_id}?name=x.pdf",
        f"/sign/invitation/{waiting}",
        f"/minutes/section/{section}?base_revision=1&text=x",
        f"/files/invitation/{meeting_id}",
        f"/papers/invitation/{meeting_id}/0/800.jpg",
        "/session",
        "/health",
        "/sign-in?username=lan&password=x",
        "/room?meeting=1",
    ):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert lan.ask(method, path).status_code < 500
            assert row_counts(house) == before, f"{method} {path}"
    assert lan.get("/session").status_code == 204


@pytest.mark.parametrize("path", ["/sign-out", "/sign/invitation/1", "/upload/1", "/seal/minutes/1"])
def test_what_changes_something_cannot_be_done_by_a_link(house: WebHouse, path: str):
    lan = house.visitor("lan")
    assert lan.get(path).status_code == 404
    led_home = lan.get(path, headers={"Sec-Fetch-Mode": "navigate"})
    assert (led_home.status_code, led_home.headers["location"]) == (303, "/")


def socket(visitor: Visitor, house: WebHouse, origin: str | None) -> ClientConnection:
    headers = {"Cookie": f"{COOKIE}={visitor.token}"} if visitor.token else {}
    return connect(
        f"ws://127.0.0.1:{house.port}/_stcore/stream",
        origin=origin,  # type: ignore[arg-type]  # any text: it is the attack
        additional_headers=headers,
        compression=None,
        open_timeout=20,
        max_size=None,
    )


def drawn(page: ClientConnection, query: str, script_hash: str = "") -> bytes:
    """Everything the server sends until the page is drawn."""
    ask = BackMsg()
    ask.rerun_script.query_string = query
    ask.rerun_script.page_script_hash = script_hash
    page.send(ask.SerializeToString())
    return b"".join(_messages(page))


def _messages(page: ClientConnection) -> Iterator[bytes]:
    while True:
        raw = page.recv(timeout=30)
        assert isinstance(raw, bytes)
        yield raw
        if ForwardMsg.FromString(raw).WhichOneof("type") == "script_finished":
            return


@BOTH
@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "{own}.evil.example", "http://[evil"])
def test_the_live_socket_opens_for_no_foreign_page(house: WebHouse, origin: str | None):
    with pytest.raises(InvalidStatus) as refused:
        socket(house.visitor("lan"), house, origin.format(own=house.origin) if origin else None)
    assert refused.value.response.status_code == 403
    assert not refused.value.response.body


def test_the_live_socket_opens_for_nobody_who_is_not_signed_in(house: WebHouse):
    guessed = house.nobody()
    guessed.token = "x" * 43
    for visitor in (house.nobody(), guessed):
        with pytest.raises(InvalidStatus) as refused:
            socket(visitor, house, house.origin)
        assert refused.value.response.status_code == 403


@BOTH
def test_a_page_is_drawn_for_whoever_is_signed_in(house: WebHouse, lan_in: Actor):
    meeting_id = running(house)
    with socket(house.visitor("lan"), house, house.origin) as page:
        shown = drawn(page, f"meeting={meeting_id}")
    assert lan_in.full_name.encode() in shown


@BOTH
def test_an_open_page_shows_nothing_more_once_its_reader_has_signed_out(house: WebHouse, lan_in: Actor):
    reader = house.nobody()
    reader.sign_in("lan")
    with socket(reader, house, house.origin) as page:
        assert lan_in.full_name.encode() in drawn(page, "")
        account.sign_out(house.ports, reader.token, lan_in)
        shown = drawn(page, "")
    assert lan_in.full_name.encode() not in shown
    assert b"signed_out" in shown


@pytest.fixture
def lan_in(house: WebHouse) -> Actor:
    return house.actor("lan")


def test_other_sockets_lead_nowhere(house: WebHouse):
    headers = {"Cookie": f"{COOKIE}={house.visitor('lan').token}"}
    for path in ("/", "/live", "/_stcore/health", "/files/document/1"):
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{house.port}{path}", origin=house.origin, additional_headers=headers)


def test_streamlit_lets_no_other_origin_read(house: WebHouse):
    for path in ("/_stcore/health", "/_stcore/host-config", "/session", "/static/favicon.png"):
        answer = house.visitor("lan").get(path, headers={"Origin": "https://evil.example"})
        assert answer.headers.get("access-control-allow-origin") is None
