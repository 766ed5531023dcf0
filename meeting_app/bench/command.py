"""`python -m meeting_app bench …`: each measurement is imported when it is asked for."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

bench_commands = typer.Typer(no_args_is_help=True, help="Measure, each figure beside its yardstick in the same run.")
_AS_JSON = typer.Option("--json", help="One line of JSON")


@bench_commands.command("push")
def bench_push(
    tablets: Annotated[list[int] | None, typer.Option(help="How many tablets; may be given several times")] = None,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Until the last tablet has a change: the room beside the kernel's limit, Node ws and python-socketio."""
    from meeting_app.bench.push import bench_push as measure

    _report(measure(tuple(tablets or (200, 1000, 5000))), as_json=as_json)


@bench_commands.command("vote")
def bench_vote(
    tablets: Annotated[list[int] | None, typer.Option(help="How many vote; may be given several times")] = None,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Ballots within one second, and all at once: how many a second, until each is answered, counted and recounted."""
    from meeting_app.bench.vote import bench_vote as measure

    _report(measure(tuple(tablets or (200, 1000))), as_json=as_json)


@bench_commands.command("join")
def bench_join(
    tablets: Annotated[list[int] | None, typer.Option(help="How many come back; may be given several times")] = None,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """All tablets come back at once after the room was killed or stopped: until the last one is up to date."""
    from meeting_app.bench.join import bench_join as measure

    _report(measure(tuple(tablets or (200, 1000))), as_json=as_json)


@bench_commands.command("pages")
def bench_pages(as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """Page opens and reruns of the web process, over real Streamlit sessions."""
    from meeting_app.bench.pages import bench_pages as measure
    from meeting_app.bench.stage import stage

    with stage(meetings=3) as made, made.web() as port:
        _report(measure(port, made.token), as_json=as_json)


@bench_commands.command("read")
def bench_read(as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """The first page of a long document beside st.pdf on a slow link; 200 tablets turning at once; preparation."""
    from meeting_app.bench.read import bench_read as measure

    _report(measure(), as_json=as_json)


@bench_commands.command("sign")
def bench_sign(as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """Signatures per second beside the library's own; a large file; checks of many signatures and many objects."""
    from meeting_app.bench.sign import bench_sign as measure

    _report(measure(5), as_json=as_json)


@bench_commands.command("seal")
def bench_seal(
    documents: Annotated[int, typer.Option(help="How many attachments")] = 500,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Attachments sealed per second in one act, timestamped and checked."""
    from meeting_app.bench.seal import bench_seal as measure

    _report(measure(documents), as_json=as_json)


def _report(figures: Mapping[str, Any], *, as_json: bool) -> None:
    print(json.dumps(figures, ensure_ascii=False, indent=None if as_json else 2))
