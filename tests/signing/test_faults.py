"""Authorities that are slow, down or lying: nobody waits for them, and nothing they say is believed."""

import time
from io import BytesIO

import pytest

from meeting_app.domain.signature import CredentialRevoked, Field, RevocationUnknown, TimestampUnavailable, Verdict
from meeting_app.signing import judgement
from meeting_app.signing.cms import sign_bytes
from meeting_app.signing.demo_pki import prepare
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.keys import unlock
from meeting_app.signing.trust import read_roots
from meeting_app.signing.verify import verify
from tests.pki import CAST, PIN, serving, sign
from tests.signing.conftest import INVITATION
from tests.signing.misbehaving import LIES, garbage, misbehaving, stale


def signed_with(desk, roots, blank, *urls, fetch_seconds=5.0):
    engine = SigningEngine(urls, roots, fetch_seconds=fetch_seconds)
    return sign(engine, blank, desk.order(INVITATION, Field.LEADER), desk.keys["an"])


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_what_a_lying_authority_says_is_left_out(desk, roots, pki, blank, lie):
    with misbehaving(pki.timestamp_url, lie) as liar:
        (facts,) = desk.verdict(signed_with(desk, roots, blank, liar)).signatures
    assert (facts.profile, facts.intact, facts.timestamped_at) == ("B-B", True, None)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_after_a_lying_authority_the_next_one_is_asked(desk, roots, pki, blank, lie):
    with misbehaving(pki.timestamp_url, lie) as liar:
        (facts,) = desk.verdict(signed_with(desk, roots, blank, liar, pki.timestamp_url)).signatures
    assert (facts.profile, facts.verdict) == ("B-LT", Verdict.VALID)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lying_authority_archives_nothing(roots, pki, sealed, lie):
    paper = BytesIO(sealed)
    with misbehaving(pki.timestamp_url, lie) as liar, pytest.raises(TimestampUnavailable):
        SigningEngine([liar], roots).archive(paper)


def test_an_authority_that_begins_to_lie_after_its_first_answer_is_left_out(desk, roots, pki, blank):
    """The throw-away timestamp is honest; the one that matters is not."""
    answers = iter([lambda request, authority: authority(request)])

    def turning(request, authority):
        return next(answers, garbage)(request, authority)

    with misbehaving(pki.timestamp_url, turning) as liar:
        (facts,) = desk.verdict(signed_with(desk, roots, blank, liar)).signatures
    assert (facts.profile, facts.intact) == ("B-B", True)


def test_nobody_waits_long_for_a_slow_authority(desk, roots, pki, blank):
    """One that sends a byte now and then never runs into a timeout between two bytes."""
    with misbehaving(pki.timestamp_url, lambda request, authority: authority(request), drip_seconds=0.05) as slow:
        began = time.monotonic()
        pdf = signed_with(desk, roots, blank, slow, pki.timestamp_url, fetch_seconds=1)
    assert time.monotonic() - began < 10
    assert desk.verdict(pdf).signatures[0].profile == "B-LT"


@pytest.fixture
def elsewhere(tmp_path, roots, pki):
    """Bình's certificate from authorities of their own, who are not there; the timestamp authority is."""
    made = prepare(tmp_path / "pki", [subject for subject in CAST if subject.label == "binh"], suffix=" khác")
    trust = (*roots, *read_roots([made.trust_file]))
    key = unlock(made.pkcs12("binh"), PIN)
    return made, trust, SigningEngine([pki.timestamp_url], trust), key


def test_who_signs_unchecked_is_warned_first_and_completed_later(elsewhere, desk):
    """Neither OCSP nor CRL can be reached (L13); once they can, the missing proofs are added."""
    made, trust, engine, key = elsewhere
    certificates = [key.certificate, *key.chain]
    with pytest.raises(RevocationUnknown):
        engine.begin(certificates)
    paper = BytesIO(desk.compile(()))
    prepared = engine.begin(certificates, unchecked=True).prepare(paper, desk.order(INVITATION, Field.SEAL))
    engine.finish(paper, prepared, sign_bytes(key, prepared.to_sign))
    (facts,) = verify(paper.getvalue(), trust).signatures
    assert (facts.profile, facts.verdict, facts.reasons) == ("B-T", Verdict.UNCONFIRMED, (judgement.UNPROVEN,))
    with serving(made):
        engine.archive(paper)
    assert verify(paper.getvalue(), trust).verdict is Verdict.VALID


def test_a_stale_answer_is_no_answer(elsewhere):
    made, _trust, engine, key = elsewhere
    with stale(made, hours=12), pytest.raises(RevocationUnknown):
        engine.begin([key.certificate, *key.chain])


def test_without_the_list_of_the_root_a_fresh_answer_is_not_enough(elsewhere):
    """The issuing authority's own status stands in the list of the root: without it nothing is proven."""
    made, _trust, engine, key = elsewhere
    with stale(made, hours=0), pytest.raises(RevocationUnknown):
        engine.begin([key.certificate, *key.chain])


def test_a_revoked_signer_cannot_decide_to_sign(pki, roots):
    key = unlock(pki.pkcs12("revoked"), PIN)
    with pytest.raises(CredentialRevoked):
        SigningEngine([pki.timestamp_url], roots).begin([key.certificate, *key.chain], unchecked=True)
