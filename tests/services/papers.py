"""What the tests of invitation and minutes share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from meeting_app.domain.access import Actor
from meeting_app.domain.signature import PreparedSignature
from meeting_app.ports import Ports
from meeting_app.services import waiting
from meeting_app.services.waiting import Errand
from tests.keys import SignaturesOnDemand

STROKES = "M 20 200 L 120 60 L 240 220 L 400 90"


def errands(ports: Ports, actor: Actor) -> list[Errand]:
    return [each.errand for each in waiting.for_actor(ports, actor)]


@dataclass
class Interrupted(SignaturesOnDemand):
    """The real signatures, and something that happens to the meeting while one is being made."""

    meanwhile: Callable[[], object]

    def finish(self, paper: BinaryIO, prepared: PreparedSignature, value: bytes) -> None:
        super().finish(paper, prepared, value)
        self.meanwhile()
