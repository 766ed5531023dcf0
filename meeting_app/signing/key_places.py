"""All places where keys live, behind one port."""

from collections.abc import Mapping, Sequence

from meeting_app.domain.key import Confirmation, KeyHandle, KeyNotFound, KeyPlace, Secret
from meeting_app.ports import KeyProvider


class KeyPlaces:
    """Asks the provider of the key's own place; a place that is not set up holds no key."""

    def __init__(self, providers: Mapping[KeyPlace, KeyProvider]) -> None:
        self._providers = dict(providers)

    def certificates(self, key: KeyHandle, secret: Secret) -> tuple[bytes, ...]:
        return self._of(key).certificates(key, secret)

    def sign(self, key: KeyHandle, secret: Secret, contents: Sequence[bytes]) -> tuple[bytes, ...] | Confirmation:
        return self._of(key).sign(key, secret, contents)

    def collect(self, key: KeyHandle, ticket: str) -> tuple[bytes, ...] | None:
        return self._of(key).collect(key, ticket)

    def send_code(self, key: KeyHandle) -> None:
        self._of(key).send_code(key)

    def _of(self, key: KeyHandle) -> KeyProvider:
        provider = self._providers.get(key.place)
        if provider is None:
            raise KeyNotFound
        return provider
