"""What stands between a set of settings and real work: everything of the demo, and everything missing."""

from pathlib import Path

from sqlmodel import select

from meeting_app import demo
from meeting_app.bootstrap import assemble
from meeting_app.domain.audit import AuditEntry
from meeting_app.i18n import N_, _
from meeting_app.settings import Settings

_NO_TIMESTAMPS = N_("MEETING_TIMESTAMP_URLS is not set: signatures need a timestamp authority.")
_NO_TRUST = N_("MEETING_TRUST_FILE is not set: give the PEM file of the root certificates to trust.")
_TRUST_MISSING = N_("MEETING_TRUST_FILE names a file that does not exist: {path}.")
_SERVICES_UNREADABLE = N_("MEETING_SIGNING_SERVICES cannot be used: {reason}.")
_DEMO_SET = N_("MEETING_DEMO is set: the demo's keys and passwords are not for real work. Take it out.")
_DEMO_KEYS = N_("MEETING_TRUST_FILE is the demo's own root: its keys are not for real work.")
_DEMO_ROWS = N_(
    "The rows are the demo's, with its accounts and passwords. Choose others by MEETING_DATA_DIR or DATABASE_URL."
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
    elif _is_demo_root(settings):
        found.append(_(_DEMO_KEYS))
    if settings.signing_services:
        found += _of_services(settings.signing_services)
    if rows and not found and _has_demo_rows(settings):
        found.append(_(_DEMO_ROWS))
    return found


def _of_services(path: Path) -> list[str]:
    """Asked now, so that it is told at the start and not to the first who signs."""
    from meeting_app.signing.csc_services import read_services  # noqa: PLC0415 — only where services are named

    try:
        read_services(path)
    except (OSError, ValueError) as error:
        return [_(_SERVICES_UNREADABLE, reason=error)]
    return []


def _is_demo_root(settings: Settings) -> bool:
    """Roots of a demo carry its name, wherever the file was copied to."""
    from meeting_app.signing.demo_pki import ROOT_NAME  # noqa: PLC0415 — the demo's PKI is loaded only to refuse it
    from meeting_app.signing.trust import read_roots  # noqa: PLC0415

    if settings.trust_file is None:
        return False
    return any(ROOT_NAME in root.subject.human_friendly for root in read_roots([settings.trust_file]))


def _has_demo_rows(settings: Settings) -> bool:
    ports = assemble(settings, wakes_rooms=False)
    with ports.database.reading() as session:
        return session.exec(select(AuditEntry).where(AuditEntry.act == demo.SEEDED)).first() is not None
