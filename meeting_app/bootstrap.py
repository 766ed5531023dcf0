"""From settings to the one Ports of a process: the only file that names the adapters."""

import os
from functools import partial

from meeting_app import running
from meeting_app.domain.key import KeyPlace
from meeting_app.mail.office import SmtpOffice
from meeting_app.mail.smtp import SmtpAddress, SmtpServer
from meeting_app.ports import Clock, KeyProvider, MailOffice, Ports, WakeUps
from meeting_app.settings import Settings, secret_in
from meeting_app.signing.csc_services import read_services
from meeting_app.signing.file_keys import FileKeys
from meeting_app.signing.key_places import KeyPlaces
from meeting_app.signing.remote_keys import RemoteKeys
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.smime import MailSigner
from meeting_app.signing.token_keys import TokenKeys
from meeting_app.signing.trust import read_roots
from meeting_app.storage.clock import Argon2Passwords, SystemClock, new_token
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.files import DiskFiles
from meeting_app.storage.migrate import migrate
from meeting_app.storage.wake_ups import NoWakeUps, PostgresWakeUps, SocketWakeUps


def assemble(settings: Settings, *, clock: Clock | None = None, wakes_rooms: bool = True) -> Ports:
    """Build the Ports; `wakes_rooms` False is for commands that run while no room does."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = SqlDatabase(settings.database_address)
    clock = clock or SystemClock()
    return Ports(
        clock=clock,
        database=database,
        files=DiskFiles(settings.files_dir),
        signatures=PyHankoSignatures(
            settings.timestamp_urls, read_roots([settings.trust_file]) if settings.trust_file else ()
        ),
        keys=KeyPlaces(_key_providers(settings)),
        wake_ups=_wake_ups(settings, database) if wakes_rooms else NoWakeUps(),
        passwords=Argon2Passwords(),
        new_token=new_token,
        session_hours=settings.session_hours,
        upload_limit_mb=settings.upload_limit_mb,
        mail=_mail_office(settings, clock) if settings.sends_mail else None,
    )


def _key_providers(settings: Settings) -> dict[KeyPlace, KeyProvider]:
    """Every place that the settings name."""
    providers: dict[KeyPlace, KeyProvider] = {KeyPlace.FILE: FileKeys()}
    if settings.token_module:
        providers[KeyPlace.TOKEN] = TokenKeys(settings.token_module, environment=_seen_by_tokens())
    if settings.signing_services:
        remote = RemoteKeys(read_services(settings.signing_services))
        providers |= {KeyPlace.REMOTE: remote, KeyPlace.PHONE: remote}
    return providers


def _seen_by_tokens() -> dict[str, str]:
    """What a token's library may know of our environment: where its own configuration lies, and no secret of ours."""
    return {name: os.environ[name] for name in ("HOME", "PATH", "SOFTHSM2_CONF") if name in os.environ}


def start(settings: Settings) -> Ports:
    """What every process does first."""
    ports = assemble(settings)
    running.start(ports)
    return ports


def migrate_rows(settings: Settings) -> None:
    """Bring the rows to the newest layout before any process starts."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = SqlDatabase(settings.database_address)
    migrate(database.engine)
    database.close()


def mail_signer(settings: Settings, clock: Clock) -> MailSigner:
    """The unit's mail key; opened when the first mail is signed, by the worker alone."""
    if settings.mail_key_file is None or settings.mail_key_password_file is None:
        raise ValueError("MEETING_MAIL_KEY_FILE and MEETING_MAIL_KEY_PASSWORD_FILE must be set to send mail")
    return MailSigner(
        settings.mail_key_file,
        partial(secret_in, settings.mail_key_password_file),
        settings.mail_sender,
        read_roots([settings.trust_file]) if settings.trust_file else (),
        clock.now,
    )


def _mail_office(settings: Settings, clock: Clock) -> MailOffice:
    server = SmtpServer(
        SmtpAddress.parse(settings.mail_url),
        name=settings.mail_sender.partition("@")[2],
        password=partial(_mail_password, settings),
        trust_file=settings.mail_server_trust_file,
    )
    return SmtpOffice(server, mail_signer(settings, clock).sign, settings.mail_sender, settings.mail_domains)


def _mail_password(settings: Settings) -> str:
    if settings.mail_password_file is None:
        raise FileNotFoundError("MEETING_MAIL_PASSWORD_FILE is not set")
    return secret_in(settings.mail_password_file)


def _wake_ups(settings: Settings, database: SqlDatabase) -> WakeUps:
    if database.engine.dialect.name == "postgresql":
        return PostgresWakeUps(database.engine)
    return SocketWakeUps(settings.wake_up_socket)
