"""Every attack of the table, on truly signed papers: refused, and for its own reason."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from meeting_app.domain.signature import Unreadable, Verdict
from meeting_app.signing.demo_pki import DemoSubject, prepare
from meeting_app.signing.keys import unlock
from meeting_app.signing.trust import read_roots
from tests.pki import AGENCY, PIN, serving
from tests.signing.archiving import archived, asking
from tests.signing.attacks import (
    annotations,
    later,
    messages,
    pages,
    rewrites,
    shadows,
    spellings,
    stamps,
    structure,
    transplants,
    updates,
    wrapping,
)
from tests.signing.attacks.surgery import gap
from tests.signing.attacks.table import ATTACKS, Attack, Means, Shows
from tests.signing.conftest import INVITATION

FAMILIES = (
    annotations,
    later,
    messages,
    pages,
    rewrites,
    shadows,
    spellings,
    stamps,
    structure,
    transplants,
    updates,
    wrapping,
)
CASES = [pytest.param(attack, paper, id=f"{attack.name}-{paper}") for attack in ATTACKS for paper in attack.papers]


@pytest.fixture(scope="session")
def means(desk, pki, roots, blank, led, sealed, minutes, tmp_path_factory) -> Iterator[Means]:
    strangers = prepare(
        tmp_path_factory.mktemp("strangers"), [DemoSubject("x", "Người Lạ", AGENCY, PIN, algorithm="ec")]
    )
    other = signed(desk, desk.compile(desk.route(INVITATION, "hung", "seal")), "hung")
    stamper = RequestsHTTPTimeStamper(pki.timestamp_url)
    lasting = {"field": "Ky", "embed_validation_info": True, "validation_context": asking(roots)}
    papers = {
        "plain": desk.compile(()),
        "blank": blank,
        "led": led,
        "sealed": sealed,
        "minutes": minutes,
        "prepared": signed(desk, shadows.prepared(blank), "an"),
        "archived": archived(sealed, pki, roots),
        "other": archived(other, pki, roots),
        "stranger": later.signed_by(desk.compile(()), desk.keys["an"], stamper, box=(60, 60, 220, 130), **lasting),
        "awaiting": signed(desk, shadows.awaiting(blank), "an"),
        "awaiting-stranger": later.signed_by(shadows.awaiting(desk.compile(())), desk.keys["an"], stamper, **lasting),
    }
    with serving(strangers):
        yield Means(
            desk, pki, papers, unlock(strangers.pkcs12("x"), PIN), strangers, read_roots([strangers.trust_file])[0]
        )


def signed(desk, pdf, leader):
    for field, who in zip(INVITATION, (leader, "seal"), strict=True):
        pdf = desk.sign(pdf, INVITATION, field, who)
    return pdf


@pytest.mark.parametrize(("attack", "paper"), CASES)
def test_the_attack_is_told(means: Means, attack: Attack, paper: str):
    honest = means.papers[paper]
    forged = attack.change(honest, means)
    assert forged != honest
    if attack.opens:
        assert seen(forged, attack.shows) != seen(honest, attack.shows)
    if attack.verdict is None:
        with pytest.raises(Unreadable):
            means.desk.verdict(forged)
        return
    verdict = means.desk.verdict(forged)
    told = {*verdict.reasons, *(reason for facts in verdict.signatures for reason in facts.reasons)}
    assert (verdict.verdict, told) == (attack.verdict, told | attack.reasons)


@pytest.mark.parametrize(
    "paper", ["sealed", "minutes", "prepared", "archived", "other", "awaiting", "awaiting-stranger"]
)
def test_the_honest_papers_are_valid(means: Means, paper: str):
    """Otherwise none of the above would say anything."""
    assert means.desk.verdict(means.papers[paper]).verdict is Verdict.VALID


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_other_digit_in_the_newest_signature_object_leaves_a_paper_valid(means, data):
    """What no digest covers: the seal's object, or that of the timestamp over the whole."""
    honest = means.papers[data.draw(st.sampled_from(["sealed", "minutes", "archived"]))]
    start, end = gap(honest)
    place = data.draw(st.integers(start, end - 1))
    other = data.draw(st.sampled_from(b"0123456789ABCDEFabcdef<> \n"))
    assume(honest[place] != other)
    forged = honest[:place] + bytes([other]) + honest[place + 1 :]
    with suppress(Unreadable):
        assert means.desk.verdict(forged).verdict is not Verdict.VALID


# --- what another reader sees ---------------------------------------------------------------


@cache
def seen(pdf: bytes, shows: Shows) -> object:
    """What pdfium draws, or what pypdf finds: readers that forgive much and check no signature."""
    match shows:
        case Shows.PAGE:
            return drawn(pdf)
        case Shows.OBJECTS | Shows.SIGNATURE:
            return sha256("\n".join(walked(pypdf.PdfReader(BytesIO(pdf), strict=False))).encode()).hexdigest()
        case Shows.BYTES:
            assert pypdf.PdfReader(BytesIO(pdf), strict=False).pages
            return pdf


def drawn(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return [sha256(sheet.render(scale=0.4).to_pil().tobytes()).digest() for sheet in document]


def walked(reader: pypdf.PdfReader) -> Iterator[str]:
    """Everything that can be reached from the trailer, in a fixed order."""
    waiting: list[tuple[str, object]] = [
        (key, reader.trailer[key]) for key in ("/Root", "/Info") if key in reader.trailer
    ]
    visited = set()
    while waiting:
        way, value = waiting.pop()
        if isinstance(value, IndirectObject):
            if value.idnum in visited:
                yield f"{way} -> {value.idnum}"
                continue
            visited.add(value.idnum)
            value = value.get_object()
        if isinstance(value, DictionaryObject):
            waiting += [(f"{way}{key}", value.raw_get(key)) for key in sorted(value, reverse=True)]
            if isinstance(value, StreamObject):
                yield f"{way} {sha256(value._data).hexdigest()}"
        elif isinstance(value, ArrayObject):
            waiting += [(f"{way}[{index}]", entry) for index, entry in enumerate(list.__iter__(value))]
        else:
            yield f"{way} {value!r}"


def test_the_table_is_long_and_its_names_are_told_apart():
    names = [attack.name for attack in ATTACKS]
    assert len(names) == len(set(names)) >= 55
    assert subprocess.run(["qpdf", "--version"], capture_output=True, check=False).returncode == 0
