"""Some ten page runs a second against a web process, asked for by a process of their own."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from meeting_app.settings import COOKIE

SESSIONS = 10
RUNS_PER_SECOND = 10
ANSWER_SECONDS = 60.0


class PageLoad:
    """The runs that were asked for and finished so far."""

    def __init__(self, counted: "Synchronized[int]") -> None:
        self._counted = counted
        self._began, self._before = time.monotonic(), counted.value

    @property
    def runs_per_second(self) -> float:
        return (self._counted.value - self._before) / (time.monotonic() - self._began)


@contextmanager
def running_pages(web_port: int, token: str) -> Iterator[PageLoad]:
    """Keep the home page running; raises RuntimeError when the pages do not run."""
    spawning = multiprocessing.get_context("spawn")
    begun, enough, counted = spawning.Event(), spawning.Event(), spawning.Value("q", 0)
    runner = spawning.Process(target=_run, args=(web_port, token, begun, enough, counted), daemon=True)
    runner.start()
    while not begun.wait(0.2):
        if not runner.is_alive():
            raise RuntimeError("the pages do not run")
    try:
        yield PageLoad(counted)
    finally:
        enough.set()
        runner.join(ANSWER_SECONDS)
    if runner.exitcode:
        raise RuntimeError("the pages stopped running during the measurement")


def _run(web_port: int, token: str, begun: Event, enough: Event, counted: "Synchronized[int]") -> None:
    with ExitStack() as open_sessions:
        sessions = [open_sessions.enter_context(_session(web_port, token)) for _ in range(SESSIONS)]
        for session in sessions:
            _rerun(session)
        begun.set()
        while not enough.is_set():
            for session in sessions:
                due = time.monotonic() + 1 / RUNS_PER_SECOND
                _rerun(session)
                counted.value += 1
                enough.wait(max(0, due - time.monotonic()))


def _session(web_port: int, token: str) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{web_port}/_stcore/stream",
        origin=Origin(f"http://127.0.0.1:{web_port}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{COOKIE}={token}"},
        compression=None,
        max_size=None,
        open_timeout=ANSWER_SECONDS,
    )


def _rerun(session: ClientConnection) -> None:
    request = BackMsg()
    request.rerun_script.page_name = ""
    session.send(request.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(session.recv(ANSWER_SECONDS))
        if answer.HasField("script_finished"):
            return
