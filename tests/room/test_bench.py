"""The measurements measure: every tablet gets every change, every ballot is answered and counted."""

import pytest

from meeting_app.bench import peers
from meeting_app.bench.join import bench_join
from meeting_app.bench.push import bench_push
from meeting_app.bench.stalled import bench_stalled
from meeting_app.bench.vote import bench_vote
from meeting_app.settings import Settings


@pytest.fixture(autouse=True)
def of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("MEETING_DATA_DIR", str(tmp_path))
    assert Settings().data_dir == tmp_path


def test_the_push_is_measured_against_the_limit():
    measured = bench_push((3,), rounds=2, updates=10, servers=("ours", "limit"), beside=False)
    for server in ("ours", "limit"):
        figures = measured["3"][server]
        assert 0 < figures["p50_ms"] <= figures["p99_ms"]
        assert figures["cpu_us_per_message"] > 0
    assert measured["ratios"]["3"].keys() == {"p50_to_limit", "cpu_to_limit"}


def test_a_peer_that_cannot_be_had_is_named_with_the_reason(monkeypatch):
    monkeypatch.setattr(peers.shutil, "which", lambda _name: None)
    measured = bench_push((2,), rounds=1, updates=10, servers=("ours", "limit", "node_ws"), beside=False)["2"]
    assert (measured["limit"], measured["node_ws"]) == (None, None)
    assert "compiler" in measured["limit_reason"]
    assert "npm" in measured["node_ws_reason"]


def test_tablets_that_stop_reading_are_measured():
    measured = bench_stalled(updates=60)
    assert 0 < measured["p50_ms"] <= measured["p99_ms"]
    assert measured["kb_held_per_stalled"] >= 0


def test_ballots_are_all_answered_counted_and_counted_again():
    measured = bench_vote((12,))["12"]
    assert measured["all_counted"]
    assert measured["recount_agrees"]
    for how in ("within_a_second", "at_once"):
        assert 0 < measured[how]["p50_ms"] <= measured[how]["p99_ms"]


def test_everybody_is_back_after_the_room_was_killed_or_stopped():
    measured = bench_join((12,))["12"]
    for how in ("killed", "stopped"):
        for holding in ("held", "snapshots"):
            figures = measured[how][holding]
            assert 0 < figures["p50_ms"] <= figures["p99_ms"] <= figures["last_ms"]
