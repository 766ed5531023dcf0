"""A motion in words: by which rule, how it is answered, and what came of it."""

import streamlit as st

from meeting_app.domain import majority
from meeting_app.domain.motion import Motion, MotionState
from meeting_app.domain.voting import MotionKind, TieRule
from meeting_app.i18n import _
from meeting_app.ui.badges import inline
from meeting_app.ui.words import plain

_STATE = {
    MotionState.DRAFT: ("edit_note", "gray"),
    MotionState.APPROVED: ("check", "blue"),
    MotionState.CALLED: ("campaign", "orange"),
    MotionState.OPEN: ("how_to_vote", "orange"),
    MotionState.CLOSED: ("flag", "gray"),
    MotionState.WITHDRAWN: ("undo", "gray"),
}


def line(motion: Motion) -> str:
    """Its title and state, and below what was settled about it."""
    again = " (" + _("round {round}", round=motion.round) + ")" if motion.round > 1 else ""
    return f"**{motion.position}. {plain(motion.title)}**{again} {_badge(motion)}  \n{' · '.join(_settled(motion))}"


def limit(seconds: int | None) -> str:
    """How long it stays open; None or 0: until somebody closes it."""
    if not seconds:
        return _("Until it is closed")
    return (
        _("{minutes} minutes", minutes=seconds // 60) if seconds % 60 == 0 else _("{seconds} seconds", seconds=seconds)
    )


def particulars(motion: Motion) -> None:
    """What is written below the title: the text, and the options where there is no result yet."""
    if motion.text:
        st.caption(plain(motion.text))
    if motion.options and motion.result is None:
        st.markdown("\n".join(f"- {plain(each['text'])}" for each in motion.options))


def result(motion: Motion) -> None:
    """A bar for each answer, as a part of all who could vote, and the sentence below."""
    found = motion.result
    if found is None:
        return
    for text, count in _counts(motion):
        part = min(1.0, count / max(1, found["electors"]))
        st.progress(part, text=_("{answer}: **{count}**/{all}", answer=text, count=count, all=found["electors"]))
    st.markdown(_sentence(motion))
    if motion.overruled:
        st.caption(
            _(
                "Opened without a quorum ({present} of {all}) by the chair: {reason}",
                present=motion.electors,
                all=motion.entitled,
                reason=plain(motion.overruled),
            )
        )


def _badge(motion: Motion) -> str:
    if motion.result is None or motion.state is not MotionState.CLOSED:
        return inline(motion.label, *_STATE[motion.state])
    if motion.kind is MotionKind.CHOICE:
        return inline(motion.label, "flag", "green" if motion.result["carried"] else "gray")
    if motion.result["carried"]:
        return inline(_("The motion is carried"), "check_circle", "green")
    return inline(_("The motion is not carried"), "cancel", "red")


def _settled(motion: Motion) -> list[str]:
    said = [_("By secret ballot") if motion.secret else _("Open vote")]
    if motion.kind is MotionKind.CHOICE:
        said.append(_("up to {most} of {options} options", most=motion.max_choices, options=len(motion.options)))
        if motion.winners > 1:
            said.append(_("{count} options win", count=motion.winners))
    said.append(majority.in_words(motion.majority, motion.base))
    if motion.seconds is not None:
        said.append(limit(motion.seconds))
    if motion.proxies:
        said.append(_("delegates vote for the absent"))
    if motion.tie is TieRule.CHAIR:
        said.append(_("at a tie the chair decides"))
    return said


def _counts(motion: Motion) -> list[tuple[str, int]]:
    found = motion.result or {}
    if motion.kind is MotionKind.CHOICE:
        texts = {each["id"]: plain(each["text"]) for each in motion.options}
        return [(texts[each["id"]], each["count"]) for each in found["options"]]
    return [
        (_("In favour"), found["agree"]),
        (_("Against"), found["disagree"]),
        (_("Other opinion"), found["other"]),
    ]


def _sentence(motion: Motion) -> str:
    found = motion.result or {}
    numbers = _(
        "{cast} of {all} voted, {need} votes were needed ({rule}).",
        cast=found["cast"],
        all=found["electors"],
        need=found["need"],
        rule=majority.in_words(motion.majority, motion.base),
    )
    return f"**{_verdict(motion)}.** {numbers}"


def _verdict(motion: Motion) -> str:
    found = motion.result or {}
    if motion.kind is MotionKind.AGREEMENT:
        return _("The motion is carried") if found["carried"] else _("The motion is not carried")
    texts = {each["id"]: plain(each["text"]) for each in motion.options}
    chosen = [texts[each["id"]] for each in found["options"] if each["carried"]]
    if not chosen:
        return _("No option was carried")
    return _("Chosen: {options}", options="; ".join(chosen))
