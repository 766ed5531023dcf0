"""The table of attacks: what each does, to which papers, and what the verdict must be.

Each file of this folder holds one family. An attack is a function that takes a signed paper and what
an attacker has (`Means`) and gives the forged paper; its name says what it does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from asn1crypto import x509

from meeting_app.domain.signature import Verdict
from meeting_app.signing.demo_pki import DemoPki
from meeting_app.signing.keys import UnlockedKey
from tests.signing.conftest import Desk


class Shows(Enum):
    """Where a reader can see that something was done; the test proves it with another reader."""

    PAGE = auto()  # something else is drawn
    OBJECTS = auto()  # the catalogue leads to something else
    SIGNATURE = auto()  # a signature object reads otherwise
    BYTES = auto()  # only in the bytes


@dataclass(frozen=True)
class Means:
    """What an attacker has: other papers that were truly signed, and keys and authorities nobody here trusts."""

    desk: Desk
    pki: DemoPki
    papers: dict[str, bytes]
    stranger: UnlockedKey
    strangers: DemoPki
    strangers_root: x509.Certificate


@dataclass(frozen=True)
class Attack:
    change: Callable[[bytes, Means], bytes]
    verdict: Verdict | None  # None: refused as no readable PDF
    reasons: frozenset[str]  # all of these are told
    papers: tuple[str, ...]
    shows: Shows
    opens: bool  # a lenient reader still opens the forged paper

    @property
    def name(self) -> str:
        return self.change.__name__


ATTACKS: list[Attack] = []
BOTH = ("sealed", "minutes")
EVERY = (*BOTH, "stranger")  # also a paper of other software, judged by less strict rules


def attack(
    verdict: Verdict | None,
    *reasons: str,
    shows: Shows,
    papers: tuple[str, ...] = ("sealed",),
    opens: bool = True,
) -> Callable[[Callable[[bytes, Means], bytes]], Callable[[bytes, Means], bytes]]:
    """Enter a function into the table."""

    def enter(change: Callable[[bytes, Means], bytes]) -> Callable[[bytes, Means], bytes]:
        ATTACKS.append(Attack(change, verdict, frozenset(reasons), papers, shows, opens))
        return change

    return enter
