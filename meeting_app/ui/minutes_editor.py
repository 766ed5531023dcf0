"""The editor of the minutes: every section saves itself, and nothing typed is ever lost."""

from collections.abc import Sequence

from meeting_app.i18n import N_, current_language
from meeting_app.services.minutes_section import SectionView
from meeting_app.ui import component

SECTION_TEXTS = {
    "empty": N_("Write here…"),
    "saved": N_("Saved at {at}"),
    "saving": N_("Saving…"),
    "typed": N_("Not saved yet"),
    "kept": N_("Kept on this device; it will be saved as soon as the server can be reached."),
    "restored": N_("What you typed before the page was left has been restored."),
    "refused": N_("Not saved: {sentence} Your text is kept on this device."),
    "clash": N_("This section was changed in another window."),
    "clash_help": N_("Both texts are kept. Choose one, or put them together and save."),
    "mine": N_("Your text"),
    "theirs": N_("Text of the other window"),
    "take_mine": N_("Keep mine"),
    "take_theirs": N_("Take the other"),
    "merge": N_("Put both together"),
}
_TEXTS = SECTION_TEXTS | {
    "editor": N_("Text of the minutes"),
    "finish": N_("Finish and submit for signing"),
    "unfinished": N_("Not submitted yet: some of the text above is not saved. Please see to it, then try again."),
}
_editor = component.load("minutes_editor", "components/minutes_editor/minutes_editor.js")


def minutes_editor(sections: Sequence[SectionView], *, key: str) -> bool:
    """Headings and texts in their order; saving goes past the page, straight to its own route.

    True in the run after the writer has finished: by then every word is in the rows.
    The browser holds what is being typed: a rerun with newer rows changes only the sections that
    nobody is typing into.
    """
    result = _editor(
        key=key,
        data={
            "texts": component.texts(_TEXTS),
            "language": current_language(),
            "sections": [
                {"id": each.id, "heading": each.heading, "text": each.text, "revision": each.revision}
                for each in sections
            ],
        },
        on_finished_change=_noted,
    )
    return bool(result.get("finished"))


def _noted() -> None:
    """Streamlit wants to be told which events there are; the run that follows is all that is needed."""
