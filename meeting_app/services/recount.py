"""Counting every closed motion of a meeting again, from the event log alone (W6).

The log holds the rules and the electors from the opening, who voted from each ballot's own event, and the
published ballots from the closing. What stands in the rows, and is shown to whoever asks today, is only compared
with at the end.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from meeting_app.domain.event import Kind, MeetingEvent
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.motion import Motion
from meeting_app.domain.voting import Base, Choice, Fraction, MotionKind, Rules, TieRule, Vote, is_valid, tally
from meeting_app.errors import NotFound
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services.motion_rows import ballot_bodies, result_body, rules_body

Body = dict[str, Any]

_NEVER_OPENED = N_("The log has no opening of this vote.")
_BALLOT_UNCLEAR = N_("{count} ballots say what this motion does not ask.")
_NOT_AN_ELECTOR = N_("{count} ballots belong to nobody who could vote.")
_CAST_TWICE = N_("{count} votes were cast more than once.")
_RECEIPT_TWICE = N_("{count} receipts stand in the list more than once.")
_OTHER_NUMBER = N_("{ballots} ballots were published, but {voted} were cast.")
_PUBLISHED_DIFFERS = N_("The published result is not the one that the ballots give.")
_STORED_DIFFERS = N_("The stored result is not the one that the ballots give.")
_LIST_DIFFERS = N_("The list of ballots that is shown now is not the one that was published at the closing.")
_RULES_DIFFER = N_("What is shown of this motion now is not what was put to the vote.")
_NO_QUORUM = N_("The vote was opened without a quorum, and no reason is recorded.")
_NOT_CLOSED = N_("A result is stored, but the log has no closing of this vote.")


@dataclass(frozen=True, slots=True)
class Recount:
    """One motion counted again: the result, and what does not agree with it."""

    motion_id: int
    title: str
    round: int
    result: Body
    complaints: tuple[str, ...]  # sentences in the language of the thread; none: all agrees

    @property
    def agrees(self) -> bool:
        return not self.complaints


@dataclass
class _Logged:
    """What the log says of one motion."""

    opened: Body | None = None
    voted: list[int] = field(default_factory=list)  # elector ids, in the order in which their votes came
    closed: Body | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the rows say of one motion that has a result."""

    motion: Motion
    ballots: list[Body]


def recount(ports: Ports, meeting_id: int) -> list[Recount]:
    """Every closed motion, in the order of their closing; raises NotFound."""
    with ports.database.reading() as session:
        if session.get(Meeting, meeting_id) is None:
            raise NotFound
        logged = _read(session, meeting_id)
        rows = session.exec(select(Motion).where(Motion.meeting_id == meeting_id)).all()
        stored = {row.id or 0: _Stored(row, ballot_bodies(session, row)) for row in rows if row.result is not None}
    counted = [_recount(motion_id, each, stored.get(motion_id)) for motion_id, each in logged.items() if each.closed]
    known = {each.motion_id for each in counted}
    return [*counted, *(_unlogged(each.motion) for motion_id, each in stored.items() if motion_id not in known)]


def _read(session: Session, meeting_id: int) -> dict[int, _Logged]:
    query = (
        select(MeetingEvent)
        .where(MeetingEvent.meeting_id == meeting_id, col(MeetingEvent.kind).in_([Kind.BALLOTS, Kind.ELECTORS]))
        .order_by(col(MeetingEvent.version))
    )
    found: dict[int, _Logged] = {}
    for event in session.exec(query).all():
        body = event.body
        if event.kind is Kind.ELECTORS:
            for row in body["electors"]:
                if row["voted"]:
                    found.setdefault(row["motion_id"], _Logged()).voted.append(row["id"])
        elif "opened" in body:
            found[body["opened"]["motion"]["id"]] = _Logged(body["opened"])
        elif "cancelled" in body:
            found.pop(body["cancelled"]["motion_id"], None)
        elif "closed" in body:
            found.setdefault(body["closed"]["motion_id"], _Logged()).closed = body["closed"]
    return found


def _recount(motion_id: int, logged: _Logged, stored: _Stored | None) -> Recount:
    closed = logged.closed or {}
    if logged.opened is None:
        title, number = (stored.motion.title, stored.motion.round) if stored else ("", 1)
        return Recount(motion_id, title, number, closed["result"], (_(_NEVER_OPENED),))
    motion, ballots = logged.opened["motion"], closed["ballots"]
    result = _count(logged.opened, ballots)
    complaints = list(_complaints(logged, ballots))
    if closed["result"] != result:
        complaints.append(_(_PUBLISHED_DIFFERS))
    if stored is None or stored.motion.result != result:
        complaints.append(_(_STORED_DIFFERS))
    elif stored.ballots != ballots:
        complaints.append(_(_LIST_DIFFERS))
    if stored is not None and rules_body(stored.motion) | motion != rules_body(stored.motion):
        complaints.append(_(_RULES_DIFFER))
    return Recount(motion_id, motion["title"], motion["round"], result, tuple(complaints))


def _unlogged(motion: Motion) -> Recount:
    return Recount(motion.id or 0, motion.title, motion.round, motion.result or {}, (_(_NOT_CLOSED),))


def _rules(motion: Body) -> Rules:
    return Rules(
        kind=MotionKind(motion["kind"]),
        base=Base(motion["base"]),
        majority=Fraction(motion["numerator"], motion["denominator"], motion["strict"]),
        tie=TieRule(motion["tie"]),
        options=tuple(each["id"] for each in motion["options"]),
        max_choices=motion["max_choices"],
        winners=motion["winners"],
    )


def _count(opened: Body, ballots: list[Body]) -> Body:
    chair = next((each["choice"] for each in ballots if each.get("attendee_id") == opened["chair_id"]), None)
    result = tally(
        _rules(opened["motion"]),
        [_vote(each) for each in ballots],
        electors=len(opened["electors"]),
        entitled=opened["entitled"],
        chair=Choice(chair) if chair else None,
    )
    return result_body(result)


def _vote(ballot: Body) -> Vote:
    return Vote(Choice(ballot["choice"]) if ballot["choice"] else None, tuple(ballot["options"]))


def _complaints(logged: _Logged, ballots: list[Body]) -> list[str]:
    opened = logged.opened or {}
    electors = {each["id"]: each["attendee_id"] for each in opened["electors"]}
    named = [each for each in ballots if "elector_id" in each]
    rules = _rules(opened["motion"])
    strangers = {each for each in logged.voted if each not in electors}
    if opened["motion"]["secret"]:
        named_wrongly = len(named)
    else:
        voted = set(logged.voted)
        named_wrongly = sum(
            electors.get(each.get("elector_id")) != each.get("attendee_id") or each.get("elector_id") not in voted
            for each in ballots
        )
    counted = {
        _BALLOT_UNCLEAR: sum(not is_valid(rules, _vote(each)) for each in ballots),
        _NOT_AN_ELECTOR: len(strangers) + named_wrongly,
        _CAST_TWICE: _repeated(logged.voted) + _repeated([each["elector_id"] for each in named]),
        _RECEIPT_TWICE: _repeated([each["receipt"] for each in ballots if "receipt" in each]),
    }
    said = [_(sentence, count=number) for sentence, number in counted.items() if number]
    if len(electors) < opened["quorum_need"] and not opened["overruled"]:
        said.append(_(_NO_QUORUM))
    if len(ballots) != len(logged.voted):
        said.append(_(_OTHER_NUMBER, ballots=len(ballots), voted=len(logged.voted)))
    return said


def _repeated(ids: list[Any]) -> int:
    return sum(number > 1 for number in Counter(ids).values())
