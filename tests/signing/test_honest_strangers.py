"""Papers as other software signs them: valid here if their signers are trusted and their proofs complete."""

import subprocess
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement
from meeting_app.signing.running import finished
from tests.signing.archiving import asking
from tests.signing.attacks.surgery import appended, dictionary, drawing, numbers, page, stream, text
from tests.signing.library import library_signer

LT = {"subfilter": SigSeedSubFilter.PADES, "embed_validation_info": True}
LTA = {**LT, "use_pades_lta": True}
ADOBE = {"subfilter": SigSeedSubFilter.ADOBE_PKCS7_DETACHED, "embed_validation_info": True}


@pytest.fixture(scope="module")
def plain(desk):
    """A paper without a route."""
    return desk.compile(())


@pytest.fixture
def sign(desk, pki):
    """Sign with the library's own signer and usual settings."""

    def signed(pdf, who="an", field="Chu-ky-1", *, pss=True, box=None, lock=None, **options):
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        if not any(name == field for name, _, _ in enumerate_sig_fields(writer)):
            append_signature_field(writer, SigFieldSpec(field, box=box, field_mdp_spec=lock))
        signer = library_signer(desk.keys[who])
        signer.prefer_pss = pss
        options = {"md_algorithm": "sha256", "validation_context": asking(desk.roots), **LT, **options}
        stamper = RequestsHTTPTimeStamper(pki.timestamp_url)
        return (
            PdfSigner(PdfSignatureMetadata(field, **options), signer, timestamper=stamper).sign_pdf(writer).getvalue()
        )

    return signed


def assert_valid(verdict, *profiles):
    told = [reason for facts in verdict.signatures for reason in facts.reasons]
    assert (verdict.verdict, verdict.reasons, told) == (Verdict.VALID, (), [])
    assert [facts.profile for facts in verdict.signatures] == list(profiles)


# --- schemes --------------------------------------------------------------------------------


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize(("who", "pss"), [("an", True), ("an", False), ("binh", True)], ids=["pss", "pkcs1", "ecdsa"])
def test_every_allowed_scheme_is_valid(desk, plain, sign, who, pss, digest):
    verdict = desk.verdict(sign(plain, who, pss=pss, md_algorithm=digest))
    assert_valid(verdict, "B-LT")
    scheme = {"binh": "ECDSA P-256"}.get(who, "RSASSA-PSS" if pss else "RSASSA-PKCS1-v1_5")
    assert verdict.signatures[0].algorithm == f"{scheme}, {digest.upper().replace('SHA', 'SHA-')}"


@pytest.mark.parametrize("pss", [True, False])
def test_proofs_inside_the_signature_are_as_good(desk, plain, sign, pss):
    """The older way (ISO 32000-2, 12.8.3.3): without a security store."""
    pdf = sign(plain, pss=pss, **ADOBE)
    assert "/DSS" not in PdfFileReader(BytesIO(pdf)).root
    verdict = desk.verdict(pdf)
    assert_valid(verdict, "B-LT")


def test_an_archived_paper_is_valid(desk, plain, sign):
    assert_valid(desk.verdict(sign(plain, **LTA)), "B-LTA", "B-LT")


def test_a_paper_archived_again_and_again_is_valid(desk, pki, plain, sign):
    pdf = sign(plain, **LTA)
    for _ in range(2):
        chain = PdfTimeStamper(RequestsHTTPTimeStamper(pki.timestamp_url))
        work = chain.async_update_archival_timestamp_chain(PdfFileReader(BytesIO(pdf)), asking(desk.roots))
        pdf = finished(work).getvalue()
    assert_valid(desk.verdict(pdf), "B-LTA", "B-LTA", "B-LTA", "B-LT")


# --- proofs ---------------------------------------------------------------------------------


def answers(desk, key):
    """Everything the authorities say about a signer and the timestamp authority."""
    context = asking(desk.roots, key.chain)
    issuing = next(entry for entry in key.chain if entry.self_signed == "no")
    return context, issuing


async def gathered(desk, pki, key, *, ocsp, crl):
    context, issuing = answers(desk, key)
    stamping = type(issuing).load(pki.certificate("timestamp"))
    found = {"certs": [issuing], "ocsps": [], "crls": list(await context.async_retrieve_crls(issuing))}
    for certificate in (key.certificate, stamping):
        if ocsp:
            found["ocsps"] += await context.async_retrieve_ocsps(certificate, issuing)
        if crl:
            found["crls"] += await context.async_retrieve_crls(certificate)
    await context.aclose()
    return found


@pytest.mark.parametrize(("ocsp", "crl"), [(True, False), (False, True), (True, True)])
def test_lists_or_answers_prove_as_well(desk, pki, plain, sign, ocsp, crl):
    """The issuing authority itself is vouched for by a list alone."""
    pdf = sign(plain, embed_validation_info=False)
    assert desk.verdict(pdf).signatures[0].profile == "B-T"
    out = BytesIO(pdf)
    DocumentSecurityStore.add_dss(out, None, **finished(gathered(desk, pki, desk.keys["an"], ocsp=ocsp, crl=crl)))
    assert_valid(desk.verdict(out.getvalue()), "B-LT")


