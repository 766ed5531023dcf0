"""Who may come into a room: the origin of the page, the cookie, the place in the meeting."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import account
from meeting_app.services import event as events
from meeting_app.services.event import Listener
from meeting_app.settings import COOKIE


@dataclass(frozen=True, slots=True)
class Admitted:
    actor: Actor
    listener: Listener


def admit(ports: Ports, token: str | None, address: str, meeting_id: int) -> Admitted | None:
    """The holder of a cookie and what they are in the meeting; None when signed out, NotFound for strangers."""
    actor = account.actor_for(ports, token, address)
    if actor is None:
        return None
    return Admitted(actor, events.enter(ports, actor, meeting_id))


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


def cookie_of(headers: list[str]) -> str | None:
    """The sign-in cookie out of the Cookie header fields; of several the first (RFC 6265, 5.4)."""
    for header in headers:
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == COOKIE and value:
                return value[:500]
    return None
