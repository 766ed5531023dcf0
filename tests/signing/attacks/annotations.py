"""Things laid over the page, form fields, and what is seen of the signatures themselves."""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement, verify
from tests.signing.attacks.surgery import appended, dictionary, drawing, fields, numbers, page, text
from tests.signing.attacks.table import BOTH, EVERY, Shows, attack
from tests.signing.attacks.updates import CHANGED, OVERLAY, script

OVER_THE_TEXT = numbers(60, 500, 500, 760)


def annotated(pdf, subtype, **entries):
    """The paper with an annotation over the text of its first page, drawn by its own appearance."""

    def change(writer):
        seen = writer.add_object(drawing(OVERLAY, (60, 500, 500, 760)))
        note = dictionary(
            Type=pdf_name("/Annot"),
            Subtype=pdf_name(subtype),
            Rect=OVER_THE_TEXT,
            F=generic.NumberObject(4),
            AP=dictionary(N=seen),
            **entries,
        )
        page(writer)["/Annots"].append(writer.add_object(note))
        writer.update_container(page(writer))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE, papers=EVERY)
def a_note_is_written_over_the_text(pdf, means):
    return annotated(pdf, "/FreeText", Contents=text("Đã sửa"), DA=text("/Helv 12 Tf"))


@attack(*CHANGED, shows=Shows.PAGE)
def a_stamp_is_put_over_the_text(pdf, means):
    return annotated(pdf, "/Stamp", Name=pdf_name("/Approved"))


@attack(*CHANGED, shows=Shows.PAGE)
def a_square_covers_the_text(pdf, means):
    return annotated(pdf, "/Square", IC=numbers(1, 1, 1), C=numbers(1, 1, 1))


@attack(*CHANGED, shows=Shows.PAGE)
def a_redaction_covers_the_text(pdf, means):
    return annotated(pdf, "/Redact", QuadPoints=numbers(60, 760, 500, 760, 60, 500, 500, 500))


@attack(*CHANGED, shows=Shows.OBJECTS)
def a_link_leads_elsewhere(pdf, means):
    action = dictionary(S=pdf_name("/URI"), URI=text("http://example.org/"))
    return annotated(pdf, "/Link", A=action)


@attack(*CHANGED, shows=Shows.OBJECTS)  # drawn by some viewers, not by pdfium
def a_widget_without_a_field_covers_the_text(pdf, means):
    return annotated(pdf, "/Widget")


@attack(*CHANGED, shows=Shows.OBJECTS)
def a_note_is_stuck_on_the_paper(pdf, means):
    return annotated(pdf, "/Text", Contents=text("Huỷ"), Open=generic.BooleanObject(True))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_order_of_what_lies_on_the_page_is_turned_round(pdf, means):
    def change(writer):
        page(writer)["/Annots"].reverse()
        writer.update_container(page(writer))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def the_signatures_are_taken_off_the_page(pdf, means):
    """They stay in the form, so that a list of signatures still shows them."""

    def change(writer):
        page(writer)[pdf_name("/Annots")] = generic.ArrayObject()
        writer.update_container(page(writer))

    return appended(pdf, change)


# --- form fields ----------------------------------------------------------------------------


def with_field(pdf, **entries):
    """The paper with a form field over the text of its first page."""

    def change(writer):
        field = dictionary(
            Type=pdf_name("/Annot"),
            Subtype=pdf_name("/Widget"),
            T=text("Them"),
            Rect=OVER_THE_TEXT,
            F=generic.NumberObject(4),
            AP=dictionary(N=writer.add_object(drawing(OVERLAY, (60, 500, 500, 760)))),
            **entries,
        )
        where = writer.add_object(field)
        page(writer)["/Annots"].append(where)
        writer.update_container(page(writer))
        writer.root["/AcroForm"]["/Fields"].append(where)
        writer.update_container(writer.root["/AcroForm"])

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def a_filled_text_field_is_added(pdf, means):
    return with_field(pdf, FT=pdf_name("/Tx"), V=text("1 000 000 000 đồng"), DA=text("/Helv 12 Tf"))


@attack(*CHANGED, shows=Shows.PAGE)
def a_ticked_box_is_added(pdf, means):
    return with_field(pdf, FT=pdf_name("/Btn"), V=pdf_name("/Yes"), AS=pdf_name("/Yes"))


@attack(*CHANGED, shows=Shows.PAGE, papers=BOTH)
def an_empty_signature_field_covers_the_text(pdf, means):
    return with_field(pdf, FT=pdf_name("/Sig"))


