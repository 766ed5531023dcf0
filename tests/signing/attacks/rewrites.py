"""What is put before and behind a paper, and papers saved anew as a whole."""

import re
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import pypdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from meeting_app.domain.signature import Verdict
from meeting_app.signing import judgement, verify
from tests.signing.attacks.surgery import (
    ending,
    last_table,
)
from tests.signing.attacks.table import BOTH, Shows, attack

TAIL = (Verdict.INVALID, verify.TAIL)


# --- before and behind -----------------------------------------------------------------------


@attack(*TAIL, shows=Shows.BYTES, papers=BOTH)
def a_line_is_appended(pdf, means):
    return pdf + b"% later\n"


@attack(*TAIL, shows=Shows.BYTES)
def an_empty_line_is_appended(pdf, means):
    return pdf + b"\n"


@attack(None, shows=Shows.BYTES)
def a_second_end_is_appended(pdf, means):
    return pdf + b"%%EOF\n"


@attack(*TAIL, shows=Shows.BYTES)
def the_end_is_repeated(pdf, means):
    return pdf + ending(last_table(pdf))


@attack(None, shows=Shows.BYTES)
def an_end_that_points_nowhere_is_appended(pdf, means):
    return pdf + ending(len(pdf) + 1000)


@attack(Verdict.INVALID, verify.TAIL, shows=Shows.OBJECTS)
def an_end_that_points_at_an_older_table_is_appended(pdf, means):
    """The paper as it was before its last signature, though all of its bytes are there."""
    older = int(re.search(rb"/Prev (\d+)", pdf[last_table(pdf) :])[1])
    return pdf + ending(older)


@attack(*TAIL, shows=Shows.BYTES)
def zeros_are_appended(pdf, means):
    return pdf + bytes(512)


@attack(None, shows=Shows.BYTES)
def a_line_is_put_before_the_header(pdf, means):
    return b"#!/bin/sh\n" + pdf


@attack(None, shows=Shows.BYTES)
def a_whole_paper_is_put_before_the_header(pdf, means):
    return b"\n" + means.papers["blank"] + pdf


@attack(Verdict.UNCONFIRMED, verify.NO_SIGNATURE, shows=Shows.PAGE)
def a_whole_paper_is_appended(pdf, means):
    """With offsets that are right where it stands now: a paper that nobody signed, with junk before it."""
    other = means.papers["plain"]
    moved = re.sub(rb"(\d{10}) 00000 n", lambda entry: b"%010d 00000 n" % (int(entry[1]) + len(pdf)), other)
    at = last_table(other) + len(pdf)
    return pdf + moved[: moved.rindex(b"startxref")] + b"startxref\n%d\n%%%%EOF\n" % at


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.BYTES)
def the_last_line_is_cut_off(pdf, means):
    return pdf[:-1]


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.BYTES)
def the_header_names_another_version(pdf, means):
    return pdf.replace(b"%PDF-1.7", b"%PDF-1.4", 1)


# --- whole rewrites --------------------------------------------------------------------------


def rewritten_by_qpdf(pdf, *options):
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.pdf", Path(folder) / "after.pdf"
        before.write_bytes(pdf)
        subprocess.run(["qpdf", *options, before, after], check=True, capture_output=True)
        return after.read_bytes()


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES, papers=BOTH)
def the_paper_is_saved_anew_by_qpdf(pdf, means):
    return rewritten_by_qpdf(pdf)


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES)
def the_paper_is_linearised(pdf, means):
    return rewritten_by_qpdf(pdf, "--linearize")


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES)
def the_paper_is_saved_anew_with_streams_of_objects(pdf, means):
    return rewritten_by_qpdf(pdf, "--object-streams=generate")


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES)
def the_paper_is_saved_anew_by_pypdf(pdf, means):
    out = BytesIO()
    pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(pdf))).write(out)
    return out.getvalue()


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.BYTES)
def the_paper_is_saved_anew_by_pyhanko(pdf, means):
    out = BytesIO()
    copy_into_new_writer(PdfFileReader(BytesIO(pdf))).write(out)
    return out.getvalue()


@attack(Verdict.UNCONFIRMED, verify.NO_SIGNATURE, shows=Shows.OBJECTS)
def the_pages_are_printed_into_a_new_paper(pdf, means):
    """Everything is seen as before; there is no route and no signature in it."""
    writer = pypdf.PdfWriter()
    for sheet in pypdf.PdfReader(BytesIO(pdf)).pages:
        writer.add_page(sheet, excluded_keys=["/Annots"])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
