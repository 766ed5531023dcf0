"""Handing out files: parts of them, their names, and what browsers may keep."""

import zlib
from urllib.parse import quote, unquote

import pytest

from meeting_app.services import delivery, invitation, minutes
from meeting_app.services import document as documents
from tests.keys import PIN
from tests.pdf import office_files
from tests.web.stages import STROKES, Shared, add_document, before_the_leader, before_the_secretary, drafted, invited
from tests.web.web_house import WebHouse

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 100
SIZE = len(CONTENT)


@pytest.fixture
def path(house: WebHouse, shared: Shared) -> str:
    """Of a document whose bytes are CONTENT."""
    return f"/files/document/{add_document(house, shared('drafted'), CONTENT)}"


def test_a_document_comes_back_byte_by_byte(house: WebHouse, path: str):
    answer = house.visitor("lan").get(path)
    assert answer.content == CONTENT
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a_document_is_not_compressed_twice(house: WebHouse, path: str):
    """The browser could not show how much of it has come, and the process would be busy for nothing."""
    answer = house.visitor("lan").get(path, headers={"Accept-Encoding": "gzip, br, zstd"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-length"] == str(SIZE)
    page = house.visitor("lan").get("/room", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"


def test_asking_for_the_head_gives_the_head(house: WebHouse, path: str):
    lan = house.visitor("lan")
    head, whole = lan.ask("HEAD", path), lan.get(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "etag", "content-type", "content-disposition", "accept-ranges"):
        assert head.headers[name] == whole.headers[name]
    assert lan.ask("HEAD", "/files/document/999999999").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, SIZE),
        ("bytes=-100", SIZE - 100, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes=5-{SIZE + 1000}", 5, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
    ],
)
def test_a_part_is_that_part(house: WebHouse, path: str, wanted: str, start: int, end: int):
    answer = house.visitor("lan").get(path, headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.content == CONTENT[start:end]
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", f"bytes={SIZE * 9}-{SIZE * 10}"])
def test_a_part_beyond_the_end_is_none(house: WebHouse, path: str, wanted: str):
    answer = house.visitor("lan").get(path, headers={"Range": wanted})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "wanted",
    [
        "lines=1-2",
        "bytes=x-y",
        "bytes=",
        "bytes",
        "bytes=9-2",
        "bytes=--1",
        f"bytes=0-{'9' * 5000}",
        "bytes=0-0," * 999,
    ],
)
def test_a_part_that_cannot_be_understood_harms_nobody(house: WebHouse, path: str, wanted: str):
    answer = house.visitor("lan").get(path, headers={"Range": wanted})
    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) <= SIZE + 1000
    assert b"Traceback" not in answer.content


def test_a_part_is_sent_only_of_the_file_the_browser_has_begun(house: WebHouse, path: str):
    lan = house.visitor("lan")
    tag = lan.get(path).headers["etag"]
    assert lan.get(path, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    whole = lan.get(path, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (whole.status_code, whole.content) == (200, CONTENT)


def test_what_the_browser_has_is_not_sent_again(house: WebHouse, path: str):
    lan = house.visitor("lan")
    tag = lan.get(path).headers["etag"]
    for known in (tag, f'"another", {tag}', f"W/{tag}"):
        again = lan.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "private, no-cache"
    assert lan.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_what_the_browser_has_is_no_key_to_what_it_may_not_read(house: WebHouse, path: str):
    """Knowing the hash of a file is not being allowed to see it."""
    tag = house.visitor("lan").get(path).headers["etag"]
    for name in ("nam", "minh", "vinh"):
        answer = house.visitor(name).get(path, headers={"If-None-Match": tag, "If-Range": tag, "Range": "bytes=0-9"})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "Báo cáo quý IV.pdf",
        "Quyết định “12/QĐ-UBND” (dự thảo).pdf",
        'a"; filename=evil.exe; x=".pdf',
        "a;b,c'd%e.pdf",
        "😀 tài liệu.pdf",
        "a" * 190 + ".pdf",
    ],
)
def test_a_file_is_found_under_its_own_name(house: WebHouse, shared: Shared, name: str):
    lan, document_id = house.visitor("lan"), add_document(house, shared("drafted"), CONTENT, name=name)
    for query, kind in (("", "inline"), ("?download=1", "attachment"), ("?download=2", "inline")):
        disposition = lan.get(f"/files/document/{document_id}{query}").headers["content-disposition"]
        assert disposition.isascii()
        shown, _, given = disposition.partition("; ")
        assert shown == kind
        if given.startswith("filename*="):
            assert unquote(given.removeprefix("filename*=utf-8''")) == name  # RFC 5987
            assert not set("\"; ,'") & set(given.removeprefix("filename*=utf-8''"))
        else:
            assert given == f'filename="{name}"'
            assert quote(name) == name