@attack(*CHANGED, shows=Shows.OBJECTS)
def an_empty_invisible_signature_field_is_added(pdf, means):
    return appended(pdf, lambda writer: append_signature_field(writer, SigFieldSpec("Them")))


@attack(*CHANGED, shows=Shows.OBJECTS, papers=EVERY)
def an_invisible_signature_field_runs_a_script(pdf, means):
    def change(writer):
        append_signature_field(writer, SigFieldSpec("Them"))
        fields(writer)[-1][pdf_name("/AA")] = dictionary(PO=script())

    return appended(pdf, change)


# --- what is seen of a signature ------------------------------------------------------------


def with_seal(pdf, change):
    """The paper with the field of its last signature changed."""

    def update(writer):
        seal = fields(writer)[-1]
        change(writer, seal)
        writer.update_container(seal)

    return appended(pdf, update)


@attack(*CHANGED, shows=Shows.PAGE, papers=EVERY)
def the_picture_of_the_seal_is_overwritten(pdf, means):
    def change(writer):
        where = fields(writer)[-1]["/AP"].raw_get("/N")
        writer.objects[(0, where.idnum)] = drawing(b"1 0 0 rg 0 0 100 100 re f", (0, 0, 100, 100))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def the_seal_gets_another_picture(pdf, means):
    def change(writer, seal):
        seal["/AP"][pdf_name("/N")] = writer.add_object(drawing(b"1 0 0 rg 0 0 100 100 re f", (0, 0, 100, 100)))

    return with_seal(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def the_seal_gets_the_picture_of_another_signature(pdf, means):
    def change(writer, seal):
        seal[pdf_name("/AP")] = fields(writer)[0]["/AP"]

    return with_seal(pdf, change)


@attack(*CHANGED, shows=Shows.PAGE)
def the_picture_of_the_seal_grows_over_the_page(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.update({pdf_name("/Rect"): numbers(0, 0, 595, 842)}))


@attack(*CHANGED, shows=Shows.PAGE, papers=EVERY)
def the_seal_is_hidden(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.update({pdf_name("/F"): generic.NumberObject(2)}))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_seal_gets_a_caption(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.update({pdf_name("/MK"): dictionary(CA=text("Bộ trưởng"))}))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_seal_is_announced_as_another(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.update({pdf_name("/TU"): text("Chữ ký của Thủ tướng")}))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_seal_runs_a_script_when_clicked(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.update({pdf_name("/A"): script()}))


@attack(*CHANGED, shows=Shows.OBJECTS)
def what_the_seal_locks_is_unlocked(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.pop("/Lock"))


@attack(Verdict.INVALID, judgement.CHANGED, verify.FOREIGN, shows=Shows.OBJECTS)
def the_field_of_the_seal_gets_another_name(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.update({pdf_name("/T"): text("Them")}))


@attack(*CHANGED, shows=Shows.PAGE)
def the_seal_is_moved_to_another_page(pdf, means):
    def change(writer):
        seal = page(writer)["/Annots"].pop()
        writer.update_container(page(writer))
        page(writer, 1)[pdf_name("/Annots")] = generic.ArrayObject([seal])
        writer.update_container(page(writer, 1))

    return appended(pdf, change)


@attack(Verdict.INVALID, verify.LOST, judgement.CHANGED, shows=Shows.OBJECTS, papers=BOTH)
def the_field_of_the_seal_is_taken_out_of_the_form(pdf, means):
    def change(writer):
        writer.root["/AcroForm"]["/Fields"].pop()
        writer.update_container(writer.root["/AcroForm"])

    return appended(pdf, change)


@attack(Verdict.INVALID, verify.LOST, judgement.CHANGED, shows=Shows.OBJECTS)
def the_seal_is_taken_out_of_its_field(pdf, means):
    return with_seal(pdf, lambda _, seal: seal.pop("/V"))


@attack(Verdict.INVALID, verify.WRONG_PERSON, judgement.CHANGED, shows=Shows.OBJECTS, papers=BOTH)
def two_signatures_change_places(pdf, means):
    def change(writer):
        first, last = fields(writer)[0], fields(writer)[-1]
        first[pdf_name("/V")], last[pdf_name("/V")] = last.raw_get("/V"), first.raw_get("/V")
        writer.update_container(first)
        writer.update_container(last)

    return appended(pdf, change)


@attack(Verdict.INVALID, judgement.CHANGED, verify.FOREIGN, shows=Shows.OBJECTS)
def the_seal_is_shown_in_a_second_field(pdf, means):
    def change(writer):
        seal = fields(writer)[-1]
        append_signature_field(writer, SigFieldSpec("Them"))
        fields(writer)[-1][pdf_name("/V")] = seal.raw_get("/V")

    return appended(pdf, change)
