"""How the operator tells of signing services: a file closed to others, never quoted in a complaint."""

import json

import pytest
from pydantic import ValidationError

from meeting_app.signing.csc_services import Service, Version, read_services
from tests.csc_answers import CLIENT_SECRET, CscService
from tests.csc_service import write_settings

WRITTEN = """
[[service]]
name = "ca"
url = "https://ky.example.vn/csc/v1/"
version = "v1"
client_id = "meeting"
client_secret = "kh0ng-noi"
"""


def written(path, text):
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def test_services_are_read_from_toml_and_json(tmp_path):
    (read,) = read_services(written(tmp_path / "services.toml", WRITTEN))
    assert (read.name, read.url, read.version) == ("ca", "https://ky.example.vn/csc/v1", Version.V1)
    assert read.client_secret.get_secret_value() == "kh0ng-noi"
    assert "kh0ng-noi" not in repr(read) + str(read)
    both = [CscService().settings(version) for version in Version]
    assert list(read_services(write_settings(tmp_path / "services.json", *both))) == both


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o601, 0o620, 0o644, 0o666])
def test_a_file_that_others_may_open_is_refused(tmp_path, mode):
    path = written(tmp_path / "services.toml", WRITTEN)
    path.chmod(mode)
    with pytest.raises(ValueError, match="others may"):
        read_services(path)
    path.chmod(0o640)
    assert read_services(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", WRITTEN.replace("version", "phien_ban")),
        ("b.toml", WRITTEN.replace("v1", "kh0ng-noi")),
        ("c.toml", WRITTEN.replace('"kh0ng-noi"', '"kh0ng-noi')),
        ("d.toml", WRITTEN.replace('client_id = "meeting"', "")),
        ("e.toml", WRITTEN * 2),
        ("f.toml", WRITTEN.replace("https://", "http://")),
        ("g.toml", WRITTEN.replace("https://", "https://meeting:kh0ng-noi@")),
        ("h.toml", WRITTEN.replace('"ca"', '"a/b"')),
        ("i.json", WRITTEN),
        ("j.json", "[" * 100_000),
        ("k.json", json.dumps({"service": "kh0ng-noi"})),
        ("l.toml", ""),
        ("m.toml", "#" * 300_000),
    ],
)
def test_a_file_that_says_something_wrong_is_refused_without_being_quoted(tmp_path, name, text):
    with pytest.raises(ValueError) as caught:
        read_services(written(tmp_path / name, text))
    assert "kh0ng-noi" not in str(caught.value)
    assert not isinstance(caught.value, ValidationError)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost"])
def test_http_is_for_loopback_alone(host):
    wanted = CscService().settings(Version.V1).model_dump() | {"url": f"http://{host}:1/csc/v1"}
    assert Service.model_validate(wanted)
    for away in ("http://10.0.0.1", "http://localhost.example.vn", "ftp://127.0.0.1", "//127.0.0.1", "http://", "x"):
        with pytest.raises(ValidationError) as caught:
            Service.model_validate(wanted | {"url": away})
        assert CLIENT_SECRET not in str(caught.value)