def test_an_office_file_comes_back_as_it_was_brought(house: WebHouse, shared: Shared, tmp_path):
    (tmp_path / "upload").write_bytes(content := office_files.docx("Kế hoạch"))
    document_id = documents.upload(
        house.ports, house.actor("lan"), shared("drafted"), tmp_path / "upload", file_name="Kế hoạch.docx"
    )
    answer = house.visitor("lan").get(f"/files/document/{document_id}?source=1")
    assert (answer.content, answer.headers["content-type"]) == (content, "application/octet-stream")
    assert unquote(answer.headers["content-disposition"]) == "attachment; filename*=utf-8''Kế hoạch.docx"
    assert house.visitor("lan").get(f"/files/document/{document_id}").content.startswith(b"%PDF-")
    for stranger, answer in ((house.visitor("nam"), 404), (house.nobody(), 401)):
        assert stranger.get(f"/files/document/{document_id}?source=1").status_code == answer


def test_papers_are_found_under_names_of_their_own(house: WebHouse, shared: Shared):
    minh = house.visitor("minh")
    for paper, stage, begins in (("invitation", "invited", "giay-moi-"), ("minutes", "recorded", "bien-ban-")):
        given = minh.get(f"/files/{paper}/{shared(stage)}?download=1").headers["content-disposition"]
        assert begins in given
        assert "/" not in unquote(given.partition("''")[2])


def test_a_page_may_be_kept_for_good_only_under_the_hash_of_its_document(house: WebHouse, shared: Shared):
    lan, document_id = house.visitor("lan"), add_document(house, shared("drafted"), CONTENT)
    sha = documents.view(house.ports, house.actor("lan"), document_id)[1].sha
    kept = lan.get(f"/pages/{document_id}/{sha}/0/800.jpg")
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert kept.headers["content-type"] == "image/jpeg"
    for wrong in ("0" * 16, sha[:15], f"{sha}0", sha.upper(), "x", f"{sha}%2f..", "*"):
        assert lan.get(f"/pages/{document_id}/{wrong}/0/800.jpg").status_code in (400, 404), wrong


def test_a_page_of_a_paper_is_kept_for_good_only_under_the_hash_of_the_paper(house: WebHouse):
    """Another signature is another file: a page kept under a wrong hash would show the unsigned one for a year."""
    meeting_id, lan = before_the_secretary(house), house.visitor("lan")
    first = minutes.view(house.ports, house.actor("lan"), meeting_id)
    assert first is not None
    page = f"/papers/minutes/{meeting_id}/0/800.jpg"
    assert "immutable" in lan.get(f"{page}?v={first.sha256[:16]}").headers["cache-control"]
    minutes.sign(house.ports, house.actor("lan"), meeting_id, pin=PIN, strokes=STROKES)
    for query in (f"?v={first.sha256[:16]}", "?v=", "?v=x", ""):
        answer = lan.get(page + query)
        assert answer.headers["cache-control"] == "private, no-cache", query
    signed = minutes.view(house.ports, house.actor("lan"), meeting_id)
    assert signed is not None
    assert "immutable" in lan.get(f"{page}?v={signed.sha256[:16]}").headers["cache-control"]


def test_the_image_of_a_signed_page_shows_the_signature(house: WebHouse):
    meeting_id, hung = before_the_leader(house), house.visitor("hung")
    page = f"/papers/invitation/{meeting_id}/0/800.jpg"
    unsigned = hung.get(page).content
    invitation.sign(house.ports, house.actor("hung"), meeting_id, pin=PIN, strokes=STROKES)
    assert hung.get(page).content != unsigned


def test_opening_the_invitation_is_noted_once_for_the_one_who_opened_it(house: WebHouse):
    meeting_id = invited(house)

    def opened() -> dict[str, object]:
        kept = delivery.of_paper(house.ports, house.actor("lan"), meeting_id)
        return {each.name: each.opened_at for each in kept if each.opened_at}

    assert opened() == {}
    house.visitor("minh").get(f"/papers/invitation/{meeting_id}/0/800.jpg")
    house.visitor("thu").get(f"/files/invitation/{meeting_id}")  # the clerk is not invited
    house.visitor("nam").get(f"/files/invitation/{meeting_id}")
    first = opened()
    assert list(first) == [house.actor("minh").full_name]
    house.visitor("minh").get(f"/files/invitation/{meeting_id}")
    assert opened() == first


def test_a_page_packed_for_the_way_unpacks_to_itself(house: WebHouse):
    request = house.client.build_request("GET", "/sign-in", headers={"Accept-Encoding": "gzip"})
    packed = house.client.send(request, stream=True)
    raw = b"".join(packed.iter_raw())
    assert (
        zlib.decompress(raw, wbits=31)
        == house.nobody().get("/sign-in", headers={"Accept-Encoding": "identity"}).content
    )


def test_a_document_whose_bytes_are_lost_says_so_without_a_trace(house: WebHouse):
    document_id = add_document(house, drafted(house), b"%PDF-1.7 soon lost")
    stored = documents.original(house.ports, house.actor("lan"), document_id)
    stored.path.unlink()
    answer = house.visitor("lan").get(f"/files/document/{document_id}")
    assert answer.status_code in (404, 500)
    assert "Traceback" not in answer.text
    assert str(house.folder) not in answer.text
    assert house.is_alive()
