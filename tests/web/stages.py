"""Meetings taken through their life with the very services the web process calls, papers signed for real."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlmodel import select

from meeting_app.domain.credential import Credential
from meeting_app.domain.document import PAGE_WIDTHS, outline_name, page_name, text_name
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.services import agenda as agendas
from meeting_app.services import credential as credentials
from meeting_app.services import invitation, minutes, minutes_section
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from meeting_app.services.unit_of_work import changing, key
from tests.cast import MORNING
from tests.conftest import convene
from tests.keys import PIN, SEAL
from tests.laying import lay
from tests.web.web_house import WebHouse

STROKES = "M 40 200 L 120 60 L 200 210 L 300 90 L 480 190"
Shared = Callable[[str], int]  # a meeting at a stage, the same for all tests
_days = count(1)


def enrol(house: WebHouse) -> None:
    """Hùng, Lan and Minh have keys, and An Hải has its seal."""
    for name in ("hung", "lan", "minh"):
        credentials.enrol(house.ports, house.office.pki.pkcs12(name), PIN, account_id=house.actor(name).account_id)
    credentials.enrol(house.ports, house.office.pki.pkcs12(SEAL), PIN, unit_id=house.cast.units["an_hai"])


def drafted(house: WebHouse) -> int:
    """Registered by Lan for a day of its own, with two items and two documents."""
    people = {name: actor.account_id for name, actor in house.cast.actors.items()}
    day = MORNING + timedelta(days=next(_days))
    form = Registration(
        title="Họp giao ban công tác tuần",
        venue_id=house.cast.venues["hoi_truong"],
        starts_at=day,
        ends_at=day + timedelta(hours=3),
        chair_id=people["hung"],
        secretary_id=people["lan"],
        member_ids=(people["minh"], people["hoa"]),
        guest_ids=(people["quang"],),
    )
    lan = house.actor("lan")
    meeting_id = meetings.register(house.ports, lan, form)
    agendas.insert(house.ports, lan, meeting_id, "Báo cáo tình hình", presenter="Lê Quang Minh", minutes=20)
    agendas.insert(house.ports, lan, meeting_id, "Thảo luận", minutes=20)
    for for_guests in (False, True):
        add_document(
            house, meeting_id, b"%%PDF-1.7 of meeting %d, %d" % (meeting_id, for_guests), for_guests=for_guests
        )
    return meeting_id


def before_the_leader(house: WebHouse) -> int:
    """The invitation waits for Hùng's signature."""
    meeting_id = drafted(house)
    invitation.draft(house.ports, house.actor("lan"), meeting_id)
    return meeting_id


def before_the_clerk(house: WebHouse) -> int:
    """Signed by Hùng, the invitation waits for Thu's seal."""
    meeting_id = before_the_leader(house)
    invitation.sign(house.ports, house.actor("hung"), meeting_id, pin=PIN, strokes=STROKES)
    return meeting_id


def invited(house: WebHouse) -> int:
    """Everybody has the signed and sealed invitation."""
    meeting_id = before_the_clerk(house)
    invitation.seal(house.ports, house.actor("thu"), meeting_id, pin=PIN)
    return meeting_id


def running(house: WebHouse) -> int:
    meeting_id = drafted(house)
    convene(house.ports, house.actor("lan"), meeting_id)
    meetings.open_session(house.ports, house.actor("lan"), meeting_id)
    return meeting_id


def closed(house: WebHouse) -> int:
    """Lan writes the minutes."""
    meeting_id = running(house)
    meetings.close(house.ports, house.actor("lan"), meeting_id)
    minutes.draft(house.ports, house.actor("lan"), meeting_id)
    return meeting_id


def before_the_secretary(house: WebHouse) -> int:
    """The minutes are written and wait for Lan's signature."""
    meeting_id = closed(house)
    minutes.finalise(house.ports, house.actor("lan"), meeting_id)
    return meeting_id


def before_the_minutes_seal(house: WebHouse) -> int:
    """Lan and Hùng have signed the minutes; they wait for Thu."""
    meeting_id = before_the_secretary(house)
    for name in ("lan", "hung"):
        minutes.sign(house.ports, house.actor(name), meeting_id, pin=PIN, strokes=STROKES)
    return meeting_id


def recorded(house: WebHouse) -> int:
    """The minutes are sealed and with everybody."""
    meeting_id = before_the_minutes_seal(house)
    minutes.seal(house.ports, house.actor("thu"), meeting_id, pin=PIN)
    return meeting_id


def cancelled(house: WebHouse) -> int:
    meeting_id = drafted(house)
    with changing(house.ports, house.actor("lan")) as work:
        work.session.get_one(Meeting, meeting_id).state = MeetingState.CANCELLED
    return meeting_id


STAGES: dict[str, Callable[[WebHouse], int]] = {
    stage.__name__: stage
    for stage in (
        drafted,
        before_the_leader,
        before_the_clerk,
        invited,
        running,
        closed,
        before_the_secretary,
        before_the_minutes_seal,
        recorded,
        cancelled,
    )
}


def sections(house: WebHouse, meeting_id: int) -> list[minutes_section.SectionView]:
    return minutes_section.sections(house.ports, house.actor("lan"), meeting_id)


def add_document(
    house: WebHouse, meeting_id: int, content: bytes, *, name: str = "Báo cáo.pdf", for_guests: bool = False
) -> int:
    """A document as if Lan had uploaded it, its only page prepared."""
    sha256 = house.ports.files.put(content)
    for width in PAGE_WIDTHS:
        house.ports.files.put_derived(sha256, page_name(0, width), b"\xff\xd8 %d \xff\xd9" % width)
    house.ports.files.put_derived(sha256, text_name(0), b'{"width": 595, "height": 842, "lines": []}')
    house.ports.files.put_derived(sha256, outline_name(), b"[]")
    with changing(house.ports, house.actor("lan")) as work:
        document, _version = lay(
            work,
            meeting_id,
            title=name,
            file_name=name,
            sha256=sha256,
            size=len(content),
            prepared=True,
            for_guests=for_guests,
        )
        return key(document.id)


def forget_wrong_pins(house: WebHouse) -> None:
    with house.ports.database.writing() as session:
        for credential in session.exec(select(Credential)):
            credential.wrong_pins = 0


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
