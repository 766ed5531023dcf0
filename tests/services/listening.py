"""A tablet without its screen: what it knows after the frames it was sent."""

from collections.abc import Sequence
from typing import Any

from meeting_app.domain.event import MeetingEvent, apply, hears
from meeting_app.services.event import Listener


def told(state: dict[str, Any], listener: Listener, log: Sequence[MeetingEvent]) -> dict[str, Any]:
    """The state after the events, of which a listener is told only the version when it may not hear them."""
    for event in log:
        heard = hears(listener.channels, listener.account_id, event)
        state = apply(state, event.version, event.kind if heard else None, event.body if heard else {})
    return state
