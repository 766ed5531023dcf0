"""Which changes a document may see between and after its signatures."""

from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    WhitelistRule,
    XrefStreamRule,
)

from meeting_app.signing.own_changes import (
    FieldsForTimestamps,
    InformationStays,
    MetadataStays,
    ProofsGrow,
    TrailerStays,
    entry,
)

_ACTIONS = {"/A", "/AA"}
_OF_DRAWING = ("/NeedAppearances", "/DR", "/DA", "/Q")


class NothingAwaited(WhitelistRule):
    """No object appears under a number that the signed document already pointed at, when it was nothing."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        # What pyHanko's own policy asks as well.
        old._load_reverse_xref_cache()  # type: ignore[no-untyped-call]  # noqa: SLF001
        xrefs = old.reader.xrefs
        for reference in xrefs.explicit_refs_in_revision(new.revision):
            was_nothing = xrefs.get_historical_ref(reference, old.revision) is None
            if was_nothing and old._get_usages_of_ref(reference):  # noqa: SLF001
                raise SuspiciousModification(f"{reference} was pointed at before it was there")
        return ()


class FormStays(WhitelistRule):
    """Nobody asks viewers to draw the form anew, and a new signature field does nothing but hold a signature."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        before, after = _form(old), _form(new)
        if entry(after, "/NeedAppearances", False) and any(before.get(key) != after.get(key) for key in _OF_DRAWING):
            raise SuspiciousModification("viewers are asked to draw the form anew")
        known = set(entry(before, "/Fields", ()))
        for field in entry(after, "/Fields", ()):
            if field not in known and any(_ACTIONS & part.keys() for part in _parts(field.get_object())):
                raise SuspiciousModification("a new field acts")
        return ()


def _form(view: HistoricalResolver) -> generic.DictionaryObject:
    form: generic.DictionaryObject = entry(view.root, "/AcroForm", {})
    return form


def _parts(field: generic.DictionaryObject) -> Iterable[generic.DictionaryObject]:
    """The field and what is drawn of it."""
    return field, *(kid.get_object() for kid in entry(field, "/Kids", ()))


def _for_archiving(*rules: WhitelistRule) -> Iterable[QualifiedWhitelistRule]:
    return [rule.as_qualified(ModificationLevel.LTA_UPDATES) for rule in rules]


_STRUCTURE = _for_archiving(XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(), NothingAwaited())
# pyHanko has no types here.
_CATALOG = CatalogModificationRule()  # type: ignore[no-untyped-call]
_OWN_CATALOG = CatalogModificationRule(frozenset({"/AcroForm", "/DSS", "/Metadata"}))  # type: ignore[no-untyped-call]
_METADATA = MetadataUpdateRule()  # type: ignore[no-untyped-call]
# Without pyHanko's rule for other form fields: text filled in after a signature is text that nobody signed.
_SIGNATURES = (SigFieldCreationRule(), SigFieldModificationRule())  # type: ignore[no-untyped-call]

# For papers of any origin: other software writes its name and the date into the metadata.
ANY_PAPER = StandardDiffPolicy(
    global_rules=[
        _CATALOG,
        *_STRUCTURE,
        *_for_archiving(FormStays(), DocInfoRule(), _METADATA),
    ],
    form_rule=FormUpdatingRule(field_rules=[*_SIGNATURES]),
)

# For papers with a route: our signatures add nothing but themselves and their proofs.
OWN_PAPER = StandardDiffPolicy(
    global_rules=[
        _OWN_CATALOG,
        *_STRUCTURE,
        *_for_archiving(TrailerStays(), InformationStays(), MetadataStays(), ProofsGrow()),
    ],
    form_rule=FormUpdatingRule([FieldsForTimestamps(), *_SIGNATURES], ignored_acroform_keys=frozenset({"/Fields"})),
    ignore_orphaned_objects=False,
    ignore_identical_objects=False,
)
