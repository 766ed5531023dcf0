"""Incremental updates of what the catalogue says and does, of the metadata and of the proofs."""

from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement, verify
from tests.signing.attacks.surgery import appended, dictionary, drawing, number_of, stream, text
from tests.signing.attacks.table import BOTH, EVERY, Shows, attack

OVERLAY = b"q 1 1 1 rg 60 640 480 160 re f Q BT /F1 12 Tf 80 700 Td (1 000 000 000) Tj ET"
SCRIPT = {"S": pdf_name("/JavaScript"), "JS": text("app.alert('x')")}
CHANGED = (Verdict.INVALID, judgement.CHANGED)


def script():
    return dictionary(**SCRIPT)


def set_in_root(pdf, **entries):
    """The paper with these entries of the catalogue replaced; None takes one away."""

    def change(writer):
        for key, value in entries.items():
            if value is None:
                del writer.root[f"/{key}"]
            else:
                writer.root[pdf_name(f"/{key}")] = value
        writer.update_root()

    return appended(pdf, change)


# --- catalogue -------------------------------------------------------------------------------


@attack(*CHANGED, shows=Shows.OBJECTS, papers=EVERY)
def the_catalogue_runs_a_script_when_opened(pdf, means):
    return set_in_root(pdf, OpenAction=script())


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_catalogue_runs_a_script_when_closed(pdf, means):
    return set_in_root(pdf, AA=dictionary(WC=script()))


@attack(*CHANGED, shows=Shows.OBJECTS)
def a_script_is_put_among_the_names(pdf, means):
    def change(writer):
        names = writer.root["/Names"]
        names[pdf_name("/JavaScript")] = dictionary(Names=generic.ArrayObject([text("x"), writer.add_object(script())]))
        writer.update_root()

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS, papers=EVERY)
def viewers_are_asked_to_draw_the_form_anew(pdf, means):
    def change(writer):
        writer.root["/AcroForm"][pdf_name("/NeedAppearances")] = generic.BooleanObject(True)
        writer.update_container(writer.root["/AcroForm"])

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_form_gets_other_fonts(pdf, means):
    def change(writer):
        font = dictionary(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/ZapfDingbats"))
        writer.root["/AcroForm"][pdf_name("/DR")] = dictionary(Font=dictionary(Helv=font))
        writer.root["/AcroForm"][pdf_name("/DA")] = text("/Helv 0 Tf 1 g")
        writer.update_container(writer.root["/AcroForm"])

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_form_gets_a_second_one_in_xml(pdf, means):
    def change(writer):
        writer.root["/AcroForm"][pdf_name("/XFA")] = writer.add_object(stream(b"<xdp:xdp/>"))
        writer.update_container(writer.root["/AcroForm"])

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_form_says_that_there_are_no_signatures(pdf, means):
    def change(writer):
        writer.root["/AcroForm"][pdf_name("/SigFlags")] = generic.NumberObject(0)
        writer.update_container(writer.root["/AcroForm"])

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS, papers=("sealed",))
def what_the_certification_permits_is_taken_away(pdf, means):
    return set_in_root(pdf, Perms=None)


@attack(*CHANGED, shows=Shows.OBJECTS, papers=("sealed",))
def the_certification_is_given_to_another_signature(pdf, means):
    def change(writer):
        seal = writer.root["/AcroForm"]["/Fields"][-1].get_object().raw_get("/V")
        writer.root[pdf_name("/Perms")] = dictionary(DocMDP=seal)
        writer.update_root()

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def developer_extensions_are_exchanged(pdf, means):
    return set_in_root(pdf, Extensions=dictionary(XXXX=dictionary(BaseVersion=pdf_name("/1.3"))))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_version_is_lowered(pdf, means):
    return set_in_root(pdf, Version=pdf_name("/1.1"))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_language_is_changed(pdf, means):
    return set_in_root(pdf, Lang=text("en"))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_structure_for_screen_readers_is_taken_away(pdf, means):
    return set_in_root(pdf, StructTreeRoot=None)


@attack(*CHANGED, shows=Shows.OBJECTS)
def a_screen_reader_is_told_another_text(pdf, means):
    def change(writer):
        element = writer.root["/StructTreeRoot"]["/K"][0].get_object()
        element[pdf_name("/ActualText")] = text("Cuộc họp bị huỷ")
        writer.update_container(element)

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_paper_is_marked_as_not_tagged(pdf, means):
    return set_in_root(pdf, MarkInfo=dictionary(Marked=generic.BooleanObject(False)))


@attack(*CHANGED, shows=Shows.OBJECTS)
def viewers_are_asked_to_hide_their_bars(pdf, means):
    return set_in_root(pdf, ViewerPreferences=dictionary(HideToolbar=generic.BooleanObject(True)))


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_outline_is_taken_away(pdf, means):
    return set_in_root(pdf, Outlines=None)


@attack(*CHANGED, shows=Shows.OBJECTS)
def links_get_another_base_address(pdf, means):
    return set_in_root(pdf, URI=dictionary(Base=text("http://example.org/")))


