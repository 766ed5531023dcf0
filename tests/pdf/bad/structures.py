"""Files whose structure is odd: loops, depth, lengths, object streams, updates, encryption, two natures at once."""

import random
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import NameObject

from tests.pdf import hostile
from tests.pdf.bad.damage import base
from tests.pdf.bad.drawings import HELVETICA, TEXT, page_with
from tests.pdf.hostile import CATALOG, ONE_PAGE, raw_pdf, stream

Make = Callable[[], bytes]
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 700]>>"


def catalog(more: bytes, *objects: bytes) -> bytes:
    """One empty page, more in the catalogue; further objects begin at 4."""
    return raw_pdf(CATALOG.replace(b">>", more + b">>"), ONE_PAGE, PAGE, *objects)


def page(more: bytes, *objects: bytes) -> bytes:
    return raw_pdf(CATALOG, ONE_PAGE, PAGE.replace(b">>", more + b">>"), *objects)


def kids(*pages: bytes, count: int = 1) -> bytes:
    return raw_pdf(CATALOG, b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, b" ".join(pages)), PAGE)


def object_stream(inner: bytes, looks: bytes, packed: Callable[[bytes], bytes] = zlib.compress) -> bytes:
    """A file with a cross-reference stream whose catalogue lies in an object stream."""
    begin = b"%PDF-1.7\n1 0 obj\n" + stream(b"/Type/ObjStm/Filter/FlateDecode" + looks, packed(inner)) + b"\nendobj\n"
    table = (
        bytes((0, 0, 0, 255)) + bytes((1, 0, 9, 0)) + bytes((2, 0, 1, 0)) + bytes((2, 0, 1, 1)) + bytes((2, 0, 1, 2))
    )
    table += bytes((1, *len(begin).to_bytes(2, "big"), 0))
    cross = stream(b"/Type/XRef/Size 6/Root 2 0 R/W[1 2 1]", table)
    return begin + b"5 0 obj\n" + cross + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(begin)


_INNER = (
    b"2 0 3 29 4 68 <</Type/Catalog/Pages 3 0 R>>  <</Type/Pages/Count 1"
    b"/Kids[4 0 R]>>    <</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>"
)
_FIRST = _INNER.index(b"<<")

