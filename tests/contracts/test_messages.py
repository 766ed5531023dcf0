"""Every sentence a person may read stands in Vietnamese, with the same places to fill."""

import ast
import re
import string
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import meeting_app
from meeting_app.domain import (
    annotation,
    attendee,
    authority,
    credential,
    credential_life,
    delegation,
    document,
    meeting,
    minutes,
    paper,
    signature,
    trust_anchor,
    version,
)
from meeting_app.errors import MeetingError
from meeting_app.i18n import DEFAULT_LANGUAGE, LANGUAGES, LOCALE, N_, _, current_language, speaking, use_language

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((LOCALE / "vi").glob("*.po"))
LABELS = {
    "colour": (annotation.Colour, annotation.COLOUR_LABEL),
    "role": (attendee.Role, attendee.ROLE_LABEL),
    "meeting": (meeting.MeetingState, meeting.STATE_LABEL),
    "minutes": (minutes.MinutesState, minutes.STATE_LABEL),
    "delegation": (authority.DelegationState, authority.STATE_LABEL),
    "kind of delegation": (delegation.DelegationKind, delegation.KIND_LABEL),
    "kind of paper": (paper.PaperKind, delegation.PAPER_LABEL),
    "verdict": (signature.Verdict, signature.VERDICT_LABEL),
    "credential": (credential.CredentialState, credential.STATE_LABEL),
    "act": (credential_life.CredentialAct, credential_life.ACT_LABEL),
    "request": (credential_life.RequestState, credential_life.REQUEST_LABEL),
    "audience": (document.Audience, document.AUDIENCE_LABEL),
    "release": (document.Release, document.RELEASE_LABEL),
    "approval": (version.Approval, version.APPROVAL_LABEL),
    "anchor": (trust_anchor.AnchorKind, trust_anchor.ANCHOR_LABEL),
}


@cache
def used() -> dict[str, list[str]]:
    """Every message in the code, f-strings included, and the files that use it."""
    found: dict[str, list[str]] = {}
    for folder in ("meeting_app", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="_" | "N_"), args=[ast.Constant(value=str(text)), *_rest]) if text:
                        found.setdefault(text, []).append(str(path.relative_to(ROOT)))
    return found


@cache
def translated() -> dict[str, dict[str, Message]]:
    """Every translation, by message and then by the file it stands in."""
    found: dict[str, dict[str, Message]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="vi"):
                if message.id:
                    found.setdefault(str(message.id), {})[path.name] = message
    return found


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_every_message_in_the_code_is_translated():
    missing = {
        message: files
        for message, files in used().items()
        if not any(each.string for each in translated().get(message, {}).values())
    }
    assert missing == {}


def test_every_translation_has_the_places_of_its_message():
    wrong = {
        message: each.string
        for message, by_file in translated().items()
        for each in by_file.values()
        if places(message) != places(str(each.string))
    }
    assert wrong == {}


def test_no_message_is_translated_in_two_ways():
    different = {
        message: {name: each.string for name, each in by_file.items()}
        for message, by_file in translated().items()
        if len({str(each.string) for each in by_file.values()}) > 1
    }
    assert different == {}


def test_no_translation_is_left_over():
    assert sorted(set(translated()) - set(used())) == []


def test_no_translation_is_a_guess():
    assert [message for message, by_file in translated().items() if any(each.fuzzy for each in by_file.values())] == []


def test_messages_are_written_in_english_and_translated_into_vietnamese():
    vietnamese = re.compile("[ăâđêôơưàáảãạầấẩẫậằắẳẵặèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
    assert [message for message in used() if vietnamese.search(message)] == []
    # A sentence without a single Vietnamese sign is most likely English still.
    plain = [
        str(each.string)
        for by_file in translated().values()
        for each in by_file.values()
        if len(str(each.string).split()) > 3 and not vietnamese.search(str(each.string))
    ]
    assert plain == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_catalogue_says_its_language_and_encoding(path: Path):
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert str(catalogue.locale) == "vi"
    assert catalogue.charset.lower() == "utf-8"


@pytest.mark.parametrize("name", LABELS)
def test_every_state_has_a_word_for_the_screen(name: str):
    states, labels = LABELS[name]
    assert set(labels) == set(states)
    words = [_(label) for label in labels.values()]
    assert len(set(words)) == len(words)
    assert set(words).isdisjoint(labels.values())


def test_every_broken_rule_says_what_is_wrong():
    for module in walk_packages(meeting_app.__path__, "meeting_app."):
        if (
            not module.name.startswith(("meeting_app.migrations", "meeting_app.__main__"))
            and "migrations" not in module.name
        ):
            import_module(module.name)
    rules = [MeetingError]
    for rule in rules:
        rules.extend(rule.__subclasses__())
        assert rule.message in translated(), rule
        if not rule.__subclasses__():  # a sentence of its own, not its parent's
            assert rule.message != MeetingError.message or rule is MeetingError, rule
    assert len(rules) > 30


def test_a_sentence_is_said_in_the_readers_language_and_no_other():
    message = N_("The meeting has ended.")
    assert current_language() == DEFAULT_LANGUAGE == "vi"
    assert _(message) == "Phiên họp đã kết thúc."
    with speaking("en"):
        assert _(message) == message
        with speaking("tiếng lạ"):
            assert _(message) == "Phiên họp đã kết thúc."
        assert current_language() == "en"
    assert current_language() == "vi"
    use_language("no such language")
    assert current_language() == "vi"
    assert set(LANGUAGES) == {"vi", "en"}


def test_an_error_speaks_with_its_places_filled():
    error = attendee.ReasonTooLong(length=500)
    assert str(error) == "Lý do có tối đa 500 ký tự."
    with speaking("en"):
        assert str(error) == "The reason may have at most 500 characters."


def test_text_of_people_in_a_place_is_not_read_as_a_place():
    from meeting_app.domain.agenda import AnotherItemCurrent

    assert "{title} {0} %s" in str(AnotherItemCurrent(title="{title} {0} %s"))


def test_nothing_is_said_of_nothing():
    assert _("") == ""
