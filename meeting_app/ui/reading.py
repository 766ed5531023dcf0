"""What the reader says, on a page of its own, in the room and without a network."""

from meeting_app.i18n import N_

READING_TEXTS = {
    "paper": N_("Pages to read"),
    "page_of": N_("{title}, page {page} of {pages}"),
    "page_number": N_("{page}/{pages}"),
    "page_back": N_("Previous page"),
    "page_next": N_("Next page"),
    "zoom_in": N_("Larger"),
    "zoom_out": N_("Smaller"),
    "read_wide": N_("Read on the whole screen"),
    "read_narrow": N_("Leave the whole screen"),
}
