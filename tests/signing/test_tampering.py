"""The twin of each honest paper: changed by somebody, and refused for its own reason."""

from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from asn1crypto import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from meeting_app.domain.signature import Field, Unreadable, Verdict
from meeting_app.signing import judgement, verify
from meeting_app.signing.demo_pki import DemoSubject, prepare
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.keys import unlock
from meeting_app.signing.running import finished
from meeting_app.signing.trust import read_roots
from meeting_app.signing.writing import AppendingWriter
from tests.pki import AGENCY, PIN, serving, sign
from tests.signing.conftest import INVITATION
from tests.signing.library import library_signer


def reasons(verdict):
    return {*verdict.reasons, *(reason for facts in verdict.signatures for reason in facts.reasons)}


def assert_refused(verdict, *expected):
    assert verdict.verdict is Verdict.INVALID
    assert reasons(verdict) >= set(expected)


def appended(pdf, change):
    """The paper with an incremental update by somebody without a key, and nothing but that change."""
    writer = AppendingWriter(pdf)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


# --- bytes ----------------------------------------------------------------------------------


def test_one_flipped_byte_of_the_content_is_told(desk, sealed):
    place = sealed.index(b"/Lang")
    forged = sealed[: place + 7] + bytes([sealed[place + 7] ^ 1]) + sealed[place + 8 :]
    assert_refused(desk.verdict(forged), judgement.ALTERED)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_flipped_bit_anywhere_leaves_the_paper_valid(desk, sealed, data):
    place = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.integers(0, 7))
    forged = bytearray(sealed)
    forged[place] ^= 1 << bit
    with suppress(Unreadable):
        assert desk.verdict(bytes(forged)).verdict is not Verdict.VALID


@pytest.mark.parametrize("junk", [b"x", b"\n", b"\n%%EOF\n", b"%" * 3000 + b"\n", b"\nstartxref\n0\n%%EOF\n"])
def test_appended_junk_is_told(desk, sealed, junk):
    with suppress(Unreadable):
        assert desk.verdict(sealed + junk).verdict is Verdict.INVALID


def test_appended_bytes_have_their_own_reason(desk, sealed):
    assert_refused(desk.verdict(sealed + b"\n<!-- later -->\n"), verify.TAIL)


def test_bytes_hidden_beside_the_signature_are_told(desk, sealed):
    _, gap, end, _ = PdfFileReader(BytesIO(sealed)).embedded_signatures[-1].byte_range
    forged = bytearray(sealed)
    forged[end - 5 : end - 3] = b"41"
    assert gap < end
    assert_refused(desk.verdict(bytes(forged)), judgement.HIDDEN)


def test_another_spelling_of_the_signature_is_told(desk, sealed):
    _, gap, _, _ = PdfFileReader(BytesIO(sealed)).embedded_signatures[-1].byte_range
    letter = next(place for place in range(gap + 1, gap + 400) if sealed[place : place + 1].isalpha())
    forged = sealed[:letter] + sealed[letter : letter + 1].swapcase() + sealed[letter + 1 :]
    assert_refused(desk.verdict(forged), judgement.HIDDEN)


def test_a_truncated_paper_is_not_valid(desk, sealed):
    for length in (len(sealed) - 1, len(sealed) - 10, len(sealed) // 2, 100):
        with suppress(Unreadable):
            assert desk.verdict(sealed[:length]).verdict is not Verdict.VALID


def test_a_paper_rolled_back_before_the_seal_waits_for_the_seal(desk, led, sealed):
    back = sealed[: len(led)]
    assert desk.verdict(back).verdict is Verdict.UNCONFIRMED
    assert desk.verdict(back).reasons == (verify.MISSING[Field.SEAL],)


# --- content changed by an update ------------------------------------------------------------


def swap_pages(writer):
    kids = writer.root["/Pages"]["/Kids"]
    kids.reverse()
    writer.update_container(kids)


def add_text(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    text = generic.StreamObject(stream_data=b"BT /F1 12 Tf 100 700 Td (and 1 000 000 000 dong) Tj ET")
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(text)])
    writer.update_container(page)


