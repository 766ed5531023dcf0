"""Whatever happens in a meeting, a tablet that heard every event stands where a new one starts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meeting_app.domain.access import Actor, Wall
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.seat import Plan
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import attendee as attendees
from meeting_app.services import command as commands
from meeting_app.services import document as documents
from meeting_app.services import event as events
from meeting_app.services import hall_screen as screens
from meeting_app.services import meeting as meetings
from meeting_app.services import motion as motions
from meeting_app.services import seat as seats
from meeting_app.services import snapshot
from meeting_app.services import vote as votes
from meeting_app.services.meeting import Registration
from meeting_app.services.unit_of_work import key
from tests.cast import Cast, SettableClock
from tests.conftest import convene, hand_out
from tests.laying import version_of
from tests.services.listening import told

_weeks = count(1)
_ids = count(1)

LISTENERS = ("lan", "minh", "quang", "wall")
PEOPLE = ("lan", "hung", "minh", "hoa", "quang", "nam")


@dataclass
class Play:
    """One meeting in which things happen."""

    ports: Ports
    cast: Cast
    meeting_id: int
    document_ids: list[int]
    wall_id: int = 0

    def item(self, number: int) -> int:
        found = agendas.items(self.ports, self.cast.actors["lan"], self.meeting_id)
        return found[number % len(found)].id if found else 10_000

    def attendee(self, number: int) -> int:
        found = attendees.attendees(self.ports, self.cast.actors["lan"], self.meeting_id)
        return found[number % len(found)].id

    def somebody(self, number: int) -> int:
        """An account, invited or not."""
        names = ("thu", "vinh", "nam", "dung", "hoa")
        return self.cast.actors[names[number % len(names)]].account_id

    def seat(self, number: int) -> int:
        found = snapshot.take(self.ports, self.cast.actors["lan"], self.meeting_id)[1]["seats"]
        return found[number % len(found)]["id"] if found else 10_000

    def conclusion(self, number: int) -> int:
        found = snapshot.take(self.ports, self.cast.actors["lan"], self.meeting_id)[1]["conclusions"]
        return found[number % len(found)]["id"] if found else 10_000

    def motion(self, number: int) -> int:
        found = motions.motions(self.ports, self.cast.actors["lan"], self.meeting_id)
        return key(found[number % len(found)].id) if found else 10_000

    def vote(self, who: Actor, number: int) -> None:
        """Whoever holds a vote casts it."""
        listener, state = snapshot.take(self.ports, who, self.meeting_id)
        for elector in state["electors"]:
            if elector["holder_id"] == listener.attendee_id:
                ballot = {"motion_id": elector["motion_id"], "elector_id": elector["id"]}
                said = {"choice": ("agree", "disagree", "other")[number % 3]} if number % 4 else {"options": [1]}
                self.perform(who, "ballot.cast", **ballot, **said, receipt=f"{next(_ids):026d}")

    def document(self, number: int) -> int:
        return self.document_ids[number % len(self.document_ids)]

    def screen(self, number: int) -> int:
        found = screens.screens(self.ports, self.cast.actors["lan"], self.meeting_id)
        return found[number % len(found)].id if found else 10_000

    def other_screen(self, number: int) -> int:
        """Any but the one that listens."""
        found = self.screen(number)
        return 10_000 if found == self.wall_id else found

    def turn_on(self, who: Actor) -> None:
        code = screens.look(self.ports, None).code
        screens.pair(self.ports, who, self.meeting_id, code)

    def listener(self, name: str) -> Actor | Wall:
        return Wall(self.wall_id, self.meeting_id, "Màn hình 1") if name == "wall" else self.cast.actors[name]

    def listed(self, name: str, number: int) -> int:
        """The id of something in a list of the desk's state."""
        found = snapshot.take(self.ports, self.cast.actors["lan"], self.meeting_id)[1][name]
        return found[number % len(found)]["id"] if found else 10_000

    def perform(self, person: Actor, act: str, **arguments: Any) -> None:
        commands.perform(self.ports, person, self.meeting_id, f"c{next(_ids)}", act, arguments)


Act = Callable[[Play, Actor, int], Any]

