"""The people of every test, their units and rooms, and the world they meet in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.calendar import VIETNAM
from meeting_app.domain.organisation import Appointment, Post, Unit, Venue
from meeting_app.ports import Database, Passwords

PASSWORD = "mật khẩu của An Hải"  # everybody's

# 8 o'clock in Việt Nam of the day the tests run: the demo authorities' certificates are valid then.
MORNING = datetime.now(VIETNAM).replace(hour=8, minute=0, second=0, microsecond=0).astimezone(UTC)


class SettableClock:
    """Stands still until a test moves it."""

    def __init__(self, moment: datetime = MORNING) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def set(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def advance(self, **duration: float) -> datetime:
        """E.g. `clock.advance(minutes=5)`."""
        self._moment += timedelta(**duration)
        return self._moment


class RecordedWakeUps:
    """Remembers which meetings' rooms were woken, oldest first."""

    def __init__(self) -> None:
        self.rung: list[int] = []

    def ring(self, meeting_id: int) -> None:
        self.rung.append(meeting_id)


@dataclass(frozen=True)
class Part:
    """Who somebody is before the play begins."""

    full_name: str
    unit: str
    post: str
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True)
class Cast:
    """Row ids of the places, and the people as they act."""

    actors: dict[str, Actor]
    units: dict[str, int]
    venues: dict[str, int]
    posts: dict[str, int]


UNITS = {
    "an_hai": Unit(
        name="Uỷ ban nhân dân phường An Hải",
        parent_name="Uỷ ban nhân dân thành phố Hải Phòng",
        symbol="UBND",
        place="An Hải",
        collective="Uỷ ban nhân dân",
    ),
    "truong": Unit(
        name="Trường Tiểu học An Hải", parent_name="Uỷ ban nhân dân phường An Hải", symbol="THAH", place="An Hải"
    ),
    "le_chan": Unit(
        name="Uỷ ban nhân dân phường Lê Chân",
        parent_name="Uỷ ban nhân dân thành phố Hải Phòng",
        symbol="UBND",
        place="Lê Chân",
        collective="Uỷ ban nhân dân",
    ),
}

POSTS = ("Chủ tịch", "Phó Chủ tịch", "Chánh Văn phòng", "Trưởng phòng", "Hiệu trưởng", "Chuyên viên", "Văn thư")
HEADS = {"an_hai": "Chủ tịch", "truong": "Hiệu trưởng", "le_chan": "Chủ tịch"}
LEADING = {"Chủ tịch", "Chánh Văn phòng", "Trưởng phòng", "Hiệu trưởng"}  # a unit or a part of one

VENUES = {
    "hoi_truong": ("an_hai", "Hội trường tầng 2", 60),
    "phong_giao_ban": ("an_hai", "Phòng giao ban", 16),
    "phong_le_chan": ("le_chan", "Phòng họp số 1", 20),
}

PARTS = {
    "hung": Part("Nguyễn Văn Hùng", "an_hai", "Chủ tịch"),
    "lan": Part("Trần Thị Lan", "an_hai", "Chánh Văn phòng", (Right.REGISTER,)),
    "minh": Part("Lê Quang Minh", "an_hai", "Trưởng phòng"),
    "hoa": Part("Phạm Thị Hoa", "an_hai", "Trưởng phòng"),
    "dung": Part("Đỗ Tiến Dũng", "an_hai", "Trưởng phòng"),
    "quang": Part("Vũ Đình Quang", "truong", "Hiệu trưởng"),
    "thu": Part("Hoàng Thị Thu", "an_hai", "Văn thư", (Right.SEAL,)),
    "vinh": Part("Bùi Thế Vinh", "an_hai", "Chuyên viên", (Right.ADMINISTER,)),
    "nam": Part("Ngô Hải Nam", "le_chan", "Chánh Văn phòng", (Right.REGISTER,)),
}


def seat(database: Database, passwords: Passwords) -> Cast:
    """Write the cast into an empty database; everybody's password is PASSWORD, the user name is the key."""
    password_hash = passwords.hash(PASSWORD)
    with database.writing() as session:
        posts: dict[str, int] = {}
        for rank, name in enumerate(POSTS, start=1):
            head = posts.get(name.removeprefix("Phó "))
            posts[name] = _stored(session, Post(name=name, rank=rank, heads=name in LEADING, deputy_of_id=head))
        units = {
            name: _stored(session, Unit(**unit.model_dump(exclude={"id"}) | {"head_post_id": posts[HEADS[name]]}))
            for name, unit in UNITS.items()
        }
        venues = {
            name: _stored(session, Venue(unit_id=units[unit], name=title, seats=seats))
            for name, (unit, title, seats) in VENUES.items()
        }
        actors = {
            name: _actor(session, name, part, units[part.unit], posts[part.post], password_hash)
            for name, part in PARTS.items()
        }
    return Cast(actors, units, venues, posts)


def _actor(session: Session, name: str, part: Part, unit_id: int, post_id: int, password_hash: str) -> Actor:
    account = Account(
        username=name,
        full_name=part.full_name,
        email=f"{name}@haiphong.gov.vn",
        password_hash=password_hash,
        unit_id=unit_id,
        rights=" ".join(part.rights),
    )
    account_id = _stored(session, account)
    _stored(
        session,
        Appointment(account_id=account_id, unit_id=unit_id, post_id=post_id, since=date(2024, 1, 1)),
    )
    return Actor(account_id, part.full_name, unit_id, frozenset(part.rights), address="127.0.0.1")


def _stored(session: Session, row: Unit | Post | Venue | Account | Appointment) -> int:
    session.add(row)
    session.flush()
    if row.id is None:
        raise RuntimeError("a flushed row has a key")
    return row.id
