"""Tricks with tables, streams of objects and generations, so that readers disagree on what is there."""

import re
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement, verify
from tests.signing.attacks.surgery import (
    body_of,
    ending,
    last_table,
    number_of,
    object_stream,
    size,
    table,
    table_stream,
    trailer,
    updated_by_hand,
)
from tests.signing.attacks.table import BOTH, Shows, attack
from tests.signing.attacks.wrapping import CONTENT, forged_object, forged_text

TAIL = (Verdict.INVALID, verify.TAIL)
CHANGED = (Verdict.INVALID, judgement.CHANGED)
REWRITTEN = (Verdict.INVALID, judgement.ALTERED)
SHEET = ("/Pages", "/Kids", 0)


# --- objects that only some readers find -----------------------------------------------------


def with_proof(pdf, **more):
    """What anybody may append: the security store, told again with one list more in it, written by hand."""
    store = number_of(pdf, ("/DSS",))
    lists = PdfFileReader(BytesIO(pdf)).root["/DSS"].raw_get("/CRLs")
    lists = lists.get_object() if isinstance(lists, generic.IndirectObject) else lists
    copied, new = lists.raw_get(0).idnum, size(pdf)
    told = body_of(pdf, store).replace(b"/CRLs [", b"/CRLs [ %d 0 R" % new, 1)
    return updated_by_hand(pdf, {store: told, new: body_of(pdf, copied)}, **more)


@attack(*TAIL, shows=Shows.BYTES, papers=BOTH)
def an_object_that_no_table_lists_is_put_among_proofs(pdf, means):
    """Readers that rebuild the table take the last object of a number."""
    return with_proof(pdf, before_table=forged_object(pdf))


@attack(*TAIL, shows=Shows.BYTES)
def an_object_is_put_into_a_comment_among_proofs(pdf, means):
    return with_proof(pdf, before_table=b"% " + forged_object(pdf).replace(b"\n", b"\r"))


@attack(*TAIL, shows=Shows.BYTES)
def an_object_is_put_into_the_trailer_of_proofs(pdf, means):
    return with_proof(pdf, Draft=f"<</Length 0>>\n% {number_of(pdf, CONTENT)} 0 obj\n")


@attack(*TAIL, shows=Shows.BYTES)
def an_object_is_put_between_trailer_and_end_of_proofs(pdf, means):
    forged = with_proof(pdf)
    place = forged.rindex(b"startxref")
    return forged[:place] + forged_object(pdf) + forged[place:]


@attack(*TAIL, shows=Shows.BYTES)
def an_object_is_put_before_the_first_of_proofs(pdf, means):
    forged, hidden = with_proof(pdf), forged_object(pdf)
    return pdf + hidden + _shifted(forged[len(pdf) :], len(hidden))


def _shifted(update, by):
    """An update moved back by some bytes, its own offsets put right."""
    moved = re.sub(rb"(\d{10}) 00000 n", lambda entry: b"%010d 00000 n" % (int(entry[1]) + by), update)
    return re.sub(rb"startxref\n(\d+)", lambda entry: b"startxref\n%d" % (int(entry[1]) + by), moved)


@attack(*CHANGED, shows=Shows.BYTES)
def an_object_is_listed_twice(pdf, means):
    """First the forged one, then the true: which of them counts, readers disagree."""
    content = number_of(pdf, CONTENT)
    out = updated_by_hand(pdf, {content: body_of(pdf, content)}, before_table=forged_object(pdf))
    place = out.index(forged_object(pdf), len(pdf))
    at = last_table(out)
    twice = b"%d 1\n%010d 00000 n \n" % (content, place)
    return out[: at + 5] + twice + out[at + 5 :]


# --- tables and streams ----------------------------------------------------------------------


@attack(*CHANGED, shows=Shows.PAGE, papers=BOTH)
def a_page_is_overridden_inside_a_stream_of_objects(pdf, means):
    sheet, inner = number_of(pdf, SHEET), size(pdf)
    body = body_of(pdf, sheet).replace(b"/Contents", b"/Rotate 180 /Contents")
    return streamed(pdf, {sheet: body}, inner)


def streamed(pdf, objects, number, **entries):
    """An update with a stream of objects and a cross-reference stream."""
    place = len(pdf)
    out = pdf + object_stream(number, objects)
    at = len(out)
    rows = {inner: (2, number, index) for index, inner in enumerate(objects)}
    rows |= {number: (1, place, 0), number + 1: (1, at, 0)}
    return out + table_stream(pdf, number + 1, rows, **entries) + ending(at)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_catalogue_is_overridden_inside_a_stream_of_objects(pdf, means):
    root = PdfFileReader(BytesIO(pdf)).root_ref.idnum
    body = body_of(pdf, root).replace(b"/Lang (vi)", b"/Lang (en)")
    return streamed(pdf, {root: body}, size(pdf))


@attack(*CHANGED, shows=Shows.PAGE)
def a_page_is_overridden_by_a_cross_reference_stream(pdf, means):
    """Content as an object of its own; only the table is a stream."""
    content, number = number_of(pdf, CONTENT), size(pdf)
    place = len(pdf)
    out = pdf + forged_object(pdf)
    return out + table_stream(pdf, number, {content: (1, place, 0), number: (1, len(out), 0)}) + ending(len(out))


