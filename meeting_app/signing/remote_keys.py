"""Keys held by signing services (Cloud Signature Consortium API, versions 1.0.4.0 and 2.0.0.2)."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from meeting_app.domain.key import (
    CodeRequired,
    Confirmation,
    ConfirmationExpired,
    KeyHandle,
    KeyNotFound,
    KeyPlace,
    Secret,
    TooManyAtOnce,
)
from meeting_app.domain.signature import KeyUnusable, WrongPin
from meeting_app.i18n import _
from meeting_app.signing import csc_wording
from meeting_app.signing.csc_channel import Channel
from meeting_app.signing.csc_key import Activation, CscKey, Values
from meeting_app.signing.csc_refusals import ensure_accepted
from meeting_app.signing.csc_services import Service, Version
from meeting_app.signing.csc_ticket import MOST_REQUESTS, Request, Ticket
from meeting_app.signing.keys import ensure_usable
from meeting_app.signing.names import common_name
from meeting_app.signing.proof import ensure_signed

_MOST_PAGES = 20  # of a list of credentials

_Chunks = Sequence[Sequence[bytes]]


def _now() -> datetime:
    return datetime.now(UTC)


class RemoteKeys:
    """The KeyProvider of the places REMOTE and PHONE.

    REMOTE signs at once, with PIN and one-time code as far as the credential asks for them. PHONE hands
    out a ticket and collects later. A credential that only the service can authorise gives a ticket in
    either place.
    """

    def __init__(self, services: Iterable[Service], *, clock: Callable[[], datetime] = _now) -> None:
        self._channels = {service.name: Channel(service) for service in services}
        self._clock = clock

    def certificates(self, key: KeyHandle, secret: Secret) -> tuple[bytes, ...]:  # noqa: ARG002 — proven by signing
        return tuple(entry.dump() for entry in self._found(key).credential.certificates)

    def sign(self, key: KeyHandle, secret: Secret, contents: Sequence[bytes]) -> Values | Confirmation:
        if not contents:
            return ()
        remote = self._found(key)
        _ensure_usable(remote, key.place)
        _ensure_typed(remote, key.place, secret)
        digests = [hashlib.sha256(content).digest() for content in contents]
        transactions = _transactions(remote, key.place, secret, digests)
        done = [_transacted(remote, key.place, secret, chunks) for chunks in transactions]
        requests = [each for each in done if isinstance(each, Request)]
        if not requests:
            values = tuple(value for each in done if not isinstance(each, Request) for value in each)
            ensure_signed(remote.credential.certificate.dump(), digests, values)
            return values
        if sum(request.count for request in requests) < len(digests) or len(requests) > MOST_REQUESTS:
            raise remote.channel.unusable("credentials/authorize", "asks its holder for some documents only")
        return self._promised(key, remote, digests, requests)

    def collect(self, key: KeyHandle, ticket: str) -> Values | None:
        try:
            promise = Ticket.from_json(ticket)
        except ValueError:
            promise = None
        if promise is None:
            raise ConfirmationExpired
        if promise.reference != key.reference:
            raise KeyNotFound
        remote = self._found(key)
        outcomes = [remote.outcome(request) for request in promise.requests]
        answered = [outcome for outcome in outcomes if outcome is not None]
        if len(answered) < len(outcomes):
            if self._clock() > promise.expires_at:
                raise ConfirmationExpired
            return None
        if remote.credential.certificate.sha256.hex() != promise.certificate_sha256:
            # Whoever waits has put the other certificate into the paper already.
            raise ConfirmationExpired
        values = _completed(remote, promise, answered)
        ensure_signed(remote.credential.certificate.dump(), promise.digests, values)
        return values

    def send_code(self, key: KeyHandle) -> None:
        self._found(key).send_code()

    def references(self, service: str, holder: str = "") -> tuple[str, ...]:
        """The keys a service lists, as they stand in a KeyHandle; `holder`: as the service names people.

        A service that knows whose account ours is lists that person's and takes no holder.
        """
        channel = self._channel(service)
        asked = {"userID": holder} if holder else {}
        found: list[str] = []
        page = ""
        for _number in range(_MOST_PAGES):
            answer = channel.ask("credentials/list", asked | ({"pageToken": page} if page else {}))
            ensure_accepted(answer)
            listed = answer.fields.get("credentialIDs")
            if not isinstance(listed, list) or not all(isinstance(name, str) and name for name in listed):
                raise channel.unusable("credentials/list", "malformed")
            found += [f"{service}/{name}" for name in listed]
            page = answer.text("nextPageToken")
            if not page:
                break
        return tuple(found)

    def _promised(
        self, key: KeyHandle, remote: CscKey, digests: Sequence[bytes], requests: Sequence[Request]
    ) -> Confirmation:
        expires_at = self._clock() + timedelta(seconds=remote.channel.service.confirmation_seconds)
        ticket = Ticket(
            reference=key.reference,
            certificate_sha256=remote.credential.certificate.sha256.hex(),
            digests=tuple(digests),
            requests=tuple(requests),
            expires_at=expires_at,
        )
        return Confirmation(ticket.to_json(), expires_at)

    def _found(self, key: KeyHandle) -> CscKey:
        service, _slash, identifier = key.reference.partition("/")
        if key.place not in (KeyPlace.REMOTE, KeyPlace.PHONE) or not identifier:
            raise KeyNotFound
        return CscKey.find(self._channel(service), identifier)

    def _channel(self, service: str) -> Channel:
        if service not in self._channels:
            raise KeyNotFound
        return self._channels[service]


def _ensure_usable(remote: CscKey, place: KeyPlace) -> None:
    credential = remote.credential
    ensure_usable(credential.certificate)
    reason = ""
    if not credential.enabled:
        reason = _("the signing service has switched it off.")
    elif credential.in_browser:
        reason = _("the signing service lets it be used only on a page of its own.")
    elif not csc_wording.can_sign(credential):
        reason = _("the signing service does not offer an allowed algorithm for it.")
    elif place is KeyPlace.PHONE and remote.version is Version.V1:
        reason = _("its signing service cannot ask on the phone.")
    if reason:
        raise KeyUnusable(signer=common_name(credential.certificate), reason=reason)


def _ensure_typed(remote: CscKey, place: KeyPlace, secret: Secret) -> None:
    """What the credential asks for is there; an attempt without it would count as a wrong one."""
    credential = remote.credential
    if credential.pin and not secret.pin:
        raise WrongPin
    asks_elsewhere = place is KeyPlace.PHONE and credential.elsewhere
    if credential.code and not secret.code and not asks_elsewhere:
        remote.send_code()
        raise CodeRequired


def _transactions(remote: CscKey, place: KeyPlace, secret: Secret, digests: Sequence[bytes]) -> Sequence[_Chunks]:
    """What goes under one authorisation each, in chunks of what one activation may cover.

    A PIN may be given again for each chunk. A one-time code may not: then all goes under a single
    authorisation that is extended from chunk to chunk, if the service does that.
    """
    limit = remote.credential.limit
    chunks = [digests[start : start + limit] for start in range(0, len(digests), limit)]
    if len(chunks) > MOST_REQUESTS and (place is KeyPlace.PHONE or remote.credential.elsewhere):
        raise TooManyAtOnce(limit=limit * MOST_REQUESTS)
    if len(chunks) == 1 or not (remote.credential.code and secret.code):
        return [[chunk] for chunk in chunks]
    if place is KeyPlace.PHONE or not remote.channel.knows("credentials/extendTransaction"):
        raise TooManyAtOnce(limit=limit)
    return [chunks]


def _transacted(remote: CscKey, place: KeyPlace, secret: Secret, chunks: _Chunks) -> Values | Request:
    allowed = remote.authorize(secret, chunks[0], sum(map(len, chunks)))
    if isinstance(allowed, Request):
        return allowed
    if place is KeyPlace.PHONE:
        return remote.sign_later(allowed, chunks[0])
    values = remote.sign(allowed, chunks[0])
    for chunk in chunks[1:]:
        allowed = remote.extend(allowed, chunk)
        values += remote.sign(allowed, chunk)
    return values


def _completed(remote: CscKey, promise: Ticket, answered: Sequence[Values | Activation]) -> Values:
    """All values in their order; those that were only allowed so far are made now."""
    values: Values = ()
    start = 0
    for request, outcome in zip(promise.requests, answered, strict=True):
        digests = promise.digests[start : start + request.count]
        values += remote.sign(outcome, digests) if isinstance(outcome, Activation) else outcome
        start += request.count
    return values
