"""Messages in the reader's language: English in the code, Vietnamese on the screens.

Every `locale/<language>/*.po` file is read at first use and merged into one catalogue, so each
layer keeps its own file. The language belongs to the running task (web request, page run, room
command), never to the process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT_LANGUAGE = "vi"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def N_(message: str) -> str:  # noqa: N802 — the name gettext tools look for
    """Mark a message for translation where it is defined; `_` translates it where it is shown."""
    return message


def _(message: str, **values: object) -> str:
    """Translate a message into the current language, filling its {named} places."""
    text = _translations(_language.get()).gettext(message) if message else ""
    return text.format(**values) if values else text


def current_language() -> str:
    return _language.get()


def use_language(language: str) -> None:
    """Speak this language from here on in the running task; unknown ones mean Vietnamese."""
    _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    token = _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _translations(language: str) -> NullTranslations:
    # Not at the top: the children that read files say nothing to anybody, and are started often.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    merged: NullTranslations | None = None
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        translations = GNUTranslations(compiled)
        if merged is None:
            merged = translations
        else:
            merged.add_fallback(translations)
    return merged or NullTranslations()
