"""What the papers of this software may see after a signature: our next signature, proofs, timestamps of the document.

Everything else in them is as the first signer saw it. Software that adds proofs may write into the
metadata that it did so, and when: dates and its own name, nothing more.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.metadata.model import PDF_PRODUCER, XMP_MODDATE, ExpandedName
from pyhanko.pdf_utils.metadata.xmp_xml import parse_xmp
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import (
    FieldMDPRule,
    FormUpdate,
    ModificationLevel,
    ReferenceUpdate,
    SuspiciousModification,
    WhitelistRule,
)
from pyhanko.sign.diff_analysis.form_rules_api import FieldComparisonContext
from pyhanko.sign.diff_analysis.rules.form_field_rules import is_field_visible
from pyhanko.sign.diff_analysis.rules_api import Context
from pyhanko.sign.fields import enumerate_sig_fields

_XMP_METADATE = ExpandedName(XMP_MODDATE.ns, "MetadataDate")
_OF_THE_LAST_WRITER = {XMP_MODDATE, _XMP_METADATE, PDF_PRODUCER}
_OF_THE_LAST_WRITER_KEYS = {"/ModDate", "/Producer"}
_TIMESTAMP_FIELD = {"/FT", "/T", "/TU", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V"}
_PROOFS = ("/Certs", "/OCSPs", "/CRLs")


class TrailerStays(WhitelistRule):
    """The same document: its identity and where its information stands."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        for key in ("/Info", "/ID"):
            before, after = (_in_trailer(view, key) for view in (old, new))
            if isinstance(before, generic.ArrayObject) and isinstance(after, generic.ArrayObject):
                before, after = before[0], after[0]  # the second part names the revision (ISO 32000-2, 14.4)
            if before != after:
                raise SuspiciousModification(f"{key} of the trailer was changed")
        return ()


class InformationStays(WhitelistRule):
    """The information dictionary but for who wrote the file last, and when."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        where = _in_trailer(new, "/Info")
        if not isinstance(where, generic.IndirectObject) or where.reference not in _written(new):
            return
        before, after = (
            {key: value for key, value in view(where.reference).items() if key not in _OF_THE_LAST_WRITER_KEYS}
            for view in (old, new)
        )
        if before != after:
            raise SuspiciousModification("the document's information was changed")
        yield ReferenceUpdate(where.reference, Context.from_absolute(old, RawPdfPath("/Info")))


class MetadataStays(WhitelistRule):
    """The metadata stream but for who wrote the file last, and when."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        before, after = (view.root.get("/Metadata") for view in (old, new))
        if before != after:
            raise SuspiciousModification("the metadata was exchanged")
        if not isinstance(after, generic.IndirectObject) or after.reference not in _written(new):
            return
        if _properties(old(after.reference)) != _properties(new(after.reference)):
            raise SuspiciousModification("the metadata was changed")
        yield ReferenceUpdate(after.reference, Context.from_absolute(old, RawPdfPath("/Root", "/Metadata")))


class ProofsGrow(WhitelistRule):
    """Each revision adds a signature, a timestamp or proofs, and none takes proofs away."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        before, after = _proofs(old), _proofs(new)
        if not before <= after:
            raise SuspiciousModification("proofs were taken away")
        if before == after and _filled(old) == _filled(new):
            raise SuspiciousModification("nothing was added that may be added")
        return ()


class FieldsForTimestamps(FieldMDPRule):
    """New fields hold a timestamp of the document, are not seen and do nothing else."""

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        for name, comparison in context.field_specs.items():
            field = comparison.new_field
            if comparison.old_field_ref is not None or field is None:
                continue
            value = entry(field, "/V", {})
            seen = is_field_visible(field)  # type: ignore[no-untyped-call]  # pyHanko has no types here
            if seen or value.get("/Type") != "/DocTimeStamp" or not field.keys() <= _TIMESTAMP_FIELD:
                raise SuspiciousModification(f"the field {name} was added")
        return ()


def entry(dictionary: generic.DictionaryObject, key: str, otherwise: Any) -> Any:
    """The value itself, wherever it stands; pyHanko's `get` does not follow references."""
    return dictionary[key] if key in dictionary else otherwise  # noqa: SIM401 — see above


def _in_trailer(view: HistoricalResolver, key: str) -> generic.PdfObject | None:
    try:
        value: generic.PdfObject = view.reader.trailer.raw_get(key, revision=view.revision)
    except KeyError:
        return None
    return value


def _written(view: HistoricalResolver) -> set[generic.Reference]:
    return view.reader.xrefs.explicit_refs_in_revision(view.revision)


def _properties(stream: generic.PdfObject) -> dict[ExpandedName, object]:
    if not isinstance(stream, generic.StreamObject):
        raise SuspiciousModification("the metadata is no stream")
    described = parse_xmp(BytesIO(stream.data))
    return {name: value for part in described for name, value in part if name not in _OF_THE_LAST_WRITER}


def _proofs(view: HistoricalResolver) -> set[tuple[str, object]]:
    store = entry(view.root, "/DSS", {})
    listed = {(key, proof.reference) for key in _PROOFS for proof in entry(store, key, ())}
    return listed | {("/VRI", name) for name in entry(store, "/VRI", ())}


def _filled(view: HistoricalResolver) -> set[str]:
    return {name for name, _, _ in enumerate_sig_fields(view, filled_status=True)}
