"""Casting a ballot: once for each elector, by whoever holds the vote, while the motion is open.

Nothing here says afterwards who voted what in a secret vote: see `domain.ballot`.
"""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam
from sqlmodel import col, select

from meeting_app.domain import ballot as rules
from meeting_app.domain.access import Actor, Standing, ensure_enters
from meeting_app.domain.ballot import BallotCast, Elector, OpenBallot, SecretBallot
from meeting_app.domain.event import Kind
from meeting_app.domain.motion import Motion, MotionState, NotVoting
from meeting_app.domain.voting import Choice, Vote, is_valid
from meeting_app.errors import NotFound
from meeting_app.plain import Plain
from meeting_app.ports import Ports
from meeting_app.services import motion_rows as rows
from meeting_app.services.unit_of_work import Work, changing

_ASKED = (
    select(Motion, Elector, BallotCast.motion_id)
    .outerjoin(Elector, and_(col(Elector.motion_id) == Motion.id, col(Elector.id) == bindparam("elector_id")))
    .outerjoin(
        BallotCast,
        and_(col(BallotCast.motion_id) == Motion.id, col(BallotCast.attendee_id) == Elector.attendee_id),
    )
    .where(Motion.id == bindparam("motion_id"), Motion.meeting_id == bindparam("meeting_id"))
)


def cast(
    ports: Ports,
    actor: Actor,
    meeting_id: int,
    motion_id: int,
    elector_id: int,
    *,
    choice: str = "",
    options: Sequence[int] = (),
    comment: str = "",
    receipt: str = "",
) -> int:
    """Cast the vote of one elector, and tell everybody that it was cast, not how.

    `choice` for a motion of agreement, `options` for one of choice; `receipt` made by the voter's own browser
    for a secret one. Raises VotingNotOpen, VotingClosed, TimeIsUp, NotVoting, AlreadyVoted, BallotUnclear,
    ReceiptUnusable, CommentTooLong, CommentOutOfPlace.
    """
    with changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_enters(standing)
        motion, elector, voted = _asked(work, meeting_id, motion_id, elector_id)
        _ensure_takes_ballots(work, motion)
        elector = _ensure_may_cast(standing, elector, voted=voted)
        vote = Vote(_choice(choice), tuple(options))
        if not is_valid(motion.rules, vote):
            raise rules.BallotUnclear
        said = rules.clean_comment(comment, vote.choice)
        plain = Plain.within(work.session)
        plain.add([BallotCast(motion_id=motion_id, attendee_id=elector.attendee_id)])
        if motion.secret:
            plain.add([_secret(work, motion_id, vote, said, receipt)])
        else:
            chosen = list(vote.options)
            plain.add([OpenBallot(elector_id=elector_id, choice=vote.choice, options=chosen, comment=said)])
        work.record("ballot.cast", meeting_id, motion=motion_id, elector=elector_id)
        return work.emit(standing.meeting, Kind.ELECTORS, {"electors": [rows.elector_body(elector, voted=True)]})


def _ensure_takes_ballots(work: Work, motion: Motion) -> None:
    if motion.state is MotionState.CLOSED:
        raise rules.VotingClosed(title=motion.title)
    if not motion.public:
        raise NotFound
    if motion.state is not MotionState.OPEN:
        raise rules.VotingNotOpen(title=motion.title)
    arrived_at = (work.actor and work.actor.arrived_at) or work.now
    if motion.closes_at is not None and arrived_at >= motion.closes_at:
        raise rules.TimeIsUp(title=motion.title)


def _asked(work: Work, meeting_id: int, motion_id: int, elector_id: int) -> tuple[Motion, Elector | None, bool]:
    """The motion, this elector of it, and whether the vote was cast before, in one question.

    The meeting's row is locked: no other ballot can come between; the primary key forbids it anyway.
    """
    asked = {"meeting_id": meeting_id, "motion_id": motion_id, "elector_id": elector_id}
    found = work.session.exec(_ASKED, params=asked).one_or_none()
    if found is None:
        raise NotFound
    motion, elector, cast_in = found
    return motion, elector, cast_in is not None


def _ensure_may_cast(standing: Standing, elector: Elector | None, *, voted: bool) -> Elector:
    if elector is None:
        raise NotFound
    if standing.attendee is None or elector.holder_id != standing.attendee.id:
        raise NotVoting
    if voted:
        raise rules.AlreadyVoted
    return elector


def _secret(work: Work, motion_id: int, vote: Vote, comment: str, receipt: str) -> SecretBallot:
    receipt = rules.clean_receipt(receipt)
    if work.session.get(SecretBallot, (motion_id, receipt)) is not None:
        raise rules.ReceiptUnusable
    return SecretBallot(
        motion_id=motion_id, receipt=receipt, choice=vote.choice, options=list(vote.options), comment=comment
    )


def _choice(choice: str) -> Choice | None:
    try:
        return Choice(choice) if choice else None
    except ValueError:
        raise rules.BallotUnclear from None
