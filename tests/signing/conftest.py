"""Papers of the cast, signed once for the whole session."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import typst
from asn1crypto import x509

from meeting_app.domain.signature import Field, FileVerdict, Place, RouteStep, SigningOrder, route_to_json
from meeting_app.signing.demo_pki import DemoPki
from meeting_app.signing.engine import SigningEngine
from meeting_app.signing.keys import UnlockedKey, unlock
from meeting_app.signing.names import common_name
from meeting_app.signing.verify import verify
from tests.csc_rings import csc_key, csc_keys, csc_ring, csc_rings, csc_service
from tests.pki import PIN, pki, roots, sign, signatures
from tests.signing.succession import Succession, succession

__all__ = ["csc_key", "csc_keys", "csc_ring", "csc_rings", "csc_service", "pki", "roots", "signatures"]

PLACES = {
    Field.LEADER: Place(0, 320, 120, 160, 60),
    Field.SECRETARY: Place(0, 80, 120, 160, 60),
    Field.CHAIR: Place(0, 320, 120, 160, 60),
    Field.SEAL: Place(0, 280, 100, 100, 100),
}
INVITATION = (Field.LEADER, Field.SEAL)
MINUTES = (Field.SECRETARY, Field.CHAIR, Field.SEAL)

_PAPER = """
#set document(title: "Giấy mời họp")
#set text(lang: "vi", size: 13pt)
#pdf.attach("luong-ky.json", relationship: "data", mime-type: "application/json", description: "Luồng ký")
= Giấy mời
#lorem(120)
#pagebreak()
Trang hai. #lorem(80)
"""
_PLAIN = _PAPER.replace("#pdf.attach", "// ")
_STAMP = """
#set document(title: "Chữ ký")
#set page(width: 160pt, height: 60pt, margin: 4pt, fill: none)
#set text(lang: "vi", size: 9pt, fill: blue)
Đã ký số
"""


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """pyHanko tells of every forgery with its traceback, which takes longer than to judge it."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Desk:
    """Where papers are made and signed, by the rules (`sign`) and against them (`force`)."""

    engine: SigningEngine
    keys: dict[str, UnlockedKey]
    stamp: bytes
    roots: tuple[x509.Certificate, ...]
    compile: Callable[[Sequence[RouteStep]], bytes]

    def route(self, fields: Sequence[Field], *people: str) -> tuple[RouteStep, ...]:
        return tuple(
            RouteStep(field, common_name(self.keys[who].certificate), self.keys[who].certificate.sha256.hex())
            for field, who in zip(fields, people, strict=True)
        )

    def order(self, fields: Sequence[Field], field: Field) -> SigningOrder:
        later = tuple((name, PLACES[name]) for name in fields[fields.index(field) + 1 :])
        return SigningOrder(
            field=field,
            place=PLACES[field],
            appearance=self.stamp,
            reason="Ký ban hành",
            location="Hải Phòng",
            certify=field is Field.LEADER,
            next_fields=later,
        )

    def sign(self, pdf: bytes, fields: Sequence[Field], field: Field, who: str) -> bytes:
        return sign(self.engine, pdf, self.order(fields, field), self.keys[who])

    def force(self, pdf: bytes, order: SigningOrder, key: UnlockedKey) -> bytes:
        """A true signature that our own software would refuse to make here."""
        return sign(self.engine, pdf, order, key, forced=True)

    def verdict(self, pdf: bytes, expected: Sequence[RouteStep] = ()) -> FileVerdict:
        return verify(pdf, self.roots, expected)


@pytest.fixture(scope="session")
def desk(pki: DemoPki, roots: tuple[x509.Certificate, ...], tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("typst")
    return Desk(
        engine=SigningEngine([pki.timestamp_url], roots),
        keys={who: unlock(pki.pkcs12(who), PIN) for who in ("an", "binh", "hung", "seal")},
        stamp=_compiled(folder, _STAMP),
        roots=roots,
        compile=lambda route: _paper(folder, route),
    )


def _paper(folder: Path, route: Sequence[RouteStep]) -> bytes:
    if not route:
        return _compiled(folder, _PLAIN, pdf_standards=["a-3a", "ua-1"])
    (folder / "luong-ky.json").write_bytes(route_to_json(tuple(route)))
    return _compiled(folder, _PAPER, pdf_standards=["a-3a", "ua-1"])


def _compiled(folder: Path, source: str, **options: object) -> bytes:
    (folder / "main.typ").write_text(source, encoding="utf-8")
    return typst.compile(str(folder / "main.typ"), **options)


@pytest.fixture(scope="session")
def blank(desk: Desk) -> bytes:
    """An invitation with its route, not yet signed."""
    return desk.compile(desk.route(INVITATION, "an", "seal"))


@pytest.fixture(scope="session")
def led(desk: Desk, blank: bytes) -> bytes:
    """The invitation, signed by the chairman An, not yet sealed."""
    return desk.sign(blank, INVITATION, Field.LEADER, "an")


@pytest.fixture(scope="session")
def sealed(desk: Desk, led: bytes) -> bytes:
    """The whole invitation."""
    return desk.sign(led, INVITATION, Field.SEAL, "seal")


@pytest.fixture(scope="session")
def minutes(desk: Desk) -> bytes:
    """Minutes signed by the secretary Bình, the chair Hùng and sealed."""
    pdf = desk.compile(desk.route(MINUTES, "binh", "hung", "seal"))
    for field, who in zip(MINUTES, ("binh", "hung", "seal"), strict=True):
        pdf = desk.sign(pdf, MINUTES, field, who)
    return pdf


@pytest.fixture(scope="session")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Succession]:
    """Timestamp authorities for thirty years, and a clock for them."""
    with succession(tmp_path_factory.mktemp("years")) as made:
        yield made
