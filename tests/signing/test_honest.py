"""The twin of the attacks: what honest people and honest software do to signed papers, and none of it is refused."""

import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator

from meeting_app.domain.paper import InvitationPaper, Letterhead, SignatureBlock
from meeting_app.domain.signature import Field, SigningOrder, Verdict
from meeting_app.pdf.invitation import render_invitation
from meeting_app.pdf.stamp import seal_stamp, signature_stamp
from meeting_app.signing import judgement, verify
from meeting_app.signing.chains import read_proofs
from meeting_app.signing.demo_pki import DemoSubject, prepare
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.keys import unlock
from meeting_app.signing.running import finished
from meeting_app.signing.trust import read_roots
from meeting_app.signing.writing import AppendingWriter
from tests.pki import AGENCY, PIN, serving, sign
from tests.signing.archiving import TightStamper, archived, asking, renewed, stamped
from tests.signing.conftest import INVITATION, MINUTES
from tests.signing.succession import YEAR

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SEA = "Cục Quản lý đường thuỷ nội địa và Cảng vụ hàng hải khu vực Hải Phòng – Quảng Ninh – Thái Bình"
STAFF = (
    DemoSubject("leader-ec", "Nguyễn Thị Ánh Nguyệt", AGENCY, PIN, algorithm="ec"),
    DemoSubject("secretary-rsa", "Trần Đặng Quỳnh Như", AGENCY, PIN, algorithm="rsa"),
    DemoSubject("chair-rsa", "Lê Huỳnh Đức", AGENCY, PIN, algorithm="rsa"),
    DemoSubject("seal-ec", AGENCY, AGENCY, PIN, algorithm="ec"),
    DemoSubject("leader-rsa", "Đoàn Ngọc Hải", AGENCY, PIN, algorithm="rsa"),
    DemoSubject("seal-rsa", AGENCY, AGENCY, PIN, algorithm="rsa"),
    DemoSubject("long", "Công Tằng Tôn Nữ Thị Huyền Trang Nguyễn Phước", SEA, PIN, unit=SEA[:60], algorithm="ec"),
)


@pytest.fixture(scope="module")
def office(desk, tmp_path_factory):
    """A second agency's desk, with keys of both kinds for each role."""
    made = prepare(tmp_path_factory.mktemp("office"), STAFF)
    roots = read_roots([made.trust_file])
    keys = {subject.label: unlock(made.pkcs12(subject.label), PIN) for subject in STAFF}
    with serving(made):
        yield replace(desk, engine=SigningEngine([made.timestamp_url], roots), keys=keys, roots=roots)


def assert_valid(verdict, *profiles):
    assert (verdict.verdict, verdict.reasons) == (Verdict.VALID, ())
    assert [facts.reasons for facts in verdict.signatures] == [()] * len(verdict.signatures)
    if profiles:
        assert [facts.profile for facts in verdict.signatures] == list(profiles)


def signed(desk, fields, people, pdf=None):
    pdf = pdf or desk.compile(desk.route(fields, *people))
    for field, who in zip(fields, people, strict=True):
        pdf = desk.sign(pdf, fields, field, who)
    return pdf


# --- keys -----------------------------------------------------------------------------------


@pytest.mark.parametrize("leader", ["leader-rsa", "leader-ec"])
@pytest.mark.parametrize("seal", ["seal-rsa", "seal-ec"])
def test_an_invitation_is_valid_whatever_keys_it_is_signed_with(office, leader, seal):
    verdict = office.verdict(signed(office, INVITATION, (leader, seal)))
    assert_valid(verdict, "B-LT", "B-LT")
    told = {"rsa": "RSASSA-PSS, SHA-256", "ec": "ECDSA P-256, SHA-256"}
    assert [facts.algorithm for facts in verdict.signatures] == [told[who.rpartition("-")[2]] for who in (leader, seal)]


@pytest.mark.parametrize(
    "people", [("secretary-rsa", "chair-rsa", "seal-ec"), ("leader-ec", "chair-rsa", "seal-rsa")], ids=str
)
def test_minutes_are_valid_whatever_keys_they_are_signed_with(office, people):
    assert_valid(office.verdict(signed(office, MINUTES, people)), *["B-LT"] * 3)