@attack(Verdict.INVALID, judgement.CHANGED, verify.AMBIGUOUS, shows=Shows.PAGE, papers=BOTH)
def two_tables_of_one_update_disagree(pdf, means):
    """A hybrid file (7.5.8.4): old readers see the signed page, new ones another."""
    content, number = number_of(pdf, CONTENT), size(pdf)
    place = len(pdf)
    out = pdf + forged_object(pdf)
    stream_at = len(out)
    out += table_stream(pdf, number, {content: (1, place, 0), number: (1, stream_at, 0)})
    at = len(out)
    entries = {"XRefStm": stream_at, "Size": number + 1}
    return out + table({0: (0, 65535, "f")}) + b"trailer\n" + trailer(pdf, **entries) + ending(at)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.BYTES)
def the_content_is_freed(pdf, means):
    return updated_by_hand(pdf, {}, listed={number_of(pdf, CONTENT): (0, 1, "f")})


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.BYTES)
def the_content_comes_back_in_another_generation(pdf, means):
    """Readers that look only at numbers show it."""
    content = number_of(pdf, CONTENT)
    place = len(pdf)
    out = pdf + forged_object(pdf).replace(b" 0 obj", b" 1 obj", 1)
    return out + table({content: (place, 1, "n")}) + b"trailer\n" + trailer(pdf) + ending(len(out))


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE)
def the_content_is_freed_and_comes_back(pdf, means):
    freed = updated_by_hand(pdf, {}, listed={number_of(pdf, CONTENT): (0, 1, "f")})
    return updated_by_hand(freed, {number_of(pdf, CONTENT): forged_text()})


@attack(None, shows=Shows.BYTES)
def an_update_names_itself_as_the_one_before(pdf, means):
    return updated_by_hand(pdf, {number_of(pdf, CONTENT): forged_text()}, Prev=_next_table(pdf, forged_text()))


def _next_table(pdf, body):
    return len(pdf) + len(b"%d 0 obj\n%s\nendobj\n" % (number_of(pdf, CONTENT), body))


@attack(None, shows=Shows.BYTES)
def two_updates_name_each_other_as_the_one_before(pdf, means):
    at = len(pdf)
    entry = table({0: (0, 65535, "f")})
    size_of_first = len(entry + b"trailer\n" + trailer(pdf, Prev=1000000) + ending(1000000))
    second = at + size_of_first
    first = entry + b"trailer\n" + trailer(pdf, Prev=f"{second:07}") + b"\nstartxref\n%07d\n%%%%EOF\n" % at
    assert len(first) == size_of_first
    return pdf + first + entry + b"trailer\n" + trailer(pdf, Prev=at) + ending(second)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE)
def an_update_names_a_later_one_as_the_one_before(pdf, means):
    """Forward: the table read second stands behind the one read first."""
    content = number_of(pdf, CONTENT)
    forged_at = len(pdf)
    out = pdf + forged_object(pdf)
    at = len(out)
    entry = table({0: (0, 65535, "f")}) + b"trailer\n"
    later = at + len(entry + trailer(pdf, Prev=1000000)) + 1
    out += entry + trailer(pdf, Prev=f"{later:07}") + b"\n"
    assert len(out) == later
    out += table({content: (forged_at, 0, "n")}) + b"trailer\n" + trailer(pdf)
    return out + ending(at)


@attack(Verdict.UNCONFIRMED, verify.NO_SIGNATURE, shows=Shows.OBJECTS)
def an_update_leaps_over_the_signatures(pdf, means):
    """It continues the very first state: a paper that nobody has signed, and nothing else."""
    first = last_table(pdf[: pdf.index(b"%%EOF") + 6])
    return updated_by_hand(pdf, {}, listed={0: (0, 65535, "f")}, Prev=first)


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.BYTES)
def an_update_declares_fewer_objects(pdf, means):
    return updated_by_hand(pdf, {}, listed={0: (0, 65535, "f")}, Size=40)


@attack(*CHANGED, shows=Shows.OBJECTS)
def the_trailer_points_at_other_properties(pdf, means):
    """Not one object is written: the new trailer alone takes the catalogue for the document's information."""
    root = PdfFileReader(BytesIO(pdf)).root_ref.idnum
    return with_proof(pdf, Info=f"{root} 0 R")


@attack(*CHANGED, shows=Shows.BYTES)
def the_paper_gets_another_identity(pdf, means):
    return with_proof(pdf, ID=f"[<{'00' * 16}> <{'00' * 16}>]")


@attack(None, shows=Shows.BYTES, opens=False)
def the_trailer_claims_that_the_paper_is_encrypted(pdf, means):
    number = size(pdf)
    locked = b"<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>" % (b"x" * 32, b"x" * 32)
    return updated_by_hand(pdf, {number: locked}, Encrypt=f"{number} 0 R")


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.BYTES)
def an_object_of_an_update_is_named_in_another_way(pdf, means):
    """/Contents as /#43ontents: readers that do not unfold names find no contents."""
    sheet = number_of(pdf, SHEET)
    return updated_by_hand(pdf, {sheet: body_of(pdf, sheet).replace(b"/Contents", b"/#43ontents")})


@attack(*CHANGED, shows=Shows.PAGE)
def an_object_of_an_update_is_named_in_small_letters(pdf, means):
    sheet = number_of(pdf, SHEET)
    return updated_by_hand(pdf, {sheet: body_of(pdf, sheet).replace(b"/Contents", b"/contents")})
