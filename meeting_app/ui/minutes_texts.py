"""What the minutes say in the room, beside the desk's panel."""

from meeting_app.i18n import N_
from meeting_app.ui.minutes_editor import SECTION_TEXTS

MINUTES_TEXTS = {
    "minutes_pane": N_("Minutes of the meeting"),
    "minutes_switch": N_("What stands in the middle"),
    "centre_papers": N_("Documents"),
    "centre_minutes": N_("Minutes of the meeting"),
    "minutes_known": N_("Recorded by the system"),
    "minutes_explained": N_(
        "What stands on a blue ground is recorded by the system and will be in the minutes. "
        "Write below it what else should be said; every word is saved by itself."
    ),
    "minutes_none": N_("Nothing was noted while the meeting ran. The minutes are written on their own page."),
    "minutes_beyond": N_("The minutes have been submitted for signing and are no longer changed here."),
}
MINUTES_TEXTS |= {f"section_{name}": text for name, text in SECTION_TEXTS.items()}
