"""Every route, asked by everybody, at each stage of a meeting: one table of what is answered.

What somebody may not know answers exactly as what does not exist.
"""

import httpx
import pytest

from meeting_app.errors import NotAllowed, NotFound
from meeting_app.services import document as documents
from tests.web.stages import Shared, forget_wrong_pins, running, sections
from tests.web.web_house import Visitor, WebHouse

# Nobody signed in · stranger of another unit · guest · member · secretary · chair · clerk · administrator.
PEOPLE = ("", "nam", "quang", "minh", "lan", "hung", "thu", "vinh")
NOWHERE = {  # nothing has this number
    "files": "/files/document/999999999",
    "annotations": "/annotations/999999999",
    "papers": "/papers/invitation/999999999/0/800.jpg",
    "pages": "/pages/999999999/0123456789abcdef/0/800.jpg",
    "prepared": "/prepared/999999999/0000000000000000/outline.json",
    "sign": "/sign/invitation/999999999",
    "seal": "/seal/invitation/999999999",
    "upload": "/upload/999999999?name=x.pdf",
    "sealing": "/sealing/999999999",
    "stopping": "/sealing/999999999/cancel",
    "minutes": "/minutes/section/999999999",
}

ADDRESS = {
    "a document of the members": "/files/document/{document}",
    "a page of a document of the members": "/pages/{document}/{sha}/0/800.jpg",
    "a document released to guests": "/files/document/{document}",
    "a page of a document released to guests": "/pages/{document}/{sha}/0/1200.jpg",
    "the words of a page of a document of the members": "/prepared/{document}/{sha}/text-0.json",
    "the contents of a document released to guests": "/prepared/{document}/{sha}/outline.json",
    "what can be taken along of a meeting": "/prepared/meeting/{meeting}.json",
    "what is written on a document of the members": "/annotations/{document}",
    "with whom it is shared": "/annotations/{document}/readers",
    "what is written on a document released to guests": "/annotations/{document}",
    "the annotated copy of a document of the members": "/files/document/{document}/annotated",
    "the annotated copy of a document released to guests": "/files/document/{document}/annotated",
    "what one wrote in the meeting": "/annotations/of-meeting/{meeting}",
    "the invitation": "/files/invitation/{meeting}",
    "a page of the invitation": "/papers/invitation/{meeting}/0/800.jpg",
    "the minutes": "/files/minutes/{meeting}",
    "a page of the minutes": "/papers/minutes/{meeting}/0/800.jpg",
    "signing the invitation": "/sign/invitation/{meeting}",
    "sealing the invitation": "/seal/invitation/{meeting}",
    "signing the minutes": "/sign/minutes/{meeting}",
    "sealing the minutes": "/seal/minutes/{meeting}",
    "an upload": "/upload/{meeting}?name=x.pdf",
    "sealing the documents": "/sealing/{meeting}",
    "stopping the sealing": "/sealing/{meeting}/cancel",
    "a section of the minutes": "/minutes/section/{section}",
    "the notes of the minutes": "/minutes/notes/{meeting}",
}

