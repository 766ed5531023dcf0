"""One key at a signing service, and what can be asked of it: each method is one request of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from meeting_app.domain.key import Secret, TooManyAtOnce
from meeting_app.signing import csc_credential, csc_wording
from meeting_app.signing.csc_channel import Answer, Channel
from meeting_app.signing.csc_credential import Credential, Delivery, decoded
from meeting_app.signing.csc_refusals import ensure_accepted, ensure_confirmed, is_pending, is_too_many
from meeting_app.signing.csc_services import Version
from meeting_app.signing.csc_ticket import Asked, Request

_LONGEST = 8192  # characters of an identifier or of activation data

Values = tuple[bytes, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Activation:
    """Signature activation data (SAD): the holder has allowed these signatures. Never stored."""

    sad: str


@dataclass(frozen=True, slots=True)
class CscKey:
    channel: Channel
    credential: Credential

    @classmethod
    def find(cls, channel: Channel, identifier: str) -> Self:
        method = "credentials/info"
        answer = channel.ask(
            method, {"credentialID": identifier, "certificates": "chain", "certInfo": False, "authInfo": True}
        )
        ensure_accepted(answer)
        try:
            return cls(channel, csc_credential.read(channel.service.version, identifier, answer.fields))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            pass
        raise channel.unusable(method, "malformed")

    @property
    def version(self) -> Version:
        return self.channel.service.version

    def send_code(self) -> None:
        """Have the service send a code, where that is how its holder comes by one."""
        if not self.credential.code:
            return
        named = {"credentialID": self.credential.identifier}
        match self.credential.delivery:
            case Delivery.CHALLENGE:
                method, fields = "credentials/getChallenge", named | {"authObjectID": self.credential.code}
            case Delivery.SENT if self.version is Version.V1 or self.channel.knows("credentials/sendOTP"):
                method, fields = "credentials/sendOTP", named
            case _:
                return
        ensure_accepted(self.channel.ask(method, fields))

    def authorize(self, secret: Secret, digests: Sequence[bytes], total: int) -> Activation | Request:
        """Allow `total` signatures, these digests first; a Request when the holder is asked elsewhere."""
        answer = self._asked(
            "credentials/authorize",
            {"numSignatures": total},
            csc_wording.hashes(self.version, digests),
            csc_wording.secrets(self.version, self.credential, secret),
        )
        if is_too_many(answer):
            raise TooManyAtOnce(limit=self.credential.limit)
        ensure_accepted(answer)
        if self.version is not Version.V1 and answer.status == HTTPStatus.ACCEPTED:
            return Request(Asked.HANDLE, self._text(answer, "handle"), len(digests))
        return Activation(self._text(answer, "SAD"))

    def extend(self, activation: Activation, digests: Sequence[bytes]) -> Activation:
        """The same authorisation for the next digests: activation data is bound to those it was given for."""
        answer = self._asked(
            "credentials/extendTransaction", {"SAD": activation.sad}, csc_wording.hashes(self.version, digests)
        )
        ensure_accepted(answer)
        return Activation(self._text(answer, "SAD"))

    def sign(self, activation: Activation, digests: Sequence[bytes]) -> Values:
        answer = self._signed(activation, digests, {})
        return self._values(answer, len(digests))

    def sign_later(self, activation: Activation, digests: Sequence[bytes]) -> Request:
        later = csc_wording.asynchronous(self.channel.service.confirmation_seconds)
        answer = self._signed(activation, digests, later)
        return Request(Asked.RESPONSE, self._text(answer, "responseID"), len(digests))

    def outcome(self, request: Request) -> Values | Activation | None:
        """What became of a request; None: not yet. Raises ConfirmationRefused and ConfirmationExpired."""
        if request.asked is Asked.HANDLE:
            answer = self.channel.ask("credentials/authorizeCheck", {"handle": request.identifier})
        else:
            answer = self.channel.ask("signatures/signPolling", {"requestID": request.identifier})
        if is_pending(answer):
            return None
        ensure_confirmed(answer)
        if request.asked is Asked.HANDLE:
            return Activation(self._text(answer, "SAD"))
        return self._values(answer, request.count)

    def _signed(self, activation: Activation, digests: Sequence[bytes], mode: Mapping[str, Any]) -> Answer:
        answer = self._asked(
            "signatures/signHash",
            {"SAD": activation.sad},
            csc_wording.hashes(self.version, digests),
            csc_wording.algorithm(self.version, self.credential),
            mode,
        )
        ensure_accepted(answer)
        return answer

    def _asked(self, method: str, *fields: Mapping[str, Any]) -> Answer:
        together: dict[str, Any] = {"credentialID": self.credential.identifier}
        for some in fields:
            together |= some
        return self.channel.ask(method, together)

    def _text(self, answer: Answer, name: str) -> str:
        text = answer.text(name)
        if not 0 < len(text) <= _LONGEST:
            raise self.channel.unusable(name, "malformed")
        return text

    def _values(self, answer: Answer, count: int) -> Values:
        listed = answer.fields.get("signatures")
        if isinstance(listed, list) and len(listed) == count:
            try:
                return tuple(decoded(entry) for entry in listed)
            except (ValueError, TypeError):
                pass
        raise self.channel.unusable("signatures", "malformed")
