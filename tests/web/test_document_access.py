"""Every route to a document × everybody × every state it can be in: one table, each pair asked over real HTTP.

What somebody may not know of answers, byte for byte, as what does not exist.
"""

import io
from dataclasses import dataclass

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from meeting_app.domain.account import Account, Right
from meeting_app.domain.document import Audience, Document, Release, Rights
from meeting_app.domain.page_file import PAGE_WIDTHS, outline_name, page_name, text_name
from meeting_app.domain.version import Approval, Version
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import document as documents
from meeting_app.services import folder as folders
from meeting_app.services import preparation as preparations
from meeting_app.services import release as releases
from meeting_app.services import search
from meeting_app.services.unit_of_work import changing, key
from tests.laying import lay, lay_version
from tests.web.stages import drafted, running
from tests.web.web_house import Visitor, WebHouse

# Signed out · locked meanwhile · another unit's person who prepares the item · guest · member · reader by name ·
# secretary · chair · registers the unit's meetings · clerk · administrator, the last three outside the meeting.
PEOPLE = ("", "locked", "nam", "quang", "minh", "hoa", "lan", "hung", "registrar", "thu", "vinh")

PLACES = {
    "file": "/files/document/{document}?version={number}",
    "download": "/files/document/{document}?version={number}&download=1",
    "page": "/pages/{document}/{sha}/0/800.jpg",
    "thumbnail": "/pages/{document}/{sha}/0/200.jpg",
    "words": "/prepared/{document}/{sha}/text-0.json",
    "contents": "/prepared/{document}/{sha}/outline.json",
    "annotations": "/annotations/{document}?version={version}",
    "replace": "/upload/version/{document}?name=x.pdf",
    "hand in": "/upload/item/{item}?name=x.pdf&document={document}",
}
READ = ("file", "download", "page", "thumbnail", "words", "contents", "annotations")

# What reading it answers: in this state, to each of PEOPLE. 403: they know of it, but its file is not handed out.
#                       out locked nam quang minh hoa lan hung registrar thu vinh
READING = {
    "of a draft meeting":  "401 401 404 404 404 404 200 200 200 404 404",
    "for members":         "401 401 404 404 200 200 200 200 404 404 404",
    "for everyone":        "401 401 404 200 200 200 200 200 404 404 404",
    "for Hoa by name":     "401 401 404 404 404 200 200 200 404 404 404",
    "for the desk":        "401 401 404 404 404 404 200 200 404 404 404",
    "submitted":           "401 401 200 404 404 404 200 200 404 404 404",
    "refused":             "401 401 200 404 404 404 200 200 404 404 404",
    "approved of Nam's":   "401 401 200 404 200 200 200 200 404 404 404",
    "not yet at its item": "401 401 404 404 404 404 200 200 404 404 404",
    "at its item":         "401 401 404 200 200 200 200 200 404 404 404",
    "held back":           "401 401 404 404 404 404 200 200 404 404 404",
    "released by hand":    "401 401 404 200 200 200 200 200 404 404 404",
    "withdrawn":           "401 401 404 404 404 404 404 404 404 404 404",
    "replaced":            "401 401 404 200 200 200 200 200 404 404 404",
    "view-only":           "401 401 404 404 200 200 200 200 404 404 404",
    "in Minh's folder":    "401 401 404 404 200 404 404 404 404 404 404",
}  # fmt: skip
# The file itself of what may only be looked at.
FILE_OF_VIEW_ONLY = "401 401 404 404 403 403 200 200 404 404 404"
# 422: theirs to do, but "no PDF" is none.
REPLACING = {
    "for members":      "401 401 404 404 403 403 422 422 404 404 404",
    "for everyone":     "401 401 404 403 403 403 422 422 404 404 404",
    "for Hoa by name":  "401 401 404 404 404 403 422 422 404 404 404",
    "for the desk":     "401 401 404 404 404 404 422 422 404 404 404",
    "held back":        "401 401 404 404 404 404 422 422 404 404 404",
    "withdrawn":        "401 401 404 404 404 404 404 404 404 404 404",
    "in Minh's folder": "401 401 404 404 404 404 404 404 404 404 404",
}  # fmt: skip
HANDING_IN = "401 401 422 404 404 404 404 404 404 404 404"


@dataclass(frozen=True)
class Laid:
    document: int
    version: int
    number: int
    sha: str
    item: int

    def at(self, route: str) -> str:
        return PLACES[route].format(**vars(self))