# One line for each stage, one column for each of PEOPLE.
TABLE = {
    "a document of the members": """
        drafted                  401 404 404 404 200 200 404 404
        invited                  401 404 404 200 200 200 404 404
        running                  401 404 404 200 200 200 404 404
        closed                   401 404 404 200 200 200 404 404
        recorded                 401 404 404 200 200 200 404 404
        cancelled                401 404 404 404 200 200 404 404
    """,
    "a page of a document of the members": """
        drafted                  401 404 404 404 200 200 404 404
        invited                  401 404 404 200 200 200 404 404
        recorded                 401 404 404 200 200 200 404 404
        cancelled                401 404 404 404 200 200 404 404
    """,
    "a document released to guests": """
        drafted                  401 404 404 404 200 200 404 404
        invited                  401 404 200 200 200 200 404 404
        closed                   401 404 200 200 200 200 404 404
        cancelled                401 404 404 404 200 200 404 404
    """,
    "a page of a document released to guests": """
        drafted                  401 404 404 404 200 200 404 404
        running                  401 404 200 200 200 200 404 404
    """,
    "the words of a page of a document of the members": """
        drafted                  401 404 404 404 200 200 404 404
        invited                  401 404 404 200 200 200 404 404
    """,
    "the contents of a document released to guests": """
        drafted                  401 404 404 404 200 200 404 404
        running                  401 404 200 200 200 200 404 404
    """,
    "what can be taken along of a meeting": """
        drafted                  401 404 404 404 200 200 200 404
        running                  401 404 200 200 200 200 200 404
    """,
    "what is written on a document of the members": """
        drafted                  401 404 404 404 200 200 404 404
        running                  401 404 404 200 200 200 404 404
        cancelled                401 404 404 404 200 200 404 404
    """,
    "with whom it is shared": """
        drafted                  401 404 404 404 200 200 404 404
        running                  401 404 404 200 200 200 404 404
        cancelled                401 404 404 404 200 200 404 404
    """,
    "what is written on a document released to guests": """
        drafted                  401 404 404 404 200 200 404 404
        running                  401 404 200 200 200 200 404 404
        recorded                 401 404 200 200 200 200 404 404
    """,
    # 422: theirs to take, but this paper of the tests is no whole PDF.
    "the annotated copy of a document of the members": """
        drafted                  401 404 404 404 422 422 404 404
        invited                  401 404 404 422 422 422 404 404
        cancelled                401 404 404 404 422 422 404 404
    """,
    "the annotated copy of a document released to guests": """
        drafted                  401 404 404 404 422 422 404 404
        closed                   401 404 422 422 422 422 404 404
    """,
    "what one wrote in the meeting": """
        drafted                  401 404 404 404 200 200 200 404
        running                  401 404 200 200 200 200 200 404
        cancelled                401 404 404 404 200 200 200 404
    """,
    "the invitation": """
        drafted                  401 404 404 404 404 404 404 404
        before_the_leader        401 404 404 404 200 200 200 404
        before_the_clerk         401 404 404 404 200 200 200 404
        invited                  401 404 200 200 200 200 200 404
    """,
    "a page of the invitation": """
        drafted                  401 404 404 404 404 404 404 404
        before_the_leader        401 404 404 404 200 200 200 404
        invited                  401 404 200 200 200 200 200 404
    """,
    "the minutes": """
        drafted                  401 404 404 404 404 404 404 404
        invited                  401 404 404 404 404 404 404 404
        running                  401 404 404 404 404 404 404 404
        closed                   401 404 404 404 404 404 404 404
        before_the_secretary     401 404 404 404 200 200 404 404
        before_the_minutes_seal  401 404 404 404 200 200 200 404
        recorded                 401 404 200 200 200 200 200 404
    """,
    "a page of the minutes": """
        closed                   401 404 404 404 404 404 404 404
        before_the_secretary     401 404 404 404 200 200 404 404
        recorded                 401 404 200 200 200 200 200 404
    """,
    # 422: it is this person's turn, but nothing was drawn, or the PIN is wrong.
    "signing the invitation": """
        drafted                  401 404 404 404 404 404 404 404
        before_the_leader        401 404 404 404 403 422 403 404
        before_the_clerk         401 404 404 404 403 422 403 404
        invited                  401 404 403 403 403 422 403 404
    """,
    "sealing the invitation": """
        drafted                  401 404 404 404 404 404 404 404
        before_the_leader        401 404 404 404 403 403 422 404
        before_the_clerk         401 404 404 404 403 403 422 404
        invited                  401 404 403 403 403 403 422 404
    """,
    "signing the minutes": """
        invited                  401 404 404 404 404 404 404 404
        closed                   401 404 404 404 422 422 404 404
        before_the_secretary     401 404 404 404 422 422 404 404
        before_the_minutes_seal  401 404 404 404 422 422 422 404
        recorded                 401 404 422 422 422 422 422 404
    """,
    "sealing the minutes": """
        invited                  401 404 404 404 404 404 404 404
        closed                   401 404 404 404 403 403 422 404
        before_the_secretary     401 404 404 404 403 403 422 404
        before_the_minutes_seal  401 404 404 404 403 403 422 404
        recorded                 401 404 403 403 403 403 422 404
    """,
    # 422: there is no issued invitation.
    "sealing the documents": """
        drafted                  401 404 404 404 403 403 422 404
        before_the_clerk         401 404 404 404 403 403 422 404
        running                  401 404 403 403 403 403 422 404
        cancelled                401 404 404 404 403 403 422 404
    """,
    "stopping the sealing": """
        drafted                  401 404 404 404 403 403 200 404
        invited                  401 404 403 403 403 403 200 404
    """,
    # 422: may upload, but the file is no PDF.
    "an upload": """
        drafted                  401 404 404 404 422 422 403 404
        invited                  401 404 403 403 422 422 403 404
        running                  401 404 403 403 422 422 403 404
        recorded                 401 404 403 403 422 422 403 404
        cancelled                401 404 404 404 422 422 403 404
    """,
    # 200: what is kept already is sent again. 422: no longer being written.
    "a section of the minutes": """
        closed                   401 404 403 403 200 200 403 404
        before_the_secretary     401 404 403 403 422 422 403 404
        recorded                 401 404 403 403 422 422 403 404
    """,
    # 422: they begin while the meeting lasts.
    "the notes of the minutes": """
        drafted                  401 404 404 404 422 422 403 404
        running                  401 404 403 403 200 200 403 404
        closed                   401 404 403 403 422 422 403 404
    """,
}


def lines() -> list[tuple[str, str, str]]:
    """(what, stage, statuses) of each line of the table."""
    rows = [(what, line.split()) for what, table in TABLE.items() for line in table.splitlines() if line.strip()]
    return [(what, stage, " ".join(statuses)) for what, (stage, *statuses) in rows]


def address(house: WebHouse, what: str, meeting_id: int) -> str:
    """Where this thing of the meeting is found."""
    places = {"meeting": str(meeting_id)}
    if "{document}" in ADDRESS[what]:
        found = _document(house, meeting_id, what)
        places |= {"document": str(found.id), "sha": found.sha}
    if what == "a section of the minutes":
        places["section"] = str(sections(house, meeting_id)[0].id)
    return ADDRESS[what].format(**places)


