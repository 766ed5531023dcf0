"""Signature forgery, incremental saving and signature wrapping, with their published variants.

USF, ISA and SWA: "1 Trillion Dollar Refund: How To Spoof PDF Signatures" (CCS 2019).
"""

import re
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement, verify
from tests.signing.attacks.surgery import (
    body_of,
    ending,
    gap,
    last_table,
    number_of,
    signatures,
    size,
    table,
    trailer,
    updated_by_hand,
)
from tests.signing.attacks.table import BOTH, Shows, attack
from tests.signing.attacks.updates import OVERLAY

SEAL = ("/AcroForm", "/Fields", -1, "/V")
CONTENT = ("/Pages", "/Kids", 0, "/Contents")
DEAD = (Verdict.INVALID, verify.DAMAGED)


def forged_text():
    return b"<</Length %d>>stream\n%s\nendstream" % (len(OVERLAY), OVERLAY)


def with_seal_object(pdf, change, *, also=True):
    """The seal's signature object overridden by an update, together with other text on the first page."""
    number = number_of(pdf, SEAL)
    objects = {number: change(body_of(pdf, number))}
    if also:
        objects[number_of(pdf, CONTENT)] = forged_text()
    return updated_by_hand(pdf, objects)


def replaced(body, pattern, new):
    changed = re.sub(pattern, lambda _: new, body, count=1, flags=re.DOTALL)
    assert changed != body
    return changed


CONTENTS = rb"/Contents <[0-9A-F]*>"
RANGE = rb"/ByteRange \[[^\]]*\]"


# --- universal signature forgery ------------------------------------------------------------


@attack(*DEAD, shows=Shows.PAGE, papers=BOTH)
def the_contents_of_the_seal_are_missing(pdf, means):
    return with_seal_object(pdf, lambda body: replaced(body, CONTENTS, b""))


@attack(*DEAD, shows=Shows.PAGE)
def the_contents_of_the_seal_are_null(pdf, means):
    return with_seal_object(pdf, lambda body: replaced(body, CONTENTS, b"/Contents null"))


@attack(*DEAD, shows=Shows.PAGE)
def the_contents_of_the_seal_are_empty(pdf, means):
    return with_seal_object(pdf, lambda body: replaced(body, CONTENTS, b"/Contents <>"))


@attack(*DEAD, shows=Shows.PAGE)
def the_contents_of_the_seal_are_zeros(pdf, means):
    return with_seal_object(pdf, lambda body: replaced(body, CONTENTS, b"/Contents <0000>"))


@attack(*DEAD, shows=Shows.PAGE)
def the_range_of_the_seal_is_missing(pdf, means):
    return with_seal_object(pdf, lambda body: replaced(body, RANGE, b""))


def with_range(pdf, written):
    return with_seal_object(pdf, lambda body: replaced(body, RANGE, b"/ByteRange " + written))


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.PAGE)
def the_range_of_the_seal_is_null(pdf, means):
    return with_range(pdf, b"null")


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE)
def the_range_of_the_seal_is_empty(pdf, means):
    return with_range(pdf, b"[]")


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE)
def the_range_of_the_seal_is_all_zeros(pdf, means):
    return with_range(pdf, b"[0 0 0 0]")


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE)
def the_range_of_the_seal_is_negative(pdf, means):
    return with_range(pdf, b"[0 -1 -2 -3]")


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE)
def the_range_of_the_seal_reaches_beyond_the_file(pdf, means):
    return with_range(pdf, b"[0 100 200 999999999]")


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE, papers=BOTH)
def the_range_of_the_seal_overlaps_itself(pdf, means):
    return with_range(pdf, b"[0 9000 4000 9000]")


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE)
def the_range_of_the_seal_does_not_start_at_the_beginning(pdf, means):
    _, first, second, length = signatures(pdf)[-1].byte_range
    return with_range(pdf, b"[1 %d %d %d]" % (first - 1, second, length))


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE)
def the_range_of_the_seal_has_three_parts(pdf, means):
    _, first, second, length = signatures(pdf)[-1].byte_range
    return with_range(pdf, b"[0 100 100 %d %d %d]" % (first - 100, second, length))


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE)
def the_range_of_the_seal_has_one_part(pdf, means):
    return with_range(pdf, b"[0 %d]" % len(pdf))


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE)
def the_range_of_the_seal_has_fractions(pdf, means):
    _, first, second, length = signatures(pdf)[-1].byte_range
    return with_range(pdf, b"[0 %d.5 %d %d]" % (first, second, length))


