"""The demo: an own PKI, the cast with made-up secrets, and meetings to look at.

Passwords and PINs are made at the first start and kept in `demo.json` of the data folder, readable by
its owner alone: the repository holds no secret.
"""

import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.calendar import VIETNAM, local
from meeting_app.domain.delegation import Delegation, DelegationKind
from meeting_app.domain.meeting import Meeting
from meeting_app.domain.organisation import Appointment, Post, Unit, Venue
from meeting_app.ports import Database, Ports
from meeting_app.services import credential as credentials
from meeting_app.services.unit_of_work import changing, key
from meeting_app.settings import LIFELINE, Settings
from meeting_app.signing.demo_pki import DemoPki, DemoSubject, prepare

FOLDER = Path(__file__).parent.parent / "data" / "demo"
SEEDED = "demo.seed"  # the audit entry by which production knows rows of a demo
_PLAYING = "run/playing"
_START_SECONDS = 20
_WORDS = ("sen", "lúa", "tre", "sông", "biển", "núi", "mây", "nắng", "gió", "trăng", "thuyền", "cầu")


@dataclass(frozen=True, slots=True)
class Secrets:
    password: str  # everybody's in the demo
    pin: str  # of every key in the demo


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody as they act, and where they meet."""

    actors: dict[str, Actor]
    venues: dict[str, int]


def demo_settings(settings: Settings) -> Settings:
    """The settings with the demo's own authorities filled in."""
    pki = prepare_pki(settings)
    return settings.model_copy(
        update={"demo": True, "timestamp_urls": (pki.timestamp_url,), "trust_file": pki.trust_file}
    )


def prepare_pki(settings: Settings) -> DemoPki:
    cast = read("cast.json")
    pin = secrets_of(settings).pin
    agency = cast["units"]["an_hai"]["name"]
    subjects = [
        DemoSubject(name, person["name"], cast["units"][person["unit"]]["name"], pin, title=person["post"])
        for name, person in cast["people"].items()
    ]
    subjects.append(DemoSubject("seal", agency, agency, pin, serial_number="MST:0200000001"))
    return prepare(settings.data_dir / "pki", subjects)


def secrets_of(settings: Settings) -> Secrets:
    """Made once, then the same at every start."""
    path = settings.data_dir / "demo.json"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        words = "-".join(secrets.choice(_WORDS) for _ in range(3))
        made = {"password": f"{words}-{secrets.randbelow(9000) + 1000}", "pin": f"{secrets.randbelow(10**6):06d}"}
        draft = path.with_suffix(".part")  # whole or not at all
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
    return Secrets(**json.loads(path.read_text(encoding="utf-8")))


def seat(ports: Ports, settings: Settings, pki: DemoPki) -> Cast:
    """Write the cast into empty rows; at a later start only read it back."""
    chosen = secrets_of(settings)
    if not _seeded(ports):
        description = read("cast.json")
        password_hash = ports.passwords.hash(chosen.password)
        with changing(ports, None) as work:
            _write_cast(work.session, description, password_hash, local(work.now).date())
            work.record(SEEDED)
        _enrol(ports, description, pki, chosen.pin)
    return cast_of(ports)


def cast_of(ports: Ports) -> Cast:
    with ports.database.reading() as session:
        accounts = session.exec(select(Account)).all()
        venues = {venue.name: key(venue.id) for venue in session.exec(select(Venue)).all()}
    actors = {
        each.username: Actor(key(each.id), each.full_name, each.unit_id, each.right_set, address="127.0.0.1")
        for each in accounts
    }
    return Cast(actors, venues)


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content


@contextmanager
def authorities(settings: Settings) -> Iterator[None]:
    """The demo's OCSP, CRL and timestamp authority in a process of their own, answering inside the block."""
    reading, writing = os.pipe()  # its end is the child's end, however we go
    environment = {**os.environ, "MEETING_DATA_DIR": str(settings.data_dir.resolve()), LIFELINE: str(reading)}
    child = subprocess.Popen(
        [sys.executable, "-m", "meeting_app", "pki"], env=environment, stdin=subprocess.DEVNULL, pass_fds=(reading,)
    )
    try:
        _wait_for(settings.timestamp_urls[0], child)
        yield
    finally:
        child.terminate()
        child.wait(timeout=10)
        os.close(reading)
        os.close(writing)


@contextmanager
def playing(settings: Settings) -> Iterator[None]:
    """While the demo is played a file says into which rows, by which the next start knows a play that was cut short."""
    sign = settings.data_dir / _PLAYING
    sign.parent.mkdir(parents=True, exist_ok=True)
    sign.write_text(_fingerprint(settings), encoding="ascii")
    yield
    sign.unlink()


