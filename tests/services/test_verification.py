"""Anybody signed in may have a file judged; what was judged stands in the trail."""

from pathlib import Path

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.signature import Unreadable, Verdict
from meeting_app.ports import Ports
from meeting_app.services import audit, verification
from tests.pdf.hostile import plain


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_file_is_judged_and_the_judgement_recorded(ports: Ports, minh: Actor, tmp_path: Path):
    path = tmp_path / "upload"
    path.write_bytes(plain())
    verdict = verification.verify(ports, minh, path, "công văn\x00.pdf")
    assert verdict.verdict is not Verdict.VALID
    assert verdict.signatures == ()
    [entry] = audit.export(ports)
    assert (entry["act"], entry["actor_id"]) == ("file.verify", minh.account_id)
    assert entry["detail"] == {
        "file_name": "công văn.pdf",
        "sha256": verdict.sha256,
        "verdict": verdict.verdict.value,
    }


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_what_is_no_pdf_is_not_judged(ports: Ports, minh: Actor, tmp_path: Path):
    (tmp_path / "upload").write_bytes(b"<html>")
    with pytest.raises(Unreadable):
        verification.verify(ports, minh, tmp_path / "upload")
    assert audit.check(ports) == (0, None)
