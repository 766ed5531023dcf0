"""The typesetter: templates and content in, PDF/A-3a + PDF/UA-1 and the places of the signatures out.

Content reaches a template only as JSON in one input, so that no text of a person is ever read as
markup. Only the fonts beside this file are used: the same paper comes out on every machine.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from meeting_app.domain.signature import Field, Place

PAGE_HEIGHT = 841.89  # points, A4 portrait
_HERE = Path(__file__).parent
Standard = Literal["1.7", "a-3a", "ua-1"]
_STANDARDS: list[Standard] = ["a-3a", "ua-1"]  # an archive file that a screen reader can read
_in_use = Lock()  # a compiler serves one call at a time, and a query is about the call just before


def typeset(template: str, content: Mapping[str, object]) -> tuple[bytes, dict[Field, Place]]:
    """A paper by its template's name, and where its signature fields lie."""
    with _in_use:
        pdf = _compile(template, content, standards=_STANDARDS)
        marks = json.loads(_compiler().query("<signature-place>"))
    return pdf, {Field(mark["value"]["field"]): _place(mark["value"]) for mark in marks}


def draw(template: str, content: Mapping[str, object]) -> bytes:
    """A one-page picture with a transparent ground, to be placed upon a paper."""
    with _in_use:
        return _compile(template, content, standards=["1.7"], tagged=False)


def _compile(template: str, content: Mapping[str, object], *, standards: list[Standard], tagged: bool = True) -> bytes:
    pdf = _compiler().compile(
        str(_HERE / "templates" / template),
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards=[*standards],
        pdf_tags=tagged,
        timestamp=0,  # a picture bears no date; papers state theirs themselves
    )
    assert isinstance(pdf, bytes)  # noqa: S101 — one document, no output path: the bytes themselves
    return pdf


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(_HERE / "templates"), font_paths=[str(_HERE / "fonts")], ignore_system_fonts=True)


def _place(mark: Mapping[str, Any]) -> Place:
    """Typst measures from the upper left corner, PDF from the lower left."""
    width, height = mark["width"], mark["height"]
    return Place(
        page=mark["position"]["page"] - 1,
        x=_points(mark["position"]["x"]),
        y=PAGE_HEIGHT - _points(mark["position"]["y"]) - height,
        width=width,
        height=height,
    )


def _points(length: str) -> float:
    return float(length.removesuffix("pt"))
