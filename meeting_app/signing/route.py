"""The signing route that travels inside a paper as an embedded file."""

from collections.abc import Iterator

from pyhanko.pdf_utils import generic

from meeting_app.domain.signature import ROUTE_FILE, RouteStep, route_from_json
from meeting_app.signing.reading import BROKEN

LARGEST_ROUTE = 64 * 1024  # bytes
_DEEPEST_TREE = 16  # levels of a name tree


class RouteDamaged(ValueError):
    """There is a route in the file, but it cannot be read or is not the only one."""


def read_route(root: generic.DictionaryObject) -> tuple[RouteStep, ...]:
    """The route of the document with that catalogue; empty if it carries none; raises RouteDamaged."""
    try:
        found = [content for name, content in _embedded_files(root) if name == ROUTE_FILE]
        if not found:
            return ()
        if len(found) > 1 or len(found[0].encoded_data) > LARGEST_ROUTE:
            raise RouteDamaged
        raw = found[0].data
        if len(raw) > LARGEST_ROUTE:
            raise RouteDamaged
        return route_from_json(raw)
    except BROKEN as error:
        raise RouteDamaged from error


def _embedded_files(root: generic.DictionaryObject) -> Iterator[tuple[str, generic.StreamObject]]:
    if "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]:
        return
    for specification in _leaves(root["/Names"]["/EmbeddedFiles"], _DEEPEST_TREE):
        name = specification.get("/UF", specification.get("/F", ""))
        yield str(name), specification["/EF"]["/F"]


def _leaves(node: generic.DictionaryObject, depth: int) -> Iterator[generic.DictionaryObject]:
    if not depth:
        raise RouteDamaged
    for kid in node.get("/Kids", ()):
        yield from _leaves(kid.get_object(), depth - 1)
    for specification in list(node.get("/Names", ()))[1::2]:
        yield specification.get_object()
