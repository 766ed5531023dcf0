"""A page as pictures, each width drawn anew: that costs less than shrinking the widest.

A page of text at 800, 1200 and 2000 pixels: drawn 4 ms, encoded 16 ms (in grey 9 ms); shrinking alone 48 ms.
"""

import ctypes
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image, ImageChops
from pypdfium2 import raw

JPEG_QUALITY = 82
ZOOMED, ZOOMED_QUALITY = 1600, 72  # from this width on the picture is shown in parts or at twice the pixels
MOST_PIXELS = 16_000_000  # 64 MB while drawing, whatever size the page claims to have
LONGEST_SIDE = 20_000  # pixels; JPEG ends at 65,500


class Canvas:
    """The memory pages are drawn in, kept from one to the next: fresh memory costs 25 ms for a wide page."""

    def __init__(self) -> None:
        self._pixels = (ctypes.c_ubyte * 0)()

    def jpegs(self, page: pypdfium2.PdfPage, widths: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """The page in each width; a page without colours in grey, which halves the work and saves bytes."""
        grey: bool | None = None
        for width in widths:
            image = self._drawn(page, width, grey=bool(grey))
            if grey is None:
                # Blending in grey and greying a blend are not the same.
                grey = not raw.FPDFPage_HasTransparency(page) and _colourless(image)
            if grey and image.mode != "L":
                image = image.convert("L")
            yield width, _jpeg(image, ZOOMED_QUALITY if width >= ZOOMED else JPEG_QUALITY)

    def _drawn(self, page: pypdfium2.PdfPage, width: int, *, grey: bool) -> Image.Image:
        """Shares the canvas' memory: it must be encoded before the next one is drawn."""
        scale = _scale(page.get_size(), width)
        across, down = (max(1, round(side * scale)) for side in page.get_size())
        depth, pixels, order = (
            (1, raw.FPDFBitmap_Gray, 0) if grey else (4, raw.FPDFBitmap_BGRx, raw.FPDF_REVERSE_BYTE_ORDER)
        )
        if len(self._pixels) < across * down * depth:
            self._pixels = (ctypes.c_ubyte * (across * down * depth))()
        bitmap = raw.FPDFBitmap_CreateEx(across, down, pixels, self._pixels, across * depth)
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, 0xFFFFFFFF)
            place = (bitmap, page, 0, 0, across, down, 0, raw.FPDF_ANNOT | order)
            raw.FPDF_RenderPageBitmap(*place)
            if page.formenv:  # signatures and seals are form fields
                raw.FPDF_FFLDraw(page.formenv, *place)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
        mode = "L" if grey else "RGBX"
        drawn: Any = self._pixels
        return Image.frombuffer(mode, (across, down), drawn, "raw", mode, 0, 1)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _colourless(image: Image.Image) -> bool:
    red, green, blue, _unused = image.split()
    return all(ImageChops.difference(red, other).getbbox() is None for other in (green, blue))


def _scale(size: tuple[float, float], width_px: int) -> float:
    """Pixels per point."""
    width, height = (max(side, 1) for side in size)
    within_pixels = (MOST_PIXELS / (width * height)) ** 0.5
    return float(min(width_px / width, within_pixels, LONGEST_SIDE / max(width, height)))
