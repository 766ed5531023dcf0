"""The list of attendance as a file."""

import pytest

from tests.web.stages import Shared
from tests.web.web_house import WebHouse


@pytest.mark.parametrize("house", ["sqlite", "postgres"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "media_type", "begins"),
    [("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfSTT,"), ("pdf", "application/pdf", b"%PDF")],
)
def test_the_desk_takes_it_along(house: WebHouse, shared: Shared, kind: str, media_type: str, begins: bytes):
    answer = house.visitor("lan").get(f"/attendance/{shared('running')}.{kind}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["csv", "pdf"])
@pytest.mark.parametrize(("person", "status"), [("", 401), ("nam", 404), ("quang", 403), ("minh", 403), ("vinh", 404)])
def test_nobody_else_does(house: WebHouse, shared: Shared, kind: str, person: str, status: int):
    visitor = house.visitor(person) if person else house.nobody()
    assert visitor.get(f"/attendance/{shared('running')}.{kind}").status_code == status


def test_what_does_not_exist_is_not_found(house: WebHouse):
    for path in ("/attendance/999999999.csv", "/attendance/99999999999999.pdf"):
        assert house.visitor("lan").get(path).status_code == 404
