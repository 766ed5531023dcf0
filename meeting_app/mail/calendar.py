"""The meeting as a file that calendars take in (RFC 5545, RFC 5546)."""

from icalendar import Calendar, Event, vCalAddress

from meeting_app.domain.letter import Letter

FILE_NAME = "lich-hop.ics"


def calendar_file(letter: Letter, organiser: str) -> bytes:
    """A published event: it asks for no reply, which is given in the application. Times in UTC.

    The UID is that of the meeting, so that a later file about it takes the earlier one's place.
    """
    occasion = letter.occasion
    event = Event()
    event.add("uid", f"phien-hop-{occasion.meeting_id}@{organiser.partition('@')[2]}")
    event.add("dtstamp", letter.written_at)
    event.add("dtstart", occasion.starts_at)
    event.add("dtend", occasion.ends_at)
    event.add("summary", occasion.title)
    event.add("location", occasion.place)
    event.add("organizer", _organiser(occasion.inviter, organiser))
    calendar = Calendar()
    calendar.add("prodid", "-//Phong hop khong giay//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _organiser(name: str, address: str) -> vCalAddress:
    organiser = vCalAddress(f"mailto:{address}")
    # A parameter's value has no way to say a quotation mark (RFC 5545, 3.2).
    organiser.params["CN"] = name.replace('"', "'")
    return organiser
