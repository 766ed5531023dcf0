"""What a refusal of a signing service means to the holder of the key.

The API has few error codes and leaves much to `error_description`, in words that its specification lists
and services vary; what cannot be told apart is KeyUnreachable. Nothing of those words is passed on.
"""

import logging
import re
from http import HTTPStatus

from meeting_app.domain.key import ConfirmationExpired, ConfirmationRefused, KeyLocked, KeyNotFound, KeyUnreachable
from meeting_app.domain.signature import WrongPin
from meeting_app.signing.csc_channel import Answer

_WRONG_SECRET = frozenset({"invalid_pin", "invalid_otp", "invalid_authentication_data"})
_REFUSED_BY_HOLDER = frozenset({"access_denied", "invalid_authentication_data"})
_COMMON_CODES = frozenset({"invalid_request", "access_denied", "server_error", "temporarily_unavailable"})
_LOCKED = re.compile(r"(\b|_)(locked|blocked)\b")
_SECRET_IS_WRONG = re.compile(r"\b(pin|otp|authentication data) is invalid\b|\binvalid (parameter )?(pin|otp)\b")
_UNKNOWN_CREDENTIAL = re.compile(r"\binvalid\b.*\bcredentialid\b")
_TOO_MANY = re.compile(r"\bsignatures is too high\b")
_NO_SUCH_REQUEST = re.compile(r"\binvalid\b.*\b(requestid|responseid|handle)\b|\bexpired\b")
_NOT_YET = re.compile(r"\bnot yet been completed\b")

_log = logging.getLogger(__name__)


def ensure_accepted(answer: Answer) -> None:
    """Raises what a refused request means: KeyLocked, WrongPin, KeyNotFound or KeyUnreachable."""
    if answer.accepted:
        return
    if _is_locked(answer):
        raise KeyLocked
    if answer.error in _WRONG_SECRET or _SECRET_IS_WRONG.search(answer.description):
        raise WrongPin
    if _UNKNOWN_CREDENTIAL.search(answer.description):
        raise KeyNotFound
    _unclear(answer)


def is_pending(answer: Answer) -> bool:
    """The holder has not decided yet. The status is 202; some services say so under 400."""
    return answer.status == HTTPStatus.ACCEPTED or (not answer.accepted and _says_not_yet(answer))


def ensure_confirmed(answer: Answer) -> None:
    """Raises what the refusal of a poll means: ConfirmationRefused, ConfirmationExpired and the like."""
    if answer.accepted:
        return
    if _is_locked(answer):
        raise KeyLocked
    if _NO_SUCH_REQUEST.search(answer.description):
        # It was there when it was asked for: the service has given up waiting.
        raise ConfirmationExpired
    if answer.error in _REFUSED_BY_HOLDER:
        raise ConfirmationRefused
    _unclear(answer)


def is_too_many(answer: Answer) -> bool:
    return not answer.accepted and _TOO_MANY.search(answer.description) is not None


def _is_locked(answer: Answer) -> bool:
    return any(_LOCKED.search(text) for text in (answer.error, answer.description))


def _says_not_yet(answer: Answer) -> bool:
    return answer.error == "accepted_request" or _NOT_YET.search(answer.description) is not None


def _unclear(answer: Answer) -> None:
    # A code of the service's own may quote the request as well as a description may.
    code = answer.error if answer.error in _COMMON_CODES else "another error"
    _log.warning("a signing service refused, status %d: %s", answer.status, code)
    raise KeyUnreachable
