"""Files of any origin that the agency seals: whether one takes the seal, and where it will be seen."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from meeting_app.domain.page_area import ForeignPaper, PageArea
from meeting_app.domain.signature import (
    AlreadySigned,
    DocumentLocked,
    DynamicForm,
    EncryptedPaper,
    Field,
    Unreadable,
)
from meeting_app.signing.reading import BROKEN

_DEEPEST = 64  # nodes between a page and the root of the page tree
_A4 = (0.0, 0.0, 595.28, 841.89)


def look_into(paper: BinaryIO) -> ForeignPaper:
    """Raises EncryptedPaper, DynamicForm, DocumentLocked, AlreadySigned or Unreadable."""
    try:
        reader = PdfFileReader(paper)
        if reader.encrypted:
            raise EncryptedPaper
        if "/AcroForm" in reader.root and "/XFA" in reader.root["/AcroForm"]:
            raise DynamicForm
        found = list(enumerate_sig_fields(reader))
        signed = [(name, field) for name, value, field in found if value is not None]
        if any(_locks(reader, name, field) for name, field in signed):
            raise DocumentLocked
        if any(name == Field.ATTACHMENT for name, _, _ in found):
            raise AlreadySigned
        return ForeignPaper(_first_page(reader), signed=bool(signed))
    except BROKEN as error:
        raise Unreadable from error


def _locks(reader: PdfFileReader, name: str, field: generic.IndirectObject) -> bool:
    """Certified, or with a lock that a visible new field would break (ISO 32000-2, 12.8.2)."""
    signature = EmbeddedPdfSignature(reader, field.get_object(), name)  # type: ignore[no-untyped-call]  # pyHanko has no types here
    lock = signature.fieldmdp
    return signature.docmdp_level is not None or (lock is not None and lock.is_locked(Field.ATTACHMENT.value))


def _first_page(reader: PdfFileReader) -> PageArea:
    container, index, _ = reader.find_page_container(0)  # type: ignore[no-untyped-call]  # pyHanko has no types here
    page = container.get_object()["/Kids"][index].get_object()
    nodes = list(_upwards(page))
    left, bottom, right, top = _box(_inherited(nodes, "/MediaBox")) or _A4
    if shown := _box(_inherited(nodes, "/CropBox")):
        inner = max(left, shown[0]), max(bottom, shown[1]), min(right, shown[2]), min(top, shown[3])
        if inner[0] < inner[2] and inner[1] < inner[3]:
            left, bottom, right, top = inner
    turned = int(_number(_inherited(nodes, "/Rotate"), 0))
    unit = _number(_inherited([page], "/UserUnit"), 1)
    return PageArea(
        left,
        bottom,
        right,
        top,
        turned=turned % 360 if turned % 90 == 0 else 0,
        unit=unit if unit > 0 else 1.0,
    )


def _upwards(page: generic.DictionaryObject) -> Iterator[generic.DictionaryObject]:
    """The page, then the nodes of the page tree above it."""
    node: generic.PdfObject = page
    for _ in range(_DEEPEST):
        if not isinstance(node, generic.DictionaryObject):
            return
        yield node
        if "/Parent" not in node:
            return
        node = node["/Parent"]


def _inherited(nodes: Sequence[generic.DictionaryObject], name: str) -> generic.PdfObject | None:
    """The value of the nearest node that has one."""
    found: generic.PdfObject | None = next((node[name] for node in nodes if name in node), None)
    return found


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else otherwise


def _box(value: object) -> tuple[float, float, float, float] | None:
    """Corners in their order, or nothing for what is no box."""
    if not isinstance(value, generic.ArrayObject) or len(value) != 4:  # noqa: PLR2004 — two corners
        return None
    numbers = [float(value[place]) for place in range(4)]
    left, right = sorted(numbers[0::2])
    bottom, top = sorted(numbers[1::2])
    return (left, bottom, right, top) if left < right and bottom < top else None
