"""What holds for the whole repository."""

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest
from importlinter import api as import_linter

from meeting_app.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("meeting_app", "pages") for path in (ROOT / folder).rglob("*.py"))

HOME = re.compile(rb"(?<![\w.:/])/(?:home|root|Users|work|workspace)/\w")
SECRET = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{30,}|xox[abp]-[0-9A-Za-z-]{20,}"
    rb"|eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.|://[^/\s:@{}$<>]+:[^/\s:@{}$<>]+@[\w.-]+",
)
# The world comes in by the door: who reads the clock, the environment or the dice.
DOORS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "os.environ", "os.getenv", "secrets.token_urlsafe", "random.random",
}  # fmt: skip


def tracked() -> list[Path]:
    """What stands in the repository, or will: everything that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = (ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name)
    return [path for path in paths if path.is_file()]


def found(pattern: re.Pattern[bytes]) -> dict[str, list[bytes]]:
    hits = {str(path.relative_to(ROOT)): pattern.findall(path.read_bytes()) for path in tracked()}
    return {path: matches for path, matches in hits.items() if matches}


def test_imports_flow_down():
    assert import_linter.use_cases.lint_imports(str(ROOT / "pyproject.toml"), cache_dir=None, no_logo=True)


def test_no_file_knows_the_machine_it_was_written_on():
    assert found(HOME) == {}


def test_no_file_holds_a_secret():
    assert found(SECRET) == {}


def test_every_setting_is_explained():
    unexplained = [name for name, field in Settings.model_fields.items() if not (field.description or "").strip()]
    assert unexplained == []


@pytest.mark.parametrize("layer", ["domain", "services"])
def test_the_core_asks_its_ports_for_the_time_and_for_chance(layer: str):
    """Habit 10: no clock, no environment and no dice below the bootstrap."""
    used = [
        f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "meeting_app" / layer)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in DOORS
    ]
    assert used == []


def test_names_say_what_a_thing_is():
    vague = re.compile(r"(^|_)(manager|handler|helpers?|utils?)(_|$)|Manager|Handler|Helper|Util")
    names = [str(path.relative_to(ROOT)) for path in SOURCES if vague.search(path.stem)]
    names += [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and vague.search(node.name)
    ]
    assert names == []
