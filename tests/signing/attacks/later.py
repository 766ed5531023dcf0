"""Signatures and timestamps that somebody adds later, truly made but not by whom they should be."""

from io import BytesIO

from asn1crypto import cms, core
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from meeting_app.domain.signature import Field, Verdict
from meeting_app.signing import judgement, verify
from meeting_app.signing.running import finished
from meeting_app.signing.writing import AppendingWriter
from tests.signing.archiving import TightStamper, asking, stamped
from tests.signing.attacks.surgery import dictionary, fields, gap, number_of, page, recast, stream
from tests.signing.attacks.table import BOTH, Shows, attack
from tests.signing.attacks.updates import OVERLAY, script
from tests.signing.library import library_signer

ARCHIVED = ("archived",)
LOOSE = (Verdict.UNCONFIRMED, judgement.TIMESTAMP_LOOSE)


def signed_by(pdf, key, stamper, *, field="Them", box=None, **options):
    """A signature with a library's usual settings, as other software would make it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(field, box=box))
    meta = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **options)
    return PdfSigner(meta, library_signer(key), timestamper=stamper).sign_pdf(writer).getvalue()


# --- signatures -----------------------------------------------------------------------------


@attack(Verdict.INVALID, verify.FOREIGN, judgement.CHANGED, judgement.UNTRUSTED, shows=Shows.OBJECTS, papers=BOTH)
def a_stranger_signs_after_the_seal(pdf, means):
    return signed_by(pdf, means.stranger, RequestsHTTPTimeStamper(means.pki.timestamp_url))


@attack(Verdict.INVALID, verify.FOREIGN, shows=Shows.OBJECTS, papers=("led",))
def a_stranger_signs_before_the_seal(pdf, means):
    return signed_by(pdf, means.stranger, RequestsHTTPTimeStamper(means.pki.timestamp_url))


@attack(Verdict.INVALID, verify.FOREIGN, judgement.CHANGED, shows=Shows.PAGE)
def a_colleague_signs_after_the_seal(pdf, means):
    key = means.desk.keys["hung"]
    return signed_by(pdf, key, RequestsHTTPTimeStamper(means.pki.timestamp_url), box=(60, 500, 300, 700))


# --- timestamps of the document -------------------------------------------------------------


@attack(Verdict.UNCONFIRMED, judgement.TIMESTAMP_UNTRUSTED, shows=Shows.OBJECTS, papers=BOTH)
def a_strangers_authority_stamps_the_paper(pdf, means):
    """Nothing that was signed is altered: this cannot be false, but it is no proof either."""
    return stamped(pdf, TightStamper(means.strangers.timestamp_url), asking([means.strangers_root]))


@attack(*LOOSE, shows=Shows.OBJECTS)
def the_paper_is_stamped_with_more_than_the_authority_signs(pdf, means):
    """As most software would do it; but then anybody could change what the authority did not sign."""
    return stamped(pdf, RequestsHTTPTimeStamper(means.pki.timestamp_url), asking(means.desk.roots))


def stamped_by_hand(pdf, means, change, spec=None):
    """A true timestamp over an update that does something else as well."""
    writer = AppendingWriter(pdf)
    stamper = TightStamper(means.pki.timestamp_url)
    finished(stamper.async_dummy_response("sha256"))
    spec = spec or SigFieldSpec("Them")
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(spec.sig_field_name, writer)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=8192)))
    change(writer)
    digest, output = steps.send(SigIOSetup("sha256"))
    steps.send(finished(stamper.async_timestamp(digest.document_digest, "sha256")))
    return output.getvalue()


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE)
def text_is_drawn_over_a_page_that_is_then_stamped(pdf, means):
    def change(writer):
        sheet = page(writer)
        parts = [sheet.raw_get("/Contents"), writer.add_object(stream(OVERLAY))]
        sheet[pdf_name("/Contents")] = generic.ArrayObject(parts)
        writer.update_container(sheet)

    return stamped_by_hand(pdf, means, change)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.OBJECTS)
def the_paper_is_stamped_in_a_field_that_runs_a_script(pdf, means):
    return stamped_by_hand(
        pdf, means, lambda writer: fields(writer)[-1].update({pdf_name("/AA"): dictionary(PO=script())})
    )


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.OBJECTS)
def the_paper_is_stamped_in_a_field_that_is_seen(pdf, means):
    return stamped_by_hand(pdf, means, lambda _: None, SigFieldSpec("Them", box=(60, 500, 300, 700)))


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.OBJECTS)
def the_paper_is_stamped_and_an_empty_field_added(pdf, means):
    return stamped_by_hand(pdf, means, lambda writer: append_signature_field(writer, SigFieldSpec("Nua")))


@attack(Verdict.INVALID, verify.FOREIGN, shows=Shows.OBJECTS, papers=("led",))
def a_timestamp_is_put_in_the_place_of_the_seal(pdf, means):
    """So that the agency cannot seal any more."""
    return stamped_by_hand(pdf, means, lambda _: None, SigFieldSpec(Field.SEAL.value))


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE, papers=ARCHIVED)
def the_timestamp_is_that_of_another_archived_paper(pdf, means):
    start, end = gap(means.papers["other"])
    held = means.papers["other"][start:end]
    start, end = gap(pdf)
    return pdf[:start] + held[:-1].ljust(end - start - 1, b"0") + b">" + pdf[end:]


@attack(*LOOSE, shows=Shows.SIGNATURE, papers=ARCHIVED)
def the_timestamp_of_the_paper_gets_an_unsigned_attribute(pdf, means):
    def change(token):
        hidden = cms.CMSAttribute({"type": "1.2.3.4.5", "values": [core.OctetString(b"hidden")]})
        token["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([hidden])

    return recast(pdf, change)


@attack(*LOOSE, shows=Shows.SIGNATURE, papers=ARCHIVED)
def the_timestamp_of_the_paper_gets_another_certificate(pdf, means):
    def change(token):
        bag = [entry.chosen for entry in token["certificates"]]
        token["certificates"] = [*bag, means.stranger.certificate]

    return recast(pdf, change)


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE, papers=ARCHIVED)
def the_paper_is_changed_in_place_before_its_timestamp(pdf, means):
    _, end = gap(pdf, 1)
    place = pdf.index(b"/M (D", end - 1) + 12
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.OBJECTS, papers=ARCHIVED)
def the_proofs_are_taken_away_after_the_timestamp(pdf, means):
    writer = AppendingWriter(pdf)
    writer.root["/DSS"][pdf_name("/OCSPs")] = generic.ArrayObject()
    writer.update_container(writer.root["/DSS"])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE, papers=ARCHIVED)
def text_is_drawn_over_an_archived_page(pdf, means):
    content = number_of(pdf, ("/Pages", "/Kids", 0, "/Contents"))
    writer = AppendingWriter(pdf)
    writer.objects[(0, content)] = stream(OVERLAY)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
