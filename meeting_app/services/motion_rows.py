"""Motions, electors and ballots as rows: read, and turned into the bodies that tablets are sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.ballot import BallotCast, Elector, OpenBallot, SecretBallot, electors, is_entitled
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.motion import Motion, MotionReady, MotionState
from meeting_app.domain.voting import Base, Fraction, Quorum, Result, quorum

Body = dict[str, Any]


def motions_of(session: Session, meeting_id: int) -> list[Motion]:
    """In the order of voting; without drafts that were taken off the list again."""
    query = select(Motion).where(Motion.meeting_id == meeting_id).order_by(col(Motion.position), col(Motion.id))
    return [each for each in session.exec(query).all() if each.public or each.state is not MotionState.WITHDRAWN]


def attendees_of(session: Session, meeting_id: int) -> list[Attendee]:
    query = select(Attendee).where(Attendee.meeting_id == meeting_id).order_by(col(Attendee.id))
    return list(session.exec(query).all())


def electors_of(session: Session, motion_id: int) -> list[Elector]:
    return list(session.exec(select(Elector).where(Elector.motion_id == motion_id).order_by(col(Elector.id))).all())


def voted(session: Session, motion_id: int) -> set[int]:
    """The attendees whose votes were cast."""
    return set(session.exec(select(BallotCast.attendee_id).where(BallotCast.motion_id == motion_id)).all())


def has_voted(session: Session, attendee_id: int) -> bool:
    """Whether this person cast a vote in the meeting, their own or another's."""
    cast = and_(col(BallotCast.motion_id) == Elector.motion_id, col(BallotCast.attendee_id) == Elector.attendee_id)
    query = select(Elector.id).join(BallotCast, cast).where(Elector.holder_id == attendee_id)
    return session.exec(query.limit(1)).first() is not None


def holds_vote(session: Session, motion_id: int, attendee_id: int) -> bool:
    """Whether this person casts a vote of the motion, their own or another's."""
    query = select(Elector.id).where(Elector.motion_id == motion_id, Elector.holder_id == attendee_id)
    return session.exec(query.limit(1)).first() is not None


def ready_of(session: Session, motion_id: int) -> list[MotionReady]:
    query = select(MotionReady).where(MotionReady.motion_id == motion_id).order_by(col(MotionReady.id))
    return list(session.exec(query).all())


def open_ballots(session: Session, motion_id: int) -> list[tuple[Elector, OpenBallot]]:
    query = (
        select(Elector, OpenBallot)
        .join(OpenBallot, col(OpenBallot.elector_id) == Elector.id)
        .where(Elector.motion_id == motion_id)
        .order_by(col(Elector.id))
    )
    return list(session.exec(query).all())


def secret_ballots(session: Session, motion_id: int) -> list[SecretBallot]:
    """By their receipts, the only order they have."""
    found = session.exec(select(SecretBallot).where(SecretBallot.motion_id == motion_id)).all()
    return sorted(found, key=lambda each: each.receipt)


def quorum_now(meeting: Meeting, attendees: list[Attendee], *, proxies: bool) -> Quorum:
    """Who could vote if a motion opened now, against who would have to be here."""
    entitled = sum(map(is_entitled, attendees))
    fraction = Fraction(meeting.quorum_numerator, meeting.quorum_denominator)
    return quorum(len(electors(attendees, proxies=proxies)), entitled, fraction)


def chair_of(session: Session, meeting_id: int) -> int | None:
    query = select(Attendee.id).where(Attendee.meeting_id == meeting_id, Attendee.role == Role.CHAIR)
    return session.exec(query).first()


def count_of(session: Session, meeting_id: int) -> int:
    return session.exec(select(func.count()).select_from(Motion).where(Motion.meeting_id == meeting_id)).one()


def need_at_opening(motion: Motion) -> int | None:
    """Votes that will carry the motion; None while that depends on how many are cast."""
    whole = {Base.PRESENT: motion.electors, Base.ALL: motion.entitled, Base.CAST: None}[motion.base]
    return None if whole is None else motion.majority.need(whole)


def settled_fields(motion: Motion) -> Body:
    """What another round of the same motion takes over."""
    names = (
        *("item_id", "title", "text", "kind", "options", "secret", "proxies", "max_choices", "winners"),
        *("base", "numerator", "denominator", "strict", "tie", "seconds"),
    )
    return {name: getattr(motion, name) for name in names}


