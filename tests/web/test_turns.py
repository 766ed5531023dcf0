"""What takes long waits for its turn without a thread: the gate always finds one to let the others in."""

import threading

import anyio
import pytest

from meeting_app.web.answers import HASHING, JUDGING, SIGNING, in_thread, in_turn


@pytest.mark.parametrize("turns", [HASHING, JUDGING, SIGNING], ids=["passwords", "files", "signatures"])
def test_any_number_of_slow_acts_leaves_threads_for_the_others(turns: anyio.CapacityLimiter):
    release, begun = threading.Event(), []

    def slow(number: int) -> None:
        begun.append(number)
        release.wait(20)

    async def play() -> str:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as people:
                for number in range(200):
                    people.start_soon(in_turn, turns, slow, number)
                await anyio.wait_all_tasks_blocked()
                name = await in_thread(str.upper, "lan")
                at_once = len(begun)
                release.set()
        assert at_once <= turns.total_tokens
        return name

    assert anyio.run(play) == "LAN"
    assert sorted(begun) == list(range(200))


def test_turns_together_are_fewer_than_streamlits_threads():
    """Streamlit sets 28 threads for the whole process; the gate, files and pages need some of them."""
    from streamlit.web.server.starlette.starlette_server_config import ANYIO_STATIC_FILE_THREAD_TOKENS

    assert sum(turns.total_tokens for turns in (HASHING, JUDGING, SIGNING)) < ANYIO_STATIC_FILE_THREAD_TOKENS


def test_an_error_of_the_act_comes_through():
    def broken() -> None:
        raise LookupError("nothing there")

    async def play() -> None:
        await in_turn(JUDGING, broken)

    with pytest.raises(LookupError, match="nothing there"):
        anyio.run(play)
