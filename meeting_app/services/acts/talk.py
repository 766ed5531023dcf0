"""What the desk says to people, and who calls for help."""

from meeting_app.services import help as helps
from meeting_app.services import message
from meeting_app.services.acts.given import Use

ACTS: dict[str, Use] = {
    "message.send": lambda ports, actor, meeting, g: message.send(
        ports, actor, meeting, g.text("text"), g.number_or_none("attendee_id")
    ),
    "message.recall": lambda ports, actor, meeting, g: message.recall(ports, actor, meeting, g.number("message_id")),
    "help.call": lambda ports, actor, meeting, g: helps.call(ports, actor, meeting, g.text("text", "")),
    "help.withdraw": lambda ports, actor, meeting, _: helps.withdraw(ports, actor, meeting),
    "help.answer": lambda ports, actor, meeting, g: helps.answer(ports, actor, meeting, g.number("help_id")),
    "help.reopen": lambda ports, actor, meeting, g: helps.reopen(ports, actor, meeting, g.number("help_id")),
}
