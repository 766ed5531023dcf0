"""Uploaded files are hostile until read: each is inspected by a child process with hard limits.

The child (inspect_child.py) may crash, hang or eat memory; here that ends in a clear sentence.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from meeting_app.domain.upload import (
    MEGABYTE,
    ActiveContent,
    BrokenPdf,
    ClassifiedDocument,
    EncryptedPdf,
    FileTooLarge,
    Inspection,
    Limits,
    NotAPdf,
    TakesTooLong,
    TooManyPages,
    UploadRefused,
)

SIGNATURE_WITHIN = 1024  # bytes in which "%PDF-" must begin (ISO 32000-1, annex H)
_ROOT = Path(__file__).parents[2]
# -I: neither the working directory nor the environment decides which modules the child loads.
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from meeting_app.pdf.inspect_child import main; main()"
_REFUSALS: dict[str, type[UploadRefused]] = {
    refusal.__name__: refusal
    for refusal in (ActiveContent, BrokenPdf, ClassifiedDocument, EncryptedPdf, TakesTooLong, TooManyPages)
}
# How the child dies of a limit: of CPU time, or where its libraries find no more memory.
_DEATHS_OF_LIMITS = {signal.SIGXCPU, signal.SIGKILL, signal.SIGABRT, signal.SIGTRAP, signal.SIGILL}


def inspect(path: Path, limits: Limits | None = None) -> Inspection:
    """What the file contains, read within the limits.

    Raises one of the UploadRefused errors for anything that is not a plain, readable, unclassified
    PDF. A scan bears its mark of secrecy in a picture: that cannot be found here.
    """
    limits = limits or Limits()
    if path.stat().st_size > limits.size:
        raise FileTooLarge(limit=limits.size // MEGABYTE)
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(SIGNATURE_WITHIN):
            raise NotAPdf
    return _inspection(_answer(path, limits))


def _answer(path: Path, limits: Limits) -> dict[str, Any]:
    """The child's one line of JSON."""
    bounds = [str(limits.pages), str(limits.memory), str(limits.cpu_seconds)]
    command = [sys.executable, "-I", "-c", _CHILD, str(_ROOT), str(path.resolve()), *bounds]
    with TemporaryFile() as answer:  # not a pipe: the child's own limit of file size bounds it
        try:
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall_seconds,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as error:
            raise TakesTooLong from error
        if -ended.returncode in _DEATHS_OF_LIMITS:
            raise TakesTooLong
        answer.seek(0)
        try:
            content = json.loads(answer.read())
        except ValueError as error:
            raise BrokenPdf from error
    assert isinstance(content, dict)  # noqa: S101 — the child writes nothing else
    return content


def _inspection(answer: dict[str, Any]) -> Inspection:
    if refusal := answer.get("refusal"):
        raise _REFUSALS[refusal](**answer["values"])
    return Inspection(
        pages=answer["pages"],
        title=answer["title"],
        text_sample=answer["text_sample"],
        page_sizes=tuple((width, height) for width, height in answer["page_sizes"]),
        attachments=tuple(answer["attachments"]),
    )
