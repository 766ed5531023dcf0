"""One meeting's live room: reads its new events once and hands them to every listener."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Protocol, TypeVar

from meeting_app.domain.access import DESK_ROLES
from meeting_app.domain.event import Channel, Happened, Kind
from meeting_app.domain.meeting import MeetingState
from meeting_app.ports import Ports
from meeting_app.room import protocol
from meeting_app.room.delivery import RING_FRAMES, Delivery, Hearer, Ring
from meeting_app.room.snapshots import Snapshots
from meeting_app.services import event as events
from meeting_app.services.event import Listener
from meeting_app.services.news import news
from meeting_app.services.presenter import Place

EVENTS_AT_ONCE = 500
_PERSONAL = (Kind.DOCUMENTS, Kind.MESSAGES, Kind.HELP)  # parts of the state that may be one person's alone
POINT_SECONDS = 1 / 15  # between two frames of the pointer
Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


class Tablet(Protocol):
    """A listener's connection, as the room sees it."""

    delivery: Delivery
    listener: Listener | None

    def write(self, frames: bytes) -> None:
        """Hand whole frames to the transport."""
        ...

    def settle(self) -> None:
        """Send what is owed, as far as it can be sent now."""
        ...

    def look_again(self) -> None:
        """What this person is in the meeting may have changed: ask the services anew."""
        ...


