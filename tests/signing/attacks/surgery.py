"""Cutting a PDF open and sewing it up again, as its bytes and as its objects."""

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.signing.reading import contents, open_document
from meeting_app.signing.writing import AppendingWriter


def appended(pdf: bytes, change: Callable[[AppendingWriter], None]) -> bytes:
    """The paper with an incremental update by somebody without a key, and nothing but that change."""
    writer = AppendingWriter(pdf)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def dictionary(**entries: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(value) for value in values)


def text(value: str) -> generic.TextStringObject:
    return generic.TextStringObject(value)


def stream(content: bytes, **entries: generic.PdfObject) -> generic.StreamObject:
    return generic.StreamObject(dictionary(**entries), stream_data=content)


def drawing(content: bytes, box: tuple[float, ...] = (0, 0, 600, 850)) -> generic.StreamObject:
    return stream(content, Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(*box))


def page(writer: AppendingWriter, number: int = 0) -> generic.DictionaryObject:
    return writer.root["/Pages"]["/Kids"][number]


def fields(writer: AppendingWriter) -> list[generic.DictionaryObject]:
    return [field.get_object() for field in writer.root["/AcroForm"]["/Fields"]]


def signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    return PdfFileReader(BytesIO(pdf)).embedded_signatures


def gap(pdf: bytes, index: int = -1) -> tuple[int, int]:
    """Where the contents of a signature stand, with their angle brackets."""
    _, start, end, _ = signatures(pdf)[index].byte_range
    return int(start), int(end)


def with_contents(pdf: bytes, raw: bytes, index: int = -1) -> bytes:
    """The paper with other bytes in the place of a signature object."""
    start, end = gap(pdf, index)
    room = end - start - 2
    digits = raw.hex().upper().encode()
    assert len(digits) <= room
    return pdf[: start + 1] + digits.ljust(room, b"0") + pdf[end - 1 :]


def object_of(pdf: bytes, index: int = -1) -> bytes:
    """A signature object (CMS) without the padding behind it."""
    return contents(open_document(pdf), signatures(pdf)[index])


def signed_data(pdf: bytes, index: int = -1) -> cms.SignedData:
    """A copy to change."""
    return cms.ContentInfo.load(object_of(pdf, index))["content"].copy()


def content_info(content: cms.SignedData) -> bytes:
    return cms.ContentInfo({"content_type": "signed_data", "content": content.untag()}).dump(force=True)


def recast(pdf: bytes, change: Callable[[cms.SignedData], None], index: int = -1) -> bytes:
    """The paper with one signature object changed in its unsigned parts (or in others) and written anew."""
    content = signed_data(pdf, index)
    change(content)
    return with_contents(pdf, content_info(content), index)


# --- one element in another (X.690) ----------------------------------------------------------


def parts(raw):
    """Tag, header and content of the first element."""
    head = 2 if raw[1] < 0x80 else 2 + (raw[1] & 0x7F)
    return raw[:1], raw[:head], raw[head:]


def grown(raw, old, new):
    """One element replaced by a longer one, and the lengths around it put right."""
    assert raw.count(old) == 1
    place, out = raw.index(old), raw.replace(old, new)
    for head in reversed(list(around(raw, place))):
        size = 2 if raw[head + 1] < 0x80 else 2 + (raw[head + 1] & 0x7F)
        length = int.from_bytes(raw[head + 2 : head + size], "big") + len(new) - len(old)
        out = out[: head + 2] + length.to_bytes(size - 2, "big") + out[head + size :]
    return out


def around(raw, place, head=0):
    """The offsets of the elements that hold a place, from the outermost."""
    size = 2 if raw[head + 1] < 0x80 else 2 + (raw[head + 1] & 0x7F)
    length = raw[head + 1] if size == 2 else int.from_bytes(raw[head + 2 : head + size], "big")
    if not head + size <= place < head + size + length:
        return
    yield head
    inner = head + size
    while inner < place:
        step = 2 if raw[inner + 1] < 0x80 else 2 + (raw[inner + 1] & 0x7F)
        whole = step + (raw[inner + 1] if step == 2 else int.from_bytes(raw[inner + 2 : inner + step], "big"))
        if place < inner + whole:
            yield from around(raw, place, inner)
            return
        inner += whole


