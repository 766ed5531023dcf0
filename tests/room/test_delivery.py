"""Who is owed what, without a socket: no version is missed, none comes twice, none is heard by the wrong people."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.protocol import CLIENT, Protocol

from meeting_app.domain.event import Channel, Kind, MeetingEvent
from meeting_app.room.delivery import RING_FRAMES, Delivery, Ring

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
EVERYONE, MEMBERS = frozenset({Channel.EVERYONE}), frozenset({Channel.EVERYONE, Channel.MEMBERS})
GUEST, MEMBER = (EVERYONE, None), (MEMBERS, None)


def event(version: int, channel: Channel = Channel.EVERYONE, text: str = "", account: int | None = None):
    body = {"title": text or str(version)}
    return MeetingEvent(
        meeting_id=1, version=version, channel=channel, account_id=account, kind=Kind.MEETING, body=body, at=NOON
    )


def ring_of(versions: int, channel: Channel = Channel.EVERYONE) -> Ring:
    ring = Ring(0)
    for version in range(1, versions + 1):
        ring.append(event(version, channel))
    return ring


def messages(frames: bytes) -> list[dict]:
    wire = Protocol(CLIENT, max_size=None)
    wire.receive_data(frames)
    return [json.loads(bytes(frame.data)) for frame in wire.events_received()]


def versions(frames: list[bytes]) -> list[int]:
    return [message["v"] for message in messages(b"".join(frames))]


def test_the_ring_gives_what_came_after_a_version():
    assert versions(ring_of(10).since(7, GUEST)) == [8, 9, 10]
    assert ring_of(10).since(10, GUEST) == []


def test_the_ring_says_when_it_cannot_help():
    ring = ring_of(RING_FRAMES + 5)
    assert versions(ring.since(5, GUEST)) == list(range(6, RING_FRAMES + 6))
    assert ring.since(4, GUEST) is None
    assert ring.since(RING_FRAMES + 6, GUEST) is None  # a version that never was


def test_the_ring_takes_no_gap():
    with pytest.raises(ValueError, match="cannot follow"):
        ring_of(3).append(event(5))


def test_who_does_not_hear_a_channel_gets_its_version_alone():
    ring = ring_of(1, Channel.MEMBERS)
    assert messages(b"".join(ring.since(0, MEMBER)))[0]["b"] == {"title": "1"}
    assert messages(b"".join(ring.since(0, GUEST))) == [{"t": "skip", "v": 1}]


def test_all_that_came_is_one_piece_of_bytes():
    assert versions([ring_of(3).piece(1, MEMBER)]) == [2, 3]
    assert ring_of(RING_FRAMES + 5).piece(1, MEMBER) == b""


def test_what_is_addressed_to_one_account_reaches_no_other():
    ring = ring_of(1)
    ring.append(event(2, Channel.PERSON, account=7))
    ring.append(event(3))
    assert messages(b"".join(ring.since(1, (MEMBERS, 7))))[0]["b"] == {"title": "2"}
    for other in ((MEMBERS, 8), (MEMBERS, None), (frozenset(Channel), 8)):
        assert messages(b"".join(ring.since(1, other)))[0] == {"t": "skip", "v": 2}
    assert (ring.addressed(1), ring.addressed(2)) == ({7}, frozenset())


def test_who_is_not_addressed_shares_the_bytes_of_all_others():
    deliveries = [Delivery(), Delivery(), Delivery()]
    for account, delivery in enumerate(deliveries, start=6):
        delivery.begin(MEMBERS, account, 1)
    assert [each.hearer(frozenset({7})) for each in deliveries] == [MEMBER, (MEMBERS, 7), MEMBER]


def test_nothing_is_owed_to_a_full_buffer_and_everything_once_it_drains():
    ring, delivery = ring_of(3), Delivery()
    delivery.begin(EVERYONE, 7, 3)
    delivery.clear = False
    for version in range(4, 9):
        ring.append(event(version))
    assert delivery.owed(ring, 0) == []
    delivery.clear = True
    assert versions(delivery.owed(ring, 0)) == [4, 5, 6, 7, 8]
    assert delivery.owed(ring, 0) == []


def test_a_snapshot_replaces_frames_that_are_longer_than_it():
    ring, delivery = Ring(0), Delivery()
    delivery.begin(EVERYONE, 7, 0)
    for version in range(1, 11):
        ring.append(event(version, text="x" * 4000))
    assert delivery.owed(ring, 9000) == []
    assert delivery.needs_snapshot
    assert not delivery.ready
    delivery.snapshot_sent(10, b"")
    assert delivery.ready


def test_whoever_is_ahead_of_the_room_is_owed_nothing_until_it_has_looked():
    ring, delivery = ring_of(3), Delivery()
    delivery.begin(EVERYONE, 7, None)
    delivery.snapshot_sent(5, b"")
    assert delivery.owed(ring, 0) == []
    assert not delivery.needs_snapshot
    for version in range(4, 7):
        ring.append(event(version))
    assert versions(delivery.owed(ring, 0)) == [6]


def test_other_channels_mean_a_new_start():
    delivery = Delivery()
    delivery.begin(MEMBERS, 7, 3)
    delivery.hear(MEMBERS)
    assert not delivery.needs_snapshot
    delivery.hear(EVERYONE)
    assert delivery.needs_snapshot


def test_answers_wait_for_a_full_buffer_too():
    ring, delivery = ring_of(3), Delivery()
    delivery.begin(EVERYONE, 7, 3)
    delivery.clear = False
    delivery.answers += (b"done",)
    assert delivery.owed(ring, 0) == []
    delivery.clear = True
    assert delivery.owed(ring, 0) == [b"done"]
    assert delivery.answers == ()


@given(st.lists(st.sampled_from(["event", "stall", "drain", "snapshot", "ask"]), max_size=300), st.randoms())
def test_whatever_happens_a_listener_reaches_the_last_version_without_gap_or_repetition(steps, chance):
    ring, delivery = Ring(0), Delivery()
    delivery.begin(EVERYONE, 7, 0)
    held = 0

    def receive(frames: list[bytes]) -> None:
        nonlocal held
        for version in versions(frames):
            assert version <= held + 1
            held = max(held, version)

    for step in [*steps, "drain", "snapshot", "drain"]:
        if step == "event":
            before = ring.version
            ring.append(event(before + 1))
            if delivery.ready and delivery.sent == before:
                receive([ring.piece(before, GUEST)])
                delivery.sent = ring.version
        elif step == "stall":
            delivery.clear = False
        elif step == "drain":
            delivery.clear = True
            receive(delivery.owed(ring, chance.choice([0, 200, 100_000])))
        elif step == "snapshot" and delivery.clear and delivery.needs_snapshot:
            delivery.snapshot_sent(ring.version, b"")
            held = ring.version
        elif step == "ask":
            delivery.sent = min(delivery.sent, chance.randint(0, max(held, 0)))
            receive(delivery.owed(ring, 0))
    assert held == ring.version
