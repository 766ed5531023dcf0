"""Files that are broken or mean harm, each made in a few lines so that one can see what it does."""

import zlib
from collections.abc import Callable
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from meeting_app.domain.upload import (
    ActiveContent,
    BrokenPdf,
    EncryptedPdf,
    NotAPdf,
    TakesTooLong,
    TooManyPages,
    UploadRefused,
)
from meeting_app.pdf.typesetting import draw

# Not the test virus itself, only its beginning: a scanner on the developer's machine stays calm.
EICAR_BEGINNING = b"X5O!P%@AP[4"


def plain(lines: str = "Tài liệu họp") -> bytes:
    return draw("attachment-stamp.typ", {"lines": lines.split("\n"), "box": {"width": 500, "height": 700}})


def written(writer: PdfWriter) -> bytes:
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def altered(change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(plain()))
    change(writer)
    return written(writer)


def raw_pdf(*objects: bytes, root: int = 1) -> bytes:
    """Objects numbered from 1, with a correct cross-reference table."""
    parts, places, end = [b"%PDF-1.7\n"], [], 9
    for number, thing in enumerate(objects, start=1):
        places.append(end)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, thing))
        end += len(parts[-1])
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    parts += [b"%010d 00000 n \n" % place for place in places]
    parts.append(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, end))
    return b"".join(parts)


def stream(dictionary: bytes, data: bytes) -> bytes:
    return b"<<" + dictionary + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream"


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"


def action(values: dict[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): _value(value) for key, value in values.items()})


def _value(value: str) -> NameObject | TextStringObject:
    return NameObject(value) if value.startswith("/") else TextStringObject(value)


def truncated() -> bytes:
    whole = plain()
    return whole[: len(whole) // 3]


def bit_flipped() -> bytes:
    """Every stream and every number destroyed, the frame left."""
    return plain().replace(b"obj", b"obk").replace(b"/Page", b"/Pbge")


def encrypted() -> bytes:
    return altered(lambda writer: writer.encrypt("mat-khau", algorithm="AES-256"))


def encrypted_without_password() -> bytes:
    """Opens at once, but only the owner may change it."""
    return altered(lambda writer: writer.encrypt("", "chu-so-huu", algorithm="AES-256"))


def renamed_html() -> bytes:
    return b"<!doctype html><title>Giay moi.pdf</title><script>alert(1)</script>" + b" " * 2000 + b"%PDF-1.7"


def flate_bomb() -> bytes:
    """Page contents of 4 GB in 4 MB."""
    packer = zlib.compressobj(9, wbits=-15)
    # A flushed block stands for itself: it can be repeated without packing it again.
    block = packer.compress(b"0 0 m 9 9 l S\n" * 75_000) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x78\xda" + block * 4096
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 700]/Contents 4 0 R>>"
    return raw_pdf(CATALOG, ONE_PAGE, page, stream(b"/Filter/FlateDecode", packed))


def nested_bombs() -> bytes:
    """A bomb packed in a bomb, in the stream that lists the objects."""
    packed = zlib.compress(zlib.compress(bytes(300_000_000), 9), 9)
    return raw_pdf(
        b"<</Type/Catalog/Pages 4 0 R>>",
        stream(b"/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]", packed),
        b"<<>>",
        b"<</Type/Pages/Count 1/Kids[9 0 R]>>",
    )


def deep_page_tree(depth: int = 50_000) -> bytes:
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 3) for number in range(depth)]
    return raw_pdf(CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 500 700]>>")


def cyclic_page_tree() -> bytes:
    return raw_pdf(CATALOG, b"<</Type/Pages/Count 7/Kids[2 0 R 2 0 R]>>")


def many_pages(count: int = 100_000) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return raw_pdf(CATALOG, b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids), *[page] * count)


def deep_array() -> bytes:
    return raw_pdf(CATALOG.replace(b">>", b"/Names " + b"[" * 200_000 + b">>"), ONE_PAGE, b"<</Type/Page>>")


def no_pages() -> bytes:
    return raw_pdf(CATALOG, b"<</Type/Pages/Count 0/Kids[]>>")


def script_on_opening() -> bytes:
    return with_opening(action({"/S": "/JavaScript", "/JS": "app.alert('x');"}))


def script_in_a_name_tree() -> bytes:
    script = action({"/S": "/JavaScript", "/JS": "app.launchURL('http://a')"})
    tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), script])})
    return altered(
        lambda writer: writer.root_object.update(
            {NameObject("/Names"): DictionaryObject({NameObject("/JavaScript"): tree})}
        )
    )


def launch_on_opening() -> bytes:
    return with_opening(action({"/S": "/Launch", "/F": "cmd.exe"}))


def launch_after_a_harmless_action() -> bytes:
    harmless = action({"/S": "/Named", "/N": "/NextPage"})
    harmless[NameObject("/Next")] = action({"/S": "/Launch", "/F": "cmd.exe"})
    return with_opening(harmless)


def script_in_a_link() -> bytes:
    link = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(side) for side in (0, 0, 90, 90)]),
            NameObject("/A"): action({"/S": "/URI", "/URI": " JavaScript:alert(1)"}),
        }
    )
    return altered(lambda writer: writer.pages[0].__setitem__(NameObject("/Annots"), ArrayObject([link])))


def with_opening(first: DictionaryObject) -> bytes:
    return altered(lambda writer: writer.root_object.__setitem__(NameObject("/OpenAction"), first))


def attached(name: str, content: bytes) -> bytes:
    return altered(lambda writer: writer.add_attachment(name, content))


HOSTILE: dict[Callable[[], bytes], tuple[type[UploadRefused], ...]] = {
    bytes: (NotAPdf,),
    renamed_html: (NotAPdf,),
    lambda: b"PK\x03\x04" + bytes(3000): (NotAPdf,),
    lambda: b"%PDF-1.7": (BrokenPdf,),
    lambda: b"%PDF-1.7\n" + bytes(100_000): (BrokenPdf,),
    truncated: (BrokenPdf,),
    bit_flipped: (BrokenPdf,),
    no_pages: (BrokenPdf,),
    encrypted: (EncryptedPdf,),
    encrypted_without_password: (EncryptedPdf,),
    flate_bomb: (TakesTooLong, BrokenPdf),
    nested_bombs: (TakesTooLong, BrokenPdf),
    deep_page_tree: (TakesTooLong, BrokenPdf),
    deep_array: (TakesTooLong, BrokenPdf),
    cyclic_page_tree: (BrokenPdf, TakesTooLong),
    many_pages: (TooManyPages,),
    script_on_opening: (ActiveContent,),
    script_in_a_name_tree: (ActiveContent,),
    script_in_a_link: (ActiveContent,),
    launch_on_opening: (ActiveContent,),
    launch_after_a_harmless_action: (ActiveContent,),
    lambda: attached("huong-dan.exe", b"MZ" + bytes(99)): (ActiveContent,),
    lambda: attached("anh.jpg", b"MZ" + bytes(99)): (ActiveContent,),
    lambda: attached("eicar.txt", EICAR_BEGINNING): (ActiveContent,),
    lambda: attached("bang-tinh.XLSM ", b"PK"): (ActiveContent,),
}
