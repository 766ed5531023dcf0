"""Shadow attacks: the author prepares a second content before others sign, and brings it to light afterwards.

The papers `prepared` and `awaiting` were made by such an author: everything below was in them, unseen,
when others signed. See "Shadow Attacks: Hiding and Replacing Content in Signed PDFs" (NDSS 2021).
"""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement, verify
from tests.signing.attacks.surgery import (
    appended,
    body_of,
    dictionary,
    drawing,
    number_of,
    numbers,
    page,
    stream,
    text,
    updated_by_hand,
)
from tests.signing.attacks.table import Shows, attack

PREPARED = ("prepared",)
OTHER_TEXT = b"q 1 1 1 rg 0 0 595 842 re f Q BT /F1 30 Tf 80 700 Td (1 000 000 000) Tj ET"
SHEET = ("/Pages", "/Kids", 0)


def prepared(pdf):
    """The paper with a second text, a cover over the first and a second page tree in it, before anybody signs."""
    return appended(pdf, _prepare)


def _prepare(writer):
    sheet = page(writer)
    other = writer.add_object(stream(OTHER_TEXT))
    cover = writer.add_object(drawing(b"1 1 1 rg 60 640 480 160 re f", (60, 640, 540, 800)))
    kid = dictionary(
        Type=pdf_name("/Page"),
        MediaBox=numbers(0, 0, 595, 842),
        Resources=sheet["/Resources"],
        Contents=writer.add_object(stream(OTHER_TEXT)),
    )
    tree = dictionary(Type=pdf_name("/Pages"), Count=generic.NumberObject(1))
    where = writer.add_object(tree)
    kid[pdf_name("/Parent")] = where
    tree[pdf_name("/Kids")] = generic.ArrayObject([writer.add_object(kid)])
    hidden = dictionary(Other=other, Cover=cover, Tree=where, Root=writer.add_object(_second_root(writer, where)))
    sheet[pdf_name("/PieceInfo")] = dictionary(Draft=dictionary(Private=hidden))
    box = dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Square"),
        Rect=numbers(60, 500, 500, 760),
        F=generic.NumberObject(2 | 4),  # hidden
        AP=dictionary(N=writer.add_object(drawing(b"0 0 1 rg 0 0 600 850 re f"))),
    )
    lid = dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Stamp"),
        Rect=numbers(60, 640, 540, 800),
        F=generic.NumberObject(4),
        AP=dictionary(N=cover),
    )
    sheet[pdf_name("/Annots")] = generic.ArrayObject(map(writer.add_object, (box, lid)))
    writer.update_container(sheet)


def _second_root(writer, tree):
    root = dictionary(**{key[1:]: writer.root.raw_get(key) for key in writer.root})
    root[pdf_name("/Pages")] = tree
    return root


AWAITED = 4000  # the number of an object that is not there


def awaiting(pdf):
    """A paper whose first page points at nothing, which is no fault (ISO 32000-2, 7.3.10), before anybody signs."""

    def change(writer):
        sheet = page(writer)
        nothing = generic.IndirectObject(AWAITED, 0, writer)
        sheet[pdf_name("/Contents")] = generic.ArrayObject([sheet.raw_get("/Contents"), nothing])
        writer.update_container(sheet)

    return appended(pdf, change)


def hidden(pdf, name):
    return number_of(pdf, (*SHEET, "/PieceInfo", "/Draft", "/Private", name))


def offset_of(pdf, number):
    """Where the object stands in the signed part."""
    return pdf.index(b"\n%d 0 obj" % number) + 1


@attack(Verdict.INVALID, judgement.CHANGED, verify.TAIL, shows=Shows.PAGE, papers=PREPARED, opens=False)
def a_later_table_points_the_content_at_the_hidden_text(pdf, means):
    """Replace: only numbers in a table are written; viewers that do not check the object's own number follow it."""
    content = number_of(pdf, (*SHEET, "/Contents"))
    place = offset_of(pdf, hidden(pdf, "/Other"))
    return updated_by_hand(pdf, {}, listed={content: (place, 0, "n")})


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=PREPARED)
def the_content_is_exchanged_for_the_hidden_text(pdf, means):
    content = number_of(pdf, (*SHEET, "/Contents"))
    return updated_by_hand(pdf, {content: body_of(pdf, hidden(pdf, "/Other"))})


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=PREPARED)
def the_page_is_pointed_at_the_hidden_text(pdf, means):
    def change(writer):
        page(writer)[pdf_name("/Contents")] = page(writer)["/PieceInfo"]["/Draft"]["/Private"].raw_get("/Other")
        writer.update_container(page(writer))

    return appended(pdf, change)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=PREPARED)
