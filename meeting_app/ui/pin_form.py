"""Where a PIN is chosen or changed: it goes from the browser to its own route, never through the page's memory.

Widgets of Streamlit would send it to the session, where it lies until the page is left.
"""

from meeting_app.i18n import N_, current_language
from meeting_app.ui import component, notices

_TEXTS = {
    "rule": N_("6 to 64 letters, digits or signs. Nobody can read it or give it back to you: please keep it in mind."),
    "old": N_("Present PIN"),
    "fresh": N_("New PIN"),
    "again": N_("New PIN once more"),
    "choose": N_("Choose this PIN and make the key"),
    "change": N_("Change the PIN"),
    "working": N_("One moment…"),
    "missing": N_("Please fill in every box."),
    "differ": N_("The two new PINs differ. Please type them again."),
    "done": N_("Done. The new PIN counts from now on."),
}
_form = component.load("pin_form", "components/pin_form/pin_form.js")


def choosing(request_id: int, *, news: str) -> None:
    """For a new key; `news` is told in the run after it was made, in which the form is gone."""
    _shown(f"/credentials/request/{request_id}/key", changes=False, news=news)


def changing(credential_id: int) -> None:
    """For a key in use; the form itself says when it is done."""
    _shown(f"/credentials/{credential_id}/pin", changes=True)


def _shown(address: str, *, changes: bool, news: str = "") -> None:
    _form(
        key=f"pin_form_{address}",
        data={
            "texts": component.texts(_TEXTS),
            "language": current_language(),
            "changes": changes,
            "address": address,
        },
        on_done_change=lambda: notices.tell(news) if news else None,
    )
