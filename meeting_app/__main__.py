"""python -m meeting_app: the commands of the people who run the house."""

import json
import logging
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from meeting_app.bench.command import bench_commands
from meeting_app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meeting_app.demo import Cast
    from meeting_app.ports import Ports
    from meeting_app.rehearsal import PlayedClock

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(bench_commands, name="bench")
_AS_JSON = typer.Option("--json", help="One line of JSON")
_PLAYED_MINUTES = 100  # how long before the present the demo's play begins


@app.command()
def demo() -> None:
    """Start everything with the demo's own authorities, people and meetings."""
    from meeting_app import demo as demos

    base = Settings()
    with _alone(base):
        settings = demos.demo_settings(base)
        _prepare_demo(settings)
        greeting = demos.greeting(settings, _address(settings))
        _supervise(settings, extra=("pki",), on_ready=lambda: print(greeting, flush=True))


@app.command()
def serve() -> None:
    """Start the house for real; refuses the demo's keys and passwords, and says which setting is missing."""
    from meeting_app.bootstrap import migrate_rows
    from meeting_app.production import complaints

    settings = Settings()
    with _alone(settings):
        found = complaints(settings)
        if not found:
            migrate_rows(settings)
            found = complaints(settings, rows=True)
        if found:
            print("\n".join(found), file=sys.stderr)
            raise typer.Exit(2)
        said = f"Phòng họp không giấy đã sẵn sàng:  {_address(settings)}"
        _supervise(settings, on_ready=lambda: print(said, flush=True))


