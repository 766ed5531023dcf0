"""A long, heavy document as offices scan them: every page a line of text and a picture no other page has."""

import io
from pathlib import Path

from PIL import Image

MEGABYTE = 1_000_000
MARK = (200, 24, 120)  # a colour that stands on the first page and nowhere else on a screen
_SIDE = (900, 620)  # pixels of a picture
_NOISE = 24  # how grainy; more weighs more


def long_pdf(path: Path, *, pages: int = 300, size: int = 50 * MEGABYTE) -> None:
    """Write a PDF of so many pages and at least so many bytes."""
    writer = _Writer(path)
    kids = " ".join(f"{_page(number)} 0 R" for number in range(pages))
    writer.add(1, b"<</Type/Catalog/Pages 2 0 R>>")
    writer.add(2, f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode())
    writer.add(3, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for number in range(pages):
        page = _page(number)
        resources = f"<</Font<</F 3 0 R>>/XObject<</P {page + 2} 0 R>>>>"
        body = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources {resources}/Contents {page + 1} 0 R>>"
        writer.add(page, body.encode())
        writer.add(page + 1, *_stream("", _content(number)))
        width, height = _SIDE
        kind = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
        writer.add(page + 2, *_stream(f"{kind}/Filter/DCTDecode", _picture(size // pages)))
    writer.end()


def _page(number: int) -> int:
    """Its object; content and picture follow."""
    return 4 + 3 * number


def _content(number: int) -> bytes:
    text = f"BT /F 22 Tf 60 770 Td (Page {number + 1} of the plan) Tj ET\n"
    mark = "{:.3f} {:.3f} {:.3f} rg 60 690 475 60 re f\n".format(*(part / 255 for part in MARK)) if number == 0 else ""
    return f"{text}{mark}q 475 0 0 327 60 340 cm /P Do Q\n".encode()


def _picture(size: int) -> bytes:
    """Noise as JPEG, at the quality that weighs about so much."""
    image = Image.effect_noise(_SIDE, _NOISE)
    for quality in (60, 70, 78, 84, 88, 92, 95):
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=quality)
        if packed.tell() >= size:
            break
    return packed.getvalue() + bytes(max(0, size - packed.tell()))  # decoders stop at the end of the picture


def _stream(entries: str, content: bytes) -> tuple[bytes, bytes, bytes]:
    return f"<<{entries}/Length {len(content)}>>stream\n".encode(), content, b"\nendstream"


class _Writer:
    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._places: dict[int, int] = {}

    def add(self, number: int, *parts: bytes) -> None:
        self._places[number] = self._file.tell()
        self._file.write(f"{number} 0 obj\n".encode())
        for part in parts:
            self._file.write(part)
        self._file.write(b"\nendobj\n")

    def end(self) -> None:
        start, count = self._file.tell(), len(self._places) + 1
        rows = "".join(f"{self._places[number]:010d} 00000 n \n" for number in range(1, count))
        self._file.write(f"xref\n0 {count}\n0000000000 65535 f \n{rows}".encode())
        self._file.write(f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
        self._file.close()
