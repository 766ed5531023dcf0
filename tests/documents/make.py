"""Makes the sample documents beside this file, as other producers write them.

Run `python tests/documents/make.py` from the project's folder. Needs chromium, soffice, poppler and qpdf; the
tests use the files that are kept here and need none of them.
"""

import base64
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
FONT = HERE.parents[1] / "meeting_app" / "pdf" / "fonts" / "Tinos_400Regular.ttf"
CHROMIUM_OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"]

SENTENCES = (
    "Trong quý I, các cơ quan, đơn vị đã tiếp nhận và xử lý 12.480 văn bản điện tử, đạt 98,7% kế hoạch.",
    "Tỷ lệ hồ sơ giải quyết đúng hạn tăng 4,2 điểm phần trăm so với cùng kỳ năm trước.",
    "Một số đơn vị còn gửi bản giấy kèm theo bản điện tử, gây lãng phí thời gian và kinh phí.",
    "Đề nghị các sở, ngành rà soát quy trình, bảo mật tài khoản và bí mật đời tư của công dân.",
    "Mật độ dân cư tại khu vực trung tâm đòi hỏi hạ tầng mạng ổn định hơn.",
    "Uỷ ban nhân dân các phường, xã tổ chức tập huấn cho công chức trước ngày 30 tháng 4.",
)
STYLE = "@page{size:A4;margin:20mm} body{font:13pt serif} table{border-collapse:collapse} td,th{border:1px solid}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        report = _by_chromium(work)
        shutil.copy(report, HERE / "bao-cao-chromium.pdf")
        shutil.copy(_by_writer(work), HERE / "ke-hoach-libreoffice-200-trang.pdf")
        _by_cairo(report, HERE / "bao-cao-cairo.pdf")
        _linearized(report, HERE / "bao-cao-qpdf-linearized.pdf")
    _scan(HERE / "ban-quet.pdf")


def _by_chromium(work: Path) -> Path:
    """A report with Vietnamese text, a table and a picture."""
    rows = "".join(f"<tr><td>{n}</td><td>Phường số {n}</td><td>{n * 37 % 101}%</td></tr>" for n in range(1, 25))
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 3)
    page = (
        f'<!doctype html><html lang="vi"><title>Báo cáo chuyển đổi số quý I</title><style>{STYLE}</style>'
        f"<h1>Báo cáo tiến độ chuyển đổi số quý I năm 2026</h1>{text}"
        f"<h2>Phụ lục</h2><table><tr><th>STT</th><th>Đơn vị</th><th>Tỷ lệ</th></tr>{rows}</table>"
        f'<p><img alt="Biểu đồ" src="data:image/png;base64,{base64.b64encode(_chart()).decode()}"></p></html>'
    )
    source, made = work / "bao-cao.html", work / "bao-cao.pdf"
    source.write_text(page, encoding="utf-8")
    profile = f"--user-data-dir={work / 'profile'}"
    subprocess.run(
        [shutil.which("chromium"), *CHROMIUM_OPTIONS, profile, f"--print-to-pdf={made}", source.as_uri()],
        check=True,
        capture_output=True,
    )
    return made


def _by_writer(work: Path) -> Path:
    """A plan of exactly 200 pages."""
    chapters = "".join(
        f'<h2 style="page-break-before:{"always" if n > 1 else "auto"}">Nhiệm vụ {n}</h2>'
        + "".join(f"<p>{SENTENCES[(n + k) % len(SENTENCES)]}</p>" for k in range(6))
        for n in range(1, 201)
    )
    source = work / "ke-hoach.html"
    source.write_text(
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Kế hoạch năm 2026</title>{chapters}</html>',
        encoding="utf-8",
    )
    return _by_office(work, source)


def _by_office(work: Path, source: Path) -> Path:
    profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
    office = [shutil.which("soffice"), profile, "--headless", "--infilter=writer_web_HTML"]
    writing = ["--convert-to", "pdf:writer_web_pdf_Export", "--outdir", work, source]
    subprocess.run([*office, *writing], check=True, capture_output=True)
    return source.with_suffix(".pdf")


def _by_cairo(source: Path, made: Path) -> None:
    """The same report drawn again by cairo, as many Linux programs print."""
    subprocess.run([shutil.which("pdftocairo"), "-pdf", source, made], check=True)


def _linearized(source: Path, made: Path) -> None:
    """The same report as a web server likes it: object streams, first page first."""
    subprocess.run([shutil.which("qpdf"), "--linearize", "--object-streams=generate", source, made], check=True)


def _scan(made: Path) -> None:
    """Three pages as a scanner makes them: pictures only, slightly turned, with dust."""
    first, *others = _scanned_pages()
    first.save(made, "PDF", save_all=True, append_images=others, resolution=110, quality=55)


def _scanned_pages() -> Iterator[Image.Image]:
    dust = random.Random(1)
    font = ImageFont.truetype(str(FONT), 24)
    for number in range(1, 4):
        page = Image.new("L", (909, 1286), 246)
        pen = ImageDraw.Draw(page)
        pen.text((330, 70), f"BẢN QUÉT TRANG {number}", font=font, fill=30)
        for line in range(32):
            pen.text((90, 140 + line * 32), SENTENCES[(line + number) % len(SENTENCES)][:66], font=font, fill=45)
        for _ in range(600):
            pen.point((dust.randrange(909), dust.randrange(1286)), fill=dust.randrange(256))
        yield page.rotate(0.7 - number * 0.4, fillcolor=246)


def _chart() -> bytes:
    picture = Image.new("RGB", (480, 240), "white")
    pen = ImageDraw.Draw(picture)
    for month in range(12):
        height = 40 + month * 53 % 170
        pen.rectangle((20 + month * 38, 230 - height, 46 + month * 38, 230), fill=(11, 61, 145))
    png = BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


if __name__ == "__main__":
    main()
