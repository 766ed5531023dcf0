"""What the room did not let in or do: one calm line each, and few lines a second however many there are.

A line has who (the account's number), from where, and why; never a cookie, never what was said.
"""

import logging
import time
from collections.abc import Callable

from meeting_app.room.delivery import Allowance

LINES_PER_SECOND, LINES_AT_ONCE = 1, 30
_log = logging.getLogger(__name__)


class Refusals:
    """The log of refusals of one room process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._allowance = Allowance(LINES_PER_SECOND, LINES_AT_ONCE, clock())
        self._untold = 0

    def note(self, reason: str, address: str, account_id: int | None = None) -> None:
        """Tell of one refusal, or count it when too many are told of already."""
        if self._allowance.take(self._clock()):
            _log.warning("refused: %s (account %s, from %s)", reason, account_id or "unknown", address or "unknown")
        else:
            self._untold += 1

    def tell_rest(self) -> None:
        """How many were counted only; called now and then."""
        if self._untold and self._allowance.take(self._clock()):
            _log.warning("refused: %s more that are not listed one by one", self._untold)
            self._untold = 0