TREES: dict[str, Make] = {
    "a page that is its own parent": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE.replace(b"2 0 R", b"3 0 R")),
    "kids of nobody": partial(kids, b"99 0 R"),
    "kids that are words": partial(kids, b"/A (b) 1 null true"),
    "the same page three hundred times": partial(kids, *[b"3 0 R"] * 300, count=300),
    "more pages promised than kept": partial(kids, b"3 0 R", count=500),
    "fewer pages promised than kept": partial(kids, *[b"3 0 R"] * 50, count=1),
    "minus one page": partial(kids, b"3 0 R", count=-1),
    "two thousand million pages": partial(kids, b"3 0 R", count=2147483647),
    "the catalogue among its pages": partial(kids, b"1 0 R 3 0 R", count=2),
    "no catalogue": lambda: raw_pdf(b"<<>>", ONE_PAGE, PAGE),
    "a catalogue that is a number": lambda: raw_pdf(b"42", ONE_PAGE, PAGE),
    "a root that is not there": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE, root=99),
    "an object that is itself": lambda: raw_pdf(CATALOG, ONE_PAGE, b"3 0 R"),
    "references in a circle": lambda: raw_pdf(CATALOG, ONE_PAGE, b"4 0 R", b"5 0 R", b"4 0 R"),
    "a hundred thousand references": lambda: raw_pdf(
        CATALOG, ONE_PAGE, *[b"%d 0 R" % (number + 4) for number in range(100_000)], PAGE
    ),
    "inherited from itself": lambda: raw_pdf(
        CATALOG, ONE_PAGE.replace(b">>", b"/Parent 2 0 R>>"), b"<</Type/Page/Parent 2 0 R>>"
    ),
    "three hundred thousand objects": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE, *[b"<<>>"] * 300_000),
    "a million objects hanging on the page": lambda: page(b"/PieceInfo 4 0 R", b"[" + b"<<>>" * 1_000_000 + b"]"),
    "depth in the properties": lambda: page(b"/PieceInfo " + b"<</A" * 50_000 + b" 1" + b">>" * 50_000),
    "a tree of names that eats its tail": partial(catalog, b"/Names<</Dests 4 0 R>>", b"<</Kids[4 0 R 4 0 R]>>"),
    "an outline in a circle": partial(
        catalog,
        b"/Outlines 4 0 R",
        b"<</First 5 0 R/Last 5 0 R/Count 9>>",
        b"<</Title(A)/Dest[3 0 R/Fit]/Next 5 0 R/First 4 0 R>>",
    ),
    "an outline ten thousand deep": lambda: catalog(
        b"/Outlines 4 0 R",
        b"<</First 5 0 R>>",
        *[b"<</Title(A)/Dest[3 0 R/Fit]/First %d 0 R>>" % (number + 6) for number in range(10_000)],
    ),
    "an outline of twenty thousand": lambda: catalog(
        b"/Outlines 4 0 R",
        b"<</First 5 0 R>>",
        *[b"<</Title(A)/Dest[3 0 R/Fit]/Next %d 0 R>>" % (number + 6) for number in range(20_000)],
    ),
    "a title of a megabyte": partial(
        catalog, b"/Outlines 4 0 R", b"<</First 5 0 R>>", b"<</Dest[3 0 R/Fit]/Title(" + b"A" * 1_000_000 + b")>>"
    ),
    "notes that answer each other": partial(
        page,
        b"/Annots[4 0 R 5 0 R]",
        b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/IRT 5 0 R/Popup 5 0 R>>",
        b"<</Type/Annot/Subtype/Popup/Rect[0 0 9 9]/IRT 4 0 R/Parent 4 0 R>>",
    ),
    "notes that are not there": partial(page, b"/Annots[99 0 R 1 (a) null]"),
    "fifty thousand notes": lambda: page(b"/Annots[" + b"<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>" * 50_000 + b"]"),
    "a note whose look is itself": partial(
        page,
        b"/Annots[4 0 R]",
        b"<</Type/Annot/Subtype/Stamp/Rect[0 0 99 99]/AP<</N 5 0 R>>>>",
        stream(b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", b"/X Do"),
    ),
    "a form field in a circle": partial(
        catalog, b"/AcroForm<</Fields[4 0 R]>>", b"<</T(a)/FT/Sig/Kids[4 0 R]/Parent 4 0 R>>"
    ),
    "a signature of nothing": partial(
        catalog,
        b"/AcroForm<</SigFlags 3/Fields[4 0 R]>>",
        b"<</T(a)/FT/Sig/V 5 0 R>>",
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 99 -1]/Contents<00>>>",
    ),
    "ten thousand signatures": lambda: catalog(
        b"/AcroForm<</SigFlags 3/Fields[" + b"4 0 R " * 10_000 + b"]>>",
        b"<</T(a)/FT/Sig/V<</Type/Sig/Contents<30>/ByteRange[0 1 2 3]>>>>",
    ),
}

STREAMS: dict[str, Make] = {
    "a length of minus one": lambda: page_with(TEXT).replace(b"/Length %d" % len(TEXT), b"/Length -1"),
    "a length beyond the file": lambda: page_with(TEXT).replace(b"/Length %d" % len(TEXT), b"/Length 999999999"),
    "a length that is itself": lambda: page_with(TEXT).replace(b"/Length %d" % len(TEXT), b"/Length 4 0 R"),
    "a length of words": lambda: page_with(TEXT).replace(b"/Length %d" % len(TEXT), b"/Length(zehn)"),
    "a stream without an end": lambda: page_with(TEXT).replace(b"endstream", b""),
    "objects in a stream": partial(object_stream, _INNER, b"/N 3/First %d" % _FIRST),
    "objects in a stream, none told": partial(object_stream, _INNER, b"/N 0/First 0"),
    "objects in a stream, millions told": partial(object_stream, _INNER, b"/N 2147483647/First 9"),
    "objects in a stream before its beginning": partial(object_stream, _INNER, b"/N 3/First -5"),
    "a stream of objects that extends itself": partial(object_stream, _INNER, b"/N 3/First %d/Extends 1 0 R" % _FIRST),
    "objects in a stream of noise": partial(object_stream, random.Random(1).randbytes(9000), b"/N 9/First 99"),
    "objects in a stream that is cut": partial(
        object_stream, _INNER, b"/N 3/First %d" % _FIRST, lambda inner: zlib.compress(inner)[:20]
    ),
    "a table of widths beyond numbers": lambda: object_stream(_INNER, b"/N 3/First %d" % _FIRST).replace(
        b"/W[1 2 1]", b"/W[9999999 9 9]"
    ),
    "a table of sizes beyond numbers": lambda: object_stream(_INNER, b"/N 3/First %d" % _FIRST).replace(
        b"/Size 6", b"/Size 2147483647/Index[0 2147483647]"
    ),
    "a hybrid table": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE).replace(b"trailer\n<<", b"trailer\n<</XRefStm 9"),
    "a hybrid table in a circle": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE).replace(
        b"trailer\n<<", b"trailer\n<</XRefStm 230/Prev 230"
    ),
    "a linearised head that lies": lambda: base("bao-cao-qpdf-linearized").replace(b"/L ", b"/L 9"),
    "a bomb in the properties": partial(
        catalog,
        b"/Metadata 4 0 R",
        stream(b"/Type/Metadata/Subtype/XML/Filter/FlateDecode", zlib.compress(b"<a>" * 90_000_000, 9)),
    ),
    "properties that name files": partial(
        catalog,
        b"/Metadata 4 0 R",
        stream(
            b"/Type/Metadata/Subtype/XML",
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        ),
    ),
    "a bomb among the attachments": partial(
        catalog,
        b"/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>",
        b"<</Type/Filespec/F(a.txt)/EF<</F 5 0 R>>>>",
        stream(b"/Filter/FlateDecode", zlib.compress(bytes(300_000_000), 9)),
    ),
    "contents packed fifty times": lambda: page_with(b"").replace(
        stream(b"", b""), stream(b"/Filter[" + b"/FlateDecode" * 50 + b"]", _packed(TEXT, 50))
    ),
}


