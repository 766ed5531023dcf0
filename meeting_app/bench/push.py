"""How soon the last tablet shows a change: our room beside other servers and the kernel's own limit, in one run.

The room does its whole work: a row is committed by another process, a wake-up comes, the event is
read from SQLite, encoded, sent. The others only pass on what they are told. The clock starts at the
commit (there: at the send) and stops when the last tablet has the frame's last byte. All is loopback,
and the tablets' own work is on the same machine and in everybody's numbers. The servers take turns, round by
round, and each figure is the median of its rounds: another program's work hits all alike.
"""

import os
import random
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from meeting_app.bench.page_load import running_pages
from meeting_app.bench.peers import PEERS, Contestant, Missing, running_peer
from meeting_app.bench.stage import stage
from meeting_app.bench.stalled import bench_stalled
from meeting_app.bench.tablets import SPARE_FILES
from meeting_app.settings import Settings

SERVERS = ("ours", *PEERS)
ROUNDS = 5
UPDATES = 50  # a round
WARM_UP = 5  # updates of a round before its numbers count
ROUND_SECONDS = 8  # a slow server's round ends here …
FEWEST = 10  # … but not before so many updates
GAP_SECONDS = (0.01, 0.05)  # between updates, evenly drawn: some 25 a second
PAGES_TABLETS = 200
Figures = dict[str, float]


def bench_push(
    tablets: Sequence[int] = (200, 1000, 5000),
    *,
    rounds: int = ROUNDS,
    updates: int = UPDATES,
    servers: Sequence[str] = SERVERS,
    beside: bool = True,
) -> dict[str, Any]:
    """Per number of tablets and server: `p50_ms`, `p99_ms`, `cpu_us_per_message`, `kb_per_connection`.

    `ratios` sets ours beside the others. With `beside`, `stalled` and `with_page_runs` are measured too.
    """
    measured: dict[str, Any] = {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2), "rounds": rounds}
    sizes = {
        str(count): {
            name: figures
            for together in _groups(count, servers)
            for name, figures in _one_size(count, rounds, updates, together).items()
        }
        for count in tablets
    }
    measured |= sizes
    measured["ratios"] = {count: _ratios(figures) for count, figures in sizes.items()}
    if beside:
        measured["stalled"] = bench_stalled()
        measured["with_page_runs"] = _with_page_runs(rounds, updates)
    return measured


def _groups(count: int, servers: Sequence[str]) -> list[Sequence[str]]:
    """Who takes turns with whom: all, or as many as this process may hold the tablets of."""
    most, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    size = max(1, most // (count + SPARE_FILES) - 1)  # a crowd asks for twice its tablets
    return [servers[begin : begin + size] for begin in range(0, len(servers), size)]


def _one_size(count: int, rounds: int, updates: int, servers: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    with ExitStack() as running:
        there: dict[str, Contestant] = {}
        for name in servers:
            try:
                there[name] = running.enter_context(_server(name))
            except Missing as missing:
                result |= {name: None, f"{name}_reason": str(missing)}
        if "ours" in there:
            result["before_sending"] = _before_sending(there["ours"], updates)
        memory = {name: _enter(contestant, count) for name, contestant in there.items()}
        taken: dict[str, list[Figures]] = {name: [] for name in there}
        for number in range(rounds):
            # Who begins changes from round to round.
            order = list(there)[number % len(there) :] + list(there)[: number % len(there)]
            for name in order:
                taken[name].append(_round(there[name], updates))
        for contestant in there.values():
            contestant.crowd.leave()
    for name, figures in taken.items():
        result[name] = _medians(figures) | {"kb_per_connection": memory[name]}
    if "ours" in result:
        result["before_sending"]["share_of_p50"] = round(
            result["before_sending"]["p50_ms"] / result["ours"]["p50_ms"], 2
        )
    return result


@contextmanager
def _server(name: str) -> Iterator[Contestant]:
    if name == "ours":
        with stage() as made, made.room() as server:
            yield made.contestant(server)
        return
    folder = Settings().data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with running_peer(name, Path(folder).resolve()) as peer:
        yield peer


def _before_sending(ours: Contestant, updates: int) -> Figures:
    """What ours does before it sends, by a single tablet: wake-up, reading the row, encoding. In its numbers too."""
    ours.crowd.enter(1)
    alone = _round(ours, updates)
    ours.crowd.part()
    return {"p50_ms": round(alone["p50_ms"], 2), "cpu_us_per_update": round(alone["cpu_us_per_message"], 1)}


def _enter(contestant: Contestant, count: int) -> float:
    """Let everybody in before the clock: connecting is not pushing. Kilobytes of the server for each."""
    memory = contestant.server.memory_kb()
    contestant.crowd.enter(count)
    return round((contestant.server.memory_kb() - memory) / count, 1)


def _round(contestant: Contestant, updates: int) -> Figures:
    delays: list[float] = []
    cpu, began = 0.0, time.monotonic()
    while len(delays) < WARM_UP + updates and (
        len(delays) < WARM_UP + FEWEST or time.monotonic() - began < ROUND_SECONDS
    ):
        if len(delays) == WARM_UP:
            cpu = contestant.server.cpu_seconds()
        due = contestant.size()
        told = contestant.publish()
        delays.append(contestant.crowd.receive(due) - told)
        time.sleep(random.uniform(*GAP_SECONDS))  # noqa: S311 — pacing, not secrets
    spent = contestant.server.cpu_seconds() - cpu
    counted = delays[WARM_UP:]
    percent = statistics.quantiles(counted, n=100, method="inclusive")
    return {
        "p50_ms": percent[49] * 1000,
        "p99_ms": percent[98] * 1000,
        "cpu_us_per_message": spent / len(counted) / len(contestant.crowd) * 1e6,
    }


def _medians(rounds: Sequence[Figures]) -> Figures:
    return {name: round(statistics.median(each[name] for each in rounds), 2) for name in rounds[0]}


def _ratios(figures: dict[str, Any]) -> Figures:
    """Ours over the other: below 1 we are the cheaper or the sooner."""
    ours: Figures | None = figures.get("ours")
    ratios: Figures = {}
    for name in PEERS:
        other: Figures | None = figures.get(name)
        if ours is not None and other is not None:
            ratios[f"p50_to_{name}"] = round(ours["p50_ms"] / other["p50_ms"], 2)
            ratios[f"cpu_to_{name}"] = round(ours["cpu_us_per_message"] / other["cpu_us_per_message"], 2)
    return ratios


def _with_page_runs(rounds: int, updates: int) -> dict[str, float]:
    """Ours alone, while a web process runs some ten pages a second."""
    with stage(meetings=3) as made, made.web() as port, running_pages(port, made.token) as load, made.room() as server:
        ours = made.contestant(server)
        ours.crowd.enter(PAGES_TABLETS)
        figures = _medians([_round(ours, updates) for _ in range(rounds)])
        ours.crowd.leave()
        return {"tablets": PAGES_TABLETS, **figures, "page_runs_per_s": round(load.runs_per_second, 1)}
