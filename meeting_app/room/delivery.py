"""Who was sent what, without I/O: the ring of encoded frames, and what one listener is owed.

A listener whose transport still holds bytes is sent nothing. What it misses meanwhile is not kept for
it: once it drains, the frames come from the ring all share, or one snapshot replaces them.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from meeting_app.domain.event import Channel, Happened, hears
from meeting_app.room import protocol

RING_FRAMES = 64
# The channels of a listener, and the account to which something in the frames at hand is addressed (else None):
# whoever is addressed by nothing shares the bytes of all others with these channels.
Hearer = tuple[frozenset[Channel], int | None]


@cache
def shared_audience(channels: frozenset[Channel]) -> Hearer:
    """One object for all who hear these channels, told apart by a glance; there are a handful."""
    return channels, None


@dataclass(frozen=True, slots=True)
class Encoded:
    """One event, encoded once: for those who hear its channel, and for those who do not."""

    event: Happened
    heard: bytes
    unheard: bytes

    def for_hearer(self, hearer: Hearer) -> bytes:
        return self.heard if hears(*hearer, self.event) else self.unheard


class Ring:
    """The last frames of one meeting, versions without gaps, up to and including `version`."""

    def __init__(self, version: int) -> None:
        self.version = version
        self._frames: deque[Encoded] = deque(maxlen=RING_FRAMES)

    def append(self, event: Happened) -> None:
        """Take in the next event; raises ValueError when its version is not the next one."""
        if event.version != self.version + 1:
            raise ValueError(f"version {event.version} cannot follow {self.version}")
        heard, unheard = protocol.event_frame(event), protocol.skip_frame(event.version)
        self._frames.append(Encoded(event, heard, unheard))
        self.version = event.version

    def restart(self, version: int) -> None:
        """Forget all: what comes next follows `version`."""
        self._frames.clear()
        self.version = version

    def addressed(self, version: int) -> frozenset[int]:
        """The accounts that events after `version` reach alone."""
        return frozenset(event.account_id for event in self.after(version) if event.account_id is not None)

    def after(self, version: int) -> list[Happened]:
        """The events after `version` that are still here."""
        return [frame.event for frame in self._frames if frame.event.version > version]

    def since(self, version: int, hearer: Hearer) -> list[bytes] | None:
        """The frames after `version` as one listener sees them; None when the ring cannot bridge the gap."""
        missing = self.version - version
        if missing < 0 or missing > len(self._frames):
            return None
        if missing == 0:
            return []
        return [self._frames[place].for_hearer(hearer) for place in range(-missing, 0)]

    def piece(self, version: int, hearer: Hearer) -> bytes:
        """All frames after a version for one write, however many events came; empty when the ring is too short."""
        return b"".join(self.since(version, hearer) or ())


@dataclass(slots=True, eq=False)
class Delivery:
    """What one listener holds (`sent`), and whether it can be written to now."""

    # Straight to the kernel, when `clear`: how many bytes it took; raises OSError. The transport writes the rest.
    send: Callable[[bytes], int] = lambda _: 0

    channels: frozenset[Channel] = frozenset()
    account_id: int | None = None
    sent: int = -1  # the last version written to its transport; -1: it holds nothing we know of
    clear: bool = True  # its transport holds no unsent bytes
    entered: bool = False
    needs_snapshot: bool = False
    answers: tuple[bytes, ...] = ()  # kept while it is not clear; bounded by its own questions
    place: bytes = b""  # the frame of the presenter's place it was told last
    audience: Hearer = (frozenset(), None)  # whose bytes it shares while nothing is addressed to it

    @property
    def ready(self) -> bool:
        """May be sent live frames at this moment."""
        return self.clear and self.entered and not self.needs_snapshot

    def begin(self, channels: frozenset[Channel], account_id: int | None, version: int | None) -> None:
        """The listener is let in, holding the state of `version` or nothing."""
        self.channels, self.account_id, self.entered = channels, account_id, True
        self.audience = shared_audience(channels)
        self.sent = -1 if version is None else version
        self.needs_snapshot = version is None

    def hearer(self, addressed: frozenset[int]) -> Hearer:
        """What this listener hears of frames that address these accounts."""
        return self.channels, self.account_id if self.account_id in addressed else None

    def owed(self, ring: Ring, snapshot_size: int) -> list[bytes]:
        """What to write now; sets `needs_snapshot` instead when that is shorter, or all that can help.

        `snapshot_size` is in bytes, 0 when no snapshot was made yet.
        """
        if not self.clear:
            return []
        frames, self.answers = list(self.answers), ()
        if not self.entered or self.needs_snapshot:
            return frames
        if self.sent > ring.version:  # a snapshot was read that is newer than what the room has looked at so far
            return frames
        missed = ring.since(self.sent, (self.channels, self.account_id))
        if missed is None or 0 < snapshot_size < sum(map(len, missed)):
            self.needs_snapshot = True
            return frames
        self.sent = ring.version
        return missed + frames

    def owed_place(self, place: bytes) -> bytes:
        """The newest place if it was not told yet; places between are gone. Nothing while it cannot be written to."""
        if not self.ready or place == self.place:
            return b""
        self.place = place
        return place

    def snapshot_sent(self, version: int, place: bytes) -> None:
        """It holds the state of this version, and the place that went with it."""
        self.needs_snapshot = False
        self.sent, self.place = version, place

    def suspend(self) -> None:
        """Nothing more before it is known anew what this listener may hear; then all of that."""
        self.entered, self.needs_snapshot = False, True

    def hear(self, channels: frozenset[Channel]) -> None:
        """Listen to other channels from here on: what was seen so far no longer counts."""
        if channels != self.channels:
            self.channels, self.audience = channels, shared_audience(channels)
            self.needs_snapshot = True


@dataclass(slots=True)
class Allowance:
    """How many frames a connection may still send: `burst` at once, `per_second` in the long run."""

    per_second: float
    burst: float
    left: float = field(init=False)
    since: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.burst

    def take(self, now: float) -> bool:
        """Use one up at `now` (seconds of a monotonic clock); False when none is left."""
        self.left = min(self.burst, self.left + (now - self.since) * self.per_second)
        self.since = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
