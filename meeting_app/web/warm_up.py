"""The first visit, made by ourselves before the doors open: what it loads is there for all others."""

import asyncio
import importlib
import logging
import pkgutil
from collections.abc import Iterable, Mapping, Sequence

from anyio import to_thread
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.session_manager import ClientContext, SessionClient

_SECONDS = 20
_DRAWN_WITH = ("pandas", "pyarrow")
_log = logging.getLogger(__name__)


async def warm_up(packages: Sequence[str]) -> None:
    """Load our packages and run the frame once; never fails the start: a cold process is slow, not broken."""
    try:
        await to_thread.run_sync(_import_all, packages)
        async with asyncio.timeout(_SECONDS):
            await _visit()
    except Exception:  # noqa: BLE001 — see above
        _log.exception("the warm-up failed")


def _import_all(packages: Sequence[str]) -> None:
    for package in packages:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)
    for name in _DRAWN_WITH:
        importlib.import_module(name)


class _Nobody(ClientContext):
    """A browser without cookies."""

    @property
    def headers(self) -> Iterable[tuple[str, str]]:
        return ()

    @property
    def cookies(self) -> Mapping[str, str]:
        return {}

    @property
    def remote_ip(self) -> str | None:
        return None


class _Visitor(SessionClient):
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.finished = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if msg.WhichOneof("type") == "script_finished":
            self.loop.call_soon_threadsafe(self.finished.set)

    @property
    def client_context(self) -> ClientContext:
        return _Nobody()


async def _visit() -> None:
    """One session, until its script has run."""
    visitor, runtime = _Visitor(), get_instance()
    session_id = runtime.connect_session(client=visitor, user_info={})
    try:
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        runtime.handle_backmsg(session_id, ask)
        await visitor.finished.wait()
    finally:
        runtime.close_session(session_id)
