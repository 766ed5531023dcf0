"""The test ground: both databases, a settable clock, the cast, and meetings at each stage of their life.

Every test that asks for `ports` (or a meeting, or the database) runs once on SQLite and once on
PostgreSQL. One that cannot tell the difference may run on one of them only:

    @pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.document import Document
from meeting_app.domain.event import Kind
from meeting_app.domain.invitation import Delivery
from meeting_app.domain.key import KeyPlace
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import credential as credentials
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services.document_telling import telling
from meeting_app.services.meeting import Registration
from meeting_app.services.unit_of_work import changing, key
from meeting_app.signing.certification import LocalCertification
from meeting_app.signing.key_places import KeyPlaces
from meeting_app.storage.clock import Argon2Passwords, new_token
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.files import DiskFiles
from meeting_app.storage.migrate import migrate
from meeting_app.storage.tables import METADATA
from meeting_app.storage.text_index import SqlTextIndex
from tests.cast import MORNING, Cast, RecordedWakeUps, SettableClock, seat
from tests.keys import PIN, SEAL, Office, RememberedKeys, SignaturesOnDemand
from tests.laying import lay
from tests.postgres import PostgresServer, memory_folder, running_postgres

# Examples are rows in a database that the whole test shares; each makes a meeting of its own.
settings.register_profile(
    "rooms", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
settings.load_profile("rooms")

_numbers = count(1)
_databases: dict[str, SqlDatabase] = {}
_TABLES = [table.name for table in METADATA.sorted_tables]


@pytest.fixture(scope="session")
def passwords() -> Argon2Passwords:
    """The real hash, made cheap."""
    return Argon2Passwords(time_cost=1, memory_kib=1024)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, passwords: Argon2Passwords) -> tuple[Path, Cast]:
    """A migrated file in which the cast is seated."""
    path = tmp_path_factory.mktemp("template") / "meeting.db"
    database = SqlDatabase(f"sqlite:///{path}")
    migrate(database.engine)
    cast = seat(database, passwords)
    database.close()
    return path, cast


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, passwords: Argon2Passwords) -> tuple[str, Cast]:
    """One database for all tests, its seated rows kept aside to be put back before each."""
    address = postgres.create("meeting")
    database = SqlDatabase(address)
    migrate(database.engine)
    cast = seat(database, passwords)
    database.close()
    postgres.keep("meeting", _TABLES)
    return address, cast


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder in memory where possible: SQLite flushes each commit to a real disk otherwise."""
    with TemporaryDirectory(prefix="meeting-", dir=memory_folder()) as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, quick_folder: Path) -> str:
    """The address of a database of this test's own, migrated, with the cast in it and nothing else."""
    if request.param == "sqlite":
        template, _ = request.getfixturevalue("sqlite_template")
        for leftover in quick_folder.glob("meeting.db*"):
            leftover.unlink()
        path = quick_folder / "meeting.db"
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"
    server: PostgresServer = request.getfixturevalue("postgres")
    address: str = request.getfixturevalue("postgres_template")[0]
    server.put_back("meeting", _TABLES)
    return address


@pytest.fixture
def database(database_address: str) -> Iterator[SqlDatabase]:
    # One engine for each address: compiling its statements anew takes longer than most tests.
    database = _databases.setdefault(database_address, SqlDatabase(database_address))
    yield database
    database.close()  # its connections; an engine opens new ones


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], SqlDatabase]]:
    """Make a database without a single table, by the name of its kind."""
    made: list[SqlDatabase] = []
    dropped: list[Callable[[], None]] = []

    def make(kind: str) -> SqlDatabase:
        number = next(_numbers)
        if kind == "sqlite":
            address = f"sqlite:///{tmp_path / f'empty{number}.db'}"
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            address = server.create(f"empty_{number}")
            dropped.append(lambda: server.drop(f"empty_{number}"))
        made.append(SqlDatabase(address))
        return made[-1]

    yield make
    for database in made:
        database.close()
    for drop in dropped:
        drop()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo authorities; nothing starts before somebody signs."""
    with ExitStack() as open_things:
        yield Office(tmp_path_factory.mktemp("authorities"), open_things)


@pytest.fixture(scope="session")
def signatures(office: Office) -> SignaturesOnDemand:
    return SignaturesOnDemand(office)


@pytest.fixture(scope="session")
def file_keys() -> RememberedKeys:
    return RememberedKeys()


@pytest.fixture
def keys(file_keys: RememberedKeys) -> KeyPlaces:
    """Where the keys of this test live: in files."""
    return KeyPlaces({KeyPlace.FILE: file_keys})


@pytest.fixture
def clock() -> SettableClock:
    """8 o'clock in the morning, until the test moves it."""
    return SettableClock()


@pytest.fixture
def wake_ups() -> RecordedWakeUps:
    return RecordedWakeUps()


@pytest.fixture
def ports(
    database: SqlDatabase,
    clock: SettableClock,
    wake_ups: RecordedWakeUps,
    passwords: Argon2Passwords,
    signatures: SignaturesOnDemand,
    keys: KeyPlaces,
    tmp_path: Path,
) -> Ports:
    return Ports(
        clock=clock,
        database=database,
        files=DiskFiles(tmp_path / "files"),
        texts=SqlTextIndex(),
        signatures=signatures,
        keys=keys,
        certification=LocalCertification(iterations=1000),
        wake_ups=wake_ups,
        passwords=passwords,
        new_token=new_token,
    )


@pytest.fixture
def cast(request: pytest.FixtureRequest, database_address: str) -> Cast:
    """Everybody, as seated in the database of this test."""
    kind = "sqlite" if database_address.startswith("sqlite") else "postgres"
    seated: Cast = request.getfixturevalue(f"{kind}_template")[1]
    return seated