def test_long_names_are_told_whole(office):
    verdict = office.verdict(signed(office, INVITATION, ("long", "seal-ec")))
    assert_valid(verdict)
    assert verdict.signatures[0].signer == STAFF[-1].common_name
    assert SEA in verdict.signatures[0].unit


# --- papers ---------------------------------------------------------------------------------

STROKES = {
    "a hook": "M 9 9 L 99 80 L 200 9",
    "a line": "M 9 9 L 200 80",
    "many": " ".join(f"M {x} 20 L {x + 3} 90 L {x + 6} 20" for x in range(10, 480, 7)),
}


def invited(route, guests=3, agenda=0, name="Nguyễn Văn An"):
    return render_invitation(
        InvitationPaper(
            letterhead=Letterhead("UỶ BAN NHÂN DÂN", "15/GM-UBND", "Hải Phòng", date(2026, 11, 24)),
            subject="Họp thường kỳ tháng 11 năm 2026",
            inviter=AGENCY,
            guests=tuple(f"Ông Nguyễn Hữu Trưởng thứ {number}, Giám đốc {SEA}" for number in range(guests)),
            attends="Phiên họp thường kỳ",
            chair="Ông Nguyễn Văn An",
            starts_at=NOW,
            place="Phòng họp số 1",
            signature=SignatureBlock(Field.LEADER, ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH"), name),
            agenda=tuple(f"Nội dung thứ {number}: " + "thảo luận và cho ý kiến. " * 12 for number in range(agenda)),
        ),
        route,
    )


def issued(desk, paper, stroke="M 9 9 L 99 80 L 200 9", people=("an", "seal")):
    """Signed and sealed where the paper has its places, as the application does it."""
    pdf = paper.pdf
    for number, (field, who) in enumerate(zip(INVITATION, people, strict=True), start=1):
        stamp = seal_stamp(AGENCY) if field is Field.SEAL else signature_stamp("Nguyễn Văn An", stroke, NOW)
        order = SigningOrder(
            field=field,
            place=paper.places[field],
            appearance=stamp,
            reason="Ký ban hành",
            location="Hải Phòng",
            certify=field is Field.LEADER,
            next_fields=tuple((name, paper.places[name]) for name in INVITATION[number:]),
        )
        pdf = sign(desk.engine, pdf, order, desk.keys[who])
    return pdf


@pytest.mark.parametrize(
    ("guests", "agenda", "least"),
    [(1, 0, 1), (6, 4, 2), (120, 40, 8)],
    ids=["one page", "two pages", "many, with annex"],
)
def test_a_paper_of_any_length_is_valid(desk, guests, agenda, least):
    paper = invited(desk.route(INVITATION, "an", "seal"), guests, agenda)
    pdf = issued(desk, paper)
    assert PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"] >= least
    assert_valid(desk.verdict(pdf), "B-LT", "B-LT")


@pytest.mark.parametrize("stroke", STROKES.values(), ids=STROKES)
def test_a_paper_is_valid_whatever_is_drawn_as_signature(desk, stroke):
    assert_valid(desk.verdict(issued(desk, invited(desk.route(INVITATION, "an", "seal")), stroke)))


def test_a_paper_written_with_streams_of_objects_is_valid(desk, pki, tmp_path):
    """As other software may write it before the first of us signs."""
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(desk.compile(desk.route(INVITATION, "an", "seal")))
    subprocess.run(["qpdf", "--object-streams=generate", before, after], check=True)
    pdf = signed(desk, INVITATION, ("an", "seal"), after.read_bytes())
    assert b"/ObjStm" in pdf
    assert_valid(desk.verdict(pdf), "B-LT", "B-LT")
    assert_valid(desk.verdict(archived(pdf, pki, desk.roots)), "B-LTA", "B-LTA", "B-LT")


# --- incomplete ones ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "people", "signed_by"),
    [(INVITATION, ("an", "seal"), 0), (INVITATION, ("an", "seal"), 1), (MINUTES, ("binh", "hung", "seal"), 1)],
    ids=str,
)
def test_an_incomplete_paper_waits(desk, fields, people, signed_by):
    pdf = desk.compile(desk.route(fields, *people))
    for field, who in list(zip(fields, people, strict=True))[:signed_by]:
        pdf = desk.sign(pdf, fields, field, who)
    verdict = desk.verdict(pdf)
    expected = [verify.NO_SIGNATURE] * (not signed_by) + [verify.MISSING[field] for field in fields[signed_by:]]
    assert (verdict.verdict, list(verdict.reasons)) == (Verdict.UNCONFIRMED, expected)
    assert all(facts.verdict is Verdict.VALID for facts in verdict.signatures)


