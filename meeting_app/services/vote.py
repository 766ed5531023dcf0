"""A motion before the meeting: called, opened, watched, closed, and voted on once more.

Between opening and closing nothing of what was voted is told to anybody. The log keeps at both ends what a
recount needs (`services.recount`): the rules and the electors first, the ballots last.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, delete, select

from meeting_app.domain import motion as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters
from meeting_app.domain.attendee import clean_reason
from meeting_app.domain.ballot import LAST_BALLOTS, Elector, SecretBallot, electors
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.job import JobKind
from meeting_app.domain.meeting import Meeting, ensure_running
from meeting_app.domain.motion import Motion, MotionReady, MotionState
from meeting_app.domain.voting import Choice, Quorum, Result, Vote, tally
from meeting_app.ports import Ports
from meeting_app.services import job as jobs
from meeting_app.services import motion_rows as rows
from meeting_app.services.motion import required, tell, tell_list
from meeting_app.services.unit_of_work import Work, changing, key


def call(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Lay an approved motion before the meeting: attendees say that they are ready (F42)."""
    with changing(ports, actor) as work:
        standing, motion = _asked(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.APPROVED)
        rules.ensure_none_going(rows.motions_of(work.session, meeting_id), motion)
        motion.state, motion.called_at = MotionState.CALLED, work.now
        return _announce(work, standing.meeting, "motion.call", motion)


