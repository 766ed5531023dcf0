"""Timestamps of the whole paper: they complete what could not be had, renew what ends, and change nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest

from meeting_app.domain.signature import Field, PreparedSignature, TimestampUnavailable, TimestampUntrusted, Verdict
from meeting_app.signing import judgement
from meeting_app.signing.cms import sign_bytes
from meeting_app.signing.demo_pki import prepare
from meeting_app.signing.engine import SigningEngine
from tests.pki import serving, sign
from tests.signing.conftest import INVITATION, MINUTES

NOWHERE = "http://127.0.0.1:9/tsa"


def archived(engine: SigningEngine, pdf: bytes) -> bytes:
    paper = BytesIO(pdf)
    engine.archive(paper)
    return paper.getvalue()


@pytest.fixture(scope="session")
def deaf(roots):
    """An engine whose timestamp authority does not answer."""
    return SigningEngine([NOWHERE], roots)


@pytest.mark.parametrize("paper", ["sealed", "minutes"])
def test_an_archived_paper_is_valid_for_longer(desk, request, paper):
    signed = request.getfixturevalue(paper)
    verdict = desk.verdict(archived(desk.engine, signed))
    assert verdict.verdict is Verdict.VALID
    assert {facts.profile for facts in verdict.signatures[:-1]} == {"B-LTA"}
    assert len(verdict.signatures) == len(desk.verdict(signed).signatures) + 1


def test_archiving_changes_no_signed_byte(desk, sealed):
    assert archived(desk.engine, sealed).startswith(sealed)


def test_a_paper_is_renewed_as_often_as_needed(desk, sealed):
    twice = archived(desk.engine, archived(desk.engine, sealed))
    assert desk.verdict(twice).verdict is Verdict.VALID
    assert [facts.field for facts in desk.verdict(twice).signatures][-2:] == ["Timestamp1", "Timestamp2"]


def test_the_end_of_the_new_timestamp_is_told(desk, sealed):
    assert desk.engine.archive(BytesIO(sealed)).year - datetime.now(UTC).year in {14, 15}


def test_what_was_signed_without_a_timestamp_is_completed_later(desk, deaf, blank):
    pdf = blank
    for field, who in zip(INVITATION, ("an", "seal"), strict=True):
        pdf = sign(deaf, pdf, desk.order(INVITATION, field), desk.keys[who])
    before = desk.verdict(pdf)
    assert (before.verdict, {facts.profile for facts in before.signatures}) == (Verdict.UNCONFIRMED, {"B-B"})
    assert {reason for facts in before.signatures for reason in facts.reasons} == {judgement.NO_TIMESTAMP}
    after = desk.verdict(archived(desk.engine, pdf))
    assert after.verdict is Verdict.VALID
    assert {facts.profile for facts in after.signatures[:-1]} == {"B-LTA"}


def test_a_timestamp_between_two_signers_does_not_stop_the_second(desk, deaf):
    pdf = desk.compile(desk.route(MINUTES, "binh", "hung", "seal"))
    pdf = archived(desk.engine, sign(deaf, pdf, desk.order(MINUTES, Field.SECRETARY), desk.keys["binh"]))
    for field, who in ((Field.CHAIR, "hung"), (Field.SEAL, "seal")):
        pdf = desk.sign(pdf, MINUTES, field, who)
    assert desk.verdict(pdf).verdict is Verdict.VALID
    assert desk.verdict(archived(desk.engine, pdf)).verdict is Verdict.VALID


def test_without_an_authority_nothing_is_changed(deaf, sealed):
    paper = BytesIO(sealed)
    with pytest.raises(TimestampUnavailable):
        deaf.archive(paper)
    assert paper.getvalue() in (sealed, sealed + b"\n")


def test_a_strangers_authority_archives_nothing(roots, sealed, tmp_path):
    other = prepare(tmp_path / "other", [])
    with serving(other), pytest.raises(TimestampUntrusted):
        archived(SigningEngine([other.timestamp_url], roots), sealed)


def test_a_prepared_signature_is_finished_by_another_engine(desk, pki, roots, blank):
    """What waits for a phone survives the process that asked."""
    key = desk.keys["an"]
    begun = desk.engine.begin([key.certificate, *key.chain])
    paper = BytesIO(blank)
    stored = begun.prepare(paper, desk.order(INVITATION, Field.LEADER)).to_json()
    later, prepared = BytesIO(paper.getvalue()), PreparedSignature.from_json(stored)
    SigningEngine([pki.timestamp_url], roots).finish(later, prepared, sign_bytes(key, prepared.to_sign))
    (facts,) = desk.verdict(later.getvalue()).signatures
    assert (facts.verdict, facts.profile) == (Verdict.VALID, "B-LT")


def test_a_timestamp_under_another_certificate_than_proven_is_left_out(desk, blank):
    """The authority changed its certificate between the two steps: the worker will timestamp the paper anew."""
    key = desk.keys["an"]
    paper = BytesIO(blank)
    prepared = desk.engine.begin([key.certificate, *key.chain]).prepare(paper, desk.order(INVITATION, Field.LEADER))
    desk.engine.finish(paper, replace(prepared, stamped_by=frozenset()), sign_bytes(key, prepared.to_sign))
    (facts,) = desk.verdict(paper.getvalue()).signatures
    assert (facts.profile, facts.intact) == ("B-B", True)


def test_a_file_on_disk_is_signed_in_place(desk, blank, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(blank)
    key = desk.keys["an"]
    with path.open("r+b") as paper:
        prepared = desk.engine.begin([key.certificate, *key.chain]).prepare(paper, desk.order(INVITATION, Field.LEADER))
        desk.engine.finish(paper, prepared, sign_bytes(key, prepared.to_sign))
    assert desk.verdict(path.read_bytes()).signatures[0].verdict is Verdict.VALID