def _packed(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = zlib.compress(content)
    return content


def encrypted(algorithm: str, password: str) -> bytes:
    return hostile.altered(lambda writer: writer.encrypt(password, "owner", algorithm=algorithm))


ENCRYPTED: dict[str, Make] = {
    f"{algorithm} with password {password!r}": partial(encrypted, algorithm, password)
    for algorithm in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")
    for password in ("", "mat-khau")
} | {
    "encryption that is none": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE).replace(b"/Root", b"/Encrypt 3 0 R/Root"),
    "encryption of a strange kind": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE, b"<</Filter/FoxIt/V 99/R 99>>").replace(
        b"/Root", b"/Encrypt 4 0 R/ID[(a)(b)]/Root"
    ),
    "encryption in a circle": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE, b"4 0 R").replace(
        b"/Root", b"/Encrypt 4 0 R/Root"
    ),
}


def zipped(content: bytes) -> bytes:
    """A ZIP archive and a PDF in one."""
    file = BytesIO()
    file.write(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("chuong-trinh.exe", b"MZ" + bytes(99))
    return file.getvalue()


TWO_NATURES: dict[str, Make] = {
    "a web page first": lambda: b"<html><script>alert(1)</script>\n" + base("bao-cao-cairo"),
    "a program first": lambda: b"MZ" + bytes(200) + base("bao-cao-cairo"),
    "a picture first": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100) + base("bao-cao-cairo"),
    "a script first": lambda: b"#!/bin/sh\nexit\n" + base("bao-cao-cairo"),
    "an archive behind": lambda: zipped(base("bao-cao-cairo")),
    "an archive only": lambda: zipped(b""),
    "a PDF beyond the first kilobyte": lambda: b" " * 1100 + base("bao-cao-cairo"),
    "a PDF in a PDF": lambda: hostile.attached("khac.pdf", base("bao-cao-cairo")),
    "a word for a version": lambda: base("bao-cao-cairo").replace(b"%PDF-1.", b"%PDF-9999.", 1),
    "text that says PDF": lambda: b"%PDF-1.7 " + "Kính gửi các đồng chí\n".encode() * 500,
    "postscript": lambda: b"%!PS-Adobe-3.0\n%PDF-1.4\n(%stdin) run\n" * 9,
    "nothing but the end": lambda: b"%PDF-1.7\nstartxref\n0\n%%EOF",
    "only spaces": lambda: b" " * 10_000,
    "random bytes": lambda: random.Random(7).randbytes(50_000),
    "random bytes behind a head": lambda: b"%PDF-1.7\n" + random.Random(8).randbytes(50_000),
}


def _turned(degrees: int) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(base("bao-cao-cairo")))
    for each in writer.pages:
        each[NameObject("/Rotate")] = hostile.NumberObject(degrees)
    return hostile.written(writer)


HONEST_BUT_ODD: dict[str, Make] = {
    f"turned by {degrees}": partial(_turned, degrees) for degrees in (90, -90, 45, 2**31)
} | {
    "an empty page": lambda: raw_pdf(CATALOG, ONE_PAGE, PAGE),
    "letters of the system": lambda: page_with(TEXT, b"/Font<</F 5 0 R>>", HELVETICA),
    "fifty pages of one word": lambda: kids(*[b"3 0 R"] * 50, count=50),
}


def cases() -> Iterator[tuple[str, Make]]:
    for group in (TREES, STREAMS, ENCRYPTED, TWO_NATURES, HONEST_BUT_ODD):
        yield from group.items()
