"""Every attack of the table, on truly signed papers: refused, and for its own reason."""

import subprocess
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from meeting_app.domain.signature import Unreadable, Verdict
from meeting_app.signing.demo_pki import DemoSubject, prepare
from meeting_app.signing.keys import unlock
from meeting_app.signing.trust import read_roots
from tests.pki import AGENCY, PIN, serving
from tests.signing.archiving import archived
from tests.signing.attacks import annotations, later, messages, shadows, structure, transplants, updates, wrapping
from tests.signing.attacks.table import ATTACKS, Attack, Means, Shows
from tests.signing.conftest import INVITATION

FAMILIES = (annotations, later, messages, shadows, structure, transplants, updates, wrapping)
CASES = [pytest.param(attack, paper, id=f"{attack.name}-{paper}") for attack in ATTACKS for paper in attack.papers]


@pytest.fixture(scope="session")
def means(desk, pki, roots, blank, led, sealed, minutes, tmp_path_factory) -> Iterator[Means]:
    strangers = prepare(
        tmp_path_factory.mktemp("strangers"), [DemoSubject("x", "Người Lạ", AGENCY, PIN, algorithm="ec")]
    )
    other = desk.compile(desk.route(INVITATION, "hung", "seal"))
    for field, who in zip(INVITATION, ("hung", "seal"), strict=True):
        other = desk.sign(other, INVITATION, field, who)
    papers = {
        "plain": desk.compile(()),
        "blank": blank,
        "led": led,
        "sealed": sealed,
        "minutes": minutes,
        "prepared": shadows.prepared(desk),
        "archived": archived(sealed, pki, roots),
        "other": archived(other, pki, roots),
    }
    with serving(strangers):
        yield Means(
            desk, pki, papers, unlock(strangers.pkcs12("x"), PIN), strangers, read_roots([strangers.trust_file])[0]
        )


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


@pytest.mark.parametrize("paper", ["sealed", "minutes", "prepared", "archived", "other"])
def test_the_honest_papers_are_valid(means: Means, paper: str):
    """Otherwise none of the above would say anything."""
    assert means.desk.verdict(means.papers[paper]).verdict is Verdict.VALID


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
