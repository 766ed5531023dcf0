"""A whole meeting played through the services by the cast, without a browser."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from meeting_app.demo import FOLDER, Cast, Secrets, read
from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.domain.voting import Base, MotionKind
from meeting_app.ports import Ports
from meeting_app.services import (
    agenda,
    attendee,
    ballot,
    conclusion,
    document,
    invitation,
    minutes,
    minutes_section,
    motion_rows,
    vote,
)
from meeting_app.services import meeting as meetings
from meeting_app.services import motion as motions
from meeting_app.services.meeting import Registration
from meeting_app.services.motion import Draft
from meeting_app.worker.loop import work_once

_SATURDAY = 5
STROKES = (
    "M 40 150 L 70 90 L 95 60 L 105 85 L 90 140 L 120 120 L 150 95 L 165 120 L 200 105 L 240 130 L 300 100 L 380 125"
)


class PlayedClock:
    """A clock the play moves on: meetings that took hours are played in seconds."""

    def __init__(self, start: datetime) -> None:
        self._offset = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance(self, minutes: float) -> None:
        self._offset += timedelta(minutes=minutes)


@dataclass
class Rehearsal:
    """One meeting from the demo's script; each act is a use case by the person whose part it is."""

    ports: Ports
    clock: PlayedClock
    cast: Cast
    secrets: Secrets
    script: dict[str, Any]
    meeting_id: int = 0

    @classmethod
    def of(cls, ports: Ports, clock: PlayedClock, cast: Cast, secrets: Secrets) -> "Rehearsal":
        return cls(ports, clock, cast, secrets, read("meeting.json"))

    def register(self, *, starts_at: datetime, title: str = "", venue: str = "") -> None:
        """The secretary puts the meeting down with its agenda and documents."""
        people = {name: actor.account_id for name, actor in self.cast.actors.items()}
        secretary = self.cast.actors[self.script["secretary"]]
        registration = Registration(
            title=title or self.script["title"],
            venue_id=self.cast.venues[venue or self.script["venue"]],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=self.script["minutes"]),
            chair_id=people[self.script["chair"]],
            secretary_id=people[self.script["secretary"]],
            member_ids=tuple(people[name] for name in self.script["members"]),
            guest_ids=tuple(people[name] for name in self.script["guests"]),
            note=self.script["note"],
        )
        self.meeting_id = meetings.register(self.ports, secretary, registration)
        for item in self.script["agenda"]:
            agenda.insert(
                self.ports,
                secretary,
                self.meeting_id,
                item["title"],
                presenter=item["presenter"],
                minutes=item["minutes"],
            )
        for row, item in zip(agenda.items(self.ports, secretary, self.meeting_id), self.script["agenda"], strict=True):
            for caption, name in item.get("documents", {}).items():
                document.upload(
                    self.ports,
                    secretary,
                    self.meeting_id,
                    FOLDER / "documents" / name,
                    file_name=name,
                    title=caption,
                    item_id=row.id,
                    for_guests=item.get("for_guests", False),
                )

    def convene(self) -> None:
        """Draft, the leader's signature, the seal; some reply."""
        chair, secretary = self.cast.actors[self.script["chair"]], self.cast.actors[self.script["secretary"]]
        invitation.draft(self.ports, secretary, self.meeting_id)
        invitation.sign(self.ports, chair, self.meeting_id, pin=self.secrets.pin, strokes=STROKES)
        self.clock.advance(1)
        invitation.seal(self.ports, self.cast.actors["thu"], self.meeting_id, pin=self.secrets.pin)
        self.clock.advance(2)
        for name in (*self.script["members"], *self.script["guests"]):
            actor = self.cast.actors[name]
            if name in self.script["absent"]:
                attendee.decline(self.ports, actor, self.meeting_id, self.script["absent"][name])
            else:
                attendee.accept(self.ports, actor, self.meeting_id)

    def prepare_documents(self) -> None:
        """The worker's part, here and now."""
        while work_once(self.ports):
            pass

    def open(self) -> None:
        """Everybody who comes checks in; the chair opens the session."""
        present = [self.script["chair"], self.script["secretary"], *self.script["members"], *self.script["guests"]]
        for name in present:
            if name not in self.script["absent"]:
                attendee.check_in(self.ports, self.cast.actors[name], self.meeting_id)
        meetings.open_session(self.ports, self.cast.actors[self.script["chair"]], self.meeting_id)

    def approve_motions(self, listed: str = "motions") -> list[int]:
        """The secretary drafts this list of the script, the chair approves it; the ids in the order of voting."""
        chair, secretary = self.cast.actors[self.script["chair"]], self.cast.actors[self.script["secretary"]]
        items = [row.id for row in agenda.items(self.ports, secretary, self.meeting_id)]
        for each in self.script[listed]:
            motions.draft(self.ports, secretary, self.meeting_id, _motion(each, items))
        motions.approve(self.ports, chair, self.meeting_id)
        known = motions.motions(self.ports, chair, self.meeting_id)
        return [motion.id or 0 for motion in known[-len(self.script[listed]) :]]

    def vote(self) -> None:
        """The motions that the script has votes for: those present say they are ready, vote, and the chair closes."""
        chair = self.cast.actors[self.script["chair"]]
        for motion_id, each in zip(self.approve_motions("voted"), self.script["voted"], strict=True):
            voters = [(self.cast.actors[name], said) for name, said in each["ballots"].items()]
            vote.call(self.ports, chair, self.meeting_id, motion_id)
            for voter, _ in voters:
                vote.set_ready(self.ports, voter, self.meeting_id, motion_id, ready=True)
            vote.open_vote(self.ports, chair, self.meeting_id, motion_id)
            for voter, said in voters:
                elector = self._elector(motion_id, voter)
                ballot.cast(self.ports, voter, self.meeting_id, motion_id, elector, **said)
            self.clock.advance(1)
            vote.close(self.ports, chair, self.meeting_id, motion_id)

    def _elector(self, motion_id: int, voter: Actor) -> int:
        """The id under which this person's own vote is cast."""
        people = attendee.attendees(self.ports, voter, self.meeting_id)
        mine = next(each.id for each in people if each.account_id == voter.account_id)
        with self.ports.database.reading() as session:
            return next(
                each.id or 0 for each in motion_rows.electors_of(session, motion_id) if each.attendee_id == mine
            )

    def run_items(self, how_many: int | None = None) -> None:
        """Item by item to the end; with `how_many` the next one is left current."""
        secretary = self.cast.actors[self.script["secretary"]]
        rows = agenda.items(self.ports, secretary, self.meeting_id)
        for number, (row, item) in enumerate(zip(rows, self.script["agenda"], strict=True)):
            if item.get("skip"):
                if how_many is None:
                    agenda.skip(self.ports, secretary, self.meeting_id, row.id)
                continue
            agenda.start(self.ports, secretary, self.meeting_id, row.id)
            if number == how_many:
                return
            self.clock.advance(item["minutes"] - 2)
            if item["conclusion"]:
                conclusion.record(self.ports, secretary, self.meeting_id, item["conclusion"], row.id)
            agenda.finish(self.ports, secretary, self.meeting_id, row.id)
            self.clock.advance(1)

    def close_and_record(self) -> None:
        """The session ends; the minutes are written, signed three times and delivered."""
        chair, secretary = self.cast.actors[self.script["chair"]], self.cast.actors[self.script["secretary"]]
        meetings.close(self.ports, chair, self.meeting_id)
        minutes.draft(self.ports, secretary, self.meeting_id)
        texts = ["", *(item["discussion"] for item in self.script["agenda"]), self.script["closing"]]
        for section, text in zip(minutes_section.sections(self.ports, secretary, self.meeting_id), texts, strict=True):
            if text:
                minutes_section.save(self.ports, secretary, section.id, base_revision=section.revision, text=text)
        minutes.finalise(self.ports, secretary, self.meeting_id)
        minutes.sign(self.ports, secretary, self.meeting_id, pin=self.secrets.pin, strokes=STROKES)
        minutes.sign(self.ports, chair, self.meeting_id, pin=self.secrets.pin, strokes=STROKES)
        minutes.seal(self.ports, self.cast.actors["thu"], self.meeting_id, pin=self.secrets.pin)


