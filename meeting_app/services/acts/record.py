"""What is concluded."""

from meeting_app.services import conclusion
from meeting_app.services.acts.given import Use

ACTS: dict[str, Use] = {
    "conclusion.record": lambda ports, actor, meeting, g: conclusion.record(
        ports, actor, meeting, g.text("text"), g.number_or_none("item_id")
    ),
    "conclusion.remove": lambda ports, actor, meeting, g: conclusion.remove(
        ports, actor, meeting, g.number("conclusion_id")
    ),
}