class Table:
    """A document in each state, and everybody who asks for it."""

    def __init__(self, house: WebHouse) -> None:
        self.house, self.lan = house, house.actor("lan")
        self.laid: dict[str, Laid] = {}
        self.visitors = [self._visitor(name) for name in PEOPLE]
        draft, meeting = drafted(house), running(house)
        for title in ("Nội dung", "Chưa tới"):
            agendas.insert(house.ports, self.lan, meeting, title)
        *_, begun, waiting = (item.id for item in agendas.items(house.ports, self.lan, meeting))
        preparations.ask(house.ports, self.lan, waiting, house.actor("nam").unit_id)
        self.meeting, self.waiting = meeting, waiting
        self._lay("of a draft meeting", draft, audience=Audience.EVERYONE)
        self._lay("for members", meeting)
        self._lay("for everyone", meeting, audience=Audience.EVERYONE)
        named = self._lay("for Hoa by name", meeting)
        rights = Rights(Audience.NAMED, named=frozenset({house.actor("hoa").account_id}))
        releases.permit(house.ports, self.lan, named.document, rights)
        self._lay("for the desk", meeting, audience=Audience.DESK)
        for state, approval in (
            ("submitted", Approval.SUBMITTED),
            ("refused", Approval.REFUSED),
            ("approved of Nam's", Approval.APPROVED),
        ):
            self._lay(state, meeting, by="nam", approval=approval, item_id=waiting)
        at_item = {"audience": Audience.EVERYONE, "release": Release.AT_ITEM}
        self._lay("not yet at its item", meeting, item_id=waiting, **at_item)
        self._lay("at its item", meeting, item_id=begun, **at_item)
        agendas.start(house.ports, self.lan, meeting, begun)
        by_hand = {"audience": Audience.EVERYONE, "release": Release.BY_HAND}
        self._lay("held back", meeting, **by_hand)
        self._lay("released by hand", meeting, **by_hand, released_at=house.ports.clock.now())
        withdrawn = self._lay("withdrawn", meeting, audience=Audience.EVERYONE)
        documents.remove(house.ports, self.lan, withdrawn.document)
        replaced = self._lay("replaced", meeting, audience=Audience.EVERYONE)
        with changing(house.ports, self.lan) as work:
            lay_version(work, work.session.get_one(Document, replaced.document), sha256="f" * 64)
        self._lay("view-only", meeting, may_download=False, may_print=False)
        folder = folders.make(house.ports, house.actor("minh"), "Của tôi")
        self._lay("in Minh's folder", None, by="minh", folder_id=folder)

    def _visitor(self, name: str) -> Visitor:
        if name not in ("locked", "registrar"):
            return self.house.visitor(name) if name else self.house.nobody()
        username = self.house.newcomer(*([Right.REGISTER] if name == "registrar" else []))
        visitor = self.house.nobody()
        assert visitor.sign_in(username).status_code == 303
        if name == "locked":
            with self.house.ports.database.writing() as session:
                account = session.exec(select(Account).where(Account.username == username)).one()
                account.locked_at = self.house.ports.clock.now()
        return visitor

    def _lay(
        self, state: str, meeting: int | None, *, by: str = "lan", approval: Approval = Approval.APPROVED, **how: object
    ) -> Laid:
        sha256 = self.house.ports.files.put(f"%PDF-1.7 {state}".encode())
        prepare_by_hand(self.house.ports, sha256)
        with changing(self.house.ports, self.house.actor(by)) as work:
            document, version = lay(work, meeting, title=f"Mật danh {state}", sha256=sha256, prepared=True, **how)
            version.approval = approval
            laid = Laid(key(document.id), key(version.id), 1, sha256[:16], getattr(self, "waiting", 1))
            self.house.ports.texts.put(work.session, laid.version, {0: f"mốc tra cứu {state}"})
        self.laid[state] = laid
        return laid


def prepare_by_hand(ports: Ports, sha256: str) -> None:
    image = io.BytesIO()
    Image.new("RGB", (200, 280), "white").save(image, "JPEG")
    for width in (*PAGE_WIDTHS, 200):
        ports.files.put_derived(sha256, page_name(0, width), image.getvalue())
    ports.files.put_derived(sha256, text_name(0), b'{"width": 595, "height": 842, "lines": []}')
    ports.files.put_derived(sha256, outline_name(), b"[]")


_tables: dict[int, Table] = {}


@pytest.fixture
def table(house: WebHouse) -> Table:
    if house.port not in _tables:
        _tables[house.port] = Table(house)
    return _tables[house.port]


