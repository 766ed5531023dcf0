"""Honest papers are valid: here, without the authorities, after years, and for other software."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from meeting_app.domain.signature import Field, FileVerdict, RouteStep, Verdict
from meeting_app.signing import judgement, verify
from meeting_app.signing.demo_pki import prepare
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.keys import unlock
from meeting_app.signing.trust import read_roots
from tests.pki import AGENCY, CAST, PIN, serving, sign
from tests.signing.conftest import INVITATION, MINUTES

YEAR = timedelta(days=365)


def test_an_invitation_signed_and_sealed_is_valid(desk, sealed):
    verdict = desk.verdict(sealed)
    assert (verdict.verdict, verdict.reasons) == (Verdict.VALID, ())
    assert [facts.field for facts in verdict.signatures] == ["Leader", "AgencySeal"]


def test_minutes_of_secretary_chair_and_agency_are_valid(desk, minutes):
    verdict = desk.verdict(minutes)
    assert (verdict.verdict, verdict.reasons) == (Verdict.VALID, ())
    assert [facts.field for facts in verdict.signatures] == ["Secretary", "Chair", "AgencySeal"]


def test_the_verdict_states_what_the_law_wants_shown(desk, sealed):
    facts = desk.verdict(sealed).signatures[0]
    assert facts.signer == "Nguyễn Văn An"
    assert facts.unit == f"Lãnh đạo, {AGENCY}"
    assert facts.issuer == "CA phục vụ trình diễn"
    assert abs(facts.signed_at - facts.timestamped_at) < timedelta(minutes=1)
    assert (facts.intact, facts.covers_file, facts.trusted, facts.valid_at_signing) == (True,) * 4
    assert facts.not_before < facts.timestamped_at < facts.not_after
    assert (facts.algorithm, facts.profile) == ("RSASSA-PSS, SHA-256", "B-LT")
    assert desk.verdict(sealed).sha256 == sha256(sealed).hexdigest()


def test_a_curve_is_named(desk, minutes):
    assert desk.verdict(minutes).signatures[0].algorithm == "ECDSA P-256, SHA-256"


def test_a_paper_waits_for_its_missing_signatures(desk, blank, led):
    assert desk.verdict(led).verdict is Verdict.UNCONFIRMED
    assert desk.verdict(led).reasons == (verify.MISSING[Field.SEAL],)
    assert desk.verdict(led).signatures[0].verdict is Verdict.VALID
    assert desk.verdict(blank).reasons == (
        verify.NO_SIGNATURE,
        verify.MISSING[Field.LEADER],
        verify.MISSING[Field.SEAL],
    )


def test_the_expected_route_replaces_the_papers_own(desk, sealed):
    assert desk.verdict(sealed, desk.route(INVITATION, "an", "seal")).verdict is Verdict.VALID
    other = desk.verdict(sealed, desk.route(INVITATION, "hung", "seal"))
    assert (other.verdict, other.reasons) == (Verdict.INVALID, (verify.WRONG_PERSON,))


def test_the_verdict_survives_as_json(desk, sealed):
    verdict = desk.verdict(sealed)
    assert FileVerdict.from_json(verdict.to_json()) == verdict


def test_the_verdict_needs_no_authority_to_answer(desk, tmp_path):
    made = prepare(tmp_path / "pki", [subject for subject in CAST if subject.label in {"an", "seal"}])
    keys = {who: unlock(made.pkcs12(who), PIN) for who in ("an", "seal")}
    trust = read_roots([made.trust_file])
    route = [
        RouteStep(field, who, keys[who].certificate.sha256.hex())
        for field, who in zip(INVITATION, ("an", "seal"), strict=True)
    ]
    pdf = desk.compile(route)
    with serving(made):
        engine = SigningEngine([made.timestamp_url], trust)
        for field, who in zip(INVITATION, ("an", "seal"), strict=True):
            pdf = sign(engine, pdf, desk.order(INVITATION, field), keys[who])
    assert verify.verify(pdf, trust).verdict is Verdict.VALID


def test_a_signature_outlives_its_certificate(desk, sealed):
    later = verify.verify(sealed, desk.roots, now=datetime.now(UTC) + 5 * YEAR)
    assert later.signatures[0].not_after < datetime.now(UTC) + 5 * YEAR
    assert later.verdict is Verdict.VALID


def test_a_signature_cannot_be_confirmed_once_the_timestamp_authority_has_ended(desk, sealed):
    later = verify.verify(sealed, desk.roots, now=datetime.now(UTC) + 16 * YEAR)
    assert later.verdict is Verdict.UNCONFIRMED
    assert later.signatures[0].reasons == (judgement.TIMESTAMP_ENDED,)


def test_signing_works_inside_an_event_loop(desk, blank):
    async def inside() -> bytes:
        return desk.sign(blank, INVITATION, Field.LEADER, "an")

    assert len(desk.verdict(asyncio.run(inside())).signatures) == 1


def test_nothing_follows_the_last_signature(sealed):
    signature = PdfFileReader(BytesIO(sealed)).embedded_signatures[-1]
    assert verify.unexplained_tail(verify.open_document(sealed)) is False
    assert signature.byte_range[2] + signature.byte_range[3] == len(sealed)


def test_a_signed_paper_stays_an_archive_and_accessible(blank, sealed):
    before, after = PdfFileReader(BytesIO(blank)), PdfFileReader(BytesIO(sealed))
    assert after.root["/Metadata"].data == before.root["/Metadata"].data
    assert b'pdfaid:part="3"' in after.root["/Metadata"].data or b"<pdfaid:part>3" in after.root["/Metadata"].data
    assert after.trailer["/Info"] == before.trailer["/Info"]
    assert sealed[: len(blank)] == blank
    numbers = after.root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    entries = {numbers[index]: numbers[index + 1] for index in range(0, len(numbers), 2)}
    for reference in after.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        assert field["/TU"].startswith("Chữ ký số của")
        assert int(field["/F"]) & 4  # printed (ISO 19005-3, 6.3.2)
        assert "/N" in field["/AP"]
        element = entries[field["/StructParent"]]
        assert (element["/S"], element["/K"]["/Obj"]["/T"]) == ("/Form", field["/T"])


def test_every_object_starts_on_its_own_line(sealed):
    assert b"%%EOF\n" in sealed
    assert b"%%EOF1" not in sealed
    assert sealed.count(b" obj\n") == sealed.count(b"endobj")


def test_rsa_signs_with_pss(sealed, tmp_path):
    signature = PdfFileReader(BytesIO(sealed)).embedded_signatures[0]
    scheme = signature.signer_info["signature_algorithm"]
    assert scheme["algorithm"].native == "rsassa_pss"
    assert scheme["parameters"]["hash_algorithm"]["algorithm"].native == "sha256"
    assert scheme["parameters"]["salt_length"].native == 32


def test_each_signature_locks_what_is_not_for_later_ones(minutes):
    secretary, chair, seal = PdfFileReader(BytesIO(minutes)).embedded_signatures
    assert secretary.fieldmdp.is_locked("Secretary")
    assert not secretary.fieldmdp.is_locked("Chair")
    assert chair.fieldmdp.is_locked("Chair")
    assert not chair.fieldmdp.is_locked("AgencySeal")
    assert seal.fieldmdp.is_locked("AgencySeal")
    assert [entry.docmdp_level.value for entry in (secretary, chair, seal)] == [2, 2, 1]
    assert MINUTES[-1] is Field.SEAL
