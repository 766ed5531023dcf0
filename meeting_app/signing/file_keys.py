"""Keys in encrypted files (PKCS#12), opened anew for each request."""

from collections.abc import Sequence

from meeting_app.domain.key import ConfirmationExpired, KeyHandle, Secret
from meeting_app.signing.cms import sign_with
from meeting_app.signing.keys import open_key_file, unlock


class FileKeys:
    """The promise `ports.KeyProvider` for KeyPlace.FILE; keeps nothing from one request to the next."""

    def certificates(self, key: KeyHandle, secret: Secret) -> tuple[bytes, ...]:
        """See the port; raises KeyUnreadable, WrongPin or KeyUnusable."""
        opened = unlock(key.key_file, secret.pin)
        return tuple(entry.dump() for entry in (opened.certificate, *opened.chain))

    def sign(self, key: KeyHandle, secret: Secret, contents: Sequence[bytes]) -> tuple[bytes, ...]:
        """See the port; raises KeyUnreadable or WrongPin."""
        private, _certificate, _others = open_key_file(key.key_file, secret.pin)
        return tuple(sign_with(private, content) for content in contents)

    def collect(self, key: KeyHandle, ticket: str) -> tuple[bytes, ...] | None:  # noqa: ARG002 — the port's
        """Nothing was promised here; raises ConfirmationExpired."""
        raise ConfirmationExpired

    def send_code(self, key: KeyHandle) -> None:
        """No codes here."""