def opening_body(motion: Motion, chosen: list[Elector], chair_id: int | None) -> Body:
    """What a recount starts from."""
    return {
        "motion": rules_body(motion),
        "electors": [{"id": each.id, "attendee_id": each.attendee_id, "holder_id": each.holder_id} for each in chosen],
        "entitled": motion.entitled,
        "quorum_need": motion.quorum_need,
        "overruled": motion.overruled,
        "chair_id": chair_id,
    }


def rules_body(motion: Motion) -> Body:
    """What was settled before anybody voted."""
    return {
        "id": motion.id,
        "item_id": motion.item_id,
        "title": motion.title,
        "text": motion.text,
        "kind": motion.kind.value,
        "options": motion.options,
        "secret": motion.secret,
        "proxies": motion.proxies,
        "max_choices": motion.max_choices,
        "winners": motion.winners,
        "base": motion.base.value,
        "numerator": motion.numerator,
        "denominator": motion.denominator,
        "strict": motion.strict,
        "tie": motion.tie.value,
        "seconds": motion.seconds,
        "round": motion.round,
        "repeat_of": motion.repeat_of,
    }


def motion_body(motion: Motion) -> Body:
    return rules_body(motion) | {
        "state": motion.state.value,
        "called_at": _iso(motion.called_at),
        "opened_at": _iso(motion.opened_at),
        "closes_at": _iso(motion.closes_at),
        "closed_at": _iso(motion.closed_at),
        "quorum": quorum_body(motion),
        "need": motion.need,
        "result": motion.result,
    }


def quorum_body(motion: Motion) -> Body | None:
    if motion.electors is None:
        return None
    return {
        "present": motion.electors,
        "need": motion.quorum_need,
        "all": motion.entitled,
        "overruled": motion.overruled or None,
    }


def elector_body(elector: Elector, *, voted: bool) -> Body:
    return {
        "id": elector.id,
        "motion_id": elector.motion_id,
        "attendee_id": elector.attendee_id,
        "holder_id": elector.holder_id,
        "voted": voted,
    }


def ready_body(row: MotionReady) -> Body:
    return {"id": row.attendee_id}


def result_body(result: Result) -> Body:
    return {
        "electors": result.electors,
        "cast": result.cast,
        "agree": result.agree,
        "disagree": result.disagree,
        "other": result.other,
        "options": [
            {"id": each.id, "count": each.count, "carried": each.carried, "tied": each.tied} for each in result.options
        ],
        "base": result.base,
        "need": result.need,
        "carried": result.carried,
        "tie": result.tie,
    }


def ballot_bodies(session: Session, motion: Motion) -> list[Body]:
    """The published list of a closed motion: by elector, or by receipt and by nobody."""
    if motion.id is None or motion.state is not MotionState.CLOSED:
        return []
    if motion.secret:
        return [{"receipt": each.receipt} | _said(each) for each in secret_ballots(session, motion.id)]
    return [
        {"elector_id": elector.id, "attendee_id": elector.attendee_id, "holder_id": elector.holder_id} | _said(ballot)
        for elector, ballot in open_ballots(session, motion.id)
    ]


def state_bodies(session: Session, meeting: Meeting, *, desk: bool) -> dict[str, list[Body]]:
    """The motions a listener knows of, who is ready for the called one, who votes on the open one."""
    shown = [each for each in motions_of(session, meeting.id or 0) if desk or each.public]
    called = [each.id for each in shown if each.state is MotionState.CALLED]
    opened = [each.id for each in shown if each.state is MotionState.OPEN]
    ready = [ready_body(row) for motion_id in called for row in ready_of(session, motion_id or 0)]
    electing: list[Body] = []
    for motion_id in opened:
        done = voted(session, motion_id or 0)
        rows = electors_of(session, motion_id or 0)
        electing += [elector_body(row, voted=row.attendee_id in done) for row in rows]
    return {"motions": [motion_body(each) for each in shown], "ready": ready, "electors": electing}


def _said(ballot: OpenBallot | SecretBallot) -> Body:
    choice = ballot.choice.value if ballot.choice else None
    return {"choice": choice, "options": ballot.options, "comment": ballot.comment}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
