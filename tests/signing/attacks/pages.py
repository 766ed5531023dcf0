"""Incremental updates of what the pages show."""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from tests.signing.attacks.surgery import appended, dictionary, numbers, page, stream, text
from tests.signing.attacks.table import EVERY, Shows, attack
from tests.signing.attacks.updates import CHANGED, OVERLAY, script


@attack(*CHANGED, shows=Shows.PAGE, papers=EVERY)
def text_is_drawn_over_the_first_page(pdf, means):
    def change(writer):
        sheet = page(writer)
        sheet[pdf_name("/Contents")] = generic.ArrayObject(
            [sheet.raw_get("/Contents"), writer.add_object(stream(OVERLAY))]
        )
        writer.update_container(sheet)

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE, papers=EVERY)
def the_content_of_a_page_is_replaced_under_its_number(pdf, means):
    def change(writer):
        contents = page(writer).raw_get("/Contents")
        contents.get_object()._data, contents.get_object()._encoded_data = OVERLAY, None
        writer.mark_update(contents)

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def a_page_is_added(pdf, means):
    def change(writer):
        sheet = dictionary(
            Type=pdf_name("/Page"),
            Parent=writer.root.raw_get("/Pages"),
            MediaBox=numbers(0, 0, 595, 842),
            Resources=dictionary(),
            Contents=writer.add_object(stream(OVERLAY)),
        )
        tree = writer.root["/Pages"]
        tree["/Kids"].append(writer.add_object(sheet))
        tree[pdf_name("/Count")] = generic.NumberObject(len(tree["/Kids"]))
        writer.update_container(tree)

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE, papers=EVERY)
def the_last_page_is_removed(pdf, means):
    def change(writer):
        tree = writer.root["/Pages"]
        tree["/Kids"].pop()
        tree[pdf_name("/Count")] = generic.NumberObject(len(tree["/Kids"]))
        writer.update_container(tree)

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE, papers=EVERY)
def the_pages_are_swapped(pdf, means):
    def change(writer):
        writer.root["/Pages"]["/Kids"].reverse()
        writer.update_container(writer.root["/Pages"])

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def a_page_is_rotated(pdf, means):
    def change(writer):
        page(writer)[pdf_name("/Rotate")] = generic.NumberObject(180)
        writer.update_container(page(writer))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def a_page_is_cropped(pdf, means):
    def change(writer):
        page(writer)[pdf_name("/CropBox")] = numbers(0, 400, 595, 842)
        writer.update_container(page(writer))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def the_fonts_of_a_page_are_taken_away(pdf, means):
    def change(writer):
        page(writer)[pdf_name("/Resources")] = dictionary()
        writer.update_container(page(writer))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def a_page_runs_a_script_when_opened(pdf, means):
    def change(writer):
        page(writer)[pdf_name("/AA")] = dictionary(O=script())
        writer.update_container(page(writer))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def layers_hide_the_content_of_a_page(pdf, means):
    def change(writer):
        sheet = page(writer)
        layer = writer.add_object(dictionary(Type=pdf_name("/OCG"), Name=text("Nội dung")))
        resources = sheet["/Resources"]
        resources[pdf_name("/Properties")] = dictionary(L=layer)
        writer.update_container(resources)
        around = [writer.add_object(stream(part)) for part in (b"/OC /L BDC", b"EMC")]
        sheet[pdf_name("/Contents")] = generic.ArrayObject([around[0], sheet.raw_get("/Contents"), around[1]])
        writer.update_container(sheet)
        off = dictionary(OFF=generic.ArrayObject([layer]))
        writer.root[pdf_name("/OCProperties")] = dictionary(OCGs=generic.ArrayObject([layer]), D=off)
        writer.update_root()

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def the_page_tree_is_exchanged_for_another(pdf, means):
    def change(writer):
        sheet = dictionary(
            Type=pdf_name("/Page"),
            MediaBox=numbers(0, 0, 595, 842),
            Resources=dictionary(),
            Contents=writer.add_object(stream(OVERLAY)),
        )
        tree = dictionary(Type=pdf_name("/Pages"), Count=generic.NumberObject(1))
        where = writer.add_object(tree)
        sheet[pdf_name("/Parent")] = where
        tree[pdf_name("/Kids")] = generic.ArrayObject([writer.add_object(sheet)])
        writer.root[pdf_name("/Pages")] = where
        writer.update_root()

    return appended(pdf, change)
