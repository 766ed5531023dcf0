"""Bringing files: streamed and judged, refused in a sentence, and nothing left of what was refused."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest

from meeting_app.domain.upload import (
    MEGABYTE,
    BrokenPdf,
    ClassifiedDocument,
    EncryptedPdf,
    FileTooLarge,
    NotAPdf,
    UploadRefused,
)
from meeting_app.errors import NotAllowed
from meeting_app.services import agenda as agendas
from meeting_app.services import document as documents
from meeting_app.settings import COOKIE
from tests.commands.house import wait_until
from tests.pdf import hostile
from tests.web.stages import closed, drafted, files_in
from tests.web.web_house import UPLOAD_LIMIT_MB, Visitor, WebHouse

BOTH = pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
BIG = 90 * MEGABYTE
CHUNK = 1 << 20


@pytest.fixture
def meeting_id(house: WebHouse) -> int:
    return drafted(house)


@pytest.fixture
def lan(house: WebHouse) -> Visitor:
    return house.visitor("lan")


def kept(house: WebHouse, meeting_id: int) -> list[documents.DocumentView]:
    """What was uploaded besides the two documents a meeting begins with."""
    return documents.documents(house.ports, house.actor("lan"), meeting_id)[2:]


def stored(house: WebHouse) -> set[Path]:
    return set(files_in(house.folder / "files"))


def ensure_nothing_left(house: WebHouse) -> None:
    wait_until(lambda: not list(files_in(house.uploads_folder)), house.process)
    assert not list(files_in(house.folder / "files" / "incoming"))


@BOTH
def test_a_file_is_kept_and_handed_out_again(house: WebHouse, meeting_id: int, lan: Visitor):
    pdf = hostile.plain("Báo cáo quý IV")
    item = agendas.items(house.ports, house.actor("lan"), meeting_id)[0].id
    query = {"name": "Báo cáo quý IV.pdf", "title": "Báo cáo", "item": item, "for_guests": "1"}
    answer = lan.post(f"/upload/{meeting_id}", params=query, content=pdf)
    assert answer.status_code == 201
    (document,) = kept(house, meeting_id)
    assert answer.json() == {"id": document.id}
    assert (document.title, document.file_name, document.pages) == ("Báo cáo", "Báo cáo quý IV.pdf", 1)
    assert (document.item_id, document.for_guests, document.size) == (item, True, len(pdf))
    assert lan.get(f"/files/document/{document.id}").content == pdf
    ensure_nothing_left(house)


def test_the_title_is_the_files_name_when_none_is_given(house: WebHouse, meeting_id: int, lan: Visitor):
    lan.post(f"/upload/{meeting_id}", params={"name": "Tờ trình.pdf"}, content=hostile.plain())
    (document,) = kept(house, meeting_id)
    assert (document.title, document.item_id, document.for_guests) == ("Tờ trình", None, False)


@pytest.mark.parametrize("kind", ["text/html", "multipart/form-data; boundary=x", "application/json", ""])
def test_the_content_counts_whatever_the_browser_calls_it(house: WebHouse, meeting_id: int, lan: Visitor, kind: str):
    headers = {"Content-Type": kind}
    answer = lan.post(f"/upload/{meeting_id}?name=x.pdf", headers=headers, content=hostile.plain())
    assert answer.status_code == 201
    shown = lan.get(f"/files/document/{answer.json()['id']}")
    assert shown.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (bytes, NotAPdf()),
        (hostile.renamed_html, NotAPdf()),
        (lambda: b"PK\x03\x04" + bytes(3000), NotAPdf()),
        (hostile.encrypted, EncryptedPdf()),
        (hostile.truncated, BrokenPdf()),
        (lambda: hostile.plain("MẬT\nKế hoạch"), ClassifiedDocument(mark="MẬT")),
    ],
)
def test_what_cannot_be_accepted_is_refused_in_a_sentence_and_forgotten(
    house: WebHouse, meeting_id: int, lan: Visitor, content, refusal: UploadRefused
):
    before = stored(house)
    answer = lan.post(f"/upload/{meeting_id}?name=x.pdf", content=content())
    assert (answer.status_code, answer.json()) == (422, {"sentence": str(refusal)})
    assert kept(house, meeting_id) == []
    assert stored(house) == before
    ensure_nothing_left(house)


def test_a_file_for_an_item_of_another_meeting_is_not_kept(house: WebHouse, meeting_id: int, lan: Visitor):
    other = agendas.items(house.ports, house.actor("lan"), drafted(house))[0].id
    for item in (other, 999_999_999, "x", "-1", "²", "9" * 5000):
        answer = lan.post(f"/upload/{meeting_id}", params={"name": "x.pdf", "item": item}, content=hostile.plain())
        assert answer.status_code == 404
    assert kept(house, meeting_id) == []
    ensure_nothing_left(house)


def test_once_the_meeting_is_closed_nothing_is_added(house: WebHouse, lan: Visitor):
    meeting_id = closed(house)
    answer = lan.post(f"/upload/{meeting_id}?name=x.pdf", content=hostile.plain())
    assert answer.status_code == 422
    assert "Đã kết thúc" in answer.json()["sentence"]
    assert kept(house, meeting_id) == []


def test_who_may_not_upload_is_told_before_sending_anything(house: WebHouse):
    meeting_id = closed(house)
    with raw_request(house, house.visitor("minh"), meeting_id, f"Content-Length: {BIG}") as connection:
        status, body = answer_on(connection)
    assert (status, str(NotAllowed()) in body) == (403, True)
    ensure_nothing_left(house)


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../../../etc/passwd.pdf", "passwd.pdf"),
        ("/etc/cron.d/x.pdf", "x.pdf"),
        ("..", None),
        ("/", None),
        ("", None),
        ("a\x00b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: phien=x\r\n.pdf", None),
        ("\x1b[31mđỏ.pdf", "[31mđỏ.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("'; drop table document; --.pdf", "'; drop table document; --.pdf"),
        ("ả" * 300 + ".pdf", None),
        ("{sentence}%s%n.pdf", "{sentence}%s%n.pdf"),
        ("\u202efdp.exe", None),
    ],
)
@pytest.mark.parametrize("house", ["postgres"], indirect=True)  # the stricter of the two
def test_a_hostile_name_is_only_a_name(house: WebHouse, lan: Visitor, name: str, kept_as: str | None, shared):
    meeting_id = shared("drafted")
    outside = set(files_in(house.folder)) - stored(house)
    answer = lan.post(f"/upload/{meeting_id}", params={"name": name, "title": name}, content=hostile.plain())
    assert answer.status_code == 201
    document = documents.view(house.ports, house.actor("lan"), answer.json()["id"])[1]
    assert len(document.file_name) <= 200
    assert len(document.title) <= 200
    assert not set("/\x00\r\n\x1b") & set(document.file_name)
    if kept_as is not None:
        assert document.file_name == kept_as
    shown = lan.get(f"/files/document/{document.id}?download=1")
    assert shown.status_code == 200
    assert "/" not in unquote(shown.headers["content-disposition"].partition("''")[2])
    assert "set-cookie" not in shown.headers
    assert set(files_in(house.folder)) - stored(house) == outside
    ensure_nothing_left(house)


def test_a_name_longer_than_any_is_cut(house: WebHouse, meeting_id: int, lan: Visitor):
    answer = lan.post(f"/upload/{meeting_id}?name={quote('x' * 20_000)}", content=hostile.plain())
    assert answer.status_code == 201


def test_a_large_file_never_fills_the_memory(house: WebHouse, meeting_id: int, lan: Visitor):
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 700]>>"
    pdf = hostile.raw_pdf(hostile.CATALOG, hostile.ONE_PAGE, page, hostile.stream(b"", os.urandom(BIG)))
    house.forget_peak()
    before = house.memory()
    answer = lan.post(f"/upload/{meeting_id}?name=ban-do.pdf", content=pieces(pdf))
    assert answer.status_code == 201
    received = bytearray()
    with house.client.stream(
        "GET", f"/files/document/{answer.json()['id']}", headers={"Cookie": f"{COOKIE}={lan.token}"}
    ) as shown:
        for piece in shown.iter_raw():
            received += piece
    assert received == pdf
    assert house.memory("VmHWM") - before < 40 * MEGABYTE
    ensure_nothing_left(house)


def pieces(content: bytes) -> Iterator[bytes]:
    """Sent without saying how long it will be."""
    yield from (content[start : start + CHUNK] for start in range(0, len(content), CHUNK))


def test_a_file_that_says_it_is_too_large_is_refused_unread(house: WebHouse, meeting_id: int, lan: Visitor):
    for length in (UPLOAD_LIMIT_MB * MEGABYTE + 1, 10**12, 10**18):
        with raw_request(house, lan, meeting_id, f"Content-Length: {length}") as connection:
            status, body = answer_on(connection)
        assert (status, str(FileTooLarge(limit=UPLOAD_LIMIT_MB)) in body) == (413, True)
    ensure_nothing_left(house)


def test_a_file_that_grows_too_large_on_its_way_is_not_read_on(house: WebHouse, meeting_id: int, lan: Visitor):
    limit, sent = UPLOAD_LIMIT_MB * MEGABYTE, 0
    piece = b"%x\r\n%b\r\n" % (CHUNK, bytes(CHUNK))
    with raw_request(house, lan, meeting_id, "Transfer-Encoding: chunked") as connection:
        try:
            while sent < 3 * limit:
                connection.sendall(piece)
                sent += CHUNK
        except OSError:  # the other side has closed
            pass
        status, body = answer_on(connection)
    assert sent < limit + 20 * MEGABYTE  # what the two sockets hold
    assert (status, str(FileTooLarge(limit=UPLOAD_LIMIT_MB)) in body) == (413, True)
    assert kept(house, meeting_id) == []
    ensure_nothing_left(house)


def test_a_connection_cut_on_the_way_leaves_nothing_behind(house: WebHouse, meeting_id: int, lan: Visitor):
    before, logged = stored(house), len(house.logged())
    for _ in range(3):
        with raw_request(house, lan, meeting_id, f"Content-Length: {BIG}") as connection:
            connection.sendall(hostile.plain() + bytes(CHUNK))
            wait_until(lambda: list(files_in(house.uploads_folder)), house.process)
    ensure_nothing_left(house)
    assert kept(house, meeting_id) == []
    assert stored(house) == before
    assert house.is_alive()
    assert "ERROR" not in house.logged()[logged:]  # nothing went wrong on our side
    assert "Traceback" not in house.logged()[logged:]


def test_a_body_that_breaks_off_its_own_format_leaves_nothing_behind(house: WebHouse, meeting_id: int, lan: Visitor):
    with raw_request(house, lan, meeting_id, "Transfer-Encoding: chunked") as connection:
        connection.sendall(b"5\r\n%PDF-\r\nno number\r\n")
        connection.recv(1000)
    ensure_nothing_left(house)
    assert kept(house, meeting_id) == []


@BOTH
def test_many_upload_at_once_and_each_gets_his_own(house: WebHouse, meeting_id: int, lan: Visitor):
    def upload(number: int) -> httpx.Response:
        return lan.post(f"/upload/{meeting_id}?name={number}.pdf", content=hostile.plain(f"Tài liệu {number}"))

    with ThreadPoolExecutor(6) as people:
        answers = list(people.map(upload, range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["id"] for answer in answers}) == 6
    for number, answer in enumerate(answers):
        document = documents.view(house.ports, house.actor("lan"), answer.json()["id"])[1]
        assert document.file_name == f"{number}.pdf"
        assert lan.get(f"/files/document/{document.id}").content == hostile.plain(f"Tài liệu {number}")
    ensure_nothing_left(house)


def test_the_same_file_twice_is_two_documents_of_one_content(house: WebHouse, meeting_id: int, lan: Visitor):
    pdf = hostile.plain("hai lần")
    first, second = (lan.post(f"/upload/{meeting_id}?name=x.pdf", content=pdf).json()["id"] for _ in range(2))
    assert first != second
    assert len({each.sha for each in kept(house, meeting_id)}) == 1


def raw_request(house: WebHouse, visitor: Visitor, meeting_id: int, framing: str) -> socket.socket:
    """An upload whose head is sent; the body is the caller's."""
    connection = socket.create_connection(("127.0.0.1", house.port), timeout=30)
    head = (
        f"POST /upload/{meeting_id}?name=x.pdf HTTP/1.1",
        f"Host: 127.0.0.1:{house.port}",
        f"Origin: {visitor.origin}",
        f"Cookie: {COOKIE}={visitor.token}",
        framing,
    )
    connection.sendall("\r\n".join((*head, "", "")).encode())
    return connection


def answer_on(connection: socket.socket) -> tuple[int, str]:
    """Status and body of what has come; a reset afterwards is no matter."""
    received = b""
    try:
        while b"}" not in received and (piece := connection.recv(65_536)):
            received += piece
    except ConnectionResetError:
        pass
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()
