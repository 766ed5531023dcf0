"""What is seen of a signature: a one-page PDF drawn into the field's rectangle."""

import binascii
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle


def style(page: bytes) -> StaticStampStyle:
    """The page at its full opacity, without border or margins, as large as the field allows."""
    return StaticStampStyle(
        background=_Page(page),
        background_opacity=1.0,
        border_width=0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins(),
            inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
        ),
    )


class _Page(PdfContent):
    """The first page of a PDF held in memory, imported when the writer is known."""

    def __init__(self, page: bytes) -> None:
        self._page = page
        super().__init__()

    def render(self) -> bytes:
        writer: Any = self._ensure_writer
        drawing = writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)), page_ix=0)
        name = b"/Import" + binascii.crc32(self._page).to_bytes(4, "big").hex().encode()
        self.resources.xobject[name.decode()] = drawing
        left, bottom, right, top = drawing.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return name + b" Do"
