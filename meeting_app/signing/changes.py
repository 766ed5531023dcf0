"""Which changes a document may see between and after its signatures."""

from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)

# pyHanko's default without its rule for other form fields: text that somebody filled in after a
# signature is text that nobody signed.
_FORM = FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()])  # type: ignore[no-untyped-call]  # pyHanko has no types here
_CATALOG = CatalogModificationRule()  # type: ignore[no-untyped-call]  # pyHanko has no types here
_METADATA = MetadataUpdateRule()  # type: ignore[no-untyped-call]  # pyHanko has no types here
_STRUCTURE = tuple(
    rule.as_qualified(ModificationLevel.LTA_UPDATES)
    for rule in (XrefStreamRule(), ObjectStreamRule(), DSSCompareRule())
)

# For papers of any origin: other software writes its name and the date into the metadata.
ANY_PAPER = StandardDiffPolicy(
    global_rules=[
        _CATALOG,
        *_STRUCTURE,
        DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
        _METADATA.as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=_FORM,
)

# For papers with a route: our signatures add nothing but themselves and their proofs.
OWN_PAPER = StandardDiffPolicy(
    global_rules=[_CATALOG, *_STRUCTURE],
    form_rule=_FORM,
    ignore_orphaned_objects=False,
    ignore_identical_objects=False,
)
