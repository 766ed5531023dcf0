"""Our scripts and styles for everybody, and paths that try to lead out of their folders."""

import pytest

from meeting_app.ui import component
from tests.web.web_house import WebHouse


@pytest.mark.parametrize(
    "trick",
    [
        "../component.py",
        "theme/../../settings.py",
        "theme/..%2f..%2fsettings.py",
        "%2e%2e/%2e%2e/settings.py",
        "theme/%2e%2e/%2e%2e/settings.py",
        "..%5c..%5csettings.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "//etc/passwd",
        "theme/tokens.css%00.js",
        "theme/tokens.css%00",
        "%00",
        "theme/" + "a" * 3000 + ".js",
        "theme/" + "a/" * 1500 + "x.js",
        "theme",
        "theme/",
        "",
        "components/",
        "component.py",
        "__init__.py",
        "theme/../component.py",
        "components/../../web/sign_in.html",
        "theme/tokens.CSS",
        "desk/steps.py",
    ],
)
def test_no_path_leads_out_of_the_served_folders(house: WebHouse, trick: str):
    for version in (component.VERSION, "0" * 16, "..", "%2e%2e"):
        answer = house.nobody().get_unaltered(f"/ui/{version}/{trick}")
        assert answer.status_code in (400, 401, 404)
        assert b"import" not in answer.content
        assert b"root:" not in answer.content


def test_our_scripts_are_for_everybody_and_for_good_under_their_version(house: WebHouse):
    answer = house.nobody().get(component.address("theme/tokens.css"))
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    old = f"/ui/{'0' * 16}/theme/tokens.css"
    assert house.nobody().get(old).status_code == 404  # never new content under an old address


@pytest.mark.parametrize(
    "trick",
    [
        "1/..%2f..%2f/0/800.jpg",
        "1/%2e%2e/0/800.jpg",
        "1/../0/800.jpg",
        "1/%00/0/800.jpg",
        "%2e%2e/x/0/800.jpg",
        "1/x/0/..%2f800.jpg",
    ],
)
def test_no_path_leads_out_of_the_pages(house: WebHouse, trick: str):
    for folder in ("pages", "papers"):
        assert house.visitor("lan").get_unaltered(f"/{folder}/{trick}").status_code in (400, 404)


@pytest.mark.parametrize(
    "trick", ["..%2f__init__.py", "%2e%2e/%2e%2e/config.py", "..%5cconfig.py", "%00", "/etc/passwd"]
)
def test_no_path_leads_out_of_streamlits_files(house: WebHouse, trick: str):
    answer = house.nobody().get_unaltered(f"/static/{trick}")
    assert b"import" not in answer.content
    assert b"root:" not in answer.content


def test_the_icon_and_the_manifest_are_there_before_anybody_signs_in(house: WebHouse):
    assert house.nobody().get("/favicon.png").content.startswith(b"\x89PNG")
    manifest = house.nobody().get("/manifest.json")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    assert house.nobody().get(manifest.json()["icons"][0]["src"]).status_code == 200