ACTS: dict[str, Act] = {
    **{
        act: lambda play, who, _, act=act: play.perform(who, act)
        for act in ("meeting.open", "meeting.pause", "meeting.resume", "meeting.close")
    },
    **{
        act: lambda play, who, n, act=act: play.perform(who, act, item_id=play.item(n))
        for act in ("item.start", "item.finish", "item.skip", "item.undo")
    },
    "item.insert": lambda play, who, n: play.perform(who, "item.insert", title=f"Việc {n}", minutes=n + 1, position=n),
    "item.move": lambda play, who, n: play.perform(who, "item.move", item_id=play.item(n), position=n // 2),
    "item.extend": lambda play, who, n: play.perform(who, "item.extend", item_id=play.item(n), minutes=5),
    "item.remove": lambda play, who, n: agendas.remove(play.ports, who, play.meeting_id, play.item(n)),
    "check_in": lambda play, who, _: play.perform(who, "attendee.check_in"),
    "check_in other": lambda play, who, n: play.perform(who, "attendee.check_in", attendee_id=play.attendee(n)),
    "check_out": lambda play, who, n: play.perform(who, "attendee.check_out", attendee_id=play.attendee(n)),
    "whereabouts": lambda play, who, n: play.perform(
        who, "attendee.place", attendee_id=play.attendee(n), place=("room", "online")[n % 2]
    ),
    "leave": lambda play, who, n: play.perform(who, "attendee.leave", attendee_id=play.attendee(n)),
    "return": lambda play, who, n: play.perform(who, "attendee.return", attendee_id=play.attendee(n)),
    "send a delegate": lambda play, who, n: delegations.choose(
        play.ports,
        who,
        play.meeting_id,
        play.somebody(n),
        reason=f"Bận {n}",
        with_vote=n % 2 == 0,
        attendee_id=play.attendee(n // 2),
    ),
    "send a delegate oneself": lambda play, who, n: play.perform(
        who, "attendee.delegate", account_id=play.somebody(n), reason=f"Bận {n}"
    ),
    "withdraw a delegate": lambda play, who, n: play.perform(
        who, "attendee.withdraw_delegate", attendee_id=play.attendee(n)
    ),
    "seat": lambda play, who, n: play.perform(
        who, "attendee.seat", attendee_id=play.attendee(n), seat_id=play.seat(n) if n % 4 else None
    ),
    "arrange": lambda play, who, _: play.perform(who, "seats.arrange"),
    "another plan": lambda play, _, n: seats.lay(
        play.ports, play.cast.actors["vinh"], play.cast.venues["hoi_truong"], Plan(3, n % 3, 2 + n % 2)
    ),
    "draft a motion": lambda play, who, n: play.perform(
        who,
        "motion.draft",
        title=f"Vấn đề {n}",
        kind="agreement" if n % 4 else "choice",
        options="Một\nHai\nBa",
        secret=n % 2 == 0,
        proxies=n % 3 == 0,
        seconds=60 if n > 6 else None,
    ),
    "approve all": lambda play, who, _: play.perform(who, "motion.approve"),
    **{
        act: lambda play, who, n, act=act: play.perform(who, act, motion_id=play.motion(n))
        for act in (
            *("motion.remove", "motion.restore", "motion.approve", "motion.unapprove", "motion.call", "motion.uncall"),
            *("motion.ready", "motion.unready", "motion.cancel", "motion.close", "motion.repeat"),
        )
    },
    "move a motion": lambda play, who, n: play.perform(who, "motion.move", motion_id=play.motion(n), position=n // 2),
    "open a vote": lambda play, who, n: play.perform(who, "motion.open", motion_id=play.motion(n), overrule="Việc gấp"),
    "let the chair open a vote": lambda play, _, n: play.perform(
        play.cast.actors["hung"], "motion.open", motion_id=play.motion(n), overrule="Việc gấp"
    ),
    "extend a vote": lambda play, who, n: play.perform(who, "motion.extend", motion_id=play.motion(n), seconds=30),
    "shorten a vote": lambda play, who, n: play.perform(who, "motion.shorten", motion_id=play.motion(n), seconds=30),
    "forget a limit": lambda play, who, n: play.perform(who, "motion.shorten", motion_id=play.motion(n)),
    "vote": lambda play, who, n: play.vote(who, n),
    "close what is due": lambda play, _, n: votes.close_due(play.ports, play.motion(n)),
    "let vote": lambda play, who, n: play.perform(
        who, "attendee.voting", attendee_id=play.attendee(n), votes=n % 2 == 0
    ),
    "quorum": lambda play, who, n: play.perform(who, "meeting.quorum", numerator=1, denominator=n + 1),
    "absence": lambda play, who, n: play.perform(
        who, "attendee.absence", attendee_id=play.attendee(n), reason=f"Lý do {n}"
    ),
    "turn a screen on": lambda play, who, _: play.turn_on(who),
    "part with a screen": lambda play, who, n: play.perform(who, "screen.part", screen_id=play.other_screen(n)),
    "rename a screen": lambda play, who, n: play.perform(
        who, "screen.rename", screen_id=play.screen(n), name=f"Tường {n}"
    ),
    "accept": lambda play, who, _: attendees.accept(play.ports, who, play.meeting_id),
    "decline": lambda play, who, n: attendees.decline(play.ports, who, play.meeting_id, f"Bận {n}"),
    "conclude": lambda play, who, n: play.perform(
        who, "conclusion.record", text=f"Kết luận {n}", item_id=play.item(n) if n % 2 else None
    ),
    "take back": lambda play, who, n: play.perform(who, "conclusion.remove", conclusion_id=play.conclusion(n)),
    "place": lambda play, who, n: documents.place(play.ports, who, play.document(n), play.item(n) if n % 3 else None),
    "remove document": lambda play, who, n: documents.remove(play.ports, who, play.document(n)),
    "put back document": lambda play, who, n: documents.restore(play.ports, who, play.document(n)),
    **{
        f"{kind} {whom}": lambda play, who, n, kind=kind, whom=whom: play.perform(
            who,
            "floor.raise",
            kind=kind,
            subject=f"Việc {n}",
            addressee_id=play.attendee(n + 1) if kind == "question" else None,
            attendee_id=play.attendee(n) if whom else None,
        )
        for kind in ("speech", "order", "question")
        for whom in ("", "of other")
    },
    **{
        act: lambda play, who, n, act=act: play.perform(who, act, request_id=play.listed("floor", n))
        for act in ("withdraw", "grant", "pause", "resume", "end", "undo")
        for act in (f"floor.{act}",)
    },
    "floor.restore": lambda play, who, n: play.perform(who, "floor.restore", request_id=n + 1),
    "floor.next": lambda play, who, _: play.perform(who, "floor.next"),
    "floor.move": lambda play, who, n: play.perform(
        who, "floor.move", request_id=play.listed("floor", n), position=n // 2
    ),
    "floor.rules": lambda play, who, n: play.perform(
        who, "floor.rules", order=("time", "rank", "hand")[n % 3], seconds=60 + n
    ),
    "message to all": lambda play, who, n: play.perform(who, "message.send", text=f"Tin {n}"),
    "message": lambda play, who, n: play.perform(who, "message.send", text=f"Tin {n}", attendee_id=play.attendee(n)),
    "recall": lambda play, who, n: play.perform(who, "message.recall", message_id=play.listed("messages", n)),
    "help.call": lambda play, who, n: play.perform(who, "help.call", text=f"Việc {n}"),
    "help.withdraw": lambda play, who, _: play.perform(who, "help.withdraw"),
    "help.answer": lambda play, who, n: play.perform(who, "help.answer", help_id=play.listed("help", n)),
    "help.reopen": lambda play, who, n: play.perform(who, "help.reopen", help_id=play.listed("help", n)),
    "prepared": lambda play, _, n: documents.report_prepared(play.ports, version_of(play.ports, play.document(n)), n),
}

# Mostly the desk acts, and mostly in session: elsewhere nearly everything is refused.
scenes = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from((*("lan",) * 6, *PEOPLE)), st.integers(0, 9)), max_size=25
)


def stage(ports: Ports, cast: Cast, registration: Registration, *, opened: bool) -> Play:
    lan = cast.actors["lan"]
    later = timedelta(weeks=next(_weeks))
    moved = replace(registration, starts_at=registration.starts_at + later, ends_at=registration.ends_at + later)
    meeting_id = meetings.register(ports, lan, moved)
    for title in ("Một", "Hai", "Ba"):
        agendas.insert(ports, lan, meeting_id, title)
    convene(ports, lan, meeting_id)
    if opened:
        meetings.open_session(ports, lan, meeting_id)
    ids = [hand_out(ports, lan, meeting_id, for_guests=for_guests) for for_guests in (True, False, True)]
    play = Play(ports, cast, meeting_id, ids)
    play.turn_on(lan)
    return replace(play, wall_id=play.screen(0))


@settings(max_examples=12)
@given(opened=st.sampled_from((True, True, False)), before=scenes, after=scenes)
def test_a_snapshot_and_the_events_since_make_the_next_snapshot(
    ports: Ports,
    cast: Cast,
    registration: Registration,
    clock: SettableClock,
    opened: bool,
    before: list[tuple[str, str, int]],
    after: list[tuple[str, str, int]],
):
    play = stage(ports, cast, registration, opened=opened)
    clock.set(registration.starts_at + timedelta(weeks=10_000))

    def perform(scene: list[tuple[str, str, int]]) -> None:
        for act, person, number in scene:
            clock.advance(seconds=number)
            try:
                ACTS[act](play, cast.actors[person], number)
            except MeetingError:
                continue

    perform(before)
    starts = {name: snapshot.take(ports, play.listener(name), play.meeting_id) for name in LISTENERS}
    perform(after)
    for name, (listener, state) in starts.items():
        log = events.after(ports, play.meeting_id, state["version"])
        assert told(state, listener, log) == snapshot.take(ports, play.listener(name), play.meeting_id)[1]
    versions = [event.version for event in events.after(ports, play.meeting_id, 0)]
    assert versions == list(range(1, events.version_of(ports, play.meeting_id) + 1))


def test_events_come_in_order_and_in_portions(ports: Ports, running_meeting: int):
    last = events.version_of(ports, running_meeting)
    assert last > 4
    assert [event.version for event in events.after(ports, running_meeting, 0, limit=3)] == [1, 2, 3]
    assert [event.version for event in events.after(ports, running_meeting, last - 1)] == [last]
    assert events.after(ports, running_meeting, last) == []


def test_an_event_says_who_did_it_and_when(ports: Ports, hung: Actor, running_meeting: int, clock: SettableClock):
    at = clock.advance(minutes=3)
    version = meetings.pause(ports, hung, running_meeting)
    [event] = events.after(ports, running_meeting, version - 1)
    assert (event.actor_id, event.at, event.kind, event.body["state"]) == (
        hung.account_id,
        at,
        Kind.MEETING,
        "paused",
    )


def test_a_guest_never_hears_of_the_members_documents(ports: Ports, lan: Actor, quang: Actor, running_meeting: int):
    before = events.version_of(ports, running_meeting)
    secret = hand_out(ports, lan, running_meeting, for_guests=False, title="Dự toán chưa công bố")
    hand_out(ports, lan, running_meeting, for_guests=True, title="Chương trình")
    documents.report_prepared(ports, version_of(ports, secret), 5)
    documents.place(ports, lan, secret, None)
    listener, state = snapshot.take(ports, quang, running_meeting)
    assert [each["title"] for each in state["documents"]] == ["Chương trình"]
    heard = [event for event in events.after(ports, running_meeting, before) if event.channel in listener.channels]
    assert "Dự toán" not in str([event.body for event in heard])
    documents.remove(ports, lan, secret)
    assert documents.documents(ports, quang, running_meeting) != []
    for act in (documents.view, documents.original):
        with pytest.raises(NotFound):
            act(ports, quang, secret)


def test_each_is_told_who_they_are(ports: Ports, cast: Cast, running_meeting: int):
    for name, role, desk in (("hung", "chair", True), ("lan", "secretary", True), ("quang", "guest", False)):
        listener, state = snapshot.take(ports, cast.actors[name], running_meeting)
        assert state["you"] == {
            "attendee_id": listener.attendee_id,
            "name": cast.actors[name].full_name,
            "role": role,
            "desk": desk,
        }
        assert ("conclusions" in state, "replies" in state) == (desk, desk)


@pytest.mark.parametrize("person", ["thu", "vinh", "nam"])
def test_who_does_not_belong_to_the_meeting_is_not_let_in(ports: Ports, cast: Cast, running_meeting: int, person: str):
    for act in (events.enter, snapshot.take):
        with pytest.raises(NotFound):
            act(ports, cast.actors[person], running_meeting)


def test_nobody_enters_a_meeting_that_does_not_exist(ports: Ports, lan: Actor):
    with pytest.raises(NotFound):
        events.enter(ports, lan, 10_000)


def test_a_registrar_who_is_a_member_leaves_the_desk_when_the_session_opens(
    ports: Ports, cast: Cast, minh: Actor, lan: Actor, convened_meeting: int
):
    registrar = replace(minh, rights=lan.rights)
    assert Channel.DESK in events.enter(ports, registrar, convened_meeting).channels
    meetings.open_session(ports, lan, convened_meeting)
    assert Channel.DESK not in events.enter(ports, registrar, convened_meeting).channels
