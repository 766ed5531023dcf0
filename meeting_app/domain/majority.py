"""A majority in words: the only place where these words stand.

Pages and minutes take the sentence from `in_words`; browsers put it together from the same texts
(ui/components/majority.js), because an event is encoded once for listeners of every language.
The tests play both against each other.
"""

from fractions import Fraction as Part

from meeting_app.domain.voting import Base, Fraction
from meeting_app.i18n import N_, _

# By the names under which the browsers know them.
MAJORITY_TEXTS = {
    "majority_half_more": N_("more than half of {whole}"),
    "majority_half": N_("at least half of {whole}"),
    "majority_two_thirds_more": N_("more than two thirds of {whole}"),
    "majority_two_thirds": N_("at least two thirds of {whole}"),
    "majority_three_quarters_more": N_("more than three quarters of {whole}"),
    "majority_three_quarters": N_("at least three quarters of {whole}"),
    "majority_all": N_("all of {whole}"),
    "majority_part_more": N_("more than {numerator}/{denominator} of {whole}"),
    "majority_part": N_("at least {numerator}/{denominator} of {whole}"),
    "whole_present": N_("those present"),
    "whole_all": N_("all who may vote"),
    "whole_cast": N_("the votes cast"),
}
_NAMES = {Part(1, 2): "half", Part(2, 3): "two_thirds", Part(3, 4): "three_quarters"}


def in_words(majority: Fraction, base: Base) -> str:
    """'quá nửa số đại biểu có mặt'."""
    part = Part(majority.numerator, majority.denominator)
    name = _NAMES.get(part, "part") + ("_more" if majority.strict else "")
    if part == 1 and not majority.strict:
        name = "all"
    return _(
        MAJORITY_TEXTS[f"majority_{name}"],
        numerator=majority.numerator,
        denominator=majority.denominator,
        whole=whole(base),
    )


def whole(base: Base) -> str:
    """Of what it is a part: 'số đại biểu có mặt'."""
    return _(MAJORITY_TEXTS[f"whole_{base.value}"])


def as_label(text: str) -> str:
    """Where it begins a line of its own: 'Quá nửa số đại biểu có mặt'."""
    return text[:1].upper() + text[1:]
