"""The signature fields' place in the document's structure tree (PDF/UA-1, 7.18.4)."""

from collections.abc import Iterable, Mapping

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


def tag_field(writer: IncrementalPdfFileWriter, field: generic.IndirectObject, alternative: str) -> None:
    """Hang a field's widget into the structure tree as a form; nothing happens in an untagged document."""
    if "/StructTreeRoot" not in writer.root:
        return
    root = writer.root["/StructTreeRoot"]
    number = int(root["/ParentTreeNextKey"]) if "/ParentTreeNextKey" in root else 0
    widget = writer.get_object(field.reference)
    parent, parent_reference = _parent(writer, root)
    element = writer.add_object(
        _dictionary(
            {
                "/Type": pdf_name("/StructElem"),
                "/S": pdf_name("/Form"),
                "/P": parent_reference,
                "/Alt": generic.TextStringObject(alternative),
                "/K": _dictionary({"/Type": pdf_name("/OBJR"), "/Obj": field, "/Pg": widget.raw_get("/P")}),
            }
        )
    )
    parent[pdf_name("/K")] = generic.ArrayObject([*_kids(parent), element])
    writer.update_container(parent)
    widget[pdf_name("/StructParent")] = _number(number)
    _enter(writer, root, number, element)
    root[pdf_name("/ParentTreeNextKey")] = _number(number + 1)
    writer.update_container(root)
    writer.mark_update(field)


def _parent(
    writer: IncrementalPdfFileWriter, root: generic.DictionaryObject
) -> tuple[generic.DictionaryObject, generic.IndirectObject]:
    """The document element if there is exactly one at the top, as there should be; else the root."""
    kids = _kids(root)
    if len(kids) == 1 and isinstance(kids[0], generic.IndirectObject):
        element = writer.get_object(kids[0].reference)
        if isinstance(element, generic.DictionaryObject) and element.get("/S") == "/Document":
            return element, kids[0]
    return root, writer.root.raw_get("/StructTreeRoot")


def _kids(element: generic.DictionaryObject) -> list[generic.PdfObject]:
    """References as they are, whether one or many."""
    if "/K" not in element:
        return []
    kids = element["/K"]
    if isinstance(kids, generic.ArrayObject):
        return _raw(kids)
    return [element.raw_get("/K")]


def _enter(
    writer: IncrementalPdfFileWriter,
    root: generic.DictionaryObject,
    number: int,
    element: generic.IndirectObject,
) -> None:
    """Into the parent tree: numbers ascend, and this one is the highest."""
    if "/ParentTree" not in root:
        root[pdf_name("/ParentTree")] = _dictionary({"/Nums": generic.ArrayObject()})
    tree = root["/ParentTree"]
    entry = [_number(number), element]
    if "/Kids" in tree:
        leaf = {"/Limits": generic.ArrayObject([_number(number)] * 2), "/Nums": generic.ArrayObject(entry)}
        leaves = [*_raw(tree["/Kids"]), writer.add_object(_dictionary(leaf))]
        tree[pdf_name("/Kids")] = generic.ArrayObject(leaves)
    else:
        entries = _raw(tree["/Nums"]) if "/Nums" in tree else []
        tree[pdf_name("/Nums")] = generic.ArrayObject([*entries, *entry])
    writer.update_container(tree)


def _raw(array: Iterable[generic.PdfObject]) -> list[generic.PdfObject]:
    return list(array)


def _dictionary(entries: Mapping[str, generic.PdfObject]) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(key): value for key, value in entries.items()})  # type: ignore[no-untyped-call]  # pyHanko has no types here


def _number(value: int) -> generic.NumberObject:
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]  # pyHanko has no types here