@attack(Verdict.INVALID, verify.DAMAGED, shows=Shows.PAGE)
def the_range_of_the_seal_is_said_twice(pdf, means):
    number = number_of(pdf, SEAL)
    body = body_of(pdf, number)
    twice = replaced(body, RANGE, re.search(RANGE, body)[0] + b"\n/ByteRange [0 0 0 0]")
    return updated_by_hand(pdf, {number: twice, number_of(pdf, CONTENT): forged_text()})


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.BYTES)
def the_range_of_the_seal_is_spelled_with_an_escape(pdf, means):
    """In place, in the signed bytes: /#42yteRange is the same name."""
    place = pdf.rindex(b"/ByteRange [")
    end = pdf.index(b"/Type", place)
    written = pdf[place + 10 : end].rstrip()
    return pdf[:place] + (b"/#42yteRange" + written).ljust(end - place) + pdf[end:]


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE)
def the_range_is_spelled_with_an_escape_by_an_update(pdf, means):
    return with_seal_object(pdf, lambda body: body.replace(b"/ByteRange", b"/#42yteRange"))


@attack(*DEAD, shows=Shows.PAGE)
def the_range_is_spelled_in_small_letters(pdf, means):
    return with_seal_object(pdf, lambda body: body.replace(b"/ByteRange", b"/byterange"))


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE)
def the_seal_claims_a_kind_nobody_knows(pdf, means):
    """An unknown kind alone cannot be judged; but the first signature never saw the change."""
    return with_seal_object(pdf, lambda body: body.replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1"))


@attack(Verdict.INVALID, judgement.UNJUDGEABLE, shows=Shows.PAGE)
def the_seal_claims_to_be_a_timestamp_of_the_document(pdf, means):
    return with_seal_object(pdf, lambda body: body.replace(b"/Type /Sig\n", b"/Type /DocTimeStamp\n"))


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.SIGNATURE)
def the_date_of_the_seal_is_changed_by_an_update(pdf, means):
    return with_seal_object(
        pdf, lambda body: replaced(body, rb"/M \(D:?[^)]*\)", b"/M (D:20200101000000Z)"), also=False
    )


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE)
def the_date_of_the_seal_is_changed_in_place(pdf, means):
    place = pdf.rindex(b"/M (D") + 12
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE, papers=BOTH)
def the_seal_is_cloned_under_its_number(pdf, means):
    """The true signature, told again by an update: nothing of it is false, but it does not cover where it stands."""
    return with_seal_object(pdf, lambda body: body)


# --- incremental saving ---------------------------------------------------------------------


def forged_object(pdf):
    return b"%d 0 obj\n%s\nendobj\n" % (number_of(pdf, CONTENT), forged_text())


@attack(Verdict.INVALID, verify.TAIL, shows=Shows.BYTES, papers=BOTH)
def an_object_is_appended_without_a_table(pdf, means):
    return pdf + forged_object(pdf) + ending(last_table(pdf))


@attack(None, shows=Shows.BYTES)
def an_object_is_appended_without_table_and_end(pdf, means):
    """Longer than what readers search for the end of the file; those that rebuild the table show it."""
    return pdf + forged_object(pdf) + b"% " + b"x" * 2000 + b"\n"


@attack(Verdict.INVALID, verify.TAIL, shows=Shows.BYTES)
def an_object_is_appended_with_a_trailer_alone(pdf, means):
    return pdf + forged_object(pdf) + b"trailer\n" + trailer(pdf, Prev=last_table(pdf)) + ending(last_table(pdf))


@attack(Verdict.INVALID, verify.TAIL, shows=Shows.BYTES)
def an_object_is_appended_with_a_copy_of_the_old_table(pdf, means):
    old = pdf[last_table(pdf) : pdf.rindex(b"startxref")]
    out = pdf + forged_object(pdf)
    return out + old + ending(len(out))


