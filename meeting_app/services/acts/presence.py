"""Who is here, and who is not."""

from meeting_app.services import attendee
from meeting_app.services.acts.given import Use

ACTS: dict[str, Use] = {
    "attendee.check_in": lambda ports, actor, meeting, g: attendee.check_in(
        ports, actor, meeting, g.number_or_none("attendee_id")
    ),
    "attendee.check_out": lambda ports, actor, meeting, g: attendee.check_out(
        ports, actor, meeting, g.number("attendee_id")
    ),
    "attendee.absence": lambda ports, actor, meeting, g: attendee.explain_absence(
        ports, actor, meeting, g.number("attendee_id"), g.text("reason")
    ),
}
