"""Told to stop, it stops, wherever the signal finds it."""

import subprocess
import sys

from tests.commands.house import ROOT

# In the first run the signal comes at the first line after the handlers stand, in the next at the second …
AT_EVERY_LINE = """
import faulthandler, signal, sys
from meeting_app.supervisor import Supervisor

def trace(frame, event, _argument):
    global left
    if event == "line" and callable(signal.getsignal(signal.SIGTERM)):
        left -= 1
        if left == 0:
            signal.raise_signal(signal.SIGTERM)
    return trace

faulthandler.dump_traceback_later(50, exit=True)  # a run that hangs
for line in range(1, 161):
    left = line
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.settrace(trace)
    Supervisor([], {}).run()
    sys.settrace(None)
print("stopped each time")
"""


def test_a_signal_stops_it_at_whatever_line_it_comes():
    done = subprocess.run([sys.executable, "-c", AT_EVERY_LINE], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "stopped each time\n", done.stderr
