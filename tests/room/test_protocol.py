"""The messages and the rate, without a socket."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode
from websockets.protocol import CLIENT, Protocol

from meeting_app.domain.event import Channel, Kind, MeetingEvent
from meeting_app.room import protocol
from meeting_app.room.delivery import Allowance
from meeting_app.room.door import Ticket, origin_allowed, ticket_of
from meeting_app.room.protocol import Ask, Do, Hello, Malformed, Ping, Point, read

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


def message(**fields: object) -> str:
    return json.dumps(fields)


def payload(frame: bytes) -> dict:
    """What a client reads out of a server's frame."""
    wire = Protocol(CLIENT)
    wire.receive_data(frame)
    (received,) = wire.events_received()
    assert received.opcode is Opcode.TEXT
    return json.loads(bytes(received.data).decode())


def test_every_message_is_read():
    assert read(message(t="hello", meeting=7, version=12, lang="vi")) == Hello(7, 12, "vi")
    assert read(message(t="hello", meeting=7, version=None, lang="en")) == Hello(7, None, "en")
    command = read(message(t="do", id="a1b2c3d4-e5", act="item.start", args={"item_id": 3}))
    assert command == Do("a1b2c3d4-e5", "item.start", {"item_id": 3})
    assert read(message(t="ask", version=12)) == Ask(12)
    assert read(message(t="ping")) == Ping()
    assert read(message(t="point", page=3, x=0, y=10_000)) == Point(3, 0, 10_000)
    assert read(message(t="point", page=None)) == Point(None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        "NaN",
        "[" * 60_000,
        '{"t":"ask","version":' + "9" * 5000 + "}",
        message(t="shout"),
        message(t=["do"]),
        message(t="hello", meeting="7", version=None, lang="vi"),
        message(t="hello", meeting=True, version=None, lang="vi"),
        message(t="hello", meeting=2**31, version=None, lang="vi"),
        message(t="hello", meeting=-1, version=None, lang="vi"),
        message(t="hello", meeting=7, version=1.5, lang="vi"),
        message(t="hello", meeting=7, version=None, lang="../../etc"),
        message(t="do", id="short", act="item.start", args={}),
        message(t="do", id="x" * 65, act="item.start", args={}),
        message(t="do", id="a1b2c3d4'--", act="item.start", args={}),
        message(t="do", id="a1b2c3d4", act="item.start", args=[]),
        message(t="do", id="a1b2c3d4", act="start", args={}),
        message(t="do", id="a1b2c3d4", act="item.__class__.x", args={}),
        message(t="do", id="a1b2c3d4", act="item.start", args={"item_id": 2**31}),
        message(t="do", id="a1b2c3d4", act="item.start", args={"item_id": 0.5}),
        message(t="do", id="a1b2c3d4", act="item.start", args={"item_id": {"$gt": 0}}),
        message(t="do", id="a1b2c3d4", act="item.start", args={"text": "a\0b"}),
        message(t="do", id="a1b2c3d4", act="item.start", args={"text": "\ud83d"}),
        message(t="do", id="a1b2c3d4", act="item.start", args={f"n{n}": 1 for n in range(9)}),
        message(t="point", page=3),
        message(t="point", page=3, x=10_001, y=0),
        message(t="point", page=3, x=0.5, y=0.5),
        message(t="point", page=-1, x=1, y=1),
        '{"t":"do","id":"a1b2c3d4","act":"item.start","args":{"item_id":Infinity}}',
    ],
)
def test_what_no_tablet_of_ours_says_is_malformed(text):
    with pytest.raises(Malformed):
        read(text)


@given(st.text(max_size=300))
def test_any_text_is_a_message_or_malformed(text):
    with suppress(Malformed):
        read(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    st.sampled_from(["meeting", "version", "lang", "id", "act", "args"]),
    st.sampled_from(["hello", "do", "ask", "ping"]),
)
def test_any_value_in_any_field_is_bounded_or_malformed(value, field, kind):
    good = {"meeting": 7, "version": 1, "lang": "vi", "id": "a1b2c3d4", "act": "item.start", "args": {}}
    with suppress(Malformed):
        read(json.dumps({"t": kind, **good, field: value}))


def test_a_frame_is_whole_and_readable_whatever_its_size():
    for size in (1, 125, 126, 65_535, 70_000):
        text = "ộ" * size
        assert payload(protocol.frame({"t": "event", "b": {"title": text}}))["b"]["title"] == text


def test_an_event_says_what_changed_and_a_skip_only_that_something_did():
    body = {"conclusions": [{"id": 1, "text": "Đồng ý."}]}
    event = MeetingEvent(meeting_id=7, version=13, channel=Channel.DESK, kind=Kind.CONCLUSIONS, body=body, at=NOON)
    assert payload(protocol.event_frame(event)) == {
        "t": "event",
        "v": 13,
        "k": "conclusions",
        "b": body,
        "at": "2026-11-23T05:00:00.000+00:00",
    }
    assert payload(protocol.skip_frame(13)) == {"t": "skip", "v": 13}


def test_a_snapshot_joins_the_shared_state_and_the_readers_own_part():
    shared = protocol.state_bytes({"version": 3, "items": [{"id": 1}], "you": {"name": "của người khác"}})
    said = payload(protocol.snapshot_frame(shared, {"name": "Lê Quang Minh"}, NOON, {"n": 7}))
    assert said["place"] == {"n": 7}
    assert said["state"] == {"version": 3, "items": [{"id": 1}], "you": {"name": "Lê Quang Minh"}}


def test_a_flood_is_noticed_and_a_busy_hand_is_not():
    allowance = Allowance(per_second=20, burst=60)
    assert all(allowance.take(now=second / 10) for second in range(600))  # ten touches a second for a minute
    assert not all(allowance.take(now=60) for _ in range(100))
    assert allowance.take(now=61)


@pytest.mark.parametrize(
    ("origin", "host", "public", "allowed"),
    [
        ("http://10.0.0.5:8501", "10.0.0.5:8502", (), True),
        ("https://hop.anhai.gov.vn", "hop.anhai.gov.vn", (), True),
        ("http://[::1]:8501", "[::1]:8502", (), True),
        ("http://evil.example", "10.0.0.5:8502", (), False),
        ("http://10.0.0.5.evil.example", "10.0.0.5:8502", (), False),
        ("http://10.0.0.5@evil.example", "10.0.0.5:8502", (), False),
        ("null", "10.0.0.5:8502", (), False),
        ("", "", (), False),
        ("file://", "", (), False),
        ("http://[", "[", (), False),
        ("https://hop.anhai.gov.vn", "room:8502", ("https://hop.anhai.gov.vn",), True),
        ("http://hop.anhai.gov.vn", "room:8502", ("https://hop.anhai.gov.vn",), False),
        ("http://room:8501", "room:8502", ("https://hop.anhai.gov.vn",), False),
    ],
)
def test_a_page_comes_from_our_own_address(origin, host, public, allowed):
    assert origin_allowed(origin, host, public) is allowed


def test_the_cookie_is_found_among_others():
    here = "10.0.0.7"
    assert ticket_of(["a=1; phien=abc=; b=2"], here) == Ticket("abc=", None, here)
    assert ticket_of(["xphien=no; phienx=no", "phien=yes; phien=no"], here) == Ticket("yes", None, here)
    assert ticket_of(["man_hinh=wall", "phien=me"], here) == Ticket("me", "wall", here)
    assert ticket_of(["phien=", 'weird"; =;;'], here).is_empty
    assert ticket_of([], here) == Ticket(address=here)
