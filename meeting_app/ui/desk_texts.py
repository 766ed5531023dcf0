"""What the bar, the sheet behind it and the desk's own panel say in the room."""

from meeting_app.i18n import N_

DESK_TEXTS = {
    # the bar
    "more": N_("More"),
    "floor": N_("Ask to speak"),
    # the desk
    "desk": N_("Run the meeting"),
}
