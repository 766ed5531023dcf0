"""`serve` refuses to start for real with anything of the demo, or without what signatures need."""

import pytest

from tests.commands.house import command


def test_it_names_every_missing_setting(tmp_path):
    told = command("serve", data_dir=tmp_path)
    assert told.returncode == 2
    assert "MEETING_TIMESTAMP_URLS" in told.stderr
    assert "MEETING_TRUST_FILE" in told.stderr


def test_it_refuses_demo_mode(tmp_path):
    told = command("serve", data_dir=tmp_path, MEETING_DEMO="true")
    assert told.returncode == 2
    assert "MEETING_DEMO" in told.stderr


def test_it_refuses_a_trust_file_that_is_not_there(tmp_path):
    told = command("serve", data_dir=tmp_path, MEETING_TRUST_FILE=str(tmp_path / "none.pem"))
    assert told.returncode == 2
    assert "none.pem" in told.stderr


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_it_refuses_a_trust_file_without_certificates(tmp_path, content):
    (tmp_path / "roots.pem").write_bytes(content)
    told = command("serve", data_dir=tmp_path, MEETING_TRUST_FILE=str(tmp_path / "roots.pem"))
    assert told.returncode == 2
    assert "roots.pem" in told.stderr
    assert "Traceback" not in told.stderr
