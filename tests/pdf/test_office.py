"""Office files by the real LibreOffice: shown as they are written, and never anything fetched, run or told."""

import socket
from dataclasses import dataclass
from pathlib import Path
from select import select

import pytest

from meeting_app.domain.upload import (
    ActiveContent,
    ClassifiedDocument,
    FileTooLarge,
    Limits,
    LinksElsewhere,
    NoOfficeProgram,
    NotAPdf,
    OfficeNotReadable,
)
from meeting_app.pdf import convert_child, office
from meeting_app.pdf.child import Meter
from meeting_app.pdf.office import ConversionLimits, as_pdf
from meeting_app.pdf.pages import page_text
from meeting_app.pdf.preparation import examined
from tests.pdf import office_files as made
from tests.pdf.hostile import plain

LINE = "Uỷ ban nhân dân phường An Hải, kế hoạch năm 2026"


@pytest.fixture
def brought(tmp_path):
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / f"brought-{name}"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", made.docx(LINE)),
        ("a.odt", made.odt(LINE)),
        ("a.ODS", made.ods(LINE)),
        ("a.odp", made.odp(LINE)),
        ("a.rtf", made.rtf(LINE)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_office_files_are_read_like_papers(name, content, brought):
    path, meter = brought(name, content), Meter()
    with examined(path, path.name, meter=meter) as (pdf, inspected):
        assert pdf != path
        assert inspected.pages == 1
        assert LINE in " ".join(page_text(pdf, 0).split())
        folder = pdf.parent
    assert not folder.exists()
    assert path.read_bytes() == content
    assert 50_000_000 < meter.peak_bytes < 1_000_000_000


def test_letters_are_those_of_official_papers(brought, tmp_path):
    (tmp_path / "out").mkdir()
    pdf = as_pdf(brought("a.docx", made.docx(LINE)), "docx", tmp_path / "out")
    assert b"Tinos" in pdf.read_bytes()


def test_a_mark_of_secrecy_in_an_office_file_is_found(brought):
    path = brought("a.docx", made.docx("TUYỆT MẬT", "Kế hoạch"))
    with pytest.raises(ClassifiedDocument), examined(path, path.name):
        pass


def test_a_pdf_under_an_office_name_is_a_pdf_and_the_rest_is_not(brought):
    path = brought("a.docx", plain())
    with examined(path, path.name) as (pdf, _inspected):
        assert pdf == path
    for name, content in (
        ("b.docx", b"hello"),
        ("c.pdf", made.docx(LINE)),
        ("d.zip", made.docx(LINE)),
        ("e.rtf", made.docx()),
    ):
        path = brought(name, content)
        with pytest.raises(NotAPdf), examined(path, path.name):
            pass


SECRET = "mat-khau-cua-may-chu-7391"


@dataclass
class Elsewhere:
    """Another machine, which hears whoever knocks."""

    door: socket.socket

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def nobody_knocked(self) -> bool:
        return select([self.door], [], [], 0)[0] == []


@pytest.fixture
def elsewhere():
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield Elsewhere(door)


REACHING_OUT = {
    "picture.docx": lambda address, _secret: made.docx("a", relations=made.outside("image", f"{address}/a.png")),
    "template.docx": lambda address, _secret: made.docx(
        "a", relations=made.outside("attachedTemplate", f"{address}/a.dotm")
    ),
    "field.docx": lambda _address, secret: made.docx("a", inside=made.field(f'INCLUDETEXT "{secret}"')),
    "dde.docx": lambda _address, _secret: made.docx("a", inside=made.field("DDEAUTO cmd.exe")),
    "section.odt": lambda _address, secret: made.odf(
        "text",
        f'<text:section text:name="a"><text:section-source xlink:href="{secret.as_uri()}"/><text:p/></text:section>',
    ),
    "picture.odt": lambda address, _secret: made.odf(
        "text", f'<text:p><draw:frame><draw:image xlink:href="{address}/a.png"/></draw:frame></text:p>'
    ),
    "sheet.ods": lambda address, _secret: made.odf(
        "spreadsheet", f'<table:table table:name="A"><table:table-source xlink:href="{address}/a.ods"/></table:table>'
    ),
}


@pytest.mark.parametrize("name", REACHING_OUT)
def test_what_would_be_fetched_is_refused_before_it_is_opened(name, brought, tmp_path, elsewhere):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    path = brought(name, REACHING_OUT[name](elsewhere.address, secret))
    with pytest.raises(LinksElsewhere), examined(path, path.name):
        pass
    assert elsewhere.nobody_knocked()


@pytest.mark.parametrize("name", REACHING_OUT)
def test_even_when_it_is_overlooked_nothing_is_fetched(name, brought, tmp_path, elsewhere, monkeypatch):
    """The settings alone, as if the look into the file had missed it."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    blind = tmp_path / "blind.py"
    blind.write_text(
        "from meeting_app.pdf import convert_child\n"
        "convert_child.look_into = lambda path: 0\n"
        "convert_child._leave_the_network = lambda: None\n"
        "main = convert_child.main\n"
    )
    monkeypatch.setattr(office, "_CHILD", f"runpy import run_path; main = run_path({str(blind)!r})['main']; from os")
    monkeypatch.setattr(
        "meeting_app.pdf.child._START",
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from {module} import sep; sys.exit(main())",
    )
    (tmp_path / "out").mkdir()
    pdf = as_pdf(brought(name, REACHING_OUT[name](elsewhere.address, secret)), Path(name).suffix[1:], tmp_path / "out")
    assert SECRET not in page_text(pdf, 0)
    assert elsewhere.nobody_knocked()


@pytest.mark.parametrize(
    "content",
    [
        made.docx("a", more={"word/vbaProject.bin": b"x"}),
        made.docx("a", more={"word/embeddings/huong-dan.exe": b"MZ"}),
        made.docx("a", more={"word/activeX/activeX1.bin": b"x"}),
    ],
)
def test_programs_inside_are_refused(content, brought):
    path = brought("a.docx", content)
    with pytest.raises(ActiveContent), examined(path, path.name):
        pass


def test_a_hyperlink_is_no_reason_to_refuse(brought):
    path = brought("a.docx", made.docx(LINE, relations=made.outside("hyperlink", "https://chinhphu.vn")))
    with examined(path, path.name) as (_pdf, inspected):
        assert inspected.pages == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.docx", made.docx(LINE)[:400]),
        ("empty.docx", made.zipped({})),
        ("bomb.docx", made.docx("a", more={"word/media/a.xml": bytes(600_000_000)})),
        ("parts.docx", made.docx("a", more={f"a/{number}": b"" for number in range(convert_child.MOST_PARTS)})),
        ("broken.docx", made.docx("a", inside="<w:p>")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_turned_into_a_pdf_is_told(name, content, brought):
    path = brought(name, content)
    with pytest.raises((OfficeNotReadable, NotAPdf)), examined(path, path.name):
        pass


@pytest.mark.parametrize("limits", [ConversionLimits(wall_seconds=0.2), ConversionLimits(memory=150_000_000)])
def test_beyond_its_limits_it_is_given_up(limits, brought, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(OfficeNotReadable):
        as_pdf(brought("a.docx", made.docx(LINE)), "docx", tmp_path / "out", limits)


def test_the_size_is_checked_first(brought):
    path = brought("a.docx", made.docx(LINE))
    with pytest.raises(FileTooLarge), examined(path, path.name, Limits(size=100)):
        pass


def test_without_libreoffice_that_is_told(brought, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    path = brought("a.docx", made.docx(LINE))
    with pytest.raises(NoOfficeProgram, match="LibreOffice"), examined(path, path.name):
        pass