@app.command()
def rehearse(out: Annotated[Path, typer.Option(help="Folder for the papers, the root and the audit trail")]) -> None:
    """Play the demo meeting through the services and write what comes out of it."""
    from meeting_app import demo as demos
    from meeting_app.rehearsal import PlayedClock, Rehearsal
    from meeting_app.services import audit, invitation, minutes

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = demos.demo_settings(Settings(data_dir=Path(folder), database_url=""))
        clock = PlayedClock(datetime.now(UTC) - timedelta(minutes=110))
        ports, cast = _demo_ports(settings, clock)
        with demos.authorities(settings):
            play = Rehearsal.of(ports, clock, cast, demos.secrets_of(settings))
            play.register(starts_at=clock.now() + timedelta(minutes=10))
            play.convene()
            play.open()
            play.run_items()
            play.close_and_record()
        for name, service in (("invitation", invitation), ("minutes", minutes)):
            stored = service.file(ports, cast.actors["hung"], play.meeting_id)
            shutil.copyfile(stored.path, out / f"{name}.pdf")
        shutil.copyfile(settings.trust_file or "", out / "trust.pem")
        lines = (json.dumps(entry, ensure_ascii=False) for entry in audit.export(ports))
        (out / "audit.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("invitation.pdf", "minutes.pdf", "trust.pem", "audit.jsonl"):
        print(out / name)


@app.command()
def verify(
    files: list[Path],
    trust: Annotated[list[Path] | None, typer.Option(help="PEM file of roots to trust, besides the settings'")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable facts")] = False,
) -> None:
    """Check the signatures of PDF files: 0 valid, 1 invalid, 2 cannot confirm, 3 not readable."""
    from meeting_app.signing import command

    raise typer.Exit(command.run(files, _roots(Settings(), trust), as_json=as_json))


@app.command()
def prepare(
    files: list[Path],
    trust: Annotated[list[Path] | None, typer.Option(help="PEM file of roots to trust, besides the settings'")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for each file")] = False,
) -> None:
    """Prepare files as the worker does, and say what a reader would be told: 0 all prepared, 1 some refused."""
    from meeting_app.domain.upload import MEGABYTE, Limits
    from meeting_app.worker import command

    settings = Settings()
    limits = Limits(size=settings.upload_limit_mb * MEGABYTE)
    raise typer.Exit(command.run(files, _roots(settings, trust), limits, as_json=as_json))


@app.command()
def audit() -> None:
    """Check the chain of the audit trail: 0 whole, 1 broken."""
    from meeting_app.bootstrap import assemble
    from meeting_app.i18n import N_, _
    from meeting_app.services import audit as trail

    settings = Settings()
    if not settings.database_url and not (settings.data_dir / "meeting.db").exists():
        print(_(N_("There are no rows in {folder}."), folder=settings.data_dir))
        raise typer.Exit(1)
    ports = assemble(settings, wakes_rooms=False)
    count, broken = trail.check(ports)
    if broken is not None:
        print(_(N_("The audit trail is broken at entry {sequence} of {count}."), sequence=broken, count=count))
        raise typer.Exit(1)
    print(_(N_("The audit trail is whole: {count} entries."), count=count))
    print(_(N_("Hash of the last one: {hash}"), hash=trail.last_hash(ports)))


@app.command()
def recount(meeting: int, as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """Count every closed vote of a meeting again from its log: 0 all agree, 1 some differ, 2 no such meeting."""
    from dataclasses import asdict

    from meeting_app.bootstrap import assemble
    from meeting_app.errors import NotFound
    from meeting_app.i18n import N_, _
    from meeting_app.services.recount import recount as count_again

    try:
        found = count_again(assemble(Settings(), wakes_rooms=False), meeting)
    except NotFound as error:
        print(_(N_("There is no meeting {meeting}."), meeting=meeting), file=sys.stderr)
        raise typer.Exit(2) from error
    for each in found:
        said = _(N_("agrees")) if each.agrees else " ".join(each.complaints)
        text = _(N_("“{title}”, round {round}: {said}"), title=each.title, round=each.round, said=said)
        print(json.dumps(asdict(each) | {"agrees": each.agrees}, ensure_ascii=False) if as_json else text)
    if not found and not as_json:
        print(_(N_("Nothing was voted on in this meeting.")))
    raise typer.Exit(0 if all(each.agrees for each in found) else 1)


@app.command()
def enrol(
    username: str,
    place: Annotated[str, typer.Option(help="token, remote or phone")],
    reference: Annotated[str, typer.Option(help='"token label/key label", or "service name/credential id"')],
    seal: Annotated[bool, typer.Option(help="The seal of that person's unit")] = False,
) -> None:
    """Register a key on a token or at a signing service; asks for its PIN. Key files are entered on screen."""
    from meeting_app.bootstrap import assemble
    from meeting_app.domain.key import KeyHandle, KeyPlace, Secret
    from meeting_app.errors import MeetingError
    from meeting_app.services import account, credential

    ports = assemble(Settings(), wakes_rooms=False)
    try:
        holder = account.named(ports, username)
        secret = Secret(typer.prompt("PIN", hide_input=True, default="", show_default=False))
        whose = {"unit_id": holder.unit_id} if seal else {"account_id": holder.account_id}
        credential.enrol_key(ports, KeyHandle(KeyPlace(place), reference), secret, **whose)
    except (MeetingError, ValueError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    print(f"{holder.full_name}: {place} {reference}")


@app.command(hidden=True)
def web() -> None:
    """The web process (started by the supervisor)."""
    from meeting_app import asgi

    asgi.run(_child())


@app.command(hidden=True)
def room() -> None:
    """The room process (started by the supervisor)."""
    from meeting_app.bootstrap import start
    from meeting_app.room.server import run

    settings = _child()
    run(settings, start(settings))


@app.command(hidden=True)
def worker() -> None:
    """The worker process (started by the supervisor)."""
    from meeting_app.bootstrap import start
    from meeting_app.worker.loop import run

    run(start(_child()))


@app.command(hidden=True)
def pki() -> None:
    """The demo's authorities (started by the supervisor)."""
    from meeting_app.signing.demo_pki import run

    run(_child().data_dir / "pki")


def _roots(settings: Settings, trust: list[Path] | None) -> list[Path]:
    """Those named, those of the settings, or the demo's own."""
    roots = [*(trust or []), *([settings.trust_file] if settings.trust_file else [])]
    demo_root = settings.data_dir / "pki" / "root.pem"
    return roots or ([demo_root] if demo_root.exists() else [])


def _child() -> Settings:
    from meeting_app.supervisor import end_with_supervisor

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # A line for each question to an authority, with the names of signers in it, is nothing for a log.
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.WARNING)
    end_with_supervisor()
    return Settings()


def _address(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.web_port}"


@contextmanager
def _alone(settings: Settings) -> "Iterator[None]":
    """From before the rows are touched until the end: a second start ends here, and says so."""
    from meeting_app.supervisor import AlreadyRunning, alone, port_in_use

    os.umask(0o077)  # rows, papers and keys are nobody else's on this machine; the children inherit it
    try:
        with alone(settings.data_dir, _address(settings)):
            for name, port in (("MEETING_WEB_PORT", settings.web_port), ("MEETING_ROOM_PORT", settings.room_port)):
                if port_in_use(settings.host, port):
                    print(
                        f"Cổng {port} đang được chương trình khác dùng. Hãy chọn cổng khác bằng {name}.",
                        file=sys.stderr,
                    )
                    raise typer.Exit(3)
            yield
    except AlreadyRunning as running:
        print(
            f"Phần mềm đang chạy với thư mục dữ liệu «{settings.data_dir}»: {running.address}\n"
            "Hãy dừng bản đang chạy trước, hoặc chọn thư mục khác bằng MEETING_DATA_DIR.",
            file=sys.stderr,
        )
        raise typer.Exit(3) from running


def _supervise(settings: Settings, on_ready: "Callable[[], None]", extra: tuple[str, ...] = ()) -> None:
    from meeting_app.supervisor import Child, Supervisor

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    children = [
        Child("web", f"{_address(settings)}/health"),
        Child("room", f"http://{settings.host}:{settings.room_port}/health"),
        *(Child(name) for name in extra),
        Child("worker"),
    ]
    Supervisor(children, _environment(settings), on_ready).run()


def _environment(settings: Settings) -> dict[str, str]:
    """The settings as the children read them."""
    values = {
        "MEETING_DATA_DIR": str(settings.data_dir.resolve()),
        "MEETING_DEMO": str(settings.demo),
        "MEETING_TIMESTAMP_URLS": " ".join(settings.timestamp_urls),
        **({"MEETING_TRUST_FILE": str(settings.trust_file.resolve())} if settings.trust_file else {}),
    }
    return {**os.environ, **values}


def _prepare_demo(settings: Settings) -> None:
    """At the first start: play the demo's meetings up to the present."""
    from meeting_app import demo as demos
    from meeting_app.bootstrap import empty_rows, rows

    if demos.was_cut_short(settings):
        empty_rows(settings)
    with rows(settings) as database:
        if demos.has_meetings(database):
            return
    from meeting_app.rehearsal import PlayedClock, prepare_demo

    print("Đang chuẩn bị dữ liệu dùng thử…", flush=True)
    clock = PlayedClock(datetime.now(UTC) - timedelta(minutes=_PLAYED_MINUTES))
    with demos.playing(settings):
        ports, cast = _demo_ports(settings, clock)
        with demos.authorities(settings):
            prepare_demo(ports, clock, cast, demos.secrets_of(settings))


def _demo_ports(settings: Settings, clock: "PlayedClock") -> "tuple[Ports, Cast]":
    from meeting_app import demo as demos
    from meeting_app.bootstrap import assemble, migrate_rows

    migrate_rows(settings)
    ports = assemble(settings, clock=clock, wakes_rooms=False)
    return ports, demos.seat(ports, settings, demos.prepare_pki(settings))


if __name__ == "__main__":
    app()
