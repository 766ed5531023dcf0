"""From settings to what reaches beyond this machine: signatures, the places of keys, and the mail server."""

import os
from collections.abc import Sequence
from functools import partial

from asn1crypto import x509 as asn1_x509

from meeting_app.domain.key import KeyPlace
from meeting_app.mail.office import SmtpOffice
from meeting_app.mail.smtp import SmtpAddress, SmtpServer
from meeting_app.ports import AnchorRows, Certification, Clock, KeyProvider, MailOffice, Signatures
from meeting_app.settings import Settings, secret_in
from meeting_app.signing.certification import LocalCertification
from meeting_app.signing.csc_services import read_services
from meeting_app.signing.file_keys import FileKeys
from meeting_app.signing.key_places import KeyPlaces
from meeting_app.signing.remote_keys import RemoteKeys
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.smime import MailSigner
from meeting_app.signing.token_keys import TokenKeys
from meeting_app.signing.trust import TrustedRoots, read_roots


def signatures(settings: Settings, anchors: AnchorRows) -> Signatures:
    return PyHankoSignatures(settings.timestamp_urls, TrustedRoots(_roots(settings), anchors))


def certification() -> Certification:
    return LocalCertification()


def keys(settings: Settings) -> KeyProvider:
    """Every place of keys that the settings name."""
    providers: dict[KeyPlace, KeyProvider] = {KeyPlace.FILE: FileKeys()}
    if settings.token_module:
        providers[KeyPlace.TOKEN] = TokenKeys(settings.token_module, environment=_seen_by_tokens())
    if settings.signing_services:
        remote = RemoteKeys(read_services(settings.signing_services))
        providers |= {KeyPlace.REMOTE: remote, KeyPlace.PHONE: remote}
    return KeyPlaces(providers)


def mail_signer(settings: Settings, clock: Clock) -> MailSigner:
    """The unit's mail key; opened when the first mail is signed, by the worker alone."""
    if settings.mail_key_file is None or settings.mail_key_password_file is None:
        raise ValueError("MEETING_MAIL_KEY_FILE and MEETING_MAIL_KEY_PASSWORD_FILE must be set to send mail")
    return MailSigner(
        settings.mail_key_file,
        partial(secret_in, settings.mail_key_password_file),
        settings.mail_sender,
        _roots(settings),
        clock.now,
    )


def mail_office(settings: Settings, clock: Clock) -> MailOffice:
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


def _roots(settings: Settings) -> Sequence[asn1_x509.Certificate]:
    return read_roots([settings.trust_file]) if settings.trust_file else ()


def _seen_by_tokens() -> dict[str, str]:
    """What a token's library may know of our environment: where its own configuration lies, and no secret of ours."""
    return {name: os.environ[name] for name in ("HOME", "PATH", "SOFTHSM2_CONF") if name in os.environ}