def uncall(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Take the call back; who was ready says so anew next time."""
    with changing(ports, actor) as work:
        standing, motion = _asked(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.CALLED)
        _forget_ready(work, standing.meeting, motion)
        motion.state, motion.called_at = MotionState.APPROVED, None
        return _announce(work, standing.meeting, "motion.uncall", motion)


def set_ready(ports: Ports, actor: Actor, meeting_id: int, motion_id: int, *, ready: bool) -> int:
    """Say that one is ready to vote on the motion that was called, or not yet; twice is once."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_enters(standing)
        motion = required(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.CALLED)
        attendee_id = key(standing.attendee.id if standing.attendee else None)
        attendees = rows.attendees_of(work.session, meeting_id)
        if attendee_id not in {holder.id for _, holder in electors(attendees, proxies=motion.proxies)}:
            raise rules.NotVoting
        query = select(MotionReady).where(MotionReady.motion_id == motion_id, MotionReady.attendee_id == attendee_id)
        row = work.session.exec(query).one_or_none()
        if ready is (row is not None):
            return standing.meeting.version
        if row is None:
            work.session.add(MotionReady(motion_id=motion_id, attendee_id=attendee_id))
            body: dict[str, Any] = {"ready": [{"id": attendee_id}]}
        else:
            work.session.delete(row)
            body = {"ready": [], "gone": [attendee_id]}
        return work.emit(standing.meeting, Kind.READY, body)


def open_vote(ports: Ports, actor: Actor, meeting_id: int, motion_id: int, overrule: str = "") -> int:
    """Freeze who votes and take ballots from now on.

    Without a quorum only the chair opens, and says why (`overrule`); raises NoQuorum, OnlyChairOverrules,
    NobodyVotes.
    """
    with changing(ports, actor) as work:
        standing, motion = _asked(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.APPROVED, MotionState.CALLED)
        rules.ensure_none_going(rows.motions_of(work.session, meeting_id), motion)
        meeting = standing.meeting
        attendees = rows.attendees_of(work.session, meeting_id)
        quorum = rows.quorum_now(meeting, attendees, proxies=motion.proxies)
        motion.overruled = _overruled(standing, quorum, overrule)
        motion.electors, motion.quorum_need, motion.entitled = quorum.present, quorum.need, quorum.all
        motion.need = rows.need_at_opening(motion)
        motion.state, motion.opened_at = MotionState.OPEN, work.now
        motion.closes_at = work.now + timedelta(seconds=motion.seconds) if motion.seconds else None
        _plan_closing(work, motion)
        _forget_ready(work, meeting, motion)
        chosen = [
            Elector(motion_id=motion_id, attendee_id=key(whose.id), holder_id=key(holder.id))
            for whose, holder in electors(attendees, proxies=motion.proxies)
        ]
        work.session.add_all(chosen)
        work.session.flush()
        work.emit(meeting, Kind.ELECTORS, {"electors": [rows.elector_body(each, voted=False) for each in chosen]})
        opened = rows.opening_body(motion, chosen, rows.chair_of(work.session, meeting_id))
        work.emit(meeting, Kind.BALLOTS, {"opened": opened}, Channel.DESK)
        reason = {"overruled": motion.overruled} if motion.overruled else {}
        return _announce(work, meeting, "motion.open", motion, present=quorum.present, need=quorum.need, **reason)


def cancel(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Take the opening back as long as nobody has voted; raises ThereAreBallots."""
    with changing(ports, actor) as work:
        standing, motion = _asked(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.OPEN)
        if rows.voted(work.session, motion_id):
            raise rules.ThereAreBallots
        motion.state, motion.called_at = MotionState.APPROVED, None
        motion.opened_at = motion.closes_at = motion.need = None
        motion.electors = motion.quorum_need = motion.entitled = None
        motion.overruled = ""
        work.emit(standing.meeting, Kind.BALLOTS, {"cancelled": {"motion_id": motion_id}}, Channel.DESK)
        _announce(work, standing.meeting, "motion.cancel", motion)
        version = _let_electors_go(work, standing.meeting, motion)
        work.session.execute(delete(Elector).where(col(Elector.motion_id) == motion_id))
        return version


def extend(ports: Ports, actor: Actor, meeting_id: int, motion_id: int, seconds: int) -> int:
    """Leave the vote open for longer; one without a limit gets one, from now."""
    with changing(ports, actor) as work:
        standing, motion = _asked(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.OPEN)
        rules.ensure_seconds(seconds)
        motion.closes_at = max(work.now, motion.closes_at or work.now) + timedelta(seconds=seconds)
        _plan_closing(work, motion)
        return _announce(work, standing.meeting, "motion.extend", motion, seconds=seconds)


def shorten(ports: Ports, actor: Actor, meeting_id: int, motion_id: int, seconds: int | None) -> int:
    """Take back time that was added, as long as the earlier end has not passed; None takes an added limit away."""
    with changing(ports, actor) as work:
        standing, motion = _asked(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.OPEN)
        rules.take_time_back(motion, seconds, work.now)
        _plan_closing(work, motion)
        return _announce(work, standing.meeting, "motion.shorten", motion, seconds=seconds)


def close(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Take no more ballots, count, and publish the result; this is final."""
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        motion = required(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.OPEN)
        return _close(work, standing.meeting, motion)


def close_due(ports: Ports, motion_id: int) -> datetime | None:
    """Close a motion whose time is up, for nobody in particular; returns when to look again if it is not.

    A moment later than its end: in a rush the ballots that came in time still wait for their turn.
    """
    with changing(ports, None) as work:
        motion = work.session.get(Motion, motion_id)
        if motion is None:
            return None
        # The meeting first, as in every other act, or two would wait for each other.
        query = select(Meeting).where(Meeting.id == motion.meeting_id).with_for_update()
        meeting = work.session.exec(query).one()
        work.session.refresh(motion)
        if motion.state is not MotionState.OPEN or motion.closes_at is None:
            return None
        due = motion.closes_at + LAST_BALLOTS
        if due > work.now:
            return due
        _close(work, meeting, motion)
    return None


def repeat(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Vote on the same once more: a new round under the same rules, approved already, right after the last one."""
    with changing(ports, actor) as work:
        standing, motion = _asked(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.CLOSED)
        listed = rows.motions_of(work.session, meeting_id)
        last = max((each for each in listed if _origin(each) == _origin(motion)), key=lambda each: each.round)
        rules.ensure_motion(last, MotionState.CLOSED)
        again = Motion(
            **rows.settled_fields(motion),
            meeting_id=meeting_id,
            position=0,
            round=last.round + 1,
            repeat_of=_origin(motion),
            state=MotionState.APPROVED,
            approved_at=work.now,
            drafted_by=actor.account_id,
            drafted_at=work.now,
        )
        work.session.add(again)
        work.session.flush()
        rules.move([*listed, again], again, last.position + 1)
        work.record("motion.repeat", meeting_id, motion=again.id, of=motion.id, title=again.title)
        return tell_list(work, standing.meeting, [again])


def end(work: Work, meeting: Meeting) -> None:
    """Inside the pausing or closing of the meeting: a vote that is open forbids it, one that was called rests."""
    for motion in rows.motions_of(work.session, key(meeting.id)):
        if motion.state is MotionState.OPEN:
            raise rules.MotionStillOpen(title=motion.title)
        if motion.state is MotionState.CALLED:
            _forget_ready(work, meeting, motion)
            motion.state, motion.called_at = MotionState.APPROVED, None
            tell(work, meeting, motion)


def _close(work: Work, meeting: Meeting, motion: Motion) -> int:
    motion_id = key(motion.id)
    if motion.secret:
        _shuffle(work, motion_id)
    motion.state, motion.closed_at = MotionState.CLOSED, work.now
    ballots = rows.ballot_bodies(work.session, motion)
    result = _count(work, motion, ballots)
    motion.need, motion.result = result.need, rows.result_body(result)
    closed = {"motion_id": motion_id, "ballots": ballots, "result": motion.result}
    work.emit(meeting, Kind.BALLOTS, {"closed": closed}, Channel.DESK)
    _announce(work, meeting, "motion.close", motion, cast=result.cast, carried=result.carried)
    return _let_electors_go(work, meeting, motion)


def _count(work: Work, motion: Motion, ballots: list[dict[str, Any]]) -> Result:
    votes = [Vote(Choice(each["choice"]) if each["choice"] else None, tuple(each["options"])) for each in ballots]
    chair_id = rows.chair_of(work.session, motion.meeting_id)
    said = next((each["choice"] for each in ballots if each.get("attendee_id") == chair_id), None)
    chair = Choice(said) if said else None
    return tally(motion.rules, votes, electors=motion.electors or 0, entitled=motion.entitled or 0, chair=chair)


def _shuffle(work: Work, motion_id: int) -> None:
    """Write the secret ballots anew in the order of their receipts: how they lie says no longer how they came."""
    ballots = rows.secret_ballots(work.session, motion_id)
    values = [each.model_dump() for each in ballots]
    for each in ballots:
        work.session.expunge(each)
    work.session.execute(delete(SecretBallot).where(col(SecretBallot.motion_id) == motion_id))
    for value in values:
        work.session.add(SecretBallot(**value))
        work.session.flush()  # one after the other: the order of a bulk insert is the library's affair


def _overruled(standing: Standing, quorum: Quorum, overrule: str) -> str:
    """Why the vote opens without a quorum; empty when there is one."""
    if quorum.present == 0:
        raise rules.NobodyVotes
    if quorum.reached:
        return ""
    if not overrule.strip():
        raise rules.NoQuorum(present=quorum.present, all=quorum.all, need=quorum.need)
    if not standing.is_chair:
        raise rules.OnlyChairOverrules
    return clean_reason(overrule)


def _plan_closing(work: Work, motion: Motion) -> None:
    if motion.closes_at is not None:
        jobs.plan(work.session, JobKind.CLOSE_MOTION, key(motion.id), motion.closes_at + LAST_BALLOTS)


def _forget_ready(work: Work, meeting: Meeting, motion: Motion) -> None:
    ready = rows.ready_of(work.session, key(motion.id))
    if ready:
        work.emit(meeting, Kind.READY, {"ready": [], "gone": [each.attendee_id for each in ready]})
        work.session.execute(delete(MotionReady).where(col(MotionReady.motion_id) == motion.id))


def _let_electors_go(work: Work, meeting: Meeting, motion: Motion) -> int:
    """After the motion itself was told of, or a screen would show an open vote with nobody in it for a moment."""
    gone = [each.id for each in rows.electors_of(work.session, key(motion.id))]
    return work.emit(meeting, Kind.ELECTORS, {"electors": [], "gone": gone})


def _origin(motion: Motion) -> int:
    """The first round of what this motion is a round of."""
    return motion.repeat_of or key(motion.id)


def _asked(work: Work, meeting_id: int, motion_id: int) -> tuple[Standing, Motion]:
    standing = work.standing(meeting_id)
    ensure_desk(standing)
    motion = required(work, meeting_id, motion_id)
    ensure_running(standing.meeting)
    return standing, motion


def _announce(work: Work, meeting: Meeting, act: str, motion: Motion, **detail: Any) -> int:
    work.record(act, key(meeting.id), motion=motion.id, title=motion.title, **detail)
    return tell(work, meeting, motion)
