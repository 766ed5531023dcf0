"""Who may come into a room: the origin of the page, the cookie, the place in the meeting or on its wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from meeting_app.domain.access import Actor, Wall
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import account, hall_screen, hall_screen_rows
from meeting_app.services import event as events
from meeting_app.services.event import Listener
from meeting_app.settings import COOKIE, SCREEN_COOKIE


@dataclass(frozen=True, slots=True)
class Admitted:
    who: Actor | Wall
    listener: Listener


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a connection came with: the cookies of its browser, and from where."""

    token: str | None = None
    screen_token: str | None = None
    address: str = ""
    as_screen: bool = False  # it asks to be let in as a hall screen, whoever is signed in beside

    @property
    def is_empty(self) -> bool:
        return not (self.token or self.screen_token)


def admit(ports: Ports, ticket: Ticket, meeting_id: int) -> Admitted | None:
    """The holder of a cookie and what they are in the meeting.

    None when signed out, or a screen that shows no meeting; NotFound for strangers.
    """
    if ticket.as_screen:
        wall = hall_screen.paired(ports, ticket.screen_token)
        if wall is not None and wall.meeting_id != meeting_id:
            raise NotFound
        return None if wall is None else Admitted(wall, hall_screen_rows.listener(wall))
    actor = account.actor_for(ports, ticket.token, ticket.address)
    if actor is None:
        return None
    return Admitted(actor, events.enter(ports, actor, meeting_id))


def still_in(ports: Ports, asking: Sequence[tuple[Ticket, int]]) -> list[bool]:
    """Per ticket and meeting whether the cookie still opens the house; all people by one question."""
    tokens = {ticket.token for ticket, _meeting in asking if ticket.token and not ticket.as_screen}
    people = account.signed_in(ports, tokens)
    return [
        _shows(ports, ticket, meeting_id) if ticket.as_screen else ticket.token in people
        for ticket, meeting_id in asking
    ]


def _shows(ports: Ports, ticket: Ticket, meeting_id: int) -> bool:
    wall = hall_screen.paired(ports, ticket.screen_token)
    return wall is not None and wall.meeting_id == meeting_id


def origin_allowed(origin: str, host: str, public_origins: tuple[str, ...]) -> bool:
    """Whether a page of this origin may open our socket with its visitor's cookie.

    Browsers send the cookie to us whoever wrote the page (RFC 6455, 10.2). Without named origins the
    page must come from the host name it calls, whatever the port: web and room differ in nothing else.
    """
    if public_origins:
        return origin.rstrip("/").casefold() in {each.rstrip("/").casefold() for each in public_origins}
    try:
        page, called = urlsplit(origin), urlsplit(f"//{host}")
        return page.scheme in ("http", "https") and bool(page.hostname) and page.hostname == called.hostname
    except ValueError:
        return False


def ticket_of(headers: list[str], address: str) -> Ticket:
    """The cookies out of the Cookie header fields; of several of one name the first (RFC 6265, 5.4)."""
    found: dict[str, str] = {}
    for header in headers:
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if value:
                found.setdefault(name, value[:500])
    return Ticket(found.get(COOKIE), found.get(SCREEN_COOKIE), address)
