"""The tablets and the wall say a majority in the words of the house, in both languages, for every rule there can be."""

import pytest

from meeting_app.domain import majority
from meeting_app.domain.motion import LARGEST_DENOMINATOR
from meeting_app.domain.voting import Base, Fraction
from meeting_app.i18n import LANGUAGES, speaking
from meeting_app.ui import component
from meeting_app.ui.room import TEXTS
from meeting_app.web.screen_texts import SCREEN_TEXTS

# What the tablet says does not depend on where the rows are.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)

RULES = [
    (Fraction(numerator, denominator, strict), base)
    for denominator in range(1, LARGEST_DENOMINATOR + 1)
    for numerator in range(1, denominator + 1)
    for strict in (True, False)
    for base in Base
]
SAY = """async ({ rules, texts }) => {
  const { majority, asLabel } = await import("/ui/components/majority.js");
  const { Words } = await import("/ui/components/room/words.js");
  const words = new Words(texts);
  return rules.map(([numerator, denominator, strict, base]) => {
    const said = majority(words, { numerator, denominator, strict, base });
    return [said, asLabel(said)];
  });
}"""


def test_every_majority_is_said_alike(screen, lan):
    page = screen(lan)
    rules = [[each.numerator, each.denominator, each.strict, base.value] for each, base in RULES]
    for language in LANGUAGES:
        with speaking(language):
            expected = [[said, majority.as_label(said)] for said in (majority.in_words(*rule) for rule in RULES)]
            for known in (TEXTS, SCREEN_TEXTS):
                assert page.evaluate(SAY, {"rules": rules, "texts": component.texts(known)}) == expected
