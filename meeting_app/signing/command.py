"""`python -m meeting_app verify`: the verdict on files, in Vietnamese, without network or database."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TextIO

from asn1crypto import x509 as asn1_x509

from meeting_app.domain.signature import (
    VERDICT_LABEL,
    FileVerdict,
    SignatureFacts,
    Unreadable,
    Verdict,
    VerificationTookTooLong,
)
from meeting_app.i18n import N_, _, speaking
from meeting_app.signing.trust import read_roots
from meeting_app.signing.verify_child import verify_in_child

VALID, INVALID, UNCONFIRMED, UNREADABLE = 0, 1, 2, 3  # exit codes

_CODE = {Verdict.VALID: VALID, Verdict.INVALID: INVALID, Verdict.UNCONFIRMED: UNCONFIRMED}
_GRAVITY = (VALID, UNCONFIRMED, UNREADABLE, INVALID)
_VIETNAM = timezone(timedelta(hours=7))
_YES, _NO = N_("yes"), N_("no")


def run(files: Sequence[Path], trust: Sequence[Path], as_json: bool, out: TextIO | None = None) -> int:  # noqa: FBT001 — a switch of the command line
    """Print the facts of each signature (L15) and return the exit code of the gravest file.

    0 valid, 1 not valid, 2 cannot be confirmed, 3 not readable (also: a trust file that is none).
    """
    stream = out or sys.stdout
    with speaking("vi"):
        try:
            roots = read_roots(trust)
        except (OSError, ValueError):
            stream.write(_("A file of trusted certificates cannot be read.") + "\n")
            return UNREADABLE
        results = [(path, _judged(path, roots)) for path in files]
        if as_json:
            entries = [_as_json(path, result) for path, result in results]
            stream.write(json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
        else:
            stream.writelines(f"{line}\n" for path, result in results for line in _lines(path, result))
    codes = [_CODE[result.verdict] if isinstance(result, FileVerdict) else UNREADABLE for _path, result in results]
    return gravest(codes)


def gravest(codes: Iterable[int]) -> int:
    """Exit code for several files: an invalid signature outweighs a file nobody could read."""
    return max(codes, key=_GRAVITY.index, default=UNREADABLE)


def _judged(path: Path, roots: Sequence[asn1_x509.Certificate]) -> FileVerdict | str:
    """The verdict, or the sentence why there is none."""
    try:
        return verify_in_child(path, roots)
    except (Unreadable, VerificationTookTooLong) as error:
        return str(error)
    except OSError:
        return _("The file cannot be opened.")


def _lines(path: Path, result: FileVerdict | str) -> Iterator[str]:
    yield _plain(str(path))
    if isinstance(result, str):
        yield f"  {result}"
        return
    yield f"  {_('Verdict on the file')}: {_(VERDICT_LABEL[result.verdict]).upper()}"
    yield from (f"  - {_(reason)}" for reason in result.reasons)
    yield f"  SHA-256: {result.sha256}"
    for number, facts in enumerate(result.signatures, start=1):
        yield f"  {_('Signature {n}', n=number)} ({_plain(facts.field)}): {_(VERDICT_LABEL[facts.verdict])}"
        yield from (f"    {label}: {value}" for label, value in _rows(facts))
        yield from (f"    - {_(reason)}" for reason in facts.reasons)


def _rows(facts: SignatureFacts) -> Iterator[tuple[str, str]]:
    """What must be shown of a signature (L15)."""
    yield _("Issuing authority"), _plain(facts.issuer)
    yield _("Signer"), _plain(facts.signer)
    yield _("Managing unit"), _plain(facts.unit) or "—"
    yield _("Signed at"), _moment(facts.signed_at)
    yield _("Timestamp"), _moment(facts.timestamped_at)
    yield _("Content intact"), _yes(yes=facts.intact)
    yield _("Whole document covered"), _yes(yes=facts.covers_file)
    yield _("Trusted authority"), _yes(yes=facts.trusted)
    yield _("Certificate in force when signing"), _yes(yes=facts.valid_at_signing)
    yield _("Validity of the certificate"), f"{_moment(facts.not_before)} – {_moment(facts.not_after)}"
    yield _("Algorithm"), _plain(facts.algorithm)
    yield _("Profile"), f"PAdES {facts.profile}"


def _as_json(path: Path, result: FileVerdict | str) -> dict[str, object]:
    if isinstance(result, str):
        return {"file": str(path), "error": result}
    content: dict[str, object] = json.loads(result.to_json())
    return {
        "file": str(path),
        **content,
        "explanations": [_(reason) for reason in result.reasons],
    }


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return _("none")
    return f"{moment.astimezone(_VIETNAM):%d/%m/%Y %H:%M:%S} (+07)"


def _yes(*, yes: bool) -> str:
    return _(_YES) if yes else _(_NO)


def _plain(text: str) -> str:
    """Without control characters: a certificate's names may not steer a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
