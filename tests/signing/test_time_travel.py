"""A paper signed today, verified over twenty years: with its timestamps renewed, and without."""

from io import BytesIO

import pytest

from meeting_app.domain.signature import RouteStep, Verdict
from meeting_app.signing import judgement
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.names import common_name
from meeting_app.signing.verify import verify
from tests.pki import sign
from tests.signing.conftest import INVITATION
from tests.signing.succession import YEAR

# By the authority of that time, a year or so before the one before it ends.
RENEWALS = (("tsa-1", 4), ("tsa-2", 9), ("tsa-3", 13))


@pytest.fixture(scope="module")
def signed(desk, years):
    """An invitation, signed and sealed today."""
    keys = {who: years.key(who) for who in ("an", "seal")}
    route = [
        RouteStep(field, common_name(key.certificate), key.certificate.sha256.hex())
        for field, key in zip(INVITATION, keys.values(), strict=True)
    ]
    engine = SigningEngine([years.timestamp_url("tsa-0")], years.roots)
    pdf = desk.compile(route)
    for field, key in zip(INVITATION, keys.values(), strict=True):
        pdf = sign(engine, pdf, desk.order(INVITATION, field), key)
    return pdf


def renew(years, pdf, authority, year):
    """What the worker does at that time."""
    moment, paper = years.start + year * YEAR, BytesIO(pdf)
    years.set_clock(moment)
    try:
        SigningEngine([years.timestamp_url(authority)], years.roots, clock=lambda: moment).archive(paper)
        return paper.getvalue()
    finally:
        years.set_clock(None)


@pytest.fixture(scope="module")
def kept(years, signed):
    """The paper after each renewal, by the year in which it was made."""
    states = {0: signed}
    for authority, year in RENEWALS:
        states[year] = renew(years, states[max(states)], authority, year)
    return states


def judged(years, pdf, year):
    return verify(pdf, years.roots, now=years.start + year * YEAR)


@pytest.mark.parametrize("year", [1, 3, 9, 13, 20])
def test_a_paper_whose_timestamps_are_renewed_stays_valid(years, kept, year):
    verdict = judged(years, kept[max(made for made in kept if made <= year)], year)
    assert (verdict.verdict, verdict.reasons) == (Verdict.VALID, ())
    signatures, stamps = verdict.signatures[:2], verdict.signatures[2:]
    assert len(stamps) == sum(made <= year for _, made in RENEWALS)
    assert [facts.profile for facts in signatures] == ["B-LTA" if stamps else "B-LT"] * 2
    assert [facts.profile for facts in stamps] == ["B-LTA" if stamp is not stamps[-1] else "B-LT" for stamp in stamps]


def test_each_renewal_is_dated_by_the_authority_of_its_time(years, kept):
    stamps = judged(years, kept[13], 13).signatures[2:]
    assert [facts.signer for facts in stamps] == [f"Lưu trữ {authority}" for authority, _ in RENEWALS]
    assert [facts.timestamped_at for facts in stamps] == [years.start + year * YEAR for _, year in RENEWALS]


@pytest.mark.parametrize("year", [1, 3])
def test_without_renewal_it_is_valid_while_its_authority_lasts(years, signed, year):
    assert judged(years, signed, year).verdict is Verdict.VALID


@pytest.mark.parametrize("year", [9, 13, 20])
def test_without_renewal_it_cannot_be_confirmed_once_its_authority_has_ended(years, signed, year):
    verdict = judged(years, signed, year)
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert all(facts.reasons == (judgement.TIMESTAMP_ENDED,) for facts in verdict.signatures)
    assert all(facts.intact and facts.covers_file and facts.trusted for facts in verdict.signatures)


@pytest.mark.parametrize(("renewed_in", "year"), [(4, 13), (9, 20)])
def test_one_missed_renewal_ends_the_chain(years, kept, renewed_in, year):
    verdict = judged(years, kept[renewed_in], year)
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert verdict.signatures[-1].reasons == (judgement.TIMESTAMP_ENDED,)


def test_a_renewal_that_comes_too_late_proves_nothing_of_what_was_before(years, signed):
    late = renew(years, signed, "tsa-1", 6)
    verdict = judged(years, late, 6)
    assert verdict.verdict is Verdict.UNCONFIRMED
    assert [facts.reasons for facts in verdict.signatures] == [(judgement.TIMESTAMP_ENDED,)] * 2 + [()]


def test_a_renewed_paper_that_was_altered_is_not_valid(years, kept):
    """After twenty years as on the first day."""
    place = kept[13].index(b"/Lang") + 7
    forged = kept[13][:place] + b"X" + kept[13][place + 1 :]
    verdict = judged(years, forged, 20)
    assert verdict.verdict is Verdict.INVALID
    assert all(judgement.ALTERED in facts.reasons for facts in verdict.signatures)


def test_renewals_taken_away_leave_the_paper_as_it_was(years, signed, kept):
    assert kept[13].startswith(signed)
    assert judged(years, kept[13][: len(signed)], 3).verdict is Verdict.VALID
    assert judged(years, kept[13][: len(signed)], 20).verdict is Verdict.UNCONFIRMED
