"""`verify` on the command line, and the child process that does the work."""

import io
import json

import pytest

from meeting_app.domain.signature import Verdict, VerificationTookTooLong
from meeting_app.signing import judgement
from meeting_app.signing.command import gravest, run
from meeting_app.signing.verify_child import Limits, verify_in_child
from tests.signing.conftest import INVITATION


@pytest.fixture(scope="session")
def folder(tmp_path_factory, led, sealed):
    made = tmp_path_factory.mktemp("files")
    (made / "sealed.pdf").write_bytes(sealed)
    (made / "led.pdf").write_bytes(led)
    (made / "forged.pdf").write_bytes(sealed + b"later")
    (made / "note.txt").write_bytes(b"no paper")
    return made


def told(files, trust, *, as_json=False):
    out = io.StringIO()
    return run(files, trust, as_json, out), out.getvalue()


@pytest.fixture(scope="session")
def answers(folder, pki):
    """Exit code and words for each file."""
    names = ("sealed.pdf", "forged.pdf", "led.pdf", "note.txt", "missing.pdf")
    return {name: told([folder / name], [pki.trust_file]) for name in names}


def test_a_valid_paper_is_shown_with_all_its_facts(answers):
    _, text = answers["sealed.pdf"]
    assert "Kết luận: HỢP LỆ" in text
    for label in (
        "Tổ chức cấp chứng thư: CA phục vụ trình diễn",
        "Người ký: Nguyễn Văn An",
        "Cơ quan, đơn vị quản lý: Lãnh đạo, Uỷ ban nhân dân thành phố Hải Phòng",
        "Thời gian ký: ",
        "Dấu thời gian: ",
        "Nội dung toàn vẹn: có",
        "Chứng thư có hiệu lực khi ký: có",
        "Thời hạn chứng thư: ",
        "Quy cách: PAdES B-LT",
    ):
        assert label in text


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("sealed.pdf", 0, "Kết luận: HỢP LỆ"),
        ("forged.pdf", 1, "Kết luận: KHÔNG HỢP LỆ"),
        ("led.pdf", 2, "Kết luận: KHÔNG XÁC NHẬN ĐƯỢC"),
        ("note.txt", 3, "không phải là văn bản PDF"),
        ("missing.pdf", 3, "Không mở được tệp."),
    ],
)
def test_each_verdict_has_its_exit_code(answers, name, code, words):
    assert answers[name][0] == code
    assert words in answers[name][1]


def test_without_roots_nothing_is_confirmed(folder):
    assert told([folder / "sealed.pdf"], [])[0] == 2


def test_roots_that_are_none_are_refused(folder):
    code, text = told([folder / "sealed.pdf"], [folder / "note.txt"])
    assert (code, text) == (3, "Không đọc được tệp chứng thư gốc tin cậy.\n")


def test_of_several_files_the_gravest_decides():
    assert gravest([0, 0]) == 0
    assert gravest([0, 2, 0]) == 2
    assert gravest([2, 3, 0]) == 3
    assert gravest([3, 1, 2]) == 1
    assert gravest([]) == 3


def test_the_answer_comes_as_json(folder, pki):
    code, text = told([folder / "forged.pdf", folder / "note.txt"], [pki.trust_file], as_json=True)
    forged, note = json.loads(text)
    assert (code, forged["verdict"]) == (1, "invalid")
    assert forged["signatures"][0]["signer"] == "Nguyễn Văn An"
    assert "Cuối tệp bị thêm nội dung" in forged["explanations"][0]
    assert "error" in note


def test_the_child_judges_like_its_parent(desk, folder, sealed, roots):
    assert verify_in_child(folder / "sealed.pdf", roots) == desk.verdict(sealed)
    route = desk.route(INVITATION, "hung", "seal")
    assert verify_in_child(folder / "sealed.pdf", roots, expected=route).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "limits", [Limits(wall_seconds=0.05), Limits(memory_bytes=64 * 1024**2), Limits(file_bytes=1000)]
)
def test_beyond_its_limits_the_child_gives_up(roots, tmp_path, limits):
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(100 * 1024**2)
    with pytest.raises(VerificationTookTooLong):
        verify_in_child(path, roots, limits)


def graph(*objects):
    """A PDF of one empty page with these objects, numbered from 4, hanging on it."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/PieceInfo 4 0 R>>"
    things = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, *objects)
    parts, places = [b"%PDF-1.7\n"], []
    for number, thing in enumerate(things, start=1):
        places.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, thing))
    size, end = len(things) + 1, sum(map(len, parts))
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    parts += [b"%010d 00000 n \n" % place for place in places]
    parts.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, end))
    return b"".join(parts)


def signed_twice(desk, pdf):
    for field, who in zip(INVITATION, ("an", "seal"), strict=True):
        pdf = desk.sign(pdf, INVITATION, field, who)
    return pdf


def test_a_paper_with_a_thousand_chained_bookmarks_is_judged(desk):
    chain = [b"<</Next %d 0 R>>" % number for number in range(5, 1005)]
    assert desk.verdict(signed_twice(desk, graph(*chain, b"<<>>"))).verdict is Verdict.VALID


def test_a_paper_with_an_array_a_thousand_deep_is_judged(desk, roots, tmp_path):
    path = tmp_path / "deep.pdf"
    path.write_bytes(signed_twice(desk, graph(b"[" * 1000 + b"]" * 1000)))
    assert verify_in_child(path, roots).verdict is Verdict.VALID
    here = desk.verdict(path.read_bytes())  # on an ordinary stack
    assert here.verdict is Verdict.UNCONFIRMED
    assert here.signatures[0].reasons == (judgement.TOO_DEEP,)


def branching(last):
    """Each object leads to the two next ones: the ways through them are Fibonacci's numbers."""
    ways = [b"[%d 0 R %d 0 R]" % (number + 1, number + 2) for number in range(4, 104)]
    return graph(*ways, last, b"null")


def test_countless_ways_that_lead_nowhere_are_not_walked(desk):
    assert desk.verdict(signed_twice(desk, branching(b"null"))).verdict is Verdict.VALID


def test_a_small_file_that_would_compute_for_years_is_given_up(desk, roots, tmp_path):
    path = tmp_path / "ways.pdf"
    path.write_bytes(signed_twice(desk, branching(b"[1 0 R]")))  # the catalog, which each signature writes anew
    with pytest.raises(VerificationTookTooLong):
        verify_in_child(path, roots, Limits(cpu_seconds=2))
