"""Keys in encrypted files (PKCS#12): the PIN opens the file, and nothing of it is kept."""

from collections.abc import Sequence

from meeting_app.domain.key import Confirmation, ConfirmationExpired, KeyHandle, Secret
from meeting_app.signing.cms import sign_bytes
from meeting_app.signing.keys import unlock


class FileKeys:
    """The promise `ports.KeyProvider` for KeyPlace.FILE."""

    def certificates(self, key: KeyHandle, secret: Secret) -> tuple[bytes, ...]:
        opened = unlock(key.key_file, secret.pin)
        return tuple(each.dump() for each in (opened.certificate, *opened.chain))

    def sign(self, key: KeyHandle, secret: Secret, contents: Sequence[bytes]) -> tuple[bytes, ...] | Confirmation:
        opened = unlock(key.key_file, secret.pin)
        return tuple(sign_bytes(opened, content) for content in contents)

    def collect(self, key: KeyHandle, ticket: str) -> tuple[bytes, ...] | None:  # noqa: ARG002 — a file promises nothing
        raise ConfirmationExpired

    def send_code(self, key: KeyHandle) -> None:
        """A file is opened by its PIN alone."""
