"""Told to stop over and over, it stops: no signal waits for another."""

import signal
import subprocess
import sys
import time

import pytest

from tests.commands.house import ROOT

ALONE = (
    "from meeting_app.supervisor import Supervisor;"
    "Supervisor([], {}, on_ready=lambda: print('ready', flush=True)).run()"
)


@pytest.mark.parametrize("_round", range(5))
def test_signals_that_come_together_stop_it(_round: int):
    """`make` passes a signal on that its whole group has had already."""
    process = subprocess.Popen([sys.executable, "-c", ALONE], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        for _ in range(200):
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGINT)
            time.sleep(0.0005)
        assert process.wait(10) in (0, -signal.SIGTERM, -signal.SIGINT)  # the last ones may find it on its way out
    finally:
        process.kill()
        process.wait()
