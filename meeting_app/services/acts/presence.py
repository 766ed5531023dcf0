"""Who is here and where, who is not, who goes for whom, and who sits where."""

from meeting_app.domain.attendee import Whereabouts
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee, seat
from meeting_app.services.acts.given import Given, UnknownCommand, Use


def _place(given: Given, default: str | None = None) -> Whereabouts:
    try:
        return Whereabouts(given.text("place", default))
    except ValueError:
        raise UnknownCommand from None


ACTS: dict[str, Use] = {
    "attendee.check_in": lambda ports, actor, meeting, g: attendee.check_in(
        ports,
        actor,
        meeting,
        g.number_or_none("attendee_id"),
        place=_place(g, Whereabouts.ROOM),
        at=g.moment_or_none("at"),
    ),
    "attendee.check_out": lambda ports, actor, meeting, g: attendee.check_out(
        ports, actor, meeting, g.number("attendee_id")
    ),
    "attendee.place": lambda ports, actor, meeting, g: attendee.move(
        ports, actor, meeting, g.number_or_none("attendee_id"), place=_place(g)
    ),
    "attendee.leave": lambda ports, actor, meeting, g: attendee.leave(
        ports, actor, meeting, g.number_or_none("attendee_id"), at=g.moment_or_none("at")
    ),
    "attendee.return": lambda ports, actor, meeting, g: attendee.come_back(
        ports, actor, meeting, g.number_or_none("attendee_id")
    ),
    "attendee.absence": lambda ports, actor, meeting, g: attendee.explain_absence(
        ports, actor, meeting, g.number("attendee_id"), g.text("reason")
    ),
    "attendee.delegate": lambda ports, actor, meeting, g: delegations.choose(
        ports,
        actor,
        meeting,
        g.number("account_id"),
        attendee_id=g.number_or_none("attendee_id"),
        with_vote=g.flag("with_vote"),
        reason=g.text("reason"),
    ),
    "attendee.withdraw_delegate": lambda ports, actor, meeting, g: delegations.withdraw(
        ports, actor, meeting, g.number_or_none("attendee_id")
    ),
    "attendee.seat": lambda ports, actor, meeting, g: seat.place(
        ports, actor, meeting, g.number("attendee_id"), g.number_or_none("seat_id")
    ),
    "seats.arrange": lambda ports, actor, meeting, _: seat.arrange(ports, actor, meeting),
}