def add_note(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 600, 300, 640))),
            pdf_name("/Contents"): generic.TextStringObject("Đã sửa"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page)


def replace_shadowed_object(writer):
    """The page's content stream, under its old number, by another one."""
    contents = writer.root["/Pages"]["/Kids"][0].raw_get("/Contents")
    stream = contents.get_object()
    stream._data, stream._encoded_data = b"q Q", None
    writer.mark_update(contents)


def replace_appearance(writer):
    """What is seen of the seal."""
    field = writer.root["/AcroForm"]["/Fields"][-1]
    drawing = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 100, 100))),
        },
        stream_data=b"1 0 0 rg 0 0 100 100 re f",
    )
    field["/AP"][pdf_name("/N")] = writer.add_object(drawing)
    writer.update_container(field)


def change_title(writer):
    writer.root["/StructTreeRoot"][pdf_name("/RoleMap")] = generic.DictionaryObject()
    writer.update_container(writer.root["/StructTreeRoot"])


def drop_security_store(writer):
    del writer.root["/DSS"]
    writer.update_root()


def replace_route(writer):
    files = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    route = files[1]["/EF"]["/F"]
    route._data, route._encoded_data = b"[]", None
    writer.mark_update(files[1]["/EF"].raw_get("/F"))


CHANGES = [
    swap_pages,
    add_text,
    add_note,
    replace_shadowed_object,
    replace_appearance,
    change_title,
    drop_security_store,
    replace_route,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_after_the_seal_is_told(desk, sealed, change):
    verdict = desk.verdict(appended(sealed, change))
    assert_refused(verdict, judgement.CHANGED)
    assert verdict.signatures[-1].intact  # the signed bytes are there: it is the document that changed
    assert not verdict.signatures[-1].covers_file


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_before_the_seal_is_told_even_if_the_agency_seals_it(desk, led, change):
    """The seal covers the change, but the first signer never saw it."""
    forged = appended(led, change)
    assert_refused(desk.verdict(forged), judgement.CHANGED)
    resealed = desk.force(forged, desk.order(INVITATION, Field.SEAL), desk.keys["seal"])
    verdict = desk.verdict(resealed, desk.route(INVITATION, "an", "seal"))
    assert_refused(verdict, judgement.CHANGED)
    assert verdict.signatures[0].verdict is Verdict.INVALID


def test_metadata_written_anew_is_told_in_our_own_papers(desk, sealed):
    def rename(writer):
        information = writer.trailer["/Info"]
        information[pdf_name("/Title")] = generic.TextStringObject("Giấy mời khác")
        writer.mark_update(writer.trailer.raw_get("/Info"))

    assert_refused(desk.verdict(appended(sealed, rename)), judgement.CHANGED)


# --- signatures -----------------------------------------------------------------------------


def test_a_place_signed_by_another_person_is_told(desk, blank):
    pdf = desk.force(blank, desk.order(INVITATION, Field.LEADER), desk.keys["hung"])
    pdf = desk.force(pdf, desk.order(INVITATION, Field.SEAL), desk.keys["seal"])
    verdict = desk.verdict(pdf)
    assert_refused(verdict, verify.WRONG_PERSON)
    assert verdict.signatures[0].reasons == (verify.WRONG_PERSON,)
    assert verdict.signatures[1].verdict is Verdict.VALID


def test_signatures_in_another_order_are_told(desk):
    pdf = desk.compile(desk.route(INVITATION, "an", "seal"))
    fields = (Field.SEAL, Field.LEADER)
    pdf = desk.force(pdf, desk.order(fields, Field.SEAL), desk.keys["seal"])
    pdf = desk.force(pdf, replace(desk.order(fields, Field.LEADER), certify=False), desk.keys["an"])
    assert_refused(desk.verdict(pdf), verify.OUT_OF_ORDER)


def sign_as_stranger(pdf, key, stamper, field="Extra", **options):
    """A signature with a library's usual settings, as other software would make it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(field))
    meta = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **options)
    return PdfSigner(meta, library_signer(key), timestamper=stamper).sign_pdf(writer).getvalue()


@pytest.fixture(scope="session")
def stranger(tmp_path_factory):
    """Somebody whose authority nobody here trusts."""
    made = prepare(tmp_path_factory.mktemp("stranger"), [DemoSubject("x", "Người Lạ", AGENCY, PIN, algorithm="ec")])
    return unlock(made.pkcs12("x"), PIN)


def test_a_strangers_signature_between_ours_is_told(desk, pki, led, stranger):
    pdf = sign_as_stranger(led, stranger, RequestsHTTPTimeStamper(pki.timestamp_url))
    verdict = desk.verdict(pdf)
    assert_refused(verdict, verify.FOREIGN)
    assert judgement.UNTRUSTED in verdict.signatures[1].reasons


def test_a_colleagues_unplanned_signature_is_told(desk, pki, led):
    pdf = sign_as_stranger(led, desk.keys["hung"], RequestsHTTPTimeStamper(pki.timestamp_url))
    assert_refused(desk.verdict(pdf), verify.FOREIGN)


def test_a_signature_after_the_seal_is_told(desk, pki, sealed, stranger):
    pdf = sign_as_stranger(sealed, stranger, RequestsHTTPTimeStamper(pki.timestamp_url))
    assert_refused(desk.verdict(pdf), verify.FOREIGN, judgement.CHANGED)


# --- trust and proofs -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def plain(desk):
    """A paper without a route, as it may come from anywhere."""
    return desk.compile(())


def test_without_its_root_a_paper_cannot_be_confirmed(sealed, stranger):
    for trust in ((), (stranger.chain[-1],)):
        verdict = verify.verify(sealed, trust)
        assert verdict.verdict is Verdict.UNCONFIRMED
        assert judgement.UNTRUSTED in reasons(verdict)
        assert not verdict.signatures[0].trusted
        assert verdict.signatures[0].intact


def test_without_a_timestamp_a_signature_cannot_be_confirmed(desk, plain):
    verdict = desk.verdict(sign_as_stranger(plain, desk.keys["an"], None))
    assert (verdict.verdict, verdict.signatures[0].profile) == (Verdict.UNCONFIRMED, "B-B")
    assert verdict.signatures[0].reasons == (judgement.NO_TIMESTAMP,)


def test_without_proof_about_revocation_a_signature_cannot_be_confirmed(desk, pki, plain):
    pdf = sign_as_stranger(plain, desk.keys["an"], RequestsHTTPTimeStamper(pki.timestamp_url))
    verdict = desk.verdict(pdf)
    assert (verdict.verdict, verdict.signatures[0].profile) == (Verdict.UNCONFIRMED, "B-T")
    assert reasons(verdict) == {judgement.UNPROVEN, judgement.TIMESTAMP_UNPROVEN}


def test_a_strangers_timestamp_proves_nothing(desk, plain, tmp_path):
    other = prepare(tmp_path / "other", [])
    with serving(other):
        pdf = sign_as_stranger(plain, desk.keys["an"], RequestsHTTPTimeStamper(other.timestamp_url))
    verdict = desk.verdict(pdf)
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert judgement.TIMESTAMP_UNTRUSTED in reasons(verdict)


def test_an_expired_certificate_cannot_have_signed(desk, pki, plain):
    pdf = sign_as_stranger(plain, unlock(pki.pkcs12("expired"), PIN), RequestsHTTPTimeStamper(pki.timestamp_url))
    assert_refused(desk.verdict(pdf), judgement.OUTSIDE_VALIDITY)


def test_a_certificate_for_another_purpose_cannot_have_signed(desk, pki, plain, monkeypatch):
    monkeypatch.setattr("meeting_app.signing.keys.ensure_usable", lambda _: None)
    key = unlock(pki.pkcs12("cipher"), PIN)
    pdf = sign_as_stranger(plain, key, RequestsHTTPTimeStamper(pki.timestamp_url))
    assert judgement.MISUSED in reasons(desk.verdict(pdf))


async def gathered_now(pki, roots, key):
    """What the authorities say at this moment about signer and timestamp authority."""
    context = ValidationContext(trust_roots=list(roots), allow_fetching=True, fetcher_backend=RequestsFetcherBackend(5))
    issuing, stamping = (x509.Certificate.load(pki.certificate(label)) for label in ("issuing", "timestamp"))
    ocsps = [
        answer
        for certificate in (key.certificate, stamping)
        for answer in await context.async_retrieve_ocsps(certificate, issuing)
    ]
    return {"ocsps": ocsps, "crls": await context.async_retrieve_crls(issuing), "certs": [issuing]}


def with_proofs(pdf, proofs):
    """The paper with validation material added by anybody, as PAdES allows."""
    out = BytesIO(pdf)
    DocumentSecurityStore.add_dss(out, None, **proofs)
    return out.getvalue()


def test_a_certificate_revoked_before_signing_cannot_have_signed(desk, pki, roots, plain):
    key = unlock(pki.pkcs12("revoked"), PIN)
    pdf = sign_as_stranger(plain, key, RequestsHTTPTimeStamper(pki.timestamp_url))
    verdict = desk.verdict(with_proofs(pdf, finished(gathered_now(pki, roots, key))))
    assert_refused(verdict, judgement.REVOKED)
    assert not verdict.signatures[0].valid_at_signing


def test_proofs_added_afterwards_complete_an_honest_signature(desk, pki, roots, plain):
    key = desk.keys["an"]
    pdf = sign_as_stranger(plain, key, RequestsHTTPTimeStamper(pki.timestamp_url))
    verdict = desk.verdict(with_proofs(pdf, finished(gathered_now(pki, roots, key))))
    assert (verdict.verdict, verdict.signatures[0].profile) == (Verdict.VALID, "B-LT")


def test_a_revocation_after_signing_does_not_undo_the_signature(desk, plain, tmp_path):
    made = prepare(tmp_path / "pki", [DemoSubject("gone", "Vũ Đã Rời", AGENCY, PIN, algorithm="ec")])
    trust, key = read_roots([made.trust_file]), unlock(made.pkcs12("gone"), PIN)
    with serving(made):
        pdf = sign(SigningEngine([made.timestamp_url], trust), plain, desk.order(INVITATION, Field.SEAL), key)
        made.revoke("gone")
        later = with_proofs(pdf, finished(gathered_now(made, trust, key)))
    assert len(later) > len(pdf)
    assert verify.verify(later, trust).verdict is Verdict.VALID


def test_an_archived_paper_of_other_software_is_valid(desk, pki, roots, plain):
    context = ValidationContext(trust_roots=list(roots), allow_fetching=True, fetcher_backend=RequestsFetcherBackend(5))
    pdf = sign_as_stranger(
        plain,
        desk.keys["an"],
        RequestsHTTPTimeStamper(pki.timestamp_url),
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
    )
    verdict = desk.verdict(pdf)
    assert (verdict.verdict, reasons(verdict)) == (Verdict.VALID, set())
    assert [facts.profile for facts in verdict.signatures] == ["B-LTA", "B-LT"]
    assert desk.verdict(pdf + b"%").verdict is Verdict.INVALID


def test_what_is_no_pdf_is_unreadable(desk):
    for content in (b"", b"%PDF-1.7\n", b"PK\x03\x04" + bytes(100), b"<html>"):
        with pytest.raises(Unreadable):
            desk.verdict(content)
