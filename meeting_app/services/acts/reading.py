"""Leading the reading."""

from meeting_app.services import presenter
from meeting_app.services.acts.given import Use

ACTS: dict[str, Use] = {
    "present.take": lambda ports, actor, meeting, _: presenter.take(ports, actor, meeting),
    "present.hand": lambda ports, actor, meeting, g: presenter.hand(ports, actor, meeting, g.number("attendee_id")),
    "present.stop": lambda ports, actor, meeting, _: presenter.stop(ports, actor, meeting),
    "present.turn": lambda ports, actor, meeting, g: presenter.turn(
        ports, actor, meeting, g.number("document_id"), g.number("page")
    ),
}
