"""The pages of a document or a paper, one below the other, over as much of the screen as one likes."""

from meeting_app.i18n import N_, current_language
from meeting_app.ui import component
from meeting_app.ui.links import PageAddresses

_TEXTS = {
    "paper": N_("Pages to read"),
    "page": N_("Page {n} of {m}"),
    "page_lost": N_("This page could not be shown. Please reload."),
    "previous": N_("Previous page"),
    "next": N_("Next page"),
    "smaller": N_("Smaller"),
    "larger": N_("Larger"),
    "whole_screen": N_("Whole screen"),
    "back": N_("Back to the page"),
}
_reader = component.load("reader", "components/reader/reader.js")


def reader(addresses: PageAddresses, *, pages: int, of: int, key: str) -> None:
    """Show the first `pages` of a document with `of` pages; later ones come with a later run."""
    _reader(
        key=key,
        data={
            "texts": component.texts(_TEXTS),
            "language": current_language(),
            "before": addresses.before,
            "after": addresses.after,
            "pages": pages,
            "of": of,
        },
    )
