"""The list of motions: drafted and put in order by the desk, approved before anybody votes (F19, F43)."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from meeting_app.domain import motion as rules
from meeting_app.domain.access import Actor, Standing, ensure_desk, ensure_enters, ensure_writes_minutes
from meeting_app.domain.agenda import AgendaItem
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.meeting import Meeting, MeetingState, ensure_state
from meeting_app.domain.motion import Motion, MotionState
from meeting_app.domain.voting import Base, Fraction, MotionKind, TieRule
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import event as events
from meeting_app.services import motion_rows as rows
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

_BEFORE_THE_END = (MeetingState.DRAFT, MeetingState.CONVENED, MeetingState.RUNNING, MeetingState.PAUSED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the desk's form says of a motion; options are one a line."""

    title: str
    text: str = ""
    item_id: int | None = None
    kind: MotionKind = MotionKind.AGREEMENT
    options: str = ""
    secret: bool = False
    proxies: bool = False
    max_choices: int = 1
    winners: int = 1
    base: Base = Base.PRESENT
    numerator: int = 1
    denominator: int = 2
    strict: bool = True
    tie: TieRule = TieRule.FAILS
    seconds: int | None = None


def draft(ports: Ports, actor: Actor, meeting_id: int, draft: Draft) -> int:
    """Put a motion on the desk's list, at its end."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        last = rows.count_of(work.session, meeting_id) + 1
        motion = Motion(
            meeting_id=meeting_id, position=last, title="", drafted_by=actor.account_id, drafted_at=work.now
        )
        _fill(work, motion, draft)
        work.session.add(motion)
        work.session.flush()
        return _announce(work, standing.meeting, "motion.draft", motion)


def change(ports: Ports, actor: Actor, meeting_id: int, motion_id: int, draft: Draft) -> int:
    """Change a motion that is not approved yet."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        motion = required(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.DRAFT)
        _fill(work, motion, draft)
        return _announce(work, standing.meeting, "motion.change", motion)


