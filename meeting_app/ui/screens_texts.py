"""What the desk reads about the hall's screens in the room."""

from meeting_app.i18n import N_

SCREENS_TEXTS = {
    "screens": N_("Hall screens"),
    "screens_how": N_("Open {address} on the screen's own computer, then type here the code that it shows."),
    "screens_none": N_("No screen shows this meeting yet."),
    "screens_since": N_("Shows this meeting since {hour}"),
    "screens_code": N_("Code on the screen"),
    "screens_name": N_("Name of the screen"),
    "screens_pair": N_("Pair the screen"),
    "screens_part": N_("Part"),
    "screens_rename": N_("Rename"),
    "screens_paired": N_("The screen shows this meeting now."),
    "screens_parted": N_("{name} no longer shows this meeting. Its code pairs it again."),
    "screens_renamed": N_("The screen was renamed."),
}