def _document(house: WebHouse, meeting_id: int, what: str) -> documents.DocumentView:
    kept = documents.documents(house.ports, house.actor("hung"), meeting_id)
    return next(each for each in kept if each.for_guests is what.endswith("guests"))


def ask(who: Visitor, path: str) -> httpx.Response:
    match path.split("/")[1]:
        case "sign" | "seal" | "sealing":
            return who.post(path, json={"pin": "975318", "strokes": ""})
        case "upload":
            return who.post(path, content=b"no PDF")
        case "minutes":
            return who.post(path, json={"base_revision": 1, "text": ""})
    return who.get(path)


def visitors(house: WebHouse) -> list[Visitor]:
    return [house.visitor(name) if name else house.nobody() for name in PEOPLE]


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Everything an answer lets one know, but the time of day."""
    return answer.status_code, answer.content, {name: text for name, text in answer.headers.items() if name != "date"}


@pytest.fixture
def wrong_pins(house: WebHouse):
    yield
    forget_wrong_pins(house)


@pytest.mark.parametrize(("what", "stage", "expected"), lines())
@pytest.mark.usefixtures("wrong_pins")
def test_everybody_gets_what_is_theirs(house: WebHouse, shared: Shared, what: str, stage: str, expected: str):
    path = address(house, what, shared(stage))
    answers = [ask(who, path) for who in visitors(house)]
    assert " ".join(str(answer.status_code) for answer in answers) == expected
    for who, answer in zip(visitors(house), answers, strict=True):
        if answer.status_code in (401, 404):
            assert told(answer) == told(ask(who, NOWHERE[path.split("/")[1]]))
        if answer.status_code in (403, 404):
            assert answer.json() == {"sentence": str(NotFound() if answer.status_code == 404 else NotAllowed())}


@pytest.mark.parametrize("path", NOWHERE.values())
def test_what_is_not_there_is_not_there_for_anybody(house: WebHouse, path: str):
    statuses = [ask(who, path).status_code for who in visitors(house)]
    assert statuses == [401, *[404] * 7]


@pytest.mark.parametrize(
    "path",
    [
        "/files/audit/{meeting}",
        "/files/document/-1",
        "/files/document/1.5",
        "/files/document/{meeting}x",
        "/files/document/" + "9" * 10,
        "/files/document/" + "9" * 5000,
        "/files/invitation/" + "9" * 20,
        "/papers/invitation/{meeting}/99/800.jpg",
        "/papers/invitation/{meeting}/-1/800.jpg",
        "/papers/invitation/{meeting}/0/801.jpg",
        "/papers/invitation/{meeting}/0/" + "8" * 5000 + ".jpg",
        "/papers/audit/{meeting}/0/800.jpg",
        "/papers/invitation/{meeting}/0/800.png",
    ],
)
def test_an_address_that_is_none_leads_nowhere_even_for_the_chair(house: WebHouse, shared: Shared, path: str):
    answer = house.visitor("hung").get(path.replace("{meeting}", str(shared("invited"))))
    assert (answer.status_code, answer.json()) == (404, {"sentence": str(NotFound())})


@pytest.mark.parametrize(
    "path", ["/sign/audit/1", "/seal/audit/1", "/sign/invitation/" + "9" * 5000, "/upload/1?item=x"]
)
def test_what_cannot_be_done_to_anything_is_not_there(house: WebHouse, path: str):
    answer = ask(house.visitor("lan"), path)
    assert (answer.status_code, answer.json()) == (404, {"sentence": str(NotFound())})


def test_a_removed_document_is_gone_for_everybody(house: WebHouse):
    meeting_id = running(house)
    path = address(house, "a document of the members", meeting_id)
    page = address(house, "a page of a document of the members", meeting_id)
    assert ask(house.visitor("minh"), path).status_code == 200
    documents.remove(house.ports, house.actor("lan"), int(path.rpartition("/")[2]))
    for who in visitors(house)[1:]:
        assert told(ask(who, path)) == told(ask(who, NOWHERE["files"]))
        assert told(ask(who, page)) == told(ask(who, NOWHERE["pages"]))


def test_the_pages_of_streamlit_are_the_same_for_any_meeting(house: WebHouse, shared: Shared):
    """What a page shows comes over its socket; the address itself betrays nothing."""
    stranger = house.visitor("nam")
    assert told(stranger.get(f"/room?meeting={shared('invited')}")) == told(stranger.get("/room?meeting=999999999"))


@pytest.mark.parametrize("path", ["/_stcore/host-config", "/_stcore/metrics", "/media/x.png", "/component/x/y.js"])
def test_streamlits_own_routes_are_closed_to_nobody(house: WebHouse, path: str):
    assert house.nobody().get(path).status_code == 401


def test_streamlit_takes_no_files(house: WebHouse):
    answer = house.visitor("lan").ask("PUT", "/_stcore/upload_file/session/file", content=b"x")
    assert answer.status_code in (403, 404, 405)
