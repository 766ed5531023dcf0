"""The hall's big screens."""

from meeting_app.services import hall_screen
from meeting_app.services.acts.given import Use

ACTS: dict[str, Use] = {
    "screen.pair": lambda ports, actor, meeting, g: hall_screen.pair(ports, actor, meeting, g.text("code")),
    "screen.part": lambda ports, actor, meeting, g: hall_screen.part(ports, actor, meeting, g.number("screen_id")),
    "screen.rename": lambda ports, actor, meeting, g: hall_screen.rename(
        ports, actor, meeting, g.number("screen_id"), g.text("name")
    ),
}