def the_catalogue_is_pointed_at_the_hidden_pages(pdf, means):
    """Hide and replace: no object of the page is touched."""

    def change(writer):
        writer.root[pdf_name("/Pages")] = page(writer)["/PieceInfo"]["/Draft"]["/Private"].raw_get("/Tree")
        writer.update_root()

    return appended(pdf, change)


@attack(Verdict.INVALID, verify.LOST, shows=Shows.PAGE, papers=PREPARED)
def the_trailer_is_pointed_at_the_hidden_catalogue(pdf, means):
    """Not one object is written: the new trailer alone names another catalogue, which was signed as well."""
    return updated_by_hand(pdf, {}, listed={0: (0, 65535, "f")}, Root=f"{hidden(pdf, '/Root')} 0 R")


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=PREPARED)
def the_hidden_annotation_is_shown(pdf, means):
    def change(writer):
        box = page(writer)["/Annots"][0].get_object()
        box[pdf_name("/F")] = generic.NumberObject(4)
        writer.update_container(box)

    return appended(pdf, change)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.BYTES, papers=PREPARED)  # pdfium and poppler draw it still
def the_cover_is_freed(pdf, means):
    """Hide: what lay over the text when it was signed is declared free."""
    return updated_by_hand(pdf, {}, listed={hidden(pdf, "/Cover"): (0, 1, "f")})


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=PREPARED)
def the_cover_is_emptied(pdf, means):
    return appended(pdf, lambda writer: writer.objects.update({(0, hidden(pdf, "/Cover")): drawing(b"")}))


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=PREPARED)
def the_hidden_text_is_drawn_as_proof(pdf, means):
    """The new content hangs on the security store too, as if it were validation material."""
    content = number_of(pdf, (*SHEET, "/Contents"))

    def change(writer):
        writer.objects[(0, content)] = stream(OTHER_TEXT)
        store = writer.root["/DSS"]
        store["/Certs"].append(generic.IndirectObject(content, 0, writer))
        writer.update_container(store)

    return appended(pdf, change)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=PREPARED)
def the_hidden_text_becomes_the_picture_of_the_seal(pdf, means):
    def change(writer):
        seal = writer.root["/AcroForm"]["/Fields"][-1].get_object()
        seal[pdf_name("/Rect")] = numbers(0, 0, 595, 842)
        seal["/AP"][pdf_name("/N")] = page(writer)["/PieceInfo"]["/Draft"]["/Private"].raw_get("/Cover")
        writer.update_container(seal)

    return appended(pdf, change)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.OBJECTS, papers=PREPARED)
def the_hidden_annotation_gets_another_text(pdf, means):
    def change(writer):
        box = page(writer)["/Annots"][0].get_object()
        box[pdf_name("/Contents")] = text("Cuộc họp bị huỷ")
        writer.update_container(box)

    return appended(pdf, change)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=("awaiting", "awaiting-stranger"))
def what_was_nothing_becomes_text(pdf, means):
    """The new object overrides none, and no other new one points at it."""
    return updated_by_hand(pdf, {AWAITED: b"<</Length %d>>stream\n%s\nendstream" % (len(OTHER_TEXT), OTHER_TEXT)})


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=("awaiting", "awaiting-stranger"))
def what_was_nothing_becomes_a_proof(pdf, means):
    """A stream in the security store, which anybody may add; drawn as text all the same."""

    def change(writer):
        writer.objects[(0, AWAITED)] = stream(OTHER_TEXT)
        store = writer.root["/DSS"]
        store["/Certs"].append(generic.IndirectObject(AWAITED, 0, writer))
        writer.update_container(store)

    return appended(pdf, change)