# --- by hand --------------------------------------------------------------------------------


def last_table(pdf: bytes) -> int:
    """Offset of the newest cross-reference section."""
    return int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])


def size(pdf: bytes) -> int:
    return int(PdfFileReader(BytesIO(pdf)).trailer["/Size"])


def trailer(pdf: bytes, **entries: object) -> bytes:
    """A trailer that continues the paper's own; `entries` replace or add, None leaves out."""
    old = PdfFileReader(BytesIO(pdf)).trailer
    known: dict[str, object] = {
        "Size": size(pdf),
        "Root": _reference(old.raw_get("/Root")),
        "Info": _reference(old.raw_get("/Info")),
        "ID": "[" + " ".join(f"<{part.original_bytes.hex()}>" for part in old["/ID"]) + "]",
        "Prev": last_table(pdf),
    }
    known |= entries
    return ("<<" + "".join(f"/{key} {value}\n" for key, value in known.items() if value is not None) + ">>").encode()


def _reference(entry: generic.IndirectObject) -> str:
    return f"{entry.idnum} {entry.generation} R"


def table(entries: Mapping[int, tuple[int, int, str]]) -> bytes:
    """A cross-reference table: by object number, offset (or next free), generation, and n or f."""
    lines = [b"xref\n"]
    for number in sorted(entries):
        offset, generation, kind = entries[number]
        lines.append(f"{number} 1\n{offset:010} {generation:05} {kind} \n".encode())
    return b"".join(lines)


def updated_by_hand(
    pdf: bytes,
    objects: Mapping[int, bytes],
    *,
    listed: Mapping[int, tuple[int, int, str]] | None = None,
    before_table: bytes = b"",
    **entries: object,
) -> bytes:
    """An incremental update written byte by byte; `listed` replaces or adds entries of its table."""
    out = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    places = {}
    for number, body in objects.items():
        places[number] = (len(out), 0, "n")
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    out += before_table
    at = len(out)
    entries = {"Size": max([size(pdf), *(number + 1 for number in objects)]), **entries}
    return out + table({**places, **(listed or {})}) + b"trailer\n" + trailer(pdf, **entries) + ending(at)


def ending(at: int) -> bytes:
    return b"\nstartxref\n%d\n%%%%EOF\n" % at


def object_stream(number: int, objects: Mapping[int, bytes]) -> bytes:
    """An object stream (ISO 32000-2, 7.5.7) with these objects, ready to be written."""
    header, body = b"", b""
    for inner, content in objects.items():
        header += b"%d %d " % (inner, len(body))
        body += content + b"\n"
    packed = zlib.compress(header + body)
    return b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        number,
        len(objects),
        len(header),
        len(packed),
        packed,
    )


def table_stream(pdf: bytes, number: int, rows: Mapping[int, tuple[int, int, int]], **entries: object) -> bytes:
    """A cross-reference stream (7.5.8): by object number, type 0, 1 or 2 and its two fields."""
    index = " ".join(f"{row} 1" for row in sorted(rows))
    packed = zlib.compress(b"".join(struct.pack(">BIH", *rows[row]) for row in sorted(rows)))
    described = trailer(
        pdf,
        **{
            "Type": "/XRef",
            "W": "[1 4 2]",
            "Index": f"[{index}]",
            "Filter": "/FlateDecode",
            "Length": len(packed),
            "Size": max([size(pdf), number + 1, *(row + 1 for row in rows)]),
            **entries,
        },
    )
    return b"%d 0 obj\n%sstream\n%s\nendstream\nendobj\n" % (number, described, packed)


def body_of(pdf: bytes, number: int) -> bytes:
    """An object as it stands in the newest revision, without its header."""
    reader = PdfFileReader(BytesIO(pdf))
    place = reader.xrefs[generic.Reference(number, 0, reader)]
    assert isinstance(place, int)
    start = pdf.index(b"obj", place) + 3
    return pdf[start : pdf.index(b"endobj", start)].strip()


def number_of(pdf: bytes, path: Iterable[str | int]) -> int:
    """The number of the object that a path from the catalogue ends at."""
    *way, last = path
    here = PdfFileReader(BytesIO(pdf)).root
    for step in way:
        here = here[step]
    return int(here.raw_get(last).idnum)