def test_without_proofs_the_paper_waits_for_them(desk, plain, sign):
    verdict = desk.verdict(sign(plain, embed_validation_info=False))
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert set(verdict.signatures[0].reasons) == {judgement.UNPROVEN, judgement.TIMESTAMP_UNPROVEN}


# --- several signatures ---------------------------------------------------------------------


def test_two_signatures_are_valid(desk, plain, sign):
    pdf = sign(sign(plain), "binh", "Chu-ky-2")
    assert_valid(desk.verdict(pdf), "B-LT", "B-LT")


def test_three_visible_signatures_are_valid(desk, plain, sign):
    pdf = plain
    for number, who in enumerate(("an", "binh", "hung")):
        pdf = sign(pdf, who, f"Chu-ky-{number}", box=(60, 60 + 90 * number, 220, 130 + 90 * number))
    assert_valid(desk.verdict(pdf), "B-LT", "B-LT", "B-LT")


def test_an_approval_after_a_certification_is_valid(desk, plain, sign):
    """In a field that was there when the paper was certified."""
    writer = IncrementalPdfFileWriter(BytesIO(plain))
    append_signature_field(writer, SigFieldSpec("Chu-ky-2", box=(60, 60, 220, 130)))
    out = BytesIO()
    writer.write(out)
    pdf = sign(out.getvalue(), certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    assert_valid(desk.verdict(sign(pdf, "binh", "Chu-ky-2")), "B-LT", "B-LT")


def test_a_signature_that_locks_the_form_is_valid(desk, plain, sign):
    assert_valid(desk.verdict(sign(plain, lock=FieldMDPSpec(FieldMDPAction.ALL))), "B-LT")


def test_a_signature_over_an_archived_paper_is_valid(desk, plain, sign):
    pdf = sign(sign(plain, **LTA), "binh", "Chu-ky-2")
    assert_valid(desk.verdict(pdf), "B-LTA", "B-LT", "B-LT")


# --- ways of writing ------------------------------------------------------------------------


def saved(pdf, folder, *options):
    before, after = folder / "before.pdf", folder / "after.pdf"
    before.write_bytes(pdf)
    subprocess.run(["qpdf", *options, before, after], check=True)
    return after.read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        ["--object-streams=generate"],
        ["--linearize"],
        ["--linearize", "--object-streams=generate"],
        ["--force-version=2.0"],
        ["--qdf"],
    ],
    ids=" ".join,
)
def test_a_paper_is_valid_however_it_is_written(desk, plain, sign, tmp_path, options):
    pdf = sign(saved(plain, tmp_path, *options))
    assert_valid(desk.verdict(pdf), "B-LT")
    assert_valid(desk.verdict(sign(pdf, "binh", "Chu-ky-2", **LTA)), "B-LTA", "B-LTA", "B-LT")


def filled(writer):
    """A form with a text and a picture on the page, before anybody signs."""
    field = dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Widget"),
        FT=pdf_name("/Tx"),
        T=text("Ten"),
        V=text("Nguyễn Văn An"),
        Rect=numbers(60, 60, 200, 80),
        AP=dictionary(N=writer.add_object(drawing(b"q Q", (0, 0, 140, 20)))),
    )
    where = writer.add_object(field)
    page(writer)[pdf_name("/Annots")] = generic.ArrayObject([where])
    writer.update_container(page(writer))
    writer.root[pdf_name("/AcroForm")] = dictionary(
        Fields=generic.ArrayObject([where]), NeedAppearances=generic.BooleanObject(True)
    )
    writer.update_root()


def annotated(writer):
    note = dictionary(
        Type=pdf_name("/Annot"), Subtype=pdf_name("/Text"), Rect=numbers(9, 9, 30, 30), Contents=text("x")
    )
    page(writer)[pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page(writer))


def attached(writer):
    file = writer.add_object(stream(b"x", Type=pdf_name("/EmbeddedFile")))
    held = dictionary(Type=pdf_name("/Filespec"), F=text("a.txt"), UF=text("a.txt"), EF=dictionary(F=file))
    names = generic.ArrayObject([text("a.txt"), writer.add_object(held)])
    writer.root[pdf_name("/Names")] = dictionary(EmbeddedFiles=dictionary(Names=names))
    writer.update_root()


def scripted(writer):
    """What a paper does when it is opened was signed with it."""
    writer.root[pdf_name("/OpenAction")] = dictionary(S=pdf_name("/JavaScript"), JS=text("1"))
    writer.update_root()


def pointing_nowhere(writer):
    """A reference to nothing is null (ISO 32000-2, 7.3.10); old software leaves such behind."""
    page(writer)[pdf_name("/PieceInfo")] = generic.IndirectObject(99_999, 0, writer)
    writer.update_container(page(writer))


@pytest.mark.parametrize("change", [filled, annotated, attached, scripted, pointing_nowhere])
def test_what_was_there_before_the_signature_does_not_matter(desk, plain, sign, change):
    pdf = sign(appended(plain, change))
    assert_valid(desk.verdict(pdf), "B-LT")
    assert_valid(desk.verdict(sign(pdf, "binh", "Chu-ky-2", **LTA)), "B-LTA", "B-LTA", "B-LT")