# --- proofs and timestamps added later ------------------------------------------------------


def proofs_of(key, roots):
    """What the authorities say now about a signer: the chain, and a context that holds their answers."""
    context = asking(roots)
    validator = CertificateValidator(key.certificate, intermediate_certs=list(key.chain), validation_context=context)
    return {"paths": [finished(validator.async_validate_usage(set()))], "validation_context": context}


def proofs_are_appended(pdf, desk, pki):
    writer = AppendingWriter(pdf)
    DocumentSecurityStore.supply_dss_in_writer(writer, None, **proofs_of(desk.keys["an"], desk.roots))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def proofs_are_appended_by_the_library(pdf, desk, pki):
    """Which writes its name and the date into the metadata."""
    out = BytesIO(pdf)
    DocumentSecurityStore.add_dss(out, None, **proofs_of(desk.keys["an"], desk.roots))
    assert PdfFileReader(out).root["/Metadata"].data != PdfFileReader(BytesIO(pdf)).root["/Metadata"].data
    return out.getvalue()


def proofs_are_appended_twice(pdf, desk, pki):
    return proofs_are_appended_by_the_library(proofs_are_appended(pdf, desk, pki), desk, pki)


def the_paper_is_stamped(pdf, desk, pki):
    return archived(pdf, pki, desk.roots)


def the_paper_is_stamped_twice(pdf, desk, pki):
    return archived(archived(pdf, pki, desk.roots), pki, desk.roots)


def proofs_are_appended_and_the_paper_stamped_twice(pdf, desk, pki):
    return the_paper_is_stamped_twice(proofs_are_appended(pdf, desk, pki), desk, pki)


def proofs_follow_the_timestamp(pdf, desk, pki):
    """In the order of the library."""
    after = TimestampDSSContentSettings(include_vri=True)
    return stamped(pdf, TightStamper(pki.timestamp_url), asking(desk.roots), settings=after)


def the_paper_is_stamped_by_the_library(pdf, desk, pki):
    stamper = TightStamper(pki.timestamp_url)
    return stamped(pdf, stamper, asking(desk.roots), writer=lambda raw: IncrementalPdfFileWriter(BytesIO(raw)))


def the_library_renews_the_chain_of_timestamps(pdf, desk, pki):
    for _ in range(2):
        stamper = PdfTimeStamper(TightStamper(pki.timestamp_url))
        context = asking(desk.roots, desk.keys["an"].chain)
        work = stamper.async_update_archival_timestamp_chain(PdfFileReader(BytesIO(pdf)), context)
        pdf = finished(work).getvalue()
    return pdf


def the_paper_is_stamped_loosely_and_then_tightly(pdf, desk, pki):
    """What another's timestamp leaves open, ours covers."""
    return archived(stamped(pdf, RequestsHTTPTimeStamper(pki.timestamp_url), asking(desk.roots)), pki, desk.roots)


