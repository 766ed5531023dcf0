"""What the tests of posts and delegations share."""

from datetime import date, timedelta

from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.calendar import local
from meeting_app.domain.delegation import DelegationKind, Terms
from meeting_app.domain.organisation import Appointment, Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.ports import Ports
from meeting_app.services import appointment as appointments
from meeting_app.services import authority
from meeting_app.services import delegation as delegations
from meeting_app.services.unit_of_work import key
from tests.cast import MORNING, Cast

TODAY = local(MORNING).date()
BASIS = "Văn bản uỷ quyền số 12/UQ-UBND"
CONTENT = "Ký giấy mời họp trong thời gian Chủ tịch đi công tác"


def terms(kind: DelegationKind = DelegationKind.AUTHORISED, **values: object) -> Terms:
    """Invitations, from today for a month."""
    usual: dict[str, object] = {
        "papers": frozenset({PaperKind.INVITATION}),
        "basis": BASIS,
        "content": CONTENT,
        "since": TODAY,
        "until": TODAY + timedelta(days=30),
    }
    return Terms(kind, **(usual | values))  # type: ignore[arg-type]


def give(
    ports: Ports, cast: Cast, name: str, kind: DelegationKind = DelegationKind.AUTHORISED, **values: object
) -> int:
    """The administrator puts it down."""
    return delegations.delegate(ports, cast.actors["vinh"], cast.actors[name].account_id, terms(kind, **values))


def held_by(ports: Ports, actor: Actor) -> int:
    """The one appointment somebody holds now."""
    with ports.database.reading() as session:
        rows = session.exec(select(Appointment).where(Appointment.account_id == actor.account_id)).all()
    [now] = [row for row in rows if row.held_at(ports.clock.now())]
    return key(now.id)


def move(ports: Ports, cast: Cast, name: str, post: str) -> int:
    return appointments.move(ports, cast.actors["vinh"], held_by(ports, cast.actors[name]), cast.posts[post])


def appoint(ports: Ports, cast: Cast, name: str, post: str, since: date = TODAY) -> int:
    return appointments.appoint(ports, cast.actors["vinh"], cast.actors[name].account_id, cast.posts[post], since=since)


def signs(ports: Ports, actor: Actor, paper: PaperKind = PaperKind.INVITATION) -> tuple[str, ...]:
    """The lines above the name of somebody who may sign now."""
    with ports.database.reading() as session:
        account, unit = session.get_one(Account, actor.account_id), session.get_one(Unit, actor.unit_id)
        return authority.of_person(session, account, unit, paper, ports.clock.now()).lines
