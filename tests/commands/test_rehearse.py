"""`rehearse` writes real papers; `verify` and foreign tools judge them; `audit` checks the trail."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.commands.house import command


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsed")
    played = command("rehearse", "--out", str(folder), data_dir=folder / "unused")
    assert played.returncode == 0, played.stderr
    return folder


def test_it_writes_both_papers_the_root_and_the_audit_trail(rehearsed):
    assert {path.name for path in rehearsed.iterdir()} >= {"invitation.pdf", "minutes.pdf", "trust.pem", "audit.jsonl"}
    entries = [json.loads(line) for line in (rehearsed / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    acts = [entry["act"] for entry in entries]
    assert acts.index("invitation.sign") < acts.index("invitation.issue") < acts.index("minutes.issue")
    assert [entry["sequence"] for entry in entries] == list(range(1, len(entries) + 1))
    assert all(late["previous_hash"] == early["hash"] for early, late in pairwise(entries))


@pytest.mark.parametrize(("paper", "fields"), [("invitation", 2), ("minutes", 3)])
def test_the_authorities_are_gone_and_the_papers_are_still_valid(rehearsed, paper, fields):
    told = command(
        "verify", str(rehearsed / f"{paper}.pdf"), "--trust", str(rehearsed / "trust.pem"), "--json", data_dir=rehearsed
    )
    assert told.returncode == 0, told.stdout + told.stderr
    facts = json.loads(told.stdout)
    (file,) = facts
    assert file["verdict"] == "valid"
    assert len(file["signatures"]) == fields
    assert {each["profile"] for each in file["signatures"]} <= {"B-LT", "B-LTA"}


def test_one_flipped_byte_is_invalid(rehearsed, tmp_path):
    content = bytearray((rehearsed / "minutes.pdf").read_bytes())
    content[len(content) // 5] ^= 1
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(content)
    told = command("verify", str(altered), "--trust", str(rehearsed / "trust.pem"), data_dir=tmp_path)
    assert told.returncode in (1, 3)
    assert "HỢP LỆ" not in told.stdout.replace("KHÔNG HỢP LỆ", "")


def test_without_the_root_it_cannot_be_confirmed(rehearsed, tmp_path):
    assert command("verify", str(rehearsed / "minutes.pdf"), data_dir=tmp_path).returncode == 2


def test_what_is_no_pdf_is_not_readable(rehearsed, tmp_path):
    letter = tmp_path / "letter.pdf"
    letter.write_text("Kính gửi", encoding="utf-8")
    assert command("verify", str(letter), data_dir=tmp_path).returncode == 3


@pytest.mark.parametrize("paper", ["invitation", "minutes"])
def test_foreign_tools_agree(rehearsed, paper):
    path = rehearsed / f"{paper}.pdf"
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid.") == {"invitation": 2, "minutes": 3}[paper]
    assert "Total document signed" in told
