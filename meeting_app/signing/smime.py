"""Signatures of official mail by the unit's mail key: detached CMS objects for S/MIME (RFC 8551, RFC 8550).

The key signs unattended: its password lies in a file beside it, and whoever can read both can write
mail in the unit's name. It is therefore a key for mail alone, and signs no papers.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from meeting_app.domain.signature import (
    CredentialRevoked,
    CredentialUntrusted,
    KeyRefused,
    KeyUnusable,
    RevocationUnknown,
)
from meeting_app.i18n import N_, _
from meeting_app.signing.chains import Problem, judge
from meeting_app.signing.cms import CmsMaker, sign_bytes
from meeting_app.signing.keys import UnlockedKey, ensure_in_force, unlock
from meeting_app.signing.names import common_name, subject_part
from meeting_app.signing.running import finished

CHECKED_FOR = timedelta(hours=1)  # one answer about revocation serves all mails of this long
REFUSED_FOR = timedelta(minutes=1)  # a refusal is not asked about again for each of many mails
_FETCH_SECONDS = 5


class MailSigner:
    """Opens the key at the first mail, and anew when its file was replaced."""

    def __init__(
        self,
        key_file: Path,
        password: Callable[[], str],
        sender: str,
        trust: Sequence[asn1_x509.Certificate],
        clock: Callable[[], datetime],
    ) -> None:
        self._key_file = key_file
        self._password = password
        self._sender = sender
        self._trust = tuple(trust)
        self._clock = clock
        self._opened: tuple[bytes, UnlockedKey] | None = None
        self._asked_again_at: datetime | None = None
        self._refusal: KeyRefused | None = None  # the last answer

    def sign(self, content: bytes) -> bytes:
        """A detached signature over a MIME entity with CRLF line ends; raises KeyRefused or OSError."""
        key = self.key()
        self._ensure_trusted(key)
        attributes = _attributes(key, content, self._clock())
        return CmsMaker([key.certificate, *key.chain]).assembled(attributes, sign_bytes(key, attributes), None)

    def key(self) -> UnlockedKey:
        """The key, once it is sure that it may sign this sender's mail today; asks nobody over the network."""
        raw = self._key_file.read_bytes()
        if self._opened is None or self._opened[0] != raw:
            self._opened, self._asked_again_at = (raw, unlock(raw, self._password())), None
        key = self._opened[1]
        ensure_in_force(key.certificate, self._clock())
        _ensure_names(key.certificate, self._sender)
        return key

    def _ensure_trusted(self, key: UnlockedKey) -> None:
        """Issued by an authority we trust and not revoked (L13)."""
        now = self._clock()
        if self._asked_again_at is None or now >= self._asked_again_at:
            self._refusal = self._ask(key)
            self._asked_again_at = now + (REFUSED_FOR if self._refusal else CHECKED_FOR)
        if self._refusal is not None:
            raise self._refusal

    def _ask(self, key: UnlockedKey) -> KeyRefused | None:
        context = ValidationContext(
            trust_roots=list(self._trust),
            other_certs=list(key.chain),
            allow_fetching=True,
            revocation_mode="require",
            fetcher_backend=RequestsFetcherBackend(per_request_timeout=_FETCH_SECONDS),
        )
        problem = finished(judge(key.certificate, key.chain, context)).problem
        if problem is None:
            return None
        refusals = {Problem.REVOKED: CredentialRevoked, Problem.UNPROVEN: RevocationUnknown}
        return refusals.get(problem, CredentialUntrusted)(signer=common_name(key.certificate))


def _attributes(key: UnlockedKey, content: bytes, now: datetime) -> bytes:
    """The signed attributes (RFC 8551, 2.5), as the SET that is signed.

    No capabilities are told: nobody is to encrypt to this key, which only signs.
    """
    certificate = {"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": key.certificate.sha256}
    attributes = {
        "content_type": "data",
        "signing_time": cms.Time({"utc_time": now.replace(microsecond=0)}),
        "message_digest": hashlib.sha256(content).digest(),
        "signing_certificate_v2": {"certs": [certificate]},  # RFC 5035: nobody can swap the certificate
    }
    return bytes(cms.CMSAttributes([{"type": kind, "values": [value]} for kind, value in attributes.items()]).dump())


def _ensure_names(certificate: asn1_x509.Certificate, sender: str) -> None:
    """Where a certificate names mailboxes, readers refuse mail from any other (RFC 8550, 3)."""
    alternatives = certificate.subject_alt_name_value or ()
    mailboxes = {name.native.casefold() for name in alternatives if name.name == "rfc822_name"}
    mailboxes |= {subject_part(certificate, "email_address").casefold()} - {""}
    if mailboxes and sender.casefold() not in mailboxes:
        raise KeyUnusable(signer=common_name(certificate), reason=_(N_("it was issued for another mailbox.")))
