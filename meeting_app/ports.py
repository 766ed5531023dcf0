"""What the services need of the world, as Protocols; `bootstrap` chooses who keeps each promise."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from sqlalchemy.sql import Select
from sqlalchemy.sql.selectable import ExecutableReturnsRows as Statement
from sqlmodel import Session

from meeting_app.domain.key import (
    CertificateFacts,
    Confirmation,
    KeyAlgorithm,
    KeyHandle,
    MadeKey,
    Secret,
    Subject,
)
from meeting_app.domain.letter import Letter
from meeting_app.domain.page_area import ForeignPaper
from meeting_app.domain.search import Question
from meeting_app.domain.signature import FileVerdict, PreparedSignature, RouteStep, SigningOrder
from meeting_app.domain.trust_anchor import AnchorFacts, AnchorKind


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, UTC."""
        ...


class Database(Protocol):
    def writing(self) -> AbstractContextManager[Session]:
        """A session in a transaction that may write; committed at the end, rolled back on any exception."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """A session in a read-only transaction: one consistent state of the rows."""
        ...

    def rows(self, question: Statement, **values: int | str | None) -> list[tuple[Any, ...]]:
        """The answer to one question as plain values, many times cheaper than by a session (`meeting_app.plain`).

        `question` is a constant of its module, with a named value for each of `values`.
        """
        ...

    def together(self) -> "AbstractContextManager[Database]":
        """One transaction for several `writing`s, each of which alone is rolled back on an exception of its own.

        All commit at the end of the block, or, when that raises, none.
        """
        ...


class WorkingCopy(Protocol):
    @property
    def file(self) -> BinaryIO:
        """Open for reading and writing."""
        ...

    def keep(self) -> str:
        """Store it as it is now; returns its SHA-256. Nothing may be written afterwards."""
        ...


class FileStore(Protocol):
    """Files under their SHA-256: written whole (fsync, rename), never overwritten.

    Writing raises StorageFull when the disk has no room; nothing half-written is ever seen.
    """

    def put(self, content: bytes) -> str: ...

    def put_file(self, path: Path) -> str: ...

    def copy(self, sha256: str) -> AbstractContextManager[WorkingCopy]:
        """A copy to change in place, gone after the block unless kept; raises FileNotFoundError."""
        ...

    def read(self, sha256: str) -> bytes:
        """The content; raises FileNotFoundError."""
        ...

    def path(self, sha256: str) -> Path: ...

    def put_derived(self, sha256: str, name: str, content: bytes) -> None:
        """Something made from a stored file, e.g. name "page-0001-800.jpg"; may be made again."""
        ...

    def derived_path(self, sha256: str, name: str) -> Path: ...


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page on which all words of a question stand."""

    version_id: int
    page: int  # 0 first; domain.search.TITLE_PAGE: the title
    text: str


class TextIndex(Protocol):
    """The texts of pages, searched with and without marks; one contract (`tests/contracts/test_texts.py`)."""

    def put(self, session: Session, version_id: int, pages: Mapping[int, str]) -> None:
        """Take the pages of a version in, in the place of what was known of it."""
        ...

    def find(self, session: Session, question: Question, allowed: Select[Any], limit: int) -> list[PageHit]:
        """The best page of each of the `allowed` versions on which all words stand, the best first.

        Words written as they were asked for, with all their marks, come before others.
        """
        ...


class KeyProvider(Protocol):
    """Private keys of one or several places; one contract for all (`tests/contracts/test_keys.py`).

    Safe to share between threads. Errors are `KeyRefused` and its kin: WrongPin each time the secret is
    wrong, KeyLocked when the place itself gives no further try, KeyNotFound, KeyUnreachable, KeyUnreadable.
    """

    def certificates(self, key: KeyHandle, secret: Secret) -> tuple[bytes, ...]:
        """The key's own certificate, then those of its issuing authorities as far as the place holds them; DER.

        Where the secret alone can be proven (file, token) a wrong one is refused here already.
        """
        ...

    def sign(self, key: KeyHandle, secret: Secret, contents: Sequence[bytes]) -> tuple[bytes, ...] | Confirmation:
        """One signature value over the SHA-256 of each content, in their order; all or none.

        RSA: RSASSA-PSS, MGF1 with SHA-256, 32 bytes of salt. EC: ECDSA, a DER sequence of two integers.
        A place that asks its holder elsewhere answers with a Confirmation instead.
        """
        ...

    def collect(self, key: KeyHandle, ticket: str) -> tuple[bytes, ...] | None:
        """What `sign` promised by a Confirmation, in any process and after any restart; None: not yet.

        Raises ConfirmationRefused and ConfirmationExpired.
        """
        ...

    def send_code(self, key: KeyHandle) -> None:
        """Have a one-time code sent to the holder, where the place works with such; otherwise nothing."""
        ...