def ask(who: Visitor, route: str, path: str) -> httpx.Response:
    return who.post(path, content=b"no PDF") if route in ("replace", "hand in") else who.get(path)


def nowhere(laid: Laid, route: str) -> str:
    """The same route to what does not exist."""
    return Laid(999_999_999, 999_999_999, 1, "0" * 16, 999_999_999).at(route)


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, {name: text for name, text in answer.headers.items() if name != "date"}


def asked_by_all(table: Table, state: str, route: str) -> str:
    laid = table.laid[state]
    statuses = []
    for who in table.visitors:
        answer = ask(who, route, laid.at(route))
        if answer.status_code in (401, 404):
            assert told(answer) == told(ask(who, route, nowhere(laid, route)))
        assert state.encode() not in answer.content or answer.status_code == 200
        statuses.append(str(answer.status_code))
    return " ".join(statuses)


@pytest.mark.parametrize("route", READ)
@pytest.mark.parametrize("state", READING)
def test_everybody_reads_what_is_theirs(table: Table, state: str, route: str):
    expected = READING[state]
    if state == "view-only" and route in ("file", "download"):
        expected = FILE_OF_VIEW_ONLY
    assert asked_by_all(table, state, route) == expected


@pytest.mark.parametrize("state", REPLACING)
def test_only_the_desk_replaces(table: Table, state: str):
    assert asked_by_all(table, state, "replace") == REPLACING[state]


@pytest.mark.parametrize("state", ["submitted", "refused", "approved of Nam's", "for members"])
def test_only_the_asked_unit_hands_in(table: Table, state: str):
    assert asked_by_all(table, state, "hand in") == HANDING_IN


@pytest.mark.parametrize("person", [name for name in PEOPLE if name not in ("", "locked", "registrar")])
def test_a_search_finds_what_reading_shows(table: Table, person: str):
    """No route of its own: the page asks the service. Only what is shown now is found, and only to its readers."""
    column = PEOPLE.index(person)
    laid = {each.document: state for state, each in table.laid.items()}
    found = {
        laid.get(each.document_id) for each in search.find(table.house.ports, table.house.actor(person), "moc tra cuu")
    }
    shown = {state for state, line in READING.items() if line.split()[column] == "200"}
    hidden = {"submitted", "refused", "replaced"}  # nobody reads these but by their own address
    if person == "nam":
        hidden.add("approved of Nam's")
    assert found - {None} == shown - hidden


def test_what_is_looked_at_only_bears_its_readers_name(table: Table):
    path = table.laid["view-only"].at("page")
    pictures = {}
    for name in ("minh", "hoa", "lan"):
        answer = table.house.visitor(name).get(path)
        assert answer.headers["cache-control"] == "private, no-cache"
        pictures[name] = (answer.content, answer.headers["etag"])
    assert len({content for content, _ in pictures.values()}) == 3
    tag = pictures["minh"][1]
    assert table.house.visitor("minh").get(path, headers={"If-None-Match": tag}).status_code == 304
    assert table.house.visitor("hoa").get(path, headers={"If-None-Match": tag}).status_code == 200
    assert table.house.visitor("quang").get(path, headers={"If-None-Match": tag}).status_code == 404


def test_a_right_that_is_lost_is_lost_with_the_next_request(table: Table):
    laid, minh = table._lay("soon lost", table.meeting, may_download=False), table.house.visitor("minh")
    answer = minh.get(laid.at("page"))
    tag = answer.headers["etag"]
    assert answer.status_code == 200
    releases.take_back(table.house.ports, table.lan, laid.document)
    again = minh.get(laid.at("page"), headers={"If-None-Match": tag})
    assert told(again) == told(minh.get(nowhere(laid, "page")))
    releases.release(table.house.ports, table.lan, laid.document)
    assert minh.get(laid.at("page"), headers={"If-None-Match": tag}).status_code == 304
    documents.remove(table.house.ports, table.lan, laid.document)
    assert minh.get(laid.at("page"), headers={"If-None-Match": tag}).status_code == 404


def test_an_unknown_version_is_none(table: Table):
    laid = table.laid["for everyone"]
    with table.house.ports.database.reading() as session:
        assert session.get(Version, laid.version) is not None
    for number in ("0", "2", "99", "x", "-1", "9" * 30):
        path = f"/files/document/{laid.document}?version={number}"
        assert table.house.visitor("hung").get(path).status_code == 404
