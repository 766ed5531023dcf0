"""Many cast their ballots at nearly the same moment: each is answered after its commit, counted, and counted again."""

import json
import random
import statistics
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlmodel import select

from meeting_app.bench.assembly import Seated, assemble_members
from meeting_app.bench.stage import Stage, stage
from meeting_app.bench.tablets import Crowd
from meeting_app.domain.ballot import Elector
from meeting_app.domain.motion import Motion, MotionState
from meeting_app.domain.voting import Base, MotionKind
from meeting_app.services import motion, vote
from meeting_app.services.motion import Draft
from meeting_app.services.recount import recount
from meeting_app.services.unit_of_work import key

TABLETS = (200, 1000)
SPREAD_SECONDS = 1.0


def bench_vote(tablets: Sequence[int] = TABLETS) -> dict[str, Any]:
    """Per number of tablets: ballots per second, p50 and p99 of the answer, `all_counted`, `recount_agrees`.

    `within_a_second` is how people vote; `at_once` is what the room can take, all in the same moment.
    """
    return {str(count): _vote(count) for count in tablets}


def _vote(count: int) -> dict[str, Any]:
    with stage() as made:
        seated = assemble_members(made, count)
        with made.room():
            crowd = made.crowd([each.token for each in seated])
            crowd.enter(count)
            measured = {
                "within_a_second": _round(made, crowd, seated, SPREAD_SECONDS),
                "at_once": _round(made, crowd, seated, 0),
            }
            crowd.leave()
        again = recount(made.ports, made.meeting_id)
        counted = [each.result["cast"] for each in again]
    return {
        **measured,
        "all_counted": counted == [count, count],
        "recount_agrees": len(again) == len(measured) and all(each.agrees for each in again),
    }


def _round(made: Stage, crowd: Crowd, seated: Sequence[Seated], spread: float) -> dict[str, float]:
    motion_id, electors = open_motion(made)
    said = []
    for each in seated:
        command_id = str(uuid4())
        arguments = {"motion_id": motion_id, "elector_id": electors[each.attendee_id], "choice": "agree"}
        command = {"t": "do", "id": command_id, "act": "ballot.cast", "args": arguments}
        said.append((random.uniform(0, spread), command_id, json.dumps(command).encode()))  # noqa: S311 — pacing
    began = time.monotonic()
    took = crowd.answers(said)
    seconds = time.monotonic() - began
    vote.close(made.ports, made.secretary, made.meeting_id, motion_id)
    percent = statistics.quantiles(took, n=100, method="inclusive")
    return {
        "ballots_per_s": round(len(took) / seconds, 1),
        "p50_ms": round(percent[49] * 1000, 1),
        "p99_ms": round(percent[98] * 1000, 1),
    }


def open_motion(made: Stage) -> tuple[int, dict[int, int]]:
    """A motion to vote on now, and the elector's number of each attendee."""
    draft = Draft(title="Thông qua nghị quyết", kind=MotionKind.AGREEMENT, base=Base.PRESENT)
    motion.draft(made.ports, made.secretary, made.meeting_id, draft)
    motion.approve(made.ports, made.secretary, made.meeting_id)
    with made.ports.database.reading() as session:
        query = select(Motion).where(Motion.meeting_id == made.meeting_id, Motion.state == MotionState.APPROVED)
        motion_id = key(session.exec(query).one().id)
    vote.call(made.ports, made.secretary, made.meeting_id, motion_id)
    vote.open_vote(made.ports, made.secretary, made.meeting_id, motion_id)
    with made.ports.database.reading() as session:
        electors = session.exec(select(Elector).where(Elector.motion_id == motion_id)).all()
    return motion_id, {each.holder_id: key(each.id) for each in electors}
