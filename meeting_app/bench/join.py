"""Everybody comes back at once after the room was killed or stopped: how soon the last tablet is up to date."""

import signal
import statistics
import time
from collections.abc import Sequence
from typing import Any

from meeting_app.bench.assembly import Seated, assemble_members
from meeting_app.bench.stage import Stage, stage

TABLETS = (200, 1000)
MISSED = 5  # events while they were away
HOW = {"killed": signal.SIGKILL, "stopped": signal.SIGTERM}


def bench_join(tablets: Sequence[int] = TABLETS) -> dict[str, Any]:
    """Per number of tablets, after SIGKILL and after SIGTERM: ms until each is up to date (p50, p99, last).

    `held`: they say which version they hold and are sent what they missed; `snapshots`: they hold nothing. The clock
    starts when the new room listens, and it spends `cpu_ms_per_tablet`; `restart_ms` is how long that took from the
    end of the old one.
    """
    return {str(count): _join(count) for count in tablets}


def _join(count: int) -> dict[str, Any]:
    with stage() as made:
        seated = assemble_members(made, count)
        return {name: _both(made, seated, number) for name, number in HOW.items()}


def _both(made: Stage, seated: Sequence[Seated], number: signal.Signals) -> dict[str, Any]:
    tokens = [each.token for each in seated]
    with made.room() as before:
        there = made.crowd(tokens)
        there.enter(len(tokens))
        held = made.version
        before.end(number)
        there.leave()
    began = time.monotonic()
    with made.room() as room:
        restart = time.monotonic() - began
        back = {}
        for name, version in (("held", held), ("snapshots", None)):
            for _ in range(MISSED if version else 0):
                made.commit()
            crowd = made.crowd(tokens, version)
            spent = room.cpu_seconds()
            took = crowd.come_at_once(len(tokens))
            spent = room.cpu_seconds() - spent
            crowd.leave()
            percent = statistics.quantiles(took, n=100, method="inclusive")
            back[name] = {
                "p50_ms": round(percent[49] * 1000, 1),
                "p99_ms": round(percent[98] * 1000, 1),
                "last_ms": round(max(took) * 1000, 1),
                "cpu_ms_per_tablet": round(spent / len(tokens) * 1000, 2),
            }
    return {"restart_ms": round(restart * 1000), **back}
