"""The reader's name across a page that may only be looked at: burnt into the picture, never laid over it."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONT = Path(__file__).parent / "fonts" / "Tinos_700Bold.ttf"
_PER_WIDTH = 28  # letters that would fill the width of a page
_SLANT = 30  # degrees
_INK = (90, 90, 90, 70)  # seen on white and on black, and the text below is still read
_QUALITY = 80


def watermarked(path: Path, words: str) -> bytes:
    """The JPEG at this path with the words across it, again and again."""
    with Image.open(path) as image:
        page = image.convert("RGB")
    mark = _mark(page.width, words)
    step_x, step_y = int(mark.width * 0.8), int(mark.height * 0.75)
    for row, top in enumerate(range(-step_y // 2, page.height, step_y)):
        for left in range(-(row % 2) * step_x // 2, page.width, step_x):
            page.paste(mark, (left, top), mark)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


@lru_cache(maxsize=64)
def _mark(width: int, words: str) -> Image.Image:
    """The words aslant on nothing."""
    font = ImageFont.truetype(_FONT, max(8, width // _PER_WIDTH))
    box = font.getbbox(words)
    flat = Image.new("RGBA", (int(box[2]) + 8, int(box[3]) + 8), (0, 0, 0, 0))
    ImageDraw.Draw(flat).text((4, 4), words, font=font, fill=_INK)
    return flat.rotate(_SLANT, expand=True, resample=Image.Resampling.BICUBIC)