@attack(Verdict.INVALID, verify.TAIL, shows=Shows.BYTES)
def an_object_is_appended_that_its_table_does_not_list(pdf, means):
    return updated_by_hand(pdf, {}, listed={0: (0, 65535, "f")}, before_table=forged_object(pdf))


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.PAGE)
def the_content_is_appended_with_a_proper_table(pdf, means):
    return updated_by_hand(pdf, {number_of(pdf, CONTENT): forged_text()})


# --- signature wrapping ---------------------------------------------------------------------


def wrapped(pdf, objects):
    """The second signed part moved to the end; the true table's place taken by a forged one (SWA).

    The digest stays right: both signed parts are there, unchanged, and the overriding signature object
    says where. What is between them, nobody signed.
    """
    start, end = gap(pdf)
    moved, place, seal = pdf[end:], last_table(pdf), number_of(pdf, SEAL)
    listed = dict.fromkeys([*objects, *kept(pdf), seal], (0, 0, "n"))
    room = len(table(listed)) + 400
    ahead, parts = b"", b""
    for _ in range(2):  # the second time with the numbers found at the first, which are written as long
        span = b"/ByteRange [%010d %010d %010d %010d]" % (0, start, place + room + len(parts), len(moved))
        written = {**objects, seal: replaced(body_of(pdf, seal), RANGE, span)}
        listed, parts = {number: (at, 0, "n") for number, at in kept(pdf).items()}, b""
        for number, content in written.items():
            listed[number] = (place + room + len(parts), 0, "n")
            parts += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        ahead = table(listed) + b"trailer\n" + trailer(pdf, Size=size(pdf), Prev=table_before(pdf)) + b"\n"
    return pdf[:end].ljust(place) + ahead.ljust(room) + parts + moved


def kept(pdf):
    """Where the objects of the last revision stand, but for the signature and what follows it."""
    xrefs = PdfFileReader(BytesIO(pdf)).xrefs
    newest = xrefs.total_revisions - 1
    listed = {entry.idnum: xrefs.get_historical_ref(entry, newest) for entry in xrefs.explicit_refs_in_revision(newest)}
    return {number: at for number, at in listed.items() if isinstance(at, int) and number != number_of(pdf, SEAL)}


def table_before(pdf):
    """The section before the newest."""
    return int(re.search(rb"/Prev (\d+)", pdf[last_table(pdf) :])[1])


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.PAGE, papers=BOTH)
def the_second_part_is_moved_and_other_text_put_between(pdf, means):
    return wrapped(pdf, {number_of(pdf, CONTENT): forged_text()})


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES)
def the_second_part_is_moved_and_nothing_put_between(pdf, means):
    return wrapped(pdf, {})


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.BYTES)
def the_gap_of_the_seal_is_widened(pdf, means):
    _, end = gap(pdf)
    return pdf[: end - 1] + b"0000>" + pdf[end:]


@attack(None, shows=Shows.BYTES)
def the_gap_of_the_seal_is_narrowed(pdf, means):
    _, end = gap(pdf)
    return pdf[: end - 5] + b">" + pdf[end:]


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES)
def the_gap_of_the_seal_holds_a_comment(pdf, means):
    """As long as before: the digits end earlier, and a comment fills the rest."""
    _, end = gap(pdf)
    return pdf[: end - 20] + b">% hidden in the gap" + pdf[end:]


@attack(Verdict.INVALID, judgement.HIDDEN, shows=Shows.SIGNATURE)
def bytes_are_hidden_in_the_padding_of_the_seal(pdf, means):
    _, end = gap(pdf)
    return pdf[: end - 9] + b"48656c6c>"[:8] + pdf[end - 1 :]


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES)
def the_padding_of_the_seal_becomes_blanks(pdf, means):
    _, end = gap(pdf)
    return pdf[: end - 9] + b" " * 8 + pdf[end - 1 :]


@attack(Verdict.INVALID, judgement.HIDDEN, shows=Shows.BYTES)
def the_seal_is_written_in_small_digits_in_part(pdf, means):
    start, _ = gap(pdf)
    place = next(at for at in range(start + 1, start + 400) if pdf[at : at + 1] in b"ABCDEF")
    return pdf[:place] + pdf[place : place + 1].lower() + pdf[place + 1 :]
