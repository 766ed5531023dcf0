"""Tablets that stop reading: what the server holds for each of them, and what the others notice."""

import statistics
from pathlib import Path

from meeting_app.bench.stage import stage

TABLETS, SILENT = 300, 50
UPDATES, UPDATE_BYTES = 2000, 4000
LOOK_EVERY = 20  # updates


def bench_stalled(updates: int = UPDATES) -> dict[str, float]:
    """Of 300 tablets 50 stop reading: the kB held for each, and the others' p50 and p99 over 2,000 updates of 4 kB.

    Held is the most that was seen: what the process grew by after as many updates that everybody read, and what lay
    unsent in the kernel.
    """
    with stage() as made, made.room() as server:
        made.body = {"note": "x" * UPDATE_BYTES}
        crowd = made.crowd()
        crowd.enter(TABLETS)
        for _ in range(updates):  # what the room keeps for all, and the rows its database has at hand, are held by then
            size = made.next_frame_size()
            made.commit()
            crowd.receive(size)
        crowd.stop_reading(SILENT)
        silent = crowd.silent_ports
        before, grown, unsent, delays = server.memory_kb(), 0, 0.0, []
        for number in range(updates):
            size = made.next_frame_size()
            committed = made.commit()
            delays.append(crowd.receive(size) - committed)
            if number % LOOK_EVERY == 0:
                grown = max(grown, server.memory_kb() - before)
                unsent = max(unsent, _unsent_kb(server.port, silent))
        crowd.leave()
    percent = statistics.quantiles(delays, n=100, method="inclusive")
    return {
        "tablets": TABLETS,
        "silent": SILENT,
        "updates": updates,
        "kb_held_per_stalled": round(grown / SILENT + unsent, 1),
        "kb_of_it_in_the_kernel": round(unsent, 1),
        "p50_ms": round(percent[49] * 1000, 2),
        "p99_ms": round(percent[98] * 1000, 2),
    }


def _unsent_kb(port: int, peers: set[int]) -> float:
    """The most that lies unsent for one of these tablets (proc(5), /proc/net/tcp: tx_queue)."""
    most = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _number, local, remote, _state, queues = line.split()[:5]
        if int(local.rpartition(":")[2], 16) == port and int(remote.rpartition(":")[2], 16) in peers:
            most = max(most, int(queues.partition(":")[0], 16))
    return most / 1024
