"""Signing a paper when it is one's turn: the same steps for every paper and every place of a key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from meeting_app.domain.access import Actor, Standing
from meeting_app.domain.credential import Credential, NoCredential
from meeting_app.domain.invitation import Invitation
from meeting_app.domain.job import JobKind
from meeting_app.domain.key import KeyPlace, Secret
from meeting_app.domain.minutes import Minutes
from meeting_app.domain.organisation import Unit
from meeting_app.domain.signature import INCOMPLETE, Field, FileVerdict, SigningOrder
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_
from meeting_app.ports import Ports
from meeting_app.services import job as jobs
from meeting_app.services import paper as papers
from meeting_app.services import pending_signature as pending_signatures
from meeting_app.services.paper import Awaited, Signed
from meeting_app.services.pending_signature import Asked, PendingView
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

_ROUNDS = 3  # how often the paper may be archived under the signer's hand before we give up


class PaperChanged(MeetingError):
    message = N_("The paper was changed while it was being signed. Nothing was signed; please look at it again.")


@dataclass(frozen=True, slots=True)
class Turn:
    """The signature a paper waits for, its signer found to be entitled."""

    row: Invitation | Minutes
    written_at: datetime | None  # tells this text of the paper from a later one
    field: Field
    after: tuple[Field, ...]  # fields still to be signed afterwards
    credential: Credential
    unit: Unit


@dataclass(frozen=True, slots=True)
class Route:
    """What signing must know of one kind of paper."""

    paper: str
    archive: JobKind
    # Whose turn it is, for the seal or not; raises when it is not the actor's.
    turn: Callable[[Session, Standing, bool, datetime], Turn]
    # Writes what follows from the signature: state, register, deliveries, audit.
    conclude: Callable[[Work, Standing, Turn, Signed], None]


@dataclass(frozen=True, slots=True)
class Pen:
    """What the signer brings: the secret, a stroke (none: the agency's seal), and a decision."""

    secret: Secret
    strokes: str | None
    unchecked: bool = False  # sign though nobody answers about revocation (L13)

    @property
    def seals(self) -> bool:
        return self.strokes is None


def sign(ports: Ports, actor: Actor, meeting_id: int, route: Route, pen: Pen) -> FileVerdict | PendingView:
    """Sign now, or ask on the phone; the signature is told only after it is stored."""
    for _ in range(_ROUNDS):
        with ports.database.reading() as session:
            standing = reading_standing(session, actor, meeting_id)
            turn = route.turn(session, standing, pen.seals, ports.clock.now())
            pending_signatures.ensure_none(session, meeting_id, route.paper, turn.row.sha256)
        order = _order(ports, actor, turn, pen)
        signed = papers.sign(ports, turn.credential, pen.secret, turn.row.sha256, order, unchecked=pen.unchecked)
        if isinstance(signed, Awaited):
            asked = Asked(meeting_id, route.paper, pen.seals, turn.credential, turn.row.sha256)
            return pending_signatures.store(ports, actor, asked, signed)
        with changing(ports, actor) as work:
            standing = work.standing(meeting_id)
            fresh = route.turn(work.session, standing, pen.seals, work.now)
            if fresh.credential.id != turn.credential.id:  # stopped meanwhile, and another one put in its place
                raise NoCredential(name=turn.credential.common_name)
            if fresh.row.sha256 == turn.row.sha256:
                conclude(work, standing, route, fresh, signed, unchecked=pen.unchecked)
                return signed.verdict
            if (fresh.field, fresh.written_at) != (turn.field, turn.written_at):
                raise PaperChanged
    raise PaperChanged


def key_place(ports: Ports, actor: Actor, meeting_id: int, route: Route, *, seals: bool) -> KeyPlace:
    """Where the key lives that the actor would sign with now; raises what would refuse the signature."""
    with ports.database.reading() as session:
        turn = route.turn(session, reading_standing(session, actor, meeting_id), seals, ports.clock.now())
        return turn.credential.place


def conclude(
    work: Work, standing: Standing, route: Route, turn: Turn, signed: Signed, *, unchecked: bool = False
) -> None:
    """The signed file becomes the paper; what the signature still lacks is planned for the worker."""
    turn.row.sha256, turn.row.profile = signed.sha256, signed.profile
    route.conclude(work, standing, turn, signed)
    work.entries[-1].detail |= {"profile": signed.profile} | ({"unchecked": True} if unchecked else {})
    if not turn.after or signed.profile in INCOMPLETE:
        jobs.plan(work.session, route.archive, key(turn.row.id), work.now)


def _order(ports: Ports, actor: Actor, turn: Turn, pen: Pen) -> SigningOrder:
    appearance = papers.sealed(turn.unit) if pen.strokes is None else papers.drawn(ports, actor.full_name, pen.strokes)
    return papers.order_for(turn.field, turn.row, appearance, turn.unit, turn.after)
