"""Every setting of the application, read from the environment (or an .env file) with the prefix MEETING_.

`DATABASE_URL` alone has no prefix: it is the name operators expect.
"""

import os
import stat
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

COOKIE = "phien"  # the sign-in cookie, read by the web and the room alike
SCAN_COOKIE = "quet"  # of a browser that scanned a check-in code and has to sign in first
SCREEN_COOKIE = "man_hinh"  # a hall screen's own, where nobody signs in
_LONGEST_SECRET = 4096  # characters
LIFELINE = "MEETING_LIFELINE"  # number of the file descriptor whose end is the end of a child process


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MEETING_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default=Path("data"), description="Folder of rows (SQLite), files, keys and sockets")
    database_url: str = Field(
        default="",
        validation_alias=AliasChoices("database_url", "DATABASE_URL"),
        description="SQLAlchemy address of the rows; empty: SQLite in data_dir",
    )
    host: str = Field(default="127.0.0.1", description="Address the web and the room listen on")
    web_port: int = Field(default=8501, description="Port of the web process (pages, files)")
    room_port: int = Field(default=8502, description="Port of the room process (live websocket)")
    room_address: str = Field(
        default="",
        description="Public websocket address of the room behind a proxy, wss://…; empty: same host, room_port",
    )
    room_poll_seconds: float = Field(
        default=2, gt=0, description="How often the room looks by itself: what a lost wake-up costs at most, in seconds"
    )
    public_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins the browsers may come from, separated by spaces; empty: the host they asked for",
    )
    https: bool = Field(default=False, description="Behind TLS: cookies are marked Secure")
    timestamp_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Timestamp authorities (RFC 3161), separated by spaces, tried in order"
    )
    trust_file: Path | None = Field(default=None, description="PEM file of the root certificates we trust")
    signing_services: Path | None = Field(
        default=None,
        description="TOML or JSON file of the remote signing services (signing/csc_services.py), closed to others",
    )
    token_module: Path | None = Field(
        default=None, description="PKCS#11 library of the maker of the tokens or the hardware module in this machine"
    )
    mail_url: str = Field(
        default="",
        description="Server that carries official mail: smtp+starttls://user@host:587 or smtps://user@host:465; "
        "empty: no mail is sent",
    )
    mail_password_file: Path | None = Field(
        default=None, description="File with the password for mail_url's user, readable by its owner alone"
    )
    mail_server_trust_file: Path | None = Field(
        default=None, description="PEM file of the roots that vouch for the mail server; empty: this machine's own"
    )
    mail_sender: str = Field(default="", description="The unit's official mailbox, from which its mail is sent")
    mail_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("gov.vn",),
        description="Official mail domains, each with all below it, separated by spaces; nobody else is written to",
    )
    mail_key_file: Path | None = Field(
        default=None,
        description="The unit's mail key (PKCS#12); it signs each mail by itself, without anybody's PIN: "
        "use a certificate for mail alone, never a person's key or the agency's seal",
    )
    mail_key_password_file: Path | None = Field(
        default=None, description="File with the password of mail_key_file, readable by its owner alone"
    )
    demo: bool = Field(default=False, description="The demo's keys, passwords and authorities are allowed")
    upload_limit_mb: int = Field(default=100, description="Largest document that may be uploaded, in MB")
    session_hours: int = Field(default=12, description="Hours after which a sign-in ends by itself")

    @field_validator("public_origins", "timestamp_urls", "mail_domains", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("mail_domains")
    @classmethod
    def _plain_domains(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.lower().strip(".") for domain in value)

    @property
    def sends_mail(self) -> bool:
        """Never in the demo: its people have no mailboxes."""
        return bool(self.mail_url) and not self.demo

    @property
    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'meeting.db'}"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def wake_up_folder(self) -> Path:
        return self.data_dir / "run" / "rooms"


class SecretExposed(OSError):
    """Others than its owner may read this file."""


def secret_in(path: Path) -> str:
    """The one line in a file that only its owner may read; raises SecretExposed or another OSError."""
    with path.open(encoding="utf-8", errors="replace") as file:  # an error would quote what it cannot read
        if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SecretExposed(f"others than its owner may read {path}")
        return file.read(_LONGEST_SECRET).rstrip("\r\n")
