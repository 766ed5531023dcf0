"""Verdicts and routes survive their way through JSON; nothing else is taken for one."""

from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain.signature import (
    Field,
    FileVerdict,
    RouteStep,
    SignatureFacts,
    Verdict,
    route_from_json,
    route_to_json,
)

CHAIR = RouteStep(Field.CHAIR, "Nguyễn Văn Hùng", "0" * 64)

words = st.text(max_size=20)
moments = st.datetimes(timezones=st.just(UTC))
steps = st.builds(
    RouteStep,
    field=st.sampled_from(Field),
    signer=words,
    certificate_sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
)
facts = st.builds(
    SignatureFacts,
    field=words,
    signer=words,
    unit=words,
    issuer=words,
    signed_at=st.none() | moments,
    timestamped_at=st.none() | moments,
    intact=st.booleans(),
    covers_file=st.booleans(),
    trusted=st.booleans(),
    valid_at_signing=st.booleans(),
    not_before=moments,
    not_after=moments,
    algorithm=words,
    profile=words,
    verdict=st.sampled_from(Verdict),
    reasons=st.lists(words, max_size=2).map(tuple),
)
verdicts = st.builds(
    FileVerdict,
    verdict=st.sampled_from(Verdict),
    signatures=st.lists(facts, max_size=3).map(tuple),
    reasons=st.lists(words, max_size=2).map(tuple),
    sha256=words,
    route=st.lists(steps, max_size=3).map(tuple),
)


@given(verdicts)
def test_a_verdict_comes_back_as_it_was(verdict: FileVerdict):
    assert FileVerdict.from_json(verdict.to_json()) == verdict


@given(st.lists(steps, min_size=1, max_size=4, unique_by=lambda step: step.field).map(tuple))
def test_a_route_comes_back_as_it_was(route: tuple[RouteStep, ...]):
    assert route_from_json(route_to_json(route)) == route


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": 2, "steps": []}',
        b'{"format": 1, "steps": []}',
        b'{"format": 1, "steps": [{}]}',
        b'{"format": 1, "steps": 7}',
        b'{"format": 1, "steps": [{"field": "Nobody", "signer": "x", "certificate_sha256": ""}]}',
        route_to_json((CHAIR, CHAIR)),
        route_to_json((replace(CHAIR, certificate_sha256="0" * 63),)),
        route_to_json((replace(CHAIR, signer=7),)),
    ],
)
def test_nothing_else_is_a_route(raw: bytes):
    with pytest.raises(ValueError):
        route_from_json(raw)