@attack(*CHANGED, shows=Shows.OBJECTS)
def a_file_is_attached(pdf, means):
    def change(writer):
        file = writer.add_object(stream(b"x", Type=pdf_name("/EmbeddedFile")))
        held = dictionary(Type=pdf_name("/Filespec"), F=text("a.txt"), UF=text("a.txt"), EF=dictionary(F=file))
        writer.root["/Names"]["/EmbeddedFiles"]["/Names"].extend([text("a.txt"), writer.add_object(held)])
        writer.update_root()

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_signing_route_is_replaced(pdf, means):
    def change(writer):
        held = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()["/EF"].raw_get("/F")
        held.get_object()._data, held.get_object()._encoded_data = b'{"format": 1, "steps": []}', None
        writer.mark_update(held)

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_signing_route_is_taken_away(pdf, means):
    return set_in_root(pdf, Names=None, AF=None)


# --- metadata --------------------------------------------------------------------------------


def rewritten_metadata(pdf, old, new):
    def change(writer):
        where = writer.root.raw_get("/Metadata")
        packet = where.get_object()
        changed = packet.data.replace(old, new)
        assert changed != packet.data
        writer.objects[(0, where.idnum)] = stream(changed, Type=pdf_name("/Metadata"), Subtype=pdf_name("/XML"))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_title_in_the_metadata_is_changed(pdf, means):
    return rewritten_metadata(pdf, "Giấy mời họp".encode(), "Giấy huỷ họp".encode())


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_metadata_claims_another_archive_format(pdf, means):
    return rewritten_metadata(pdf, b"<pdfaid:conformance>A<", b"<pdfaid:conformance>B<")


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_metadata_is_taken_away(pdf, means):
    return set_in_root(pdf, Metadata=None)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_metadata_is_pointed_at_another_stream(pdf, means):
    return set_in_root(
        pdf, Metadata=generic.IndirectObject(number_of(pdf, ("/Pages", "/Kids", 0, "/Contents")), 0, None)
    )


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_title_among_the_properties_is_changed(pdf, means):
    def change(writer):
        properties = writer.trailer["/Info"]
        properties[pdf_name("/Title")] = text("Giấy mời khác")
        writer.mark_update(writer.trailer.raw_get("/Info"))

    return appended(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_date_of_change_alone_is_rewritten(pdf, means):
    """As archiving software does, but without adding what it adds."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@attack(*CHANGED, shows=Shows.BYTES)
def an_update_says_again_what_stood_there(pdf, means):
    return appended(pdf, lambda writer: writer.update_root())


# --- proofs ----------------------------------------------------------------------------------


def changed_store(pdf, change):
    def update(writer):
        change(writer, writer.root["/DSS"])
        writer.update_container(writer.root["/DSS"])

    return appended(pdf, update)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_security_store_is_taken_away(pdf, means):
    return set_in_root(pdf, DSS=None)


@attack(*CHANGED, shows=Shows.OBJECTS, papers=BOTH)
def the_security_store_is_emptied(pdf, means):
    def change(writer, store):
        for key in ("/Certs", "/OCSPs", "/CRLs"):
            store[pdf_name(key)] = generic.ArrayObject()

    return changed_store(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def one_proof_is_taken_out_of_the_security_store(pdf, means):
    def change(writer, store):
        store[pdf_name("/OCSPs")] = generic.ArrayObject(list(store["/OCSPs"])[1:])

    return changed_store(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_security_store_is_exchanged_for_a_hostile_one(pdf, means):
    def change(writer, store):
        hostile = [means.stranger.certificate, *means.stranger.chain]
        store[pdf_name("/Certs")] = generic.ArrayObject(writer.add_object(stream(entry.dump())) for entry in hostile)
        for key in ("/OCSPs", "/CRLs"):
            store[pdf_name(key)] = generic.ArrayObject()

    return changed_store(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def a_certificate_in_the_security_store_is_overwritten(pdf, means):
    def change(writer, store):
        where = store["/Certs"].raw_get(0)
        writer.objects[(0, where.idnum)] = stream(means.stranger.certificate.dump())

    return changed_store(pdf, change)


@attack(Verdict.UNCONFIRMED, judgement.UNPROVEN, shows=Shows.OBJECTS)
def the_security_store_is_made_unreadable(pdf, means):
    """Anybody may add proofs, so this changes nothing that was signed; but then nothing is proven either."""

    def change(writer, store):
        store["/Certs"].append(writer.add_object(stream(b"no certificate")))

    return changed_store(pdf, change)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_security_store_gets_an_entry_of_another_kind(pdf, means):
    def change(writer, store):
        store[pdf_name("/Attachment")] = writer.add_object(drawing(OVERLAY))

    return changed_store(pdf, change)


@attack(Verdict.INVALID, verify.LOST, shows=Shows.OBJECTS, papers=BOTH)
def the_whole_form_is_taken_away(pdf, means):
    return set_in_root(pdf, AcroForm=None)
