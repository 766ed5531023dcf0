"""Our way of finding what leads to an object gives pyHanko's own answers."""

import random
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.misc import PdfReadError, PdfStreamError
from pyhanko.pdf_utils.reader import HistoricalResolver

from meeting_app.signing import hex_strings
from meeting_app.signing.hex_strings import read_at_once
from meeting_app.signing.history import HistoryReader

DOCUMENTS = sorted((Path(__file__).parents[1] / "documents").glob("bao-cao-*.pdf"))
KEYS = (b"/A", b"/Annots", b"/P", b"/Parent", b"/K", b"/Kids", b"/Obj", b"/StructTreeRoot")


def references(reader):
    return {
        ref
        for revision in range(reader.xrefs.total_revisions)
        for ref in reader.xrefs.explicit_refs_in_revision(revision)
    }


def ways(view, wanted):
    try:
        view._load_reverse_xref_cache()
        return {ref: {tuple(path) for path in view._get_usages_of_ref(ref)} for ref in wanted}
    except RecursionError:  # theirs
        return PdfReadError
    except (PdfReadError, LookupError, AttributeError) as error:
        return type(error)


def as_written(value):
    stream = BytesIO()
    value.write_to_stream(stream, None)
    return stream.getvalue()


def assert_alike(pdf):
    reader = HistoryReader(pdf, strict=True)
    wanted = references(reader)
    for revision in range(reader.xrefs.total_revisions):
        theirs, ours = HistoricalResolver(reader, revision), reader.get_historical_resolver(revision)
        assert ways(ours, wanted) == ways(theirs, wanted)
        for ref in wanted:
            assert as_written(ours(ref)) == as_written(theirs(ref))


def test_signed_papers_are_walked_like_the_library_walks_them(sealed, minutes):
    assert_alike(sealed)
    assert_alike(minutes)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_papers_of_other_programs_are_walked_like_the_library_walks_them(path):
    assert_alike(path.read_bytes())


def anything(chance, count):
    """A value that points at some of the first `count` objects, directly or in what it holds."""
    match chance.randrange(5):
        case 0:
            return b"[%s]" % b" ".join(b"%d 0 R" % chance.randint(1, count) for _ in range(chance.randrange(3)))
        case 1:
            return b"<<%s %d 0 R>>" % (chance.choice(KEYS), chance.randint(1, count))
        case 2:
            return b"(5 0 R)"
        case _:
            return b"%d 0 R" % chance.randint(1, count)


def dictionary(chance, count, *given):
    free = [key for key in KEYS if not any(key in part for part in given)]
    keys = chance.sample(free, chance.randrange(4))
    return b"<<%s>>" % b" ".join([*given, *(key + b" " + anything(chance, count) for key in keys)])


def tangle(chance):
    """Seven objects that point at each other as they please, some of them written again in a second revision."""
    count = 9  # the last two are nothing
    structure = b"/StructTreeRoot 4 0 R" if chance.random() < 0.7 else b""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm %s %s>>" % (anything(chance, count), structure),
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: dictionary(chance, count, b"/Type/Page/Parent 2 0 R"),
    }
    objects |= {number: dictionary(chance, count) for number in range(4, 8)}
    pdf, start = revision(b"%PDF-1.7\n", objects, b"")
    again = {number: dictionary(chance, count) for number in chance.sample(range(4, 10), 2)}
    return revision(pdf, again, b"/Prev %d" % start)[0]


def revision(before, objects, previous):
    body, table = before, b""
    for number, value in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    if not previous:
        table = b"0 1\n0000000000 65535 f \n" + table
    trailer = b"xref\n%strailer\n<</Size 10/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (table, previous, len(body))
    return body + trailer, len(body)


def test_tangled_objects_are_walked_like_the_library_walks_them():
    chance, refused = random.Random(7), 0
    for _ in range(400):
        pdf = tangle(chance)
        assert_alike(pdf)
        reader = HistoryReader(pdf, strict=True)
        refused += ways(reader.get_historical_resolver(1), references(reader)) is PdfReadError
    assert 0 < refused < 300  # trees that go in a circle are among them, and others


@pytest.mark.parametrize(
    "written",
    [b"<>", b"<aB09>", b"<aB0>", b"< a b >", b"<FEFF1EA1>", b"<" + b"0f" * 70 + b">", b"<" + b"0f" * 40_000 + b">"],
)
def test_a_hexadecimal_string_is_read_like_the_library_reads_it(written):
    results = []
    for read in (read_at_once, hex_strings._digit_by_digit):
        stream = BytesIO(b"  " + written + b" /Next")
        stream.seek(2)
        results.append((read(stream), stream.tell()))
    assert results[0] == results[1]


def test_what_is_no_hexadecimal_string_is_refused():
    with pytest.raises(PdfStreamError):
        read_at_once(BytesIO(b"<zz>"))
