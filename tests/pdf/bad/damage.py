"""True documents, damaged: cut, flipped, overwritten, shuffled, their tables and numbers falsified."""

import random
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from tests.pdf import hostile

DOCUMENTS = Path(__file__).parents[2] / "documents"
Make = Callable[[], bytes]
_EXTREMES = [b"0", b"-1", b"-2147483648", b"2147483647", b"4294967296", b"99999999999999999999", b"1e9", b"null", b"()"]
_KEYWORDS = [
    b"endobj",
    b"endstream",
    b"stream",
    b"obj",
    b"xref",
    b"trailer",
    b"startxref",
    b"/Type",
    b"/Kids",
    b"/Length",
]


@cache
def base(name: str) -> bytes:
    """A small document of a true producer."""
    if name == "plan":
        writer = PdfWriter()
        writer.append(DOCUMENTS / "ke-hoach-libreoffice-200-trang.pdf", pages=(0, 2))
        return hostile.written(writer)
    return (DOCUMENTS / f"{name}.pdf").read_bytes()


BASES = ["bao-cao-chromium", "bao-cao-cairo", "bao-cao-qpdf-linearized", "plan"]


def cases() -> Iterator[tuple[str, Make]]:
    for name in BASES:
        for part in (1, 5, 20, 50, 80, 95, 99):
            yield f"cut {name} {part} %", partial(cut, name, part / 100)
        for seed in range(7):
            yield f"flipped {name} {seed}", partial(flipped, name, seed, count=4**seed if seed < 6 else 40)
        for seed in range(4):
            yield f"overwritten {name} {seed}", partial(overwritten, name, seed)
            yield f"shuffled {name} {seed}", partial(shuffled, name, seed)
        for seed in range(6):
            yield f"numbers {name} {seed}", partial(numbers, name, seed)
        for seed in range(4):
            yield f"keywords {name} {seed}", partial(keywords, name, seed)
        for what, change in TABLES.items():
            yield f"{what} {name}", partial(change, name)


def cut(name: str, part: float) -> bytes:
    return base(name)[: int(len(base(name)) * part)]


def flipped(name: str, seed: int, count: int) -> bytes:
    chance, content = random.Random(seed), bytearray(base(name))
    for _ in range(count):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def overwritten(name: str, seed: int) -> bytes:
    """A block of the disk holds something else."""
    chance, content = random.Random(seed), bytearray(base(name))
    size = min(4096, len(content) // 4)
    place = chance.randrange(len(content) - size)
    content[place : place + size] = chance.randbytes(size) if seed % 2 else bytes(size)
    return bytes(content)


def shuffled(name: str, seed: int) -> bytes:
    """The objects of one file under the numbers of others."""
    chance = random.Random(seed)
    parts = re.split(rb"(?=\b\d+ 0 obj\b)", base(name))
    middle = parts[1:]
    chance.shuffle(middle)
    return parts[0] + b"".join(middle)


def numbers(name: str, seed: int) -> bytes:
    """Some numbers outside of streams at the ends of what a number can be."""
    chance = random.Random(seed)

    def falsified(found: re.Match[bytes]) -> bytes:
        return chance.choice(_EXTREMES) if chance.random() < 0.02 * (seed + 1) else found.group()

    pieces = re.split(rb"(stream\r?\n.*?endstream)", base(name), flags=re.DOTALL)
    return b"".join(
        piece if number % 2 else re.sub(rb"(?<![\w.])\d+", falsified, piece) for number, piece in enumerate(pieces)
    )


def keywords(name: str, seed: int) -> bytes:
    chance = random.Random(seed)
    content = base(name)
    for word in chance.sample(_KEYWORDS, 2):
        content = content.replace(word, chance.choice(_KEYWORDS), chance.randrange(1, 6))
    return content


def no_table(name: str) -> bytes:
    return re.sub(rb"startxref\s+\d+", b"startxref\n0", base(name)).replace(b"\nxref", b"\nxxxx")


def table_in_itself(name: str) -> bytes:
    end = base(name).rfind(b"startxref")
    return base(name)[:end] + b"xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (end, end)


def offsets_moved(name: str) -> bytes:
    return re.sub(rb"(\d{10}) (\d{5} n)", lambda found: b"%010d %b" % (int(found[1]) + 7, found[2]), base(name))


def junk_before(name: str) -> bytes:
    return b"\x00\xff" * 500 + base(name)


def junk_behind(name: str) -> bytes:
    return base(name) + b"\x00" * 5_000 + b"%%EOF\n" * 300


def twice(name: str) -> bytes:
    return base(name) + base(name)


def many_updates(name: str) -> bytes:
    """A hundred empty updates behind one another."""
    content = base(name)
    root = PdfReader(BytesIO(content)).trailer.raw_get("/Root").idnum
    for _ in range(100):
        previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
        end = len(content) + 1
        content += b"\nxref\n0 0\ntrailer\n<</Size 99/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
            root,
            previous,
            end,
        )
    return content


def lines_of_windows(name: str) -> bytes:
    """Sent as text."""
    return base(name).replace(b"\n", b"\r\n")


def seven_bits(name: str) -> bytes:
    return bytes(sign & 0x7F for sign in base(name))


TABLES: dict[str, Callable[[str], bytes]] = {
    "no table": no_table,
    "table in itself": table_in_itself,
    "offsets moved": offsets_moved,
    "junk before": junk_before,
    "junk behind": junk_behind,
    "twice": twice,
    "many updates": many_updates,
    "lines of windows": lines_of_windows,
    "seven bits": seven_bits,
}