class LiveRoom:
    """Who listens to one meeting, and the frames they share."""

    def __init__(self, ports: Ports, log_reads: Executor, state_reads: Executor, meeting_id: int) -> None:
        self.meeting_id = meeting_id
        self.tablets: dict[Delivery, Tablet] = {}
        self.ring = Ring(0)
        self._ports, self._log_reads = ports, log_reads
        self.snapshots = Snapshots(ports, state_reads, meeting_id)
        self._opening: asyncio.Future[None] | None = None
        self._rests = asyncio.Event()  # not looking at the log
        self._rests.set()
        self._look_again = False
        self.place = Place()
        self._point: protocol.Point | None = None  # the newest one, while it waits to be shown
        self._pointing: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Fill the ring with the last events, once: after a restart of the room tablets catch up from it."""
        if self._opening is None or (self._opening.done() and not self.opened):
            self._opening = asyncio.ensure_future(self._fill())
        await asyncio.shield(self._opening)

    async def look(self) -> None:
        """Read what is new in the event log and send it. Looks that come meanwhile are joined into one more."""
        self._look_again = True
        if not self._rests.is_set():
            return
        self._rests.clear()
        try:
            while self._look_again:
                self._look_again = False
                new, place = await self._read(
                    news, self._ports, self.meeting_id, self.ring.version, EVENTS_AT_ONCE, self.place
                )
                self._look_again |= len(new) == EVENTS_AT_ONCE
                self._take(new)
                self._turn(place)
        finally:
            self._rests.set()

    async def catch_up(self, version: int) -> None:
        """Have looked at least as far as a version that is committed."""
        while self.ring.version < version:
            await (self.look() if self._rests.is_set() else self._rests.wait())

    @property
    def opened(self) -> bool:
        opening = self._opening
        return opening is not None and opening.done() and not opening.cancelled() and opening.exception() is None

    @property
    def deserted(self) -> bool:
        return self.opened and not self.tablets

    def enter(self, tablet: Tablet) -> None:
        self.tablets[tablet.delivery] = tablet

    def leave(self, tablet: Tablet) -> None:
        self.tablets.pop(tablet.delivery, None)

    def can_resume(self, listener: Listener, version: int) -> bool:
        """Whether who held the state of `version` was told then what this listener is told now.

        Somebody whose place in the meeting may have changed since begins anew: the events of other channels are lost.
        """
        is_person = listener.account_id is not None  # a wall hears the same as ever
        return not (is_person and any(_turns(event, listener) for event in self.ring.after(version)))

    def place_body(self, channels: frozenset[Channel], account_id: int | None) -> protocol.PlaceBody:
        """Where the presenter reads, as far as this listener may know of the document."""
        known = self._reads_along(channels, account_id) and self.place.document_id is not None
        return {
            "n": self.place.turn,
            "document_id": self.place.document_id if known else None,
            "page": self.place.page if known else 0,
        }

    def point(self, account_id: int, point: protocol.Point) -> None:
        """Show where the presenter points: at most 15 times a second, the newest, and only to who reads along."""
        if account_id != self.place.presenter_id or self.place.document_id is None:
            return  # a hand that was just relieved still moves
        self._point = point
        if self._pointing is None:
            self._show_point()

    def close(self) -> None:
        if self._pointing is not None:
            self._pointing.cancel()
        if self._opening is not None:
            self._opening.cancel()
        self.snapshots.close()

    async def _fill(self) -> None:
        version = await self._read(events.version_of, self._ports, self.meeting_id)
        start = max(0, version - RING_FRAMES)
        last, self.place = await self._read(news, self._ports, self.meeting_id, start, EVENTS_AT_ONCE)
        self.ring.restart(start)
        self._remember(last)

    def _take(self, new: list[Happened]) -> None:
        before = self.ring.version
        self._remember(new)
        if self.ring.version != before:
            self._notice_new_roles(new)  # first: what comes with the new role is not for the old one
            self._hand_out(before)

    def _remember(self, new: list[Happened]) -> None:
        for event in new:
            if event.version != self.ring.version + 1:
                # Versions have no gaps; the log was cut or restored beneath us. Snapshots mend that.
                _log.error("meeting %s: event %s follows %s", self.meeting_id, event.version, self.ring.version)
                self.ring.restart(event.version - 1)
            self.ring.append(event)

    def _hand_out(self, before: int) -> None:
        """Write the new frames to whoever held all the earlier ones and can be written to now.

        A thousand times for each change: only what decides is looked at, and the kernel called without a detour.
        """
        addressed, version = self.ring.addressed(before), self.ring.version
        pieces: dict[Hearer, bytes] = {}
        last, piece, size = None, b"", 0
        for delivery in self.tablets:
            if delivery.sent != before or not delivery.clear or delivery.needs_snapshot:
                if delivery.ready and delivery.sent < version:
                    self.tablets[delivery].settle()
                continue
            hearer = delivery.hearer(addressed) if addressed else delivery.audience
            if hearer is not last:
                piece = pieces.get(hearer) or pieces.setdefault(hearer, self.ring.piece(before, hearer))
                last, size = hearer, len(piece)
            if not size:  # more came than the ring holds
                self.tablets[delivery].settle()
                continue
            delivery.sent = version
            try:
                written = delivery.send(piece)
            except OSError:  # full, or gone: the transport finds out, and says so in its own time
                written = 0
            if written != size:
                self.tablets[delivery].write(piece[written:])

    def _turn(self, place: Place) -> None:
        """Tell everybody who can be written to now; the others are told the newest place when they drain."""
        if place == self.place:
            return
        self.place = place
        frames: dict[bool, bytes] = {}
        for tablet in self.tablets.values():
            delivery = tablet.delivery
            along = self._reads_along(delivery.channels, delivery.account_id)
            if along not in frames:
                frames[along] = protocol.place_frame(self.place_body(delivery.channels, delivery.account_id))
            if owed := delivery.owed_place(frames[along]):
                tablet.write(owed)

    def _reads_along(self, channels: frozenset[Channel], account_id: int | None) -> bool:
        if Channel.SCREEN in channels:
            return False  # documents are no matter of the wall
        return self.place.channel in channels or account_id in self.place.people

    def _show_point(self) -> None:
        point, self._point, self._pointing = self._point, None, None
        if point is None:
            return
        frame = protocol.point_frame(point)
        for tablet in self.tablets.values():
            # Never kept for a slow tablet: by the time it reads, the hand is elsewhere.
            delivery = tablet.delivery
            if delivery.ready and self._reads_along(delivery.channels, delivery.account_id):
                tablet.write(frame)
        self._pointing = asyncio.get_running_loop().call_later(POINT_SECONDS, self._show_point)

    def _notice_new_roles(self, new: list[Happened]) -> None:
        """An attendee who is gone, has another role or is told something by name hears other channels from now on.

        So does a screen, which may be one of those that were parted with, and who registered the meeting when it opens.
        """
        roles: dict[int, str | None] = {}
        parted = any(event.kind is Kind.SCREENS for event in new)
        named = {event.account_id for event in new if event.channel is Channel.PERSON and event.kind in _PERSONAL}
        for event in new:
            if event.kind is Kind.ATTENDEES:
                roles |= {row["id"]: row["role"] for row in event.body.get("attendees", [])}
                roles |= dict.fromkeys(event.body.get("gone", []))
        opened = any(event.kind is Kind.MEETING for event in new)
        for tablet in list(self.tablets.values()) if roles or named or parted or opened else []:
            listener = tablet.listener
            if listener is None:
                continue
            if listener.attendee_id is None:
                if parted:
                    tablet.look_again()
            elif roles.get(listener.attendee_id, listener.role) != listener.role or (
                opened and Channel.DESK in listener.channels and listener.role not in DESK_ROLES
            ):
                tablet.delivery.suspend()
                tablet.look_again()
            elif listener.account_id in named:
                tablet.look_again()

    async def _read(self, function: Callable[..., Answer], *arguments: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._log_reads, function, *arguments)


def _turns(event: Happened, listener: Listener) -> bool:
    """Whether this attendee may have heard other channels before the event than after it."""
    if event.kind is Kind.MEETING:
        return event.body.get("state") == MeetingState.RUNNING  # who registers meetings leaves the desk at the opening
    if event.kind is not Kind.ATTENDEES:
        return False
    return any(row["id"] == listener.attendee_id for row in event.body.get("attendees", []))
