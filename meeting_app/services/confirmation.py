"""Finishing what was confirmed on the phone: the worker asks, in any process and after any restart."""

from datetime import datetime, timedelta

from sqlmodel import Session

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.credential import Credential
from meeting_app.domain.key import ConfirmationExpired, ConfirmationRefused
from meeting_app.domain.pending_signature import PendingSignature, PendingState
from meeting_app.domain.signature import PreparedSignature
from meeting_app.errors import MeetingError
from meeting_app.ports import Ports
from meeting_app.services import invitation, minutes, signing
from meeting_app.services import paper as papers
from meeting_app.services.account import actor_of
from meeting_app.services.signing import Turn
from meeting_app.services.unit_of_work import changing, reading_standing

ROUTES = {each.paper: each for each in (invitation.ROUTE, minutes.ROUTE)}
_BETWEEN = timedelta(seconds=1)  # two questions


def collect(ports: Ports, pending_id: int) -> datetime | None:
    """Ask once; returns when to ask again, None when it has ended one way or the other."""
    with ports.database.reading() as session:
        row = session.get_one(PendingSignature, pending_id)
        credential = session.get_one(Credential, row.credential_id)
    if row.state is not PendingState.WAITING:
        return None
    try:
        value = row.value or _asked(ports, credential, row)
    except ConfirmationRefused:
        _end(ports, row, PendingState.REFUSED)
    except ConfirmationExpired:
        _end(ports, row, PendingState.EXPIRED)
    else:
        if value:
            _finish(ports, row, value)
        elif ports.clock.now() < row.expires_at:
            return ports.clock.now() + _BETWEEN
        else:
            _end(ports, row, PendingState.EXPIRED)
    return None


def _asked(ports: Ports, credential: Credential, row: PendingSignature) -> bytes:
    """The signature value, kept at once: its place may give it only one time."""
    answer = ports.keys.collect(credential.handle, row.ticket)
    if answer is None:
        return b""
    with ports.database.writing() as session:
        session.get_one(PendingSignature, row.id).value = answer[0]
    return answer[0]


def _finish(ports: Ports, row: PendingSignature, value: bytes) -> None:
    with ports.database.reading() as session:
        actor = actor_of(session.get_one(Account, row.account_id), row.address)
        turn = _turn(session, row, actor, ports.clock.now())
    if turn is None:
        _end(ports, row, PendingState.OVERTAKEN)
        return
    with ports.files.copy(row.prepared_sha256) as copy:
        signed = papers.finish(ports, copy, PreparedSignature.from_json(row.prepared), value, turn.field)
    with changing(ports, actor) as work:
        standing = work.standing(row.meeting_id)
        fresh = work.session.get_one(PendingSignature, row.id)
        turn = _turn(work.session, row, actor, work.now)
        if fresh.state is not PendingState.WAITING:
            return
        fresh.state, fresh.ended_at = PendingState.DONE if turn else PendingState.OVERTAKEN, work.now
        if turn is not None:
            signing.conclude(work, standing, ROUTES[row.paper], turn, signed)


def _turn(session: Session, row: PendingSignature, actor: Actor, now: datetime) -> Turn | None:
    """The signer's turn, if it still is and the paper is the one that was prepared."""
    try:
        standing = reading_standing(session, actor, row.meeting_id)
        turn = ROUTES[row.paper].turn(session, standing, row.seal, now)
    except MeetingError:
        return None
    same = turn.row.sha256 == row.base_sha256 and turn.credential.id == row.credential_id
    return turn if same else None


def _end(ports: Ports, row: PendingSignature, state: PendingState) -> None:
    with changing(ports, None) as work:
        fresh = work.session.get_one(PendingSignature, row.id)
        if fresh.state is PendingState.WAITING:
            fresh.state, fresh.ended_at = state, work.now
            work.record(f"{row.paper}.phone_{state.value}", row.meeting_id)
