"""The published list of a closed vote: who voted what, or the ballots by their receipts."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.motion import Motion, MotionState
from meeting_app.domain.voting import Choice
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services import motion as drafts
from meeting_app.ui.words import plain

_CHOICE = {Choice.AGREE: N_("Agree"), Choice.DISAGREE: N_("Disagree"), Choice.OTHER: N_("Another opinion")}
_MOST_ROWS = 12  # more of them scroll within the list
_HEIGHT = 480  # pixels


def ballot_list(ports: Ports, actor: Actor, motion: Motion, names: Mapping[int, str]) -> None:
    """Read only when somebody opens it; `names` are the attendees by id."""
    if motion.state is not MotionState.CLOSED:
        return
    title = _("The published ballots") if motion.secret else _("Who voted what")
    box = st.expander(title, icon=":material/list_alt:", key=f"ballots_{motion.id}", on_change="rerun")
    if not box.open:
        return
    with box:
        ballots = drafts.published(ports, actor, motion.id or 0)["ballots"]
        if not ballots:
            st.caption(_("No vote was cast."))
            return
        with st.container(height=_HEIGHT if len(ballots) > _MOST_ROWS else "content", border=False):
            rows = [_row(motion, ballot, names) for ballot in ballots]
            st.table(rows, border="horizontal", hide_index=True, alt=title)


def _row(motion: Motion, ballot: dict[str, Any], names: Mapping[int, str]) -> dict[str, str]:
    said = f"{_said(motion, ballot)}: {ballot['comment']}" if ballot["comment"] else _said(motion, ballot)
    if motion.secret:
        return {_("Ballot"): _in_groups(ballot["receipt"]), _("Vote"): plain(said)}
    return {_("Attendee"): plain(_who(ballot, names)), _("Vote"): plain(said)}


def _who(ballot: dict[str, Any], names: Mapping[int, str]) -> str:
    whose, holder = ballot["attendee_id"], ballot["holder_id"]
    if whose == holder:
        return names.get(whose, "")
    return _("{name}, cast by {holder}", name=names.get(whose, ""), holder=names.get(holder, ""))


def _said(motion: Motion, ballot: dict[str, Any]) -> str:
    if ballot["choice"]:
        return _(_CHOICE[Choice(ballot["choice"])])
    texts = {each["id"]: each["text"] for each in motion.options}
    return ", ".join(texts[each] for each in ballot["options"]) or _("No option")


def _in_groups(receipt: str) -> str:
    """As the voter's tablet shows it."""
    return " ".join(receipt[place : place + 4] for place in range(0, len(receipt), 4))
