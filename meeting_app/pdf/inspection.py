"""Uploaded files are hostile until read: each is inspected by a child process with hard limits.

The child (inspect_child.py) may crash, hang or eat memory; here that ends in a clear sentence.
"""

import json
from pathlib import Path
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
from meeting_app.pdf.child import DEATHS_OF_LIMITS, Meter, answered

SIGNATURE_WITHIN = 1024  # bytes in which "%PDF-" must begin (ISO 32000-1, annex H)
# What another program would take the file for: a program, a script, an archive, a web page, a picture.
_OTHER_NATURES = tuple(b"mz \x7felf #! \xca\xfe\xba\xbe pk\x03\x04 < \x89png gif8 \xff\xd8\xff rar!".split())
_CHILD = "meeting_app.pdf.inspect_child"
_REFUSALS: dict[str, type[UploadRefused]] = {
    refusal.__name__: refusal
    for refusal in (ActiveContent, BrokenPdf, ClassifiedDocument, EncryptedPdf, TakesTooLong, TooManyPages)
}


def inspect(path: Path, limits: Limits | None = None, meter: Meter | None = None) -> Inspection:
    """What the file contains, read within the limits.

    Raises one of the UploadRefused errors for anything that is not a plain, readable, unclassified
    PDF. A scan bears its mark of secrecy in a picture: that cannot be found here.
    """
    limits = limits or Limits()
    ensure_size(path, limits)
    with path.open("rb") as file:
        before, mark, _rest = file.read(SIGNATURE_WITHIN).partition(b"%PDF-")
    if not mark or before.lstrip().lower().startswith(_OTHER_NATURES):
        raise NotAPdf
    return _inspection(_answer(path, limits, meter))


def ensure_size(path: Path, limits: Limits) -> None:
    if path.stat().st_size > limits.size:
        raise FileTooLarge(limit=limits.size // MEGABYTE)


def _answer(path: Path, limits: Limits, meter: Meter | None) -> dict[str, Any]:
    """The child's one line of JSON."""
    bounds = (limits.pages, limits.memory, limits.cpu_seconds)
    try:
        code, answer = answered(_CHILD, path.resolve(), *bounds, wall_seconds=limits.wall_seconds, meter=meter)
    except TimeoutError as error:
        raise TakesTooLong from error
    if code in DEATHS_OF_LIMITS:
        raise TakesTooLong
    try:
        content = json.loads(answer)
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
