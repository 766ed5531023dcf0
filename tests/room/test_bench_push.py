"""The push measurement measures: every tablet gets every change, from the room and from the yardstick."""

from meeting_app.bench.push import bench_push


def test_the_push_is_measured_against_a_plain_broadcast():
    measured = bench_push((3,), updates=20)["alone"]["3"]
    for server in ("room", "broadcast"):
        assert 0 < measured[server]["p50_ms"] <= measured[server]["p99_ms"]
