"""Components of our own: real ES modules under an address that changes with their content.

Streamlit gets a stub that imports the module, so that modules share code and browsers keep them for
good. `FOLDER` and `VERSION` are what the web process serves at `/ui/<version>/<path>`.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from meeting_app.i18n import LANGUAGES, N_, _, speaking

FOLDER = Path(__file__).parent
SERVED = ("components", "theme")  # the folders below ours that browsers may read
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_FAILED = N_("This part of the page could not be loaded. Please reload the page; nothing you typed was lost.")
_COMMON = {"unreachable": N_("The server cannot be reached. What you typed is kept here; please try again.")}

# Streamlit runs the text as a blob module: only a dynamic import with a whole address works in it.
_STUB = """
const FAILED = %(failed)s;
export default async function (component) {
  try {
    const module = await import(new URL(%(address)s, location.origin).href);
    return module.default(component);
  } catch (error) {
    console.error(error);
    const line = document.createElement("p");
    line.setAttribute("role", "alert");
    line.style.color = "var(--st-red-text-color)";
    line.textContent = FAILED[component.data?.language] ?? FAILED.vi;
    component.parentElement.replaceChildren(line);
    return () => {};
  }
}
"""


def _version() -> str:
    """A hash over every file that is served, so that no browser ever mixes two versions."""
    digest = hashlib.sha256()
    for folder in SERVED:
        for path in sorted((FOLDER / folder).rglob("*")):
            if path.suffix in TYPES:
                digest.update(f"{path.relative_to(FOLDER)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


VERSION = _version()


def address(path: str) -> str:
    """Where a browser finds a file of the served folders, e.g. "theme/shell.css"."""
    return f"/ui/{VERSION}/{path}"


def load(name: str, module: str) -> ComponentRenderer:
    """Register a component; `module` is its script below ui/, e.g. "components/reader/reader.js".

    The script's default export gets what Streamlit passes (data, parentElement, setTriggerValue …).
    What is mounted should carry `texts(...)` in its data.
    """
    failed = {}
    for language in LANGUAGES:
        with speaking(language):
            failed[language] = _(_FAILED)
    stub = _STUB % {"failed": json.dumps(failed), "address": json.dumps(address(module))}
    return st.components.v2.component(name, js=stub)


def texts(messages: Mapping[str, str]) -> dict[str, str]:
    """Messages by the names a script knows them under, translated; their {places} stay for the script."""
    return {name: _(message) for name, message in {**_COMMON, **messages}.items()}