@pytest.mark.parametrize("paper", ["sealed", "minutes"])
@pytest.mark.parametrize(
    ("keep", "stamps", "profile"),
    [
        (proofs_are_appended, 0, "B-LT"),
        (proofs_are_appended_by_the_library, 0, "B-LT"),
        (proofs_are_appended_twice, 0, "B-LT"),
        (the_paper_is_stamped, 1, "B-LTA"),
        (the_paper_is_stamped_twice, 2, "B-LTA"),
        (proofs_are_appended_and_the_paper_stamped_twice, 2, "B-LTA"),
        (proofs_follow_the_timestamp, 1, "B-LTA"),
        (the_paper_is_stamped_by_the_library, 1, "B-LTA"),
        (the_library_renews_the_chain_of_timestamps, 2, "B-LTA"),
        (the_paper_is_stamped_loosely_and_then_tightly, 2, "B-LTA"),
    ],
)
def test_a_paper_that_is_kept_stays_valid(desk, pki, request, paper, keep, stamps, profile):
    pdf = request.getfixturevalue(paper)
    kept = keep(pdf, desk, pki)
    assert kept.startswith(pdf)
    verdict = desk.verdict(kept)
    signatures = len(verdict.signatures) - stamps
    assert signatures == {"sealed": 2, "minutes": 3}[paper]
    assert_valid(verdict, *[profile] * signatures, *["B-LTA"] * (stamps - 1), *["B-LT"] * min(stamps, 1))


def test_a_timestamp_as_other_software_makes_it_leaves_a_doubt(desk, pki, sealed):
    """Nothing is false in it, but what the authority did not sign could be exchanged by anybody."""
    verdict = desk.verdict(stamped(sealed, RequestsHTTPTimeStamper(pki.timestamp_url), asking(desk.roots)))
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert [facts.reasons for facts in verdict.signatures] == [(), (), (judgement.TIMESTAMP_LOOSE,)]


def test_a_paper_stamped_between_two_signatures_is_valid(desk, pki, led):
    pdf = desk.sign(archived(led, pki, desk.roots), INVITATION, Field.SEAL, "seal")
    assert_valid(desk.verdict(pdf), "B-LTA", "B-LT", "B-LT")


def at_years_desk(desk, years, people):
    return replace(desk, keys={who: years.key(who) for who in people}, roots=years.roots)


def test_a_paper_of_several_timestamp_authorities_is_valid(desk, years):
    here = at_years_desk(desk, years, ("an", "seal"))
    pdf = here.compile(here.route(INVITATION, "an", "seal"))
    for field, who, authority in zip(INVITATION, ("an", "seal"), ("tsa-0", "tsa-b"), strict=True):
        engine = SigningEngine([years.timestamp_url(authority)], years.roots)
        pdf = sign(engine, pdf, here.order(INVITATION, field), here.keys[who])
    pdf = stamped(pdf, TightStamper(years.timestamp_url("tsa-b")), asking(years.roots))
    assert_valid(here.verdict(pdf), "B-LTA", "B-LTA", "B-LT")


def test_a_paper_stays_valid_after_its_signers_certificates_have_ended(desk, pki, sealed):
    later = datetime.now(UTC) + timedelta(days=5 * 365)
    for pdf in (sealed, archived(sealed, pki, desk.roots)):
        verdict = verify.verify(pdf, desk.roots, now=later)
        assert all(facts.not_after < later for facts in verdict.signatures[:2])
        assert_valid(verdict)


def test_a_paper_stays_valid_after_its_signers_certificate_was_revoked(desk, years):
    """A year later, and the archive's proofs say so; it was good when it signed."""
    here = at_years_desk(desk, years, ("gone", "seal"))
    here = replace(here, engine=SigningEngine([years.timestamp_url("tsa-0")], years.roots))
    pdf = signed(here, INVITATION, ("gone", "seal"))
    at = years.start + 1.5 * YEAR
    years.set_clock(at)
    kept = renewed(pdf, years.timestamp_url("tsa-0"), years.roots, at)
    years.set_clock(None)
    answers = read_proofs(PdfFileReader(BytesIO(kept)), ()).ocsps
    told = [entry["cert_status"].name for answer in answers for entry in answer.response_data["responses"]]
    assert "revoked" in told
    assert_valid(verify.verify(kept, years.roots, now=at), "B-LTA", "B-LTA", "B-LT")