class SigningRound(Protocol):
    """One signer, inquired about once (L13): prepares one paper, or the many of a batch."""

    def prepare(self, paper: BinaryIO, order: SigningOrder) -> PreparedSignature:
        """Append everything but the signature, in place; raises a SigningRefused before a byte is changed."""
        ...


class Signatures(Protocol):
    def read(self, certificate: bytes) -> CertificateFacts:
        """What a certificate (DER) says, if it may sign papers; raises a KeyRefused."""
        ...

    def look_into(self, paper: BinaryIO) -> ForeignPaper:
        """Where a paper of any origin would show a seal; raises a SigningRefused, or Unreadable, if it takes none."""
        ...

    def begin(self, certificates: Sequence[bytes], *, unchecked: bool = False) -> SigningRound:
        """Ask about a signer: its certificate first, then the issuers, DER; raises a KeyRefused.

        RevocationUnknown: nobody answers; `unchecked` signs all the same, by the signer's decision.
        """
        ...

    def finish(self, paper: BinaryIO, prepared: PreparedSignature, value: bytes) -> None:
        """Timestamp the key's signature value and put it into the prepared paper, in place.

        PAdES B-LT; B-B when no timestamp authority answers, B-T when none answered about revocation.
        """
        ...

    def archive(self, paper: BinaryIO) -> datetime:
        """Append missing proofs and a timestamp over the whole paper (PAdES B-LTA), in place.

        Returns until when that holds unless renewed. Raises TimestampUnavailable, TimestampUntrusted.
        """
        ...

    def verify(self, pdf: bytes, expected: Sequence[RouteStep] = ()) -> FileVerdict:
        """Judge one of our own files."""
        ...

    def verify_file(self, path: Path) -> FileVerdict:
        """Judge a stranger's file in a child process with limits; raises Unreadable, VerificationTookTooLong."""
        ...


@dataclass(frozen=True, slots=True)
class AnchorsAt:
    """The trust anchors in the rows at one version of them."""

    version: object
    anchors: tuple[tuple[AnchorKind, bytes], ...]  # DER


class AnchorRows(Protocol):
    def changed_since(self, version: object) -> AnchorsAt | None:
        """The anchors that are trusted now; None while they are those of that version. Cheap to ask."""
        ...


class Certification(Protocol):
    """Making keys in files, and reading what certification authorities send. Asks nobody."""

    def make_key(self, algorithm: KeyAlgorithm, subject: Subject, pin: str) -> MadeKey:
        """A key encrypted at once, and the request to be sent to an authority."""
        ...

    def change_pin(self, key_file: bytes, old: str, new: str) -> bytes:
        """The same key and certificates under another PIN; raises WrongPin or KeyUnreadable."""
        ...

    def issued(self, upload: bytes, request: bytes) -> tuple[bytes, ...]:
        """The certificate for a request, then its issuers; DER, from PEM, DER or PKCS#7.

        Raises UploadUnreadable or KeyDiffers.
        """
        ...

    def facts(self, certificate: bytes) -> CertificateFacts:
        """What a certificate (DER) says, whether or not it may sign now; raises KeyUnreadable."""
        ...

    def anchor(self, upload: bytes, now: datetime) -> AnchorFacts:
        """The root in a file (PEM or DER); raises an AnchorRefused."""
        ...


class WakeUps(Protocol):
    def ring(self, meeting_id: int) -> None:
        """Tell the rooms to look at the event log. May be lost: the row is the truth, rooms also poll."""
        ...


class MailOffice(Protocol):
    """The unit's official mail: letters signed by its mail key, carried by its mail server."""

    @property
    def sender(self) -> str:
        """The unit's own official address."""
        ...

    @property
    def domains(self) -> tuple[str, ...]:
        """Official mail goes to these domains and what lies below them, nowhere else."""
        ...

    def signed(self, letter: Letter) -> bytes:
        """The letter as a signed message (RFC 8551); raises MailNotSigned."""
        ...

    def carry(self, message: bytes, recipient: str) -> None:
        """When this returns the mail server has taken the message; raises a MailNotSent.

        The connection is kept for the next one. A server that could not be reached is not asked
        again before `hang_up`.
        """
        ...

    def hang_up(self) -> None:
        """Nothing more to carry for now."""
        ...


class Passwords(Protocol):
    def hash(self, password: str) -> str: ...

    def verify(self, password_hash: str, password: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Ports:
    clock: Clock
    database: Database
    files: FileStore
    texts: TextIndex
    signatures: Signatures
    keys: KeyProvider
    certification: Certification
    wake_ups: WakeUps
    passwords: Passwords
    new_token: Callable[[], str]  # unguessable, URL-safe, at least 256 bits
    session_hours: int = 12
    upload_limit_mb: int = 100
    mail: MailOffice | None = None  # official mail is not set up
