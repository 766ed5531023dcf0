"""A signature without a timestamp of its own, proven by a later timestamp of the whole document."""

from datetime import timedelta

import pytest
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings

from meeting_app.domain.signature import RouteStep, Verdict
from meeting_app.signing import judgement
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.names import common_name
from meeting_app.signing.verify import verify
from tests.pki import sign, sign_bare
from tests.signing.archiving import TightStamper, asking, renewed, stamped
from tests.signing.conftest import INVITATION
from tests.signing.succession import YEAR

DAY = timedelta(days=1)


def route_of(keys):
    return [
        RouteStep(field, common_name(key.certificate), key.certificate.sha256.hex())
        for field, key in zip(INVITATION, keys, strict=True)
    ]


def signed_by(desk, keys, pdf=None):
    """An invitation that both signed while no timestamp authority could be reached (B-B)."""
    pdf = pdf or desk.compile(route_of(keys))
    for field, key in zip(INVITATION, keys, strict=True):
        pdf = sign_bare(pdf, desk.order(INVITATION, field), key)
    return pdf


@pytest.fixture(scope="module")
def untimed(desk, years):
    return signed_by(desk, [years.key("an"), years.key("seal")])


def witness(years, pdf, at, authority="tsa-0", **options):
    years.set_clock(at)
    try:
        return renewed(pdf, years.timestamp_url(authority), years.roots, at, **options)
    finally:
        years.set_clock(None)


@pytest.fixture(scope="module")
def witnessed(years, untimed):
    """With a timestamp of the whole, made a day later, when the authority could be reached again."""
    return witness(years, untimed, years.start + DAY)


def judged(years, pdf, at=None):
    return verify(pdf, years.roots, now=at or years.start + 2 * DAY)


def test_a_later_timestamp_of_the_document_proves_the_time(years, witnessed):
    verdict = judged(years, witnessed)
    assert (verdict.verdict, verdict.reasons) == (Verdict.VALID, ())
    signatures, stamp = verdict.signatures[:2], verdict.signatures[2]
    assert stamp.timestamped_at == years.start + DAY
    for facts in signatures:
        assert (facts.timestamped_at, facts.profile, facts.valid_at_signing) == (years.start + DAY, "B-LTA", True)
        assert facts.signed_at < facts.timestamped_at


def test_without_one_the_time_cannot_be_confirmed(years, untimed):
    verdict = judged(years, untimed)
    assert verdict.verdict is Verdict.UNCONFIRMED
    for facts in verdict.signatures:
        assert (facts.reasons, facts.timestamped_at, facts.profile) == ((judgement.NO_TIMESTAMP,), None, "B-B")


def test_a_strangers_timestamp_of_the_document_proves_nothing(years, untimed, desk, pki, roots):
    """The twin: truly made, but by an authority that is not trusted here."""
    verdict = judged(years, stamped(untimed, TightStamper(pki.timestamp_url), asking(roots)))
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert [facts.reasons for facts in verdict.signatures[:2]] == [(judgement.NO_TIMESTAMP,)] * 2
    assert verdict.signatures[2].reasons == (judgement.TIMESTAMP_UNTRUSTED,)


def test_a_timestamp_without_proofs_about_the_signer_is_not_enough(years, untimed):
    pdf = stamped(untimed, TightStamper(years.timestamp_url("tsa-0")), asking(years.roots))
    verdict = judged(years, pdf)
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert [(facts.reasons, facts.profile) for facts in verdict.signatures[:2]] == [((judgement.UNPROVEN,), "B-T")] * 2


def test_proofs_that_follow_the_timestamp_are_not_archived(years, untimed):
    """B-LT: valid today, but nothing covers the proofs yet."""
    after = TimestampDSSContentSettings(include_vri=False)
    verdict = judged(years, witness(years, untimed, years.start + DAY, settings=after))
    assert verdict.verdict is Verdict.VALID
    assert [facts.profile for facts in verdict.signatures] == ["B-LT"] * 3


def test_the_earliest_timestamp_counts(years, witnessed):
    later = witness(years, witnessed, years.start + 40 * DAY, "tsa-b")
    verdict = judged(years, later, years.start + 41 * DAY)
    assert verdict.verdict is Verdict.VALID
    assert {facts.timestamped_at for facts in verdict.signatures[:2]} == {years.start + DAY}


def test_the_earliest_that_is_trusted_counts(years, untimed, pki, roots):
    first = stamped(untimed, TightStamper(pki.timestamp_url), asking(roots))
    verdict = judged(years, witness(years, first, years.start + DAY))
    assert verdict.verdict is Verdict.UNCONFIRMED  # because of the stranger's
    assert [facts.verdict for facts in verdict.signatures] == [
        Verdict.VALID,
        Verdict.VALID,
        Verdict.UNCONFIRMED,
        Verdict.VALID,
    ]
    assert {facts.timestamped_at for facts in verdict.signatures[:2]} == {years.start + DAY}


def test_a_timestamp_does_not_prove_what_comes_after_it(desk, years):
    keys = [years.key("an"), years.key("seal")]
    order = desk.order(INVITATION, INVITATION[0])
    led = sign_bare(desk.compile(route_of(keys)), order, keys[0])
    stamped_led = witness(years, led, years.start)
    pdf = sign_bare(stamped_led, desk.order(INVITATION, INVITATION[1]), keys[1])
    first, stamp, second = judged(years, pdf).signatures
    assert (first.verdict, stamp.verdict) == (Verdict.VALID, Verdict.VALID)
    assert second.reasons == (judgement.NO_TIMESTAMP,)


def test_a_signature_with_and_one_without_a_timestamp_stand_together(desk, years):
    keys = [years.key("an"), years.key("seal")]
    led = sign_bare(desk.compile(route_of(keys)), desk.order(INVITATION, INVITATION[0]), keys[0])
    engine = SigningEngine([years.timestamp_url("tsa-0")], years.roots)
    sealed = sign(engine, led, desk.order(INVITATION, INVITATION[1]), keys[1])
    first, second = judged(years, sealed).signatures
    assert (judgement.NO_TIMESTAMP in first.reasons, second.reasons) == (True, ())
    verdict = judged(years, witness(years, sealed, years.start + DAY))
    assert (verdict.verdict, [facts.profile for facts in verdict.signatures[:2]]) == (Verdict.VALID, ["B-LTA"] * 2)


@pytest.mark.parametrize(
    ("who", "year", "expected"),
    [
        ("gone", 0.5, (Verdict.VALID, ())),
        # Revoked, or ended, between the claimed time and the timestamp: signed before or after, nobody knows.
        ("gone", 1.5, (Verdict.UNCONFIRMED, (judgement.TIMESTAMP_LATE,))),
        ("seal", 4, (Verdict.UNCONFIRMED, (judgement.TIMESTAMP_LATE,))),
        # Already revoked when the signer claims to have signed.
        ("early", 0.5, (Verdict.INVALID, (judgement.REVOKED,))),
    ],
)
def test_the_certificate_is_judged_at_the_time_of_the_timestamp(desk, years, who, year, expected):
    at = years.start + year * YEAR
    pdf = witness(years, signed_by(desk, [years.key("an"), years.key(who)]), at)
    facts = judged(years, pdf, at).signatures[1]
    assert (facts.verdict, facts.reasons) == expected


def test_a_witnessed_paper_that_was_altered_is_not_valid(years, witnessed):
    place = witnessed.index(b"/Lang") + 7
    forged = witnessed[:place] + b"X" + witnessed[place + 1 :]
    assert judged(years, forged).verdict is Verdict.INVALID
