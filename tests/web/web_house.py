"""The real web process for tests: `python -m meeting_app web` in a folder and on a port of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import count
from pathlib import Path

import httpx
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right, SignIn
from meeting_app.domain.key import KeyPlace
from meeting_app.ports import Ports
from meeting_app.settings import COOKIE, LIFELINE
from meeting_app.signing.certification import LocalCertification
from meeting_app.signing.key_places import KeyPlaces
from meeting_app.storage.clock import Argon2Passwords, SystemClock, new_token
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.files import DiskFiles
from meeting_app.storage.text_index import SqlTextIndex
from meeting_app.storage.wake_ups import NoWakeUps
from tests.cast import PASSWORD, Cast
from tests.commands.house import ROOT, answers, environment, free_port, wait_until
from tests.keys import Office, RememberedKeys, SignaturesOnDemand

START_SECONDS = 60
UPLOAD_LIMIT_MB = 92
PUBLIC_ORIGIN = "https://hop.example.vn"
_numbers = count(1)


@dataclass
class Visitor:
    """A browser: one cookie, and the origin a page of ours would send."""

    client: httpx.Client
    origin: str
    token: str = ""

    def ask(self, method: str, path: str, **options) -> httpx.Response:
        headers = {"Cookie": f"{COOKIE}={self.token}"} if self.token else {}
        headers |= {"Origin": self.origin} if method not in ("GET", "HEAD") else {}
        headers |= options.pop("headers", {})
        kept = {name: value for name, value in headers.items() if value is not None}
        return self.client.request(method, path, headers=kept, **options)

    def get(self, path: str, **options) -> httpx.Response:
        return self.ask("GET", path, **options)

    def get_unaltered(self, target: str) -> httpx.Response:
        """The address exactly as it is written; clients tidy ".." away."""
        return self.get("/", extensions={"target": target.encode()})

    def post(self, path: str, **options) -> httpx.Response:
        return self.ask("POST", path, **options)

    def sign_in(self, username: str, password: str = PASSWORD, way: str = "/") -> httpx.Response:
        """Through the form; the cookie is kept as a browser keeps it."""
        answer = self.post("/sign-in", data={"username": username, "password": password, "next": way, "lang": "vi"})
        self.token = answer.cookies.get(COOKIE) or self.token
        return answer


@dataclass
class WebHouse:
    """The running process, and the same rows and files seen from the test."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    log: Path
    ports: Ports
    cast: Cast
    client: httpx.Client
    origin: str
    office: Office
    signed_in: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_proxied(self) -> bool:
        """Browsers reach it by TLS under its public name."""
        return self.origin == PUBLIC_ORIGIN

    @property
    def uploads_folder(self) -> Path:
        """Where the process keeps what is still on its way."""
        return self.folder / "tmp"

    def actor(self, name: str) -> Actor:
        return self.cast.actors[name]

    def nobody(self) -> Visitor:
        return Visitor(self.client, self.origin)

    def visitor(self, name: str) -> Visitor:
        """One of the cast in a browser that signed in once for all tests."""
        if name not in self.signed_in:
            visitor = self.nobody()
            assert visitor.sign_in(name).status_code == 303
            self.signed_in[name] = visitor.token
        return Visitor(self.client, self.origin, self.signed_in[name])

    def newcomer(self, *rights: Right) -> str:
        """An account that no other test knows; returns its user name."""
        username = f"nguoi_moi_{next(_numbers)}"
        with self.ports.database.writing() as session:
            pattern = session.exec(select(Account).where(Account.username == "minh")).one()
            values = pattern.model_dump(exclude={"id", "username", "rights"})
            session.add(Account(username=username, rights=" ".join(rights), **values))
        return username

    def sessions(self, username: str) -> list[SignIn]:
        with self.ports.database.reading() as session:
            account = session.exec(select(Account).where(Account.username == username)).one()
            return list(session.exec(select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id)))

    def is_alive(self) -> bool:
        return self.process.poll() is None and self.nobody().get("/health").json() == {"ok": True}

    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def memory(self, name: str = "VmRSS") -> int:
        """Bytes of the process alone, without its children; "VmHWM" is the most since `forget_peak`."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(f"{name}:"))

    def forget_peak(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")  # proc(5): resets VmHWM


@contextmanager
def running_web(
    folder: Path, address: str, cast: Cast, office: Office, passwords: Argon2Passwords, **settings: str
) -> Iterator[WebHouse]:
    """The web process over seated rows, answering when this returns."""
    port, log = free_port(), folder / "web.log"
    (folder / "tmp").mkdir(parents=True)
    values = {
        "DATABASE_URL": address,
        "MEETING_WEB_PORT": str(port),
        "MEETING_UPLOAD_LIMIT_MB": str(UPLOAD_LIMIT_MB),
        "MEETING_TIMESTAMP_URLS": office.pki.timestamp_url,
        "MEETING_TRUST_FILE": str(office.pki.trust_file),
        "TMPDIR": str(folder / "tmp"),
        **settings,
    }
    reading, writing = os.pipe()  # its end tells the process that nobody needs it any more
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "meeting_app", "web"],
            cwd=ROOT,
            env=environment(folder, **values, **{LIFELINE: str(reading)}),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            pass_fds=(reading,),
        )
    database = SqlDatabase(address)
    ports = Ports(
        clock=SystemClock(),
        database=database,
        files=DiskFiles(folder / "files"),
        texts=SqlTextIndex(),
        signatures=SignaturesOnDemand(office),
        keys=KeyPlaces({KeyPlace.FILE: RememberedKeys()}),
        certification=LocalCertification(iterations=1000),
        wake_ups=NoWakeUps(),
        passwords=passwords,
        new_token=new_token,
        upload_limit_mb=UPLOAD_LIMIT_MB,
    )
    origin = settings.get("MEETING_PUBLIC_ORIGINS", f"http://127.0.0.1:{port}")
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), process, START_SECONDS)
        with _client(port) as client:
            yield WebHouse(process, folder, port, log, ports, cast, client, origin, office)
    finally:
        _end(process)
        os.close(reading)
        os.close(writing)
        database.close()
        shutil.rmtree(folder / "tmp", ignore_errors=True)


def _client(port: int) -> httpx.Client:
    """Keeps connections for all visitors, and the cookie of none."""
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    limits = httpx.Limits(max_connections=300)
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits, cookies=no_cookies)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
