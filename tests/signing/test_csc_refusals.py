"""What refusals mean, in the words of both specifications and of services that stray from them."""

import pytest

from meeting_app.domain.key import ConfirmationExpired, ConfirmationRefused, KeyLocked, KeyNotFound, KeyUnreachable
from meeting_app.domain.signature import WrongPin
from meeting_app.signing.csc_channel import Answer
from meeting_app.signing.csc_refusals import ensure_accepted, ensure_confirmed, is_pending

WAITING = "The previous asynchronous request is accepted, but processing has not yet been completed."


def refusal(error, description="", status=400):
    return Answer(status, {"error": error, "error_description": description})


@pytest.mark.parametrize(
    ("error", "description", "meaning"),
    [
        ("invalid_pin", "The PIN is invalid", WrongPin),
        ("invalid_otp", "The OTP is invalid", WrongPin),
        ("invalid_authentication_data", "The authentication data is invalid", WrongPin),
        ("invalid_request", "The PIN is invalid", WrongPin),
        ("invalid_request", "Invalid parameter PIN", WrongPin),
        ("invalid_pin", "", WrongPin),
        ("invalid_request", "Credential locked", KeyLocked),
        ("invalid_request", "PIN locked", KeyLocked),
        ("invalid_pin", "PIN is invalid; it is now locked", KeyLocked),
        ("pin_locked", "", KeyLocked),
        ("invalid_request", "Invalid parameter credentialID", KeyNotFound),
        ("invalid_request", "Invalid parameter SAD", KeyUnreachable),
        ("invalid_request", "The device is unlocked", KeyUnreachable),
        ("access_denied", "", KeyUnreachable),
        (None, None, KeyUnreachable),
        (7, ["PIN locked"], KeyUnreachable),
    ],
)
def test_a_refused_request(error, description, meaning):
    with pytest.raises(meaning) as caught:
        ensure_accepted(refusal(error, description))
    assert type(caught.value) is meaning


@pytest.mark.parametrize(
    ("error", "description", "meaning"),
    [
        ("access_denied", "The user denied the request", ConfirmationRefused),
        ("invalid_authentication_data", "The authentication data is invalid", ConfirmationRefused),
        ("invalid_request", "Invalid parameter requestID", ConfirmationExpired),
        ("invalid_request", "Invalid parameter handle", ConfirmationExpired),
        ("access_denied", "The request has expired", ConfirmationExpired),
        ("invalid_request", "Credential locked", KeyLocked),
        ("invalid_request", "Invalid parameter clientData", KeyUnreachable),
        ("server_error", "", KeyUnreachable),
    ],
)
def test_a_refused_poll(error, description, meaning):
    assert not is_pending(refusal(error, description))
    with pytest.raises(meaning) as caught:
        ensure_confirmed(refusal(error, description))
    assert type(caught.value) is meaning


def test_not_yet_is_said_in_three_ways():
    assert is_pending(Answer(202, {"handle": "h"}))
    assert is_pending(refusal("accepted_request"))
    assert is_pending(refusal("invalid_request", WAITING))
    assert not is_pending(Answer(200, {"signatures": []}))


def test_what_is_accepted_is_no_refusal():
    ensure_accepted(Answer(204, {}))
    ensure_confirmed(Answer(200, {"error_description": "PIN locked"}))
