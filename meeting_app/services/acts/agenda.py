"""The course of the meeting and of its agenda."""

from meeting_app.services import agenda
from meeting_app.services import meeting as meetings
from meeting_app.services.acts.given import Use

ACTS: dict[str, Use] = {
    "meeting.open": lambda ports, actor, meeting, _: meetings.open_session(ports, actor, meeting),
    "meeting.pause": lambda ports, actor, meeting, _: meetings.pause(ports, actor, meeting),
    "meeting.resume": lambda ports, actor, meeting, _: meetings.resume(ports, actor, meeting),
    "meeting.close": lambda ports, actor, meeting, _: meetings.close(ports, actor, meeting),
    "item.start": lambda ports, actor, meeting, g: agenda.start(ports, actor, meeting, g.number("item_id")),
    "item.finish": lambda ports, actor, meeting, g: agenda.finish(ports, actor, meeting, g.number("item_id")),
    "item.skip": lambda ports, actor, meeting, g: agenda.skip(ports, actor, meeting, g.number("item_id")),
    "item.undo": lambda ports, actor, meeting, g: agenda.undo(ports, actor, meeting, g.number("item_id")),
    "item.insert": lambda ports, actor, meeting, g: agenda.insert(
        ports,
        actor,
        meeting,
        g.text("title"),
        presenter=g.text("presenter", ""),
        minutes=g.number("minutes"),
        position=g.number("position"),
    ),
    "item.move": lambda ports, actor, meeting, g: agenda.move(
        ports, actor, meeting, g.number("item_id"), g.number("position")
    ),
    "item.extend": lambda ports, actor, meeting, g: agenda.extend(
        ports, actor, meeting, g.number("item_id"), g.number("minutes")
    ),
}
