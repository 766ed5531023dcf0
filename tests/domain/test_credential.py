"""Rules of credentials: their state at a moment, whom a certificate names, and PINs worth guessing at."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from meeting_app.domain.credential import PIN_TRIES, Credential, CredentialKind, CredentialState
from meeting_app.domain.credential_life import NameDiffers, ensure_names
from meeting_app.domain.key import LONGEST_PIN, SHORTEST_PIN, KeyRefused, ensure_good_pin

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def credential(**changes: object) -> Credential:
    values = {
        "kind": CredentialKind.PERSON,
        "common_name": "Nguyễn Văn Hùng",
        "certificate_sha256": "0" * 64,
        "not_before": NOW - DAY,
        "not_after": NOW + DAY,
        "certificates": b"",
        "enrolled_at": NOW,
    }
    return Credential(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, CredentialState.IN_USE),
        ({"not_before": NOW + DAY, "not_after": NOW + 2 * DAY}, CredentialState.NOT_YET),
        ({"wrong_pins": PIN_TRIES}, CredentialState.LOCKED),
        ({"wrong_pins": PIN_TRIES - 1}, CredentialState.IN_USE),
        ({"wrong_pins": PIN_TRIES, "suspended_at": NOW}, CredentialState.SUSPENDED),
        ({"not_after": NOW, "suspended_at": NOW}, CredentialState.ENDED),
        ({"not_after": NOW, "stopped_at": NOW}, CredentialState.STOPPED),
        ({"revoked_at": NOW, "stopped_at": NOW, "suspended_at": NOW}, CredentialState.REVOKED),
    ],
)
def test_the_gravest_state_is_the_one_that_counts(changes: dict[str, object], state: CredentialState):
    assert credential(**changes).state(NOW) is state


@pytest.mark.parametrize("found", ["NGUYỄN VĂN HÙNG", " Nguyễn  Văn Hùng ", "Nguye\u0302\u0303n Va\u0306n Hu\u0300ng"])
def test_capitals_spaces_and_ways_of_spelling_name_the_same_person(found: str):
    ensure_names("Nguyễn Văn Hùng", found)


@pytest.mark.parametrize("found", ["", "Nguyễn Văn Hưng", "Nguyen Van Hung", "Nguyễn Văn Hùng B", "Hùng Nguyễn Văn"])
def test_other_signs_name_another_person(found: str):
    with pytest.raises(NameDiffers, match="Nguyễn Văn Hùng"):
        ensure_names("Nguyễn Văn Hùng", found)


@pytest.mark.parametrize("pin", ["243727", "mùa lúa 73", "Tr0ng-sạch", "a" * 32 + "bcdefgh"])
def test_a_pin_that_is_not_obvious_is_good(pin: str):
    ensure_good_pin(pin)


@given(some.text(max_size=100))
def test_whatever_is_good_is_of_the_right_length_and_varied(pin: str):
    try:
        ensure_good_pin(pin)
    except KeyRefused:
        return
    assert SHORTEST_PIN <= len(pin) <= LONGEST_PIN
    assert len(set(pin)) > 2