def prepare_demo(ports: Ports, clock: PlayedClock, cast: Cast, secrets: Secrets) -> None:
    """A finished meeting, a running one and one being prepared; the clock ends at the present."""
    finished = Rehearsal.of(ports, clock, cast, secrets)
    finished.register(starts_at=next_round_time(clock.now()), title="Họp giao ban tuần", venue="Phòng giao ban")
    finished.convene()
    finished.open()
    finished.run_items()
    finished.vote()
    finished.close_and_record()
    clock.advance(5)
    running = Rehearsal.of(ports, clock, cast, secrets)
    running.register(starts_at=next_round_time(clock.now()))
    running.convene()
    running.open()
    running.run_items(how_many=1)
    running.approve_motions()
    coming = Rehearsal.of(ports, clock, cast, secrets)
    coming.register(
        starts_at=working_morning(clock.now() + timedelta(days=3)), title="Họp triển khai kế hoạch tháng 12"
    )


def _motion(written: dict[str, Any], items: list[int]) -> Draft:
    options = "\n".join(written.get("options", []))
    return Draft(
        title=written["title"],
        text=written.get("text", ""),
        item_id=items[written["item"] - 1] if "item" in written else None,
        kind=MotionKind.CHOICE if options else MotionKind.AGREEMENT,
        options=options,
        secret=written.get("secret", False),
        base=Base(written.get("base", Base.PRESENT)),
        numerator=written.get("numerator", 1),
        denominator=written.get("denominator", 2),
        strict=written.get("strict", True),
        seconds=written.get("seconds"),
    )


def next_round_time(moment: datetime) -> datetime:
    """Within the next five minutes, as offices plan: 8 giờ 05, never 8 giờ 03."""
    step = timedelta(minutes=5)
    late = (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % step
    return moment - late + step


def working_morning(moment: datetime) -> datetime:
    """8 o'clock of that day, or of the Monday after."""
    day = local(moment)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)
    return day.replace(hour=8, minute=0, second=0, microsecond=0)
