"""Before real work starts, whatever official mail still lacks is named, one sentence each."""

from pathlib import Path

import pytest

from meeting_app.bootstrap import assemble, migrate_rows
from meeting_app.demo import demo_settings
from meeting_app.production import complaints
from meeting_app.services import credential as credentials
from meeting_app.settings import SecretExposed, Settings, secret_in
from tests.commands.house import command
from tests.mail.certificates import Authority
from tests.mail.letters import SENDER

PASSWORD = "mat-khau-khoa-thu"


def secret_file(path: Path) -> Path:
    path.touch(mode=0o600)
    path.write_text(f"{PASSWORD}\n", encoding="utf-8")
    return path


@pytest.fixture
def whole(tmp_path: Path) -> Settings:
    """Everything that real work with mail needs."""
    authority = Authority(tmp_path)
    return Settings(
        data_dir=tmp_path / "data",
        timestamp_urls=("http://127.0.0.1:9/tsa",),
        trust_file=authority.root_file,
        mail_url="smtp+starttls://vanphong@mail.gov.vn:587",
        mail_password_file=secret_file(tmp_path / "password"),
        mail_server_trust_file=authority.root_file,
        mail_sender=SENDER,
        mail_key_file=authority.key_file("Văn phòng", PASSWORD, SENDER),
        mail_key_password_file=secret_file(tmp_path / "pin"),
    )


def about(settings: Settings, **changes: object) -> list[str]:
    return complaints(settings.model_copy(update=changes))


def test_nothing_is_said_of_what_is_whole_or_not_wanted(whole: Settings):
    assert complaints(whole) == []
    migrate_rows(whole)
    assert complaints(whole, rows=True) == []
    assert about(whole, mail_url="", mail_key_file=None, mail_sender="") == []
    assert about(whole, mail_url="smtps://mail.gov.vn", mail_password_file=None) == []  # no user, no password


@pytest.mark.parametrize(
    "setting", ["mail_password_file", "mail_key_file", "mail_key_password_file", "mail_server_trust_file"]
)
def test_a_missing_file_is_named(whole: Settings, tmp_path: Path, setting: str):
    (sentence,) = about(whole, **{setting: tmp_path / "không-có"})
    assert f"MEETING_{setting.upper()}" in sentence
    assert "không-có" in sentence
    if setting != "mail_server_trust_file":  # without it the machine's own roots serve
        (sentence,) = about(whole, **{setting: None})
        assert sentence.startswith(f"Chưa đặt MEETING_{setting.upper()}")


@pytest.mark.parametrize("setting", ["mail_password_file", "mail_key_password_file"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_secret_that_others_reach_is_named(whole: Settings, setting: str, mode: int):
    path = getattr(whole, setting)
    path.chmod(mode)
    (sentence,) = complaints(whole)
    assert f"MEETING_{setting.upper()}" in sentence
    assert "chmod 600" in sentence
    with pytest.raises(SecretExposed):
        secret_in(path)
    path.chmod(0o600)
    assert secret_in(path) == PASSWORD


@pytest.mark.parametrize("url", ["smtp://mail.gov.vn", "smtps://vp:" + PASSWORD + "@mail.gov.vn", "mail.gov.vn"])
def test_a_wrong_server_address_is_told_without_quoting_it(whole: Settings, url: str):
    (sentence,) = about(whole, mail_url=url)
    assert sentence.startswith("MEETING_MAIL_URL")
    assert PASSWORD not in sentence


@pytest.mark.parametrize("sender", ["", "vanphong@gmail.com", "Văn phòng <vanphong@anhai.haiphong.gov.vn>"])
def test_the_sender_is_an_official_mailbox(whole: Settings, sender: str):
    assert any(sentence.startswith("MEETING_MAIL_SENDER") for sentence in about(whole, mail_sender=sender))


def test_official_domains_are_settings(whole: Settings):
    told = Settings(mail_domains="GOV.VN. .dangcongsan.vn")  # as an operator may write them
    assert told.mail_domains == ("gov.vn", "dangcongsan.vn")
    assert Settings().mail_domains == ("gov.vn",)
    assert about(whole, mail_domains=("haiphong.gov.vn",)) == []
    assert len(about(whole, mail_domains=("danang.gov.vn",))) == 1
    assert len(about(whole, mail_domains=())) == 1


def test_a_key_that_does_not_open_or_is_anothers_is_named(whole: Settings, tmp_path: Path):
    assert whole.mail_key_password_file is not None
    whole.mail_key_password_file.write_text("sai")
    (sentence,) = complaints(whole)
    assert sentence == "MEETING_MAIL_KEY_FILE không ký được thư: Mã PIN không đúng."
    secret_file(whole.mail_key_password_file)
    (sentence,) = about(whole, mail_sender="khac@anhai.haiphong.gov.vn")
    assert "hộp thư khác" in sentence


def test_a_key_that_signs_papers_does_not_sign_mail(whole: Settings):
    migrate_rows(whole)
    assert whole.mail_key_file is not None
    ports = assemble(whole, wakes_rooms=False)
    credentials.enrol(ports, whole.mail_key_file.read_bytes(), PASSWORD, unit_id=None)
    (sentence,) = complaints(whole, rows=True)
    assert "Văn phòng" in sentence


def test_serve_does_not_start_without_what_mail_needs(whole: Settings, tmp_path: Path):
    told = command(
        "serve",
        data_dir=tmp_path / "data",
        MEETING_TIMESTAMP_URLS="http://127.0.0.1:9/tsa",
        MEETING_TRUST_FILE=str(whole.trust_file),
        MEETING_MAIL_URL=whole.mail_url,
        MEETING_MAIL_SENDER=SENDER,
    )
    assert told.returncode == 2
    for setting in ("MAIL_PASSWORD_FILE", "MAIL_KEY_FILE", "MAIL_KEY_PASSWORD_FILE"):
        assert f"MEETING_{setting}" in told.stderr


def test_the_demo_is_without_mail(whole: Settings):
    settings = demo_settings(whole)
    assert settings.mail_url
    assert not settings.sends_mail