def remove(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Take a motion off the list; one that was approved stays on it as withdrawn."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        motion = required(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.DRAFT, MotionState.APPROVED)
        motion.state = MotionState.WITHDRAWN
        work.record("motion.remove", meeting_id, motion=motion.id, title=motion.title)
        if motion.public:
            return tell(work, standing.meeting, motion)
        return work.emit(standing.meeting, Kind.MOTIONS, {"motions": [], "gone": [motion_id]}, Channel.DESK)


def restore(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Undo a removal: the motion is again what it was before."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        motion = required(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.WITHDRAWN)
        motion.state = MotionState.APPROVED if motion.public else MotionState.DRAFT
        work.record("motion.restore", meeting_id, motion=motion.id, title=motion.title)
        return tell_list(work, standing.meeting, [motion])


def move(ports: Ports, actor: Actor, meeting_id: int, motion_id: int, position: int) -> int:
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        motion = required(work, meeting_id, motion_id)
        rules.move(rows.motions_of(work.session, meeting_id), motion, position)
        work.record("motion.move", meeting_id, motion=motion.id, position=motion.position)
        return tell_list(work, standing.meeting, [motion])


def approve(ports: Ports, actor: Actor, meeting_id: int, motion_id: int | None = None) -> int:
    """Settle the rules of a motion, or of all drafts; from now on everybody of the meeting reads them."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_writes_minutes(standing)
        if motion_id is not None:
            motion = required(work, meeting_id, motion_id)
            rules.ensure_motion(motion, MotionState.DRAFT)
            drafts = [motion]
        else:
            drafts = [each for each in rows.motions_of(work.session, meeting_id) if each.state is MotionState.DRAFT]
        if not drafts:
            raise rules.NoDrafts
        for each in drafts:
            each.state, each.approved_at = MotionState.APPROVED, work.now
            work.record("motion.approve", meeting_id, motion=each.id, title=each.title)
        return tell_list(work, standing.meeting, drafts)


def unapprove(ports: Ports, actor: Actor, meeting_id: int, motion_id: int) -> int:
    """Take an approval back: the motion is the desk's draft again."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        ensure_writes_minutes(standing)
        motion = required(work, meeting_id, motion_id)
        rules.ensure_motion(motion, MotionState.APPROVED)
        if motion.round > 1:  # as a draft it could be changed, and still be called another round of the same
            raise rules.AnotherRoundStands
        motion.state, motion.approved_at = MotionState.DRAFT, None
        work.record("motion.unapprove", meeting_id, motion=motion.id, title=motion.title)
        return tell_list(work, standing.meeting, [motion], gone=[motion_id])


def let_vote(ports: Ports, actor: Actor, meeting_id: int, attendee_id: int, *, votes: bool) -> int:
    """The desk says who is entitled to vote; a vote that is open keeps its electors."""
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        attendee = work.session.get(Attendee, attendee_id)
        if attendee is None or attendee.meeting_id != meeting_id:
            raise NotFound
        if votes and (attendee.role is Role.GUEST or attendee.stands_for_id is not None):
            raise rules.GuestsNeverVote
        attendee.votes = votes
        work.record("attendee.voting", meeting_id, attendee=attendee.id, votes=votes)
        bodies = events.attendee_bodies(work.session, standing.meeting, [attendee])
        return work.emit(standing.meeting, Kind.ATTENDEES, {"attendees": bodies})


def set_quorum(ports: Ports, actor: Actor, meeting_id: int, numerator: int, denominator: int) -> int:
    """At least this part of all who are entitled must be here before a motion opens.

    In session only the chair says so: it would open a vote without a quorum, and without a reason.
    """
    with changing(ports, actor) as work:
        standing = _desk(work, meeting_id)
        meeting = standing.meeting
        if not may_set_quorum(standing):
            raise rules.OnlyChairChangesQuorum
        rules.ensure_majority(Fraction(numerator, denominator), rules.QuorumWrong)
        meeting.quorum_numerator, meeting.quorum_denominator = numerator, denominator
        work.record("meeting.quorum", meeting_id, numerator=numerator, denominator=denominator)
        return work.emit(meeting, Kind.MEETING, events.meeting_body(work.session, meeting))


def may_set_quorum(standing: Standing) -> bool:
    """Whether this desk decides how many must be here: before the session either of the two, then the chair."""
    in_session = standing.meeting.state in (MeetingState.RUNNING, MeetingState.PAUSED)
    return standing.is_chair or (standing.runs_desk and not in_session)


def motions(ports: Ports, actor: Actor, meeting_id: int) -> list[Motion]:
    """In the order of voting, as far as the reader may know of them; read-only."""
    with ports.database.reading() as session:
        standing = reading_standing(session, actor, meeting_id)
        if standing.attendee is None or standing.only_signs:
            ensure_desk(standing)
        return [each for each in rows.motions_of(session, meeting_id) if each.public or standing.runs_desk]


def published(ports: Ports, actor: Actor, motion_id: int) -> dict[str, Any]:
    """What was voted on a closed motion, for those who may have voted and the desk; NotFound for all others."""
    with ports.database.reading() as session:
        motion = session.get(Motion, motion_id)
        if motion is None:
            raise NotFound
        standing = reading_standing(session, actor, motion.meeting_id)
        if not standing.runs_desk:
            ensure_enters(standing)
        if motion.state is not MotionState.CLOSED or not (
            standing.runs_desk or _may_look_up(session, standing, motion)
        ):
            raise NotFound
        return {
            "motion_id": motion.id,
            "title": motion.title,
            "secret": motion.secret,
            "result": motion.result,
            "ballots": rows.ballot_bodies(session, motion),
        }


def required(work: Work, meeting_id: int, motion_id: int) -> Motion:
    motion = work.session.get(Motion, motion_id)
    if motion is None or motion.meeting_id != meeting_id:
        raise NotFound
    return motion


def tell(work: Work, meeting: Meeting, motion: Motion) -> int:
    """Say how a motion stands, where neither the list nor its readers changed."""
    channel = Channel.EVERYONE if motion.public else Channel.DESK
    return work.emit(meeting, Kind.MOTIONS, {"motions": [rows.motion_body(motion)]}, channel)


def tell_list(work: Work, meeting: Meeting, changed: list[Motion], gone: list[int] | None = None) -> int:
    """Say how these motions stand and in which order all are: first to everybody, without a word of drafts.

    An order names all that a listener may keep, so the desk is told of its drafts again afterwards.
    """
    work.session.flush()
    listed = rows.motions_of(work.session, key(meeting.id))
    drafts = [each for each in listed if not each.public]
    version = meeting.version
    if gone or any(each.public for each in changed):
        body = {
            "motions": [rows.motion_body(each) for each in changed if each.public],
            "gone": gone or [],
            "order": [each.id for each in listed if each.public],
        }
        version = work.emit(meeting, Kind.MOTIONS, body)
    if drafts:
        body = {"motions": [rows.motion_body(each) for each in drafts], "order": [each.id for each in listed]}
        version = work.emit(meeting, Kind.MOTIONS, body, Channel.DESK)
    return version


def leave_item(work: Work, meeting: Meeting, item_id: int) -> None:
    """An item goes from the agenda: its motions are the whole meeting's."""
    for motion in rows.motions_of(work.session, key(meeting.id)):
        if motion.item_id == item_id:
            motion.item_id = None
            tell(work, meeting, motion)


def _may_look_up(session: Session, standing: Standing, motion: Motion) -> bool:
    """Members, and who voted for somebody and is but a guest since: a receipt is to be found by whoever holds it."""
    if not standing.is_guest:
        return True
    return standing.attendee is not None and rows.holds_vote(session, key(motion.id), key(standing.attendee.id))


def _fill(work: Work, motion: Motion, draft: Draft) -> None:
    motion.title, motion.text = rules.clean_title(draft.title), rules.clean_text(draft.text)
    if draft.item_id is not None:
        item = work.session.get(AgendaItem, draft.item_id)
        if item is None or item.meeting_id != motion.meeting_id:
            raise NotFound
    motion.item_id, motion.kind = draft.item_id, draft.kind
    motion.options = rules.clean_options(draft.options) if draft.kind is MotionKind.CHOICE else []
    motion.secret, motion.proxies = draft.secret, draft.proxies
    motion.max_choices, motion.winners = draft.max_choices, draft.winners
    motion.base, motion.tie, motion.seconds = draft.base, draft.tie, draft.seconds
    motion.numerator, motion.denominator, motion.strict = draft.numerator, draft.denominator, draft.strict
    rules.ensure_rules(motion)


def _desk(work: Work, meeting_id: int) -> Standing:
    standing = work.standing(meeting_id)
    ensure_desk(standing)
    ensure_state(standing.meeting, *_BEFORE_THE_END)
    return standing


def _announce(work: Work, meeting: Meeting, act: str, motion: Motion) -> int:
    work.record(act, key(meeting.id), motion=motion.id, title=motion.title)
    return tell(work, meeting, motion)
