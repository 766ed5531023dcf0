"""What stands between a set of settings and real work: everything of the demo, and everything missing."""

from collections.abc import Iterator
from pathlib import Path

from sqlmodel import select

from meeting_app import demo
from meeting_app.bootstrap import assemble
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.credential import Credential
from meeting_app.domain.mail import MailNotSent, official_address
from meeting_app.domain.signature import KeyRefused
from meeting_app.i18n import N_, _
from meeting_app.mail.smtp import SmtpAddress
from meeting_app.outside import mail_signer
from meeting_app.settings import SecretExposed, Settings, secret_in
from meeting_app.storage.clock import SystemClock

_NO_TIMESTAMPS = N_("MEETING_TIMESTAMP_URLS is not set: signatures need a timestamp authority.")
_NO_TRUST = N_("MEETING_TRUST_FILE is not set: give the PEM file of the root certificates to trust.")
_TRUST_MISSING = N_("MEETING_TRUST_FILE names a file that does not exist: {path}.")
_SERVICES_UNREADABLE = N_("MEETING_SIGNING_SERVICES cannot be used: {reason}.")
_TRUST_UNREADABLE = N_("MEETING_TRUST_FILE is not a file of certificates (PEM) that can be read: {path}.")
_DEMO_SET = N_("MEETING_DEMO is set: the demo's keys and passwords are not for real work. Take it out.")
_DEMO_KEYS = N_("MEETING_TRUST_FILE is the demo's own root: its keys are not for real work.")
_DEMO_ROWS = N_(
    "The rows are the demo's, with its accounts and passwords. Choose others by MEETING_DATA_DIR or DATABASE_URL."
)
_MAIL_URL = N_(
    "MEETING_MAIL_URL is not like smtp+starttls://user@host:587 or smtps://user@host:465. "
    "A password does not belong into it but into the file that MEETING_MAIL_PASSWORD_FILE names."
)
_MAIL_SENDER = N_("MEETING_MAIL_SENDER is not a mailbox of MEETING_MAIL_DOMAINS: give the unit's own address.")
_NOT_SET = N_("{setting} is not set, but MEETING_MAIL_URL is: mail needs it.")
_NO_FILE = N_("{setting} names a file that does not exist or cannot be read: {path}.")
_EXPOSED = N_("{setting} names a file that others than its owner may read: {path}. Run chmod 600 on it.")
_MAIL_KEY = N_("MEETING_MAIL_KEY_FILE cannot sign mail: {reason}")
_MAIL_KEY_ENROLLED = N_(
    "MEETING_MAIL_KEY_FILE is the key by which {holder} signs papers. Mail is signed without a PIN: "
    "it needs a certificate of its own."
)


def complaints(settings: Settings, *, rows: bool = False) -> list[str]:
    """One sentence for each thing that is wrong; with `rows` the migrated database is looked at too."""
    found = []
    if settings.demo:
        found.append(_(_DEMO_SET))
    if not settings.timestamp_urls:
        found.append(_(_NO_TIMESTAMPS))
    if settings.trust_file is None:
        found.append(_(_NO_TRUST))
    elif not settings.trust_file.exists():
        found.append(_(_TRUST_MISSING, path=settings.trust_file))
    else:
        found += _about_roots(settings.trust_file)
    if settings.signing_services:
        found += _of_services(settings.signing_services)
    found += _about_mail(settings)
    if rows and not found:
        found += _about_rows(settings)
    return found


def _of_services(path: Path) -> list[str]:
    """Asked now, so that it is told at the start and not to the first who signs."""
    from meeting_app.signing.csc_services import read_services  # noqa: PLC0415 — only where services are named

    try:
        read_services(path)
    except (OSError, ValueError) as error:
        return [_(_SERVICES_UNREADABLE, reason=error)]
    return []


def _about_roots(trust_file: Path) -> list[str]:
    """Roots of a demo carry its name, wherever the file was copied to."""
    from meeting_app.signing.demo_pki import ROOT_NAME  # noqa: PLC0415 — the demo's PKI is loaded only to refuse it
    from meeting_app.signing.trust import read_roots  # noqa: PLC0415

    try:
        roots = read_roots([trust_file])
    except (OSError, ValueError):
        return [_(_TRUST_UNREADABLE, path=trust_file)]
    return [_(_DEMO_KEYS)] if any(ROOT_NAME in root.subject.human_friendly for root in roots) else []


def _about_mail(settings: Settings) -> list[str]:
    """What keeps official mail from being carried or signed; nothing where none is to be sent."""
    if not settings.sends_mail:
        return []
    found = []
    try:
        named = bool(SmtpAddress.parse(settings.mail_url).user)
    except ValueError:
        named = False
        found.append(_(_MAIL_URL))
    try:
        official_address(settings.mail_sender, settings.mail_domains)
    except MailNotSent:
        found.append(_(_MAIL_SENDER))
    if named:
        found += _about_file("MEETING_MAIL_PASSWORD_FILE", settings.mail_password_file, secret=True)
    if settings.mail_server_trust_file is not None:
        found += _about_file("MEETING_MAIL_SERVER_TRUST_FILE", settings.mail_server_trust_file)
    about_key = [
        *_about_file("MEETING_MAIL_KEY_FILE", settings.mail_key_file),
        *_about_file("MEETING_MAIL_KEY_PASSWORD_FILE", settings.mail_key_password_file, secret=True),
    ]
    return [*found, *(about_key or _about_key(settings))]


def _about_file(setting: str, path: Path | None, *, secret: bool = False) -> Iterator[str]:
    if path is None:
        yield _(_NOT_SET, setting=setting)
        return
    try:
        if secret:
            secret_in(path)
        else:
            path.read_bytes()
    except SecretExposed:
        yield _(_EXPOSED, setting=setting, path=path)
    except OSError:
        yield _(_NO_FILE, setting=setting, path=path)


def _about_key(settings: Settings) -> Iterator[str]:
    try:
        mail_signer(settings, SystemClock()).key()
    except KeyRefused as error:
        yield _(_MAIL_KEY, reason=error)


def _about_rows(settings: Settings) -> Iterator[str]:
    ports = assemble(settings, wakes_rooms=False)
    with ports.database.reading() as session:
        if session.exec(select(AuditEntry).where(AuditEntry.act == demo.SEEDED)).first() is not None:
            yield _(_DEMO_ROWS)
        if settings.sends_mail:
            certificate = mail_signer(settings, SystemClock()).key().certificate.sha256.hex()
            query = select(Credential).where(Credential.certificate_sha256 == certificate)
            for credential in session.exec(query):
                yield _(_MAIL_KEY_ENROLLED, holder=credential.common_name)
