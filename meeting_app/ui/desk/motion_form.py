"""What the desk settles about a motion: its words, how it is answered, and by which rule."""

import streamlit as st

from meeting_app.domain import majority
from meeting_app.domain.motion import (
    LARGEST_DENOMINATOR,
    LONGEST_MOTION_TEXT,
    LONGEST_MOTION_TITLE,
    MOST_OPTIONS,
    Motion,
)
from meeting_app.domain.voting import Base, Fraction, MotionKind, TieRule
from meeting_app.i18n import N_, _
from meeting_app.services.agenda import ItemView
from meeting_app.services.motion import Draft
from meeting_app.ui.desk import motion_words
from meeting_app.ui.words import plain

_OWN = "own"
_Rule = tuple[Base, int, int, bool]  # of what, numerator, denominator, more than it
RULES: dict[str, _Rule] = {
    "half_present": (Base.PRESENT, 1, 2, True),
    "two_thirds_present": (Base.PRESENT, 2, 3, False),
    "half_all": (Base.ALL, 1, 2, True),
    "two_thirds_all": (Base.ALL, 2, 3, False),
    "half_cast": (Base.CAST, 1, 2, True),
}
_LIMITS = (0, 60, 120, 180, 300, 600)  # seconds; 0: until somebody closes it
_WHOLE_MEETING = 0  # no item's id
_KIND = {
    MotionKind.AGREEMENT: N_("Agree, disagree, another opinion"),
    MotionKind.CHOICE: N_("Choose among options"),
}


def written(motion: Motion) -> Draft:
    """A motion as the form shows it."""
    return Draft(
        title=motion.title,
        text=motion.text,
        item_id=motion.item_id,
        kind=motion.kind,
        options="\n".join(each["text"] for each in motion.options),
        secret=motion.secret,
        proxies=motion.proxies,
        max_choices=motion.max_choices,
        winners=motion.winners,
        base=motion.base,
        numerator=motion.numerator,
        denominator=motion.denominator,
        strict=motion.strict,
        tie=motion.tie,
        seconds=motion.seconds,
    )


def fields(prefix: str, items: list[ItemView], was: Draft) -> Draft:
    """The form as it is filled in now; what its answers do not need is not asked."""
    title = st.text_input(_("What is voted on"), value=was.title, max_chars=LONGEST_MOTION_TITLE, key=f"{prefix}_title")
    kind = st.radio(
        _("How it is answered"),
        list(_KIND),
        index=list(_KIND).index(was.kind),
        format_func=lambda each: _(_KIND[each]),
        horizontal=True,
        key=f"{prefix}_kind",
    )
    options, most, winners = _options(prefix, was) if kind is MotionKind.CHOICE else ("", 1, 1)
    secret = st.radio(
        _("Open or secret"),
        [False, True],
        index=int(was.secret),
        format_func=lambda each: _("By secret ballot") if each else _("Open vote"),
        horizontal=True,
        key=f"{prefix}_secret",
    )
    base, numerator, denominator, strict = _rule(prefix, was)
    half = kind is MotionKind.AGREEMENT and not secret and 2 * numerator == denominator
    seconds, item_id, text, proxies, tie = _more(prefix, items, was, half=half)
    return Draft(
        title=title or "",
        text=text,
        item_id=item_id,
        kind=kind,
        options=options,
        secret=bool(secret),
        proxies=proxies,
        max_choices=most,
        winners=winners,
        base=base,
        numerator=numerator,
        denominator=denominator,
        strict=strict,
        tie=tie,
        seconds=seconds,
    )


def _options(prefix: str, was: Draft) -> tuple[str, int, int]:
    lines = st.text_area(
        _("Options, one on each line"),
        value=was.options,
        height=140,
        key=f"{prefix}_options",
    )
    left, right = st.columns(2)
    most = left.number_input(
        _("Options one may choose"), min_value=1, max_value=MOST_OPTIONS, value=was.max_choices, key=f"{prefix}_most"
    )
    winners = right.number_input(
        _("Options that win"), min_value=1, max_value=MOST_OPTIONS, value=was.winners, key=f"{prefix}_winners"
    )
    return lines or "", int(most), int(winners)


def _rule(prefix: str, was: Draft) -> _Rule:
    """A template, or a part that is written out."""
    mine = (was.base, was.numerator, was.denominator, was.strict)
    template = next((name for name, rule in RULES.items() if rule == mine), _OWN)
    names = [*RULES, _OWN]
    chosen = st.selectbox(
        _("Carried by"),
        names,
        index=names.index(template),
        format_func=_rule_words,
        key=f"{prefix}_rule",
    )
    return RULES[chosen] if chosen in RULES else _own_rule(prefix, was)


def _rule_words(name: str) -> str:
    if name == _OWN:
        return _("Another part")
    base, numerator, denominator, strict = RULES[name]
    return majority.as_label(majority.in_words(Fraction(numerator, denominator, strict), base))


def _own_rule(prefix: str, was: Draft) -> _Rule:
    bases = list(Base)
    how, top, bottom, whole = st.columns([2, 1, 1, 3])
    strict = how.selectbox(
        _("How much"),
        [False, True],
        index=int(was.strict),
        format_func=lambda each: _("More than") if each else _("At least"),
        key=f"{prefix}_strict",
    )
    numerator = top.number_input(
        _("Parts"), min_value=1, max_value=LARGEST_DENOMINATOR, value=was.numerator, key=f"{prefix}_numerator"
    )
    denominator = bottom.number_input(
        _("of so many"), min_value=1, max_value=LARGEST_DENOMINATOR, value=was.denominator, key=f"{prefix}_denominator"
    )
    base = whole.selectbox(
        _("Of whom"),
        bases,
        index=bases.index(was.base),
        format_func=lambda each: majority.as_label(majority.whole(each)),
        key=f"{prefix}_base",
    )
    return base, int(numerator), int(denominator), bool(strict)


def _more(
    prefix: str, items: list[ItemView], was: Draft, *, half: bool
) -> tuple[int | None, int | None, str, bool, TieRule]:
    left, right = st.columns(2)
    limits = sorted({*_LIMITS, was.seconds or 0})
    seconds = left.selectbox(
        _("Time to vote"),
        limits,
        index=limits.index(was.seconds or 0),
        format_func=motion_words.limit,
        key=f"{prefix}_seconds",
    )
    titles = {item.id: f"{item.position}. {plain(item.title)}" for item in items}
    places = [_WHOLE_MEETING, *titles]
    item_id = right.selectbox(
        _("About the item"),
        places,
        index=places.index(was.item_id) if was.item_id in titles else 0,
        format_func=lambda each: titles.get(each, _("The whole meeting")),
        key=f"{prefix}_item",
    )
    text = st.text_area(
        _("More about it (not required)"),
        value=was.text,
        max_chars=LONGEST_MOTION_TEXT,
        height=80,
        key=f"{prefix}_text",
    )
    proxies = st.checkbox(_("Delegates vote for the absent"), value=was.proxies, key=f"{prefix}_proxies")
    by_chair = half and st.checkbox(
        _("At a tie the chair's vote decides"), value=was.tie is TieRule.CHAIR, key=f"{prefix}_tie"
    )
    return seconds or None, item_id or None, text or "", proxies, TieRule.CHAIR if by_chair else TieRule.FAILS
