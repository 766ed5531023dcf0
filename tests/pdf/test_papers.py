"""The finished papers as files: standards, fonts, properties, the route inside, and speed."""

import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from meeting_app.domain.paper import clean, written_date, written_moment
from meeting_app.domain.signature import Field, RouteStep
from meeting_app.pdf.invitation import render_invitation
from meeting_app.pdf.minutes import render_minutes
from meeting_app.pdf.route import ROUTE_FILE, read_route
from tests.pdf.papers import INVITATION, LEADER_ROUTE, MINUTES, MINUTES_ROUTE
from tests.pdf.reading import text_of


@pytest.fixture(params=["invitation", "minutes"])
def pdf(request) -> bytes:
    if request.param == "invitation":
        return render_invitation(INVITATION, LEADER_ROUTE).pdf
    return render_minutes(MINUTES, MINUTES_ROUTE).pdf


def with_attachment(text: bytes) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment(ROUTE_FILE, text)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def test_qpdf_finds_no_fault(pdf, tmp_path):
    (tmp_path / "paper.pdf").write_bytes(pdf)
    checked = subprocess.run(
        [shutil.which("qpdf"), "--check", tmp_path / "paper.pdf"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert "No syntax or stream encoding errors" in checked.stdout


def test_all_fonts_are_embedded_subsets_of_tinos(pdf, tmp_path):
    (tmp_path / "paper.pdf").write_bytes(pdf)
    listed = subprocess.run(
        [shutil.which("pdffonts"), tmp_path / "paper.pdf"], capture_output=True, text=True, check=True
    )
    fonts = [line.split() for line in listed.stdout.splitlines()[2:]]
    assert len(fonts) >= 3
    for font in fonts:
        assert "Tinos" in font[0]
        assert font[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, readable as Unicode


def test_the_file_states_pdf_a_3a_pdf_ua_1_title_author_and_language(pdf):
    reader = PdfReader(BytesIO(pdf))
    xmp = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert reader.pdf_header >= "%PDF-1.7"
    assert reader.metadata.title.endswith("Họp đánh giá tiến độ chuyển đổi số quý I năm 2026")
    assert reader.metadata.author == "Sở Khoa học và Công nghệ"
    assert reader.trailer["/Root"]["/Lang"].lower().startswith("vi")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert all(page.mediabox.width < page.mediabox.height for page in reader.pages)


def test_the_same_content_makes_the_same_file():
    assert render_invitation(INVITATION, LEADER_ROUTE) == render_invitation(INVITATION, LEADER_ROUTE)


def test_the_route_travels_inside(pdf):
    assert read_route(pdf) in (LEADER_ROUTE, MINUTES_ROUTE)
    attached = PdfReader(BytesIO(pdf)).attachments[ROUTE_FILE]
    content = json.loads(attached[0])
    assert content["format"] == 1
    assert content["kind"] in ("invitation", "minutes")
    assert set(content["steps"][0]) == {"field", "signer", "certificate_sha256"}


@given(
    st.lists(
        st.builds(
            RouteStep,
            field=st.sampled_from(Field),
            signer=st.text(max_size=60),
            certificate_sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
        ),
        max_size=4,
    ).map(tuple)
)
def test_any_route_is_read_back_as_written(route):
    assert read_route(render_invitation(INVITATION, route).pdf) == route


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"steps"',
        b"\xff\xfe",
        b'{"format":2,"kind":"minutes","steps":[]}',
        b'{"format":1,"kind":"minutes","steps":[{"field":"Leader","signer":"A","certificate_sha256":"zz"}]}',
        b'{"format":1,"kind":"minutes","steps":[{"field":"Nobody","signer":"A","certificate_sha256":"'
        + b"a" * 64
        + b'"}]}',
        b'{"format":1,"kind":"minutes","steps":[{"field":"Leader","signer":5,"certificate_sha256":"'
        + b"a" * 64
        + b'"}]}',
        b'{"format":1,"steps":' + b"[" * 20_000,
        b" " * 1_000_000,
    ],
)
def test_a_malformed_route_is_no_route(text):
    assert read_route(with_attachment(text)) == ()


@given(st.binary(max_size=400))
def test_reading_a_route_never_raises(junk):
    assert read_route(junk) == ()
    assert read_route(b"%PDF-1.7\n" + junk) == ()


def test_two_routes_in_one_file_are_no_route():
    writer = PdfWriter(clone_from=BytesIO(render_invitation(INVITATION, LEADER_ROUTE).pdf))
    writer.add_attachment(ROUTE_FILE, b'{"format":1,"kind":"invitation","steps":[]}')
    file = BytesIO()
    writer.write(file)
    assert read_route(file.getvalue()) == ()


def test_threads_get_their_own_papers():
    def subject_of(number: int) -> bool:
        paper = render_invitation(replace(INVITATION, subject=f"Họp lần thứ {number:04}"), LEADER_ROUTE)
        return f"Họp lần thứ {number:04}" in text_of(paper.pdf) and len(paper.places) == 2

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(subject_of, range(40)))


def test_dates_and_times_are_written_in_vietnamese_local_time():
    assert written_date(date(2026, 1, 2)) == "ngày 02 tháng 01 năm 2026"
    moment = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert written_moment(moment) == "00 giờ 30, ngày 23 tháng 11 năm 2026 (Thứ Hai)"


def test_every_letter_that_passes_cleaning_is_in_all_fonts():
    """A letter missing in one of the four fonts would abort PDF/A."""
    signs = [chr(code) for code in range(0x20, 0x11000)]
    passing = [sign for sign in signs if clean(f"a{sign}b") == f"a{sign}b"]
    everything = " ".join(passing)
    item = replace(MINUTES.items[0], title=everything, discussion=(everything,), conclusions=(everything,))
    head = replace(MINUTES.letterhead, place="Hải Phòng")
    assert render_minutes(replace(MINUTES, items=(item,), letterhead=head), ()).pdf
    for start in range(0, len(passing), 250):
        place = replace(INVITATION.letterhead, place="".join(passing[start : start + 250]))
        assert render_invitation(replace(INVITATION, letterhead=place), ()).pdf