def was_cut_short(settings: Settings) -> bool:
    """Whether half a demo lies in these very rows, which nobody can have worked with yet."""
    sign = settings.data_dir / _PLAYING
    return sign.exists() and sign.read_text(encoding="ascii") == _fingerprint(settings)


def has_meetings(database: Database) -> bool:
    with database.reading() as session:
        return session.exec(select(Meeting).limit(1)).first() is not None


def greeting(settings: Settings, address: str) -> str:
    """What `demo` prints: where to go, and as whom."""
    chosen = secrets_of(settings)
    people = read("cast.json")["people"]
    lines = [f"  {name:<6} {person['name']:<18} {person['part']}" for name, person in people.items()]
    return "\n".join(
        [
            "",
            f"Phòng họp không giấy đã sẵn sàng:  {address}",
            f"Màn hình hội trường:               {address}/screen",
            "",
            "Tài khoản dùng thử:",
            *lines,
            "",
            f"Mật khẩu chung:  {chosen.password}",
            f"Mã PIN ký số:    {chosen.pin}",
            "",
            "Dừng bằng Ctrl-C.",
        ]
    )


def _fingerprint(settings: Settings) -> str:
    """Of the rows' address, which may hold a password."""
    return hashlib.sha256(settings.database_address.encode()).hexdigest()


def _wait_for(url: str, child: subprocess.Popen[bytes]) -> None:
    address = urlsplit(url)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            socket.create_connection((address.hostname or "", address.port or 0), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the demo's authorities do not answer")


def _seeded(ports: Ports) -> bool:
    with ports.database.reading() as session:
        return session.exec(select(AuditEntry).where(AuditEntry.act == SEEDED)).first() is not None


def _write_cast(session: Session, description: dict[str, Any], password_hash: str, today: date) -> None:
    posts = _write_posts(session, description["posts"])
    units: dict[str, int] = {}
    for name, unit in description["units"].items():
        head_post_id = posts[unit["head"]]
        fields = {field: value for field, value in unit.items() if field != "head"}
        units[name] = _stored(session, Unit(**fields, head_post_id=head_post_id))
    for venue in description["venues"]:
        _stored(session, Venue(unit_id=units[venue["unit"]], name=venue["name"], seats=venue["seats"]))
    held: dict[str, Appointment] = {}
    for username, person in description["people"].items():
        account = Account(
            username=username,
            full_name=person["name"],
            email=f"{username}@anhai.haiphong.gov.vn",
            password_hash=password_hash,
            unit_id=units[person["unit"]],
            rights=person.get("rights", ""),
        )
        held[username] = Appointment(
            account_id=_stored(session, account),
            unit_id=units[person["unit"]],
            post_id=posts[person["post"]],
            since=date(2024, 1, 1),
        )
        _stored(session, held[username])
    for given in description["delegations"]:
        _stored(session, _delegation(given, held, today))


def _write_posts(session: Session, descriptions: list[dict[str, Any]]) -> dict[str, int]:
    """By name; a deputy's head comes before the deputy."""
    posts: dict[str, int] = {}
    for rank, post in enumerate(descriptions, start=1):
        deputy_of_id = posts[post["deputy_of"]] if "deputy_of" in post else None
        row = Post(name=post["name"], rank=rank, heads=post.get("heads", False), deputy_of_id=deputy_of_id)
        posts[post["name"]] = _stored(session, row)
    return posts


def _delegation(given: dict[str, Any], held: dict[str, Appointment], today: date) -> Delegation:
    """Dated for good, or in days from the demo's first start."""
    since = date.fromisoformat(given["since"]) if "since" in given else today + timedelta(days=given["since_days"])
    receiver, head = held[given["to"]], held["hung"]
    return Delegation(
        unit_id=receiver.unit_id,
        kind=DelegationKind(given["kind"]),
        appointment_id=key(receiver.id),
        giver_id=head.id,
        papers=given["papers"],
        basis=given["basis"],
        content=given.get("content", ""),
        since=since,
        until=today + timedelta(days=given["until_days"]) if "until_days" in given else None,
        given_by=head.account_id,
        given_at=datetime(since.year, since.month, since.day, 8, tzinfo=VIETNAM),
    )


def _enrol(ports: Ports, description: dict[str, Any], pki: DemoPki, pin: str) -> None:
    cast = cast_of(ports)
    for username in description["people"]:
        actor = cast.actors[username]
        credentials.enrol(ports, pki.pkcs12(username), pin, account_id=actor.account_id)
    unit_id = cast.actors["hung"].unit_id
    credentials.enrol(ports, pki.pkcs12("seal"), pin, unit_id=unit_id)


def _stored(session: Session, row: Unit | Post | Venue | Account | Appointment | Delegation) -> int:
    session.add(row)
    session.flush()
    return key(row.id)