@pytest.fixture
def hung(cast: Cast) -> Actor:
    """Chairs; Chủ tịch."""
    return cast.actors["hung"]


@pytest.fixture
def lan(cast: Cast) -> Actor:
    """Secretary, and registers the unit's meetings; Chánh Văn phòng."""
    return cast.actors["lan"]


@pytest.fixture
def minh(cast: Cast) -> Actor:
    """A member."""
    return cast.actors["minh"]


@pytest.fixture
def hoa(cast: Cast) -> Actor:
    """A member."""
    return cast.actors["hoa"]


@pytest.fixture
def dung(cast: Cast) -> Actor:
    """A member."""
    return cast.actors["dung"]


@pytest.fixture
def quang(cast: Cast) -> Actor:
    """A guest from the school."""
    return cast.actors["quang"]


@pytest.fixture
def thu(cast: Cast) -> Actor:
    """The clerk, who applies the agency's seal; in no meeting."""
    return cast.actors["thu"]


@pytest.fixture
def vinh(cast: Cast) -> Actor:
    """The administrator; in no meeting."""
    return cast.actors["vinh"]


@pytest.fixture
def nam(cast: Cast) -> Actor:
    """A stranger: registers meetings, but of another unit."""
    return cast.actors["nam"]


@pytest.fixture
def registration(cast: Cast) -> Registration:
    """What Lan writes into the form: today 8 giờ 30 to 11 giờ in the hall."""
    people = {name: actor.account_id for name, actor in cast.actors.items()}
    return Registration(
        title="Họp giao ban công tác tuần",
        venue_id=cast.venues["hoi_truong"],
        starts_at=MORNING + timedelta(minutes=30),
        ends_at=MORNING + timedelta(hours=3),
        chair_id=people["hung"],
        secretary_id=people["lan"],
        member_ids=(people["minh"], people["hoa"], people["dung"]),
        guest_ids=(people["quang"],),
        note="Đề nghị các đại biểu chuẩn bị ý kiến.",
    )


@pytest.fixture
def draft_meeting(ports: Ports, lan: Actor, registration: Registration) -> int:
    """Registered by Lan, with an agenda of three items; nobody is invited yet."""
    meeting_id = meetings.register(ports, lan, registration)
    for title, presenter in (
        ("Báo cáo tình hình kinh tế – xã hội tháng 11", "Lê Quang Minh"),
        ("Thảo luận dự toán ngân sách năm 2027", "Phạm Thị Hoa"),
        ("Kết luận của chủ trì", "Nguyễn Văn Hùng"),
    ):
        agendas.insert(ports, lan, meeting_id, title, presenter=presenter, minutes=20)
    return meeting_id


@pytest.fixture
def agenda(ports: Ports, lan: Actor, draft_meeting: int) -> list[int]:
    """The ids of the meeting's three items, in their order."""
    return [item.id for item in agendas.items(ports, lan, draft_meeting)]


def convene(ports: Ports, actor: Actor, meeting_id: int) -> None:
    """Write what issuing the invitation writes, but for the signed paper itself."""
    with changing(ports, actor) as work:
        meeting = work.session.get_one(Meeting, meeting_id)
        meeting.state = MeetingState.CONVENED
        work.emit(meeting, Kind.MEETING, events.meeting_body(work.session, meeting))
        for attendee in work.session.exec(select(Attendee).where(Attendee.meeting_id == meeting_id)).all():
            work.session.add(
                Delivery(meeting_id=meeting_id, attendee_id=key(attendee.id), paper="invitation", issued_at=work.now)
            )


def hand_out(ports: Ports, actor: Actor, meeting_id: int, *, for_guests: bool, title: str = "Báo cáo") -> int:
    """Write what an upload writes, without its file."""
    with changing(ports, actor) as work:
        meeting = work.standing(meeting_id).meeting
        with telling(work, meeting, Document.title == title):
            document, _version = lay(work, meeting_id, title=title, pages=9, for_guests=for_guests)
        return key(document.id)


@pytest.fixture
def convened_meeting(ports: Ports, lan: Actor, draft_meeting: int) -> int:
    """Invited, without the paper: tests of signing issue a real one. The doors are just open."""
    convene(ports, lan, draft_meeting)
    return draft_meeting


@pytest.fixture
def running_meeting(ports: Ports, lan: Actor, convened_meeting: int) -> int:
    """In session since 8 o'clock; nobody has checked in, every item is waiting."""
    meetings.open_session(ports, lan, convened_meeting)
    return convened_meeting


@pytest.fixture
def enrolled(ports: Ports, cast: Cast, office: Office) -> str:
    """Hùng, Lan and Minh have keys, and An Hải has its seal; returns the PIN of them all."""
    for name in ("hung", "lan", "minh"):
        credentials.enrol(ports, office.pki.pkcs12(name), PIN, account_id=cast.actors[name].account_id)
    credentials.enrol(ports, office.pki.pkcs12(SEAL), PIN, unit_id=cast.units["an_hai"])
    return PIN


@pytest.fixture
def closed_meeting(ports: Ports, lan: Actor, running_meeting: int, agenda: list[int]) -> int:
    """Over: the first item was discussed, the second skipped, the third never reached."""
    agendas.start(ports, lan, running_meeting, agenda[0])
    agendas.finish(ports, lan, running_meeting, agenda[0])
    agendas.skip(ports, lan, running_meeting, agenda[1])
    meetings.close(ports, lan, running_meeting)
    return running_meeting
