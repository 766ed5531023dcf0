"""Page opens of the web process: real Streamlit sessions over its websocket, from threads of this process.

An open is what a browser does: connect with the sign-in cookie, ask for the page's run, read until the
run is finished. The numbers are of the whole web process, client included on the same machine.
"""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from meeting_app.settings import COOKIE

ANSWER_SECONDS = 30.0
_WARM_UP = 5  # opens before the clock runs


def bench_pages(web_port: int, token: str, *, opens: int = 100, at_once: int = 4, page: str = "") -> dict[str, Any]:
    """Opens per second, and the milliseconds of an open and of a rerun (p50, p99), of one page.

    `token` is a signed-in cookie; `page` is the path of the page, "" the home page.
    """
    for _ in range(_WARM_UP):
        _open(web_port, token, page)
    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        opened = list(pool.map(lambda _: _open(web_port, token, page), range(opens)))
    took = time.perf_counter() - began
    reruns = _reruns(web_port, token, page, times=max(10, opens // 2))
    return {
        "opens_per_s": round(opens / took, 1),
        "open_p50_ms": _percentile(opened, 50),
        "open_p99_ms": _percentile(opened, 99),
        "rerun_p50_ms": _percentile(reruns, 50),
        "rerun_p99_ms": _percentile(reruns, 99),
    }


def _open(web_port: int, token: str, page: str) -> float:
    """Seconds from connecting to the end of the first run."""
    began = time.perf_counter()
    with _session(web_port, token) as session:
        _run(session, page)
    return time.perf_counter() - began


def _reruns(web_port: int, token: str, page: str, times: int) -> list[float]:
    took = []
    with _session(web_port, token) as session:
        _run(session, page)
        for _ in range(times):
            began = time.perf_counter()
            _run(session, page)
            took.append(time.perf_counter() - began)
    return took


@contextmanager
def _session(web_port: int, token: str) -> Iterator[ClientConnection]:
    with connect(
        f"ws://127.0.0.1:{web_port}/_stcore/stream",
        origin=Origin(f"http://127.0.0.1:{web_port}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{COOKIE}={token}"},
        compression=None,
        max_size=None,
        open_timeout=ANSWER_SECONDS,
    ) as session:
        yield session


def _run(session: ClientConnection, page: str) -> None:
    """Ask for a run and read to its end; raises RuntimeError when the script failed."""
    request = BackMsg()
    request.rerun_script.page_name = page
    session.send(request.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(session.recv(ANSWER_SECONDS))
        if answer.HasField("delta") and answer.delta.new_element.HasField("exception"):
            raise RuntimeError(answer.delta.new_element.exception.message)
        if answer.HasField("script_finished"):
            return


def _percentile(seconds: list[float], percent: int) -> float:
    """In milliseconds."""
    return round(statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1000, 1)
