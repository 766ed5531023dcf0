"""Each command of the room against everybody who may not give it, and against arguments nobody should send."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import command as commands
from meeting_app.services import meeting as meetings
from meeting_app.services.acts.given import UnknownCommand
from meeting_app.storage.tables import METADATA
from tests.cast import Cast
from tests.services.every_act import Arguments, FullSwing, in_full_swing

OF_EVERYBODY = {"help.call", "help.withdraw"}  # of the meeting
OF_ELECTORS = {"motion.ready", "motion.unready"}  # refused for another reason: the motion was not called
ONE_DATABASE = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


@pytest.fixture
def swing(ports: Ports, cast: Cast, running_meeting: int, agenda: list[int]) -> FullSwing:
    return in_full_swing(ports, cast, running_meeting, agenda)


def refused(ports: Ports, who: Actor, meeting_id: int, act: str, arguments: Arguments) -> MeetingError | None:
    """Why the command was not done; None when it was."""
    try:
        commands.perform(ports, who, meeting_id, "c1", act, arguments)
    except MeetingError as refusal:
        return refusal
    return None


def everything(ports: Ports) -> dict[str, Any]:
    """Every row of every table."""
    with ports.database.reading() as session:
        return {table.name: session.execute(select(table)).all() for table in METADATA.sorted_tables}


def person(cast: Cast, name: str) -> Actor:
    """Of the cast; "registrar" registers meetings of the same unit, and is not invited to this one."""
    if name == "registrar":
        return replace(cast.actors["thu"], rights=frozenset({Right.REGISTER, Right.SEAL}))
    return cast.actors[name]


def test_every_act_is_among_them(swing: FullSwing):
    assert swing.acts.keys() == commands.ACTS.keys()


@ONE_DATABASE
@pytest.mark.parametrize("name", ["hung", "lan"])
def test_the_desk_may_say_each_of_them(cast: Cast, swing: FullSwing, name: str):
    """Refused, if at all, by how things stand; so whoever is refused below is refused for who they are."""
    not_theirs = {"ballot.cast", "present.turn", *OF_ELECTORS} | ({"meeting.quorum"} if name == "lan" else set())
    for act, arguments in swing.acts.items():
        with swing.untouched() as ports:
            refusal = refused(ports, cast.actors[name], swing.meeting_id, act, arguments)
            assert not isinstance(refusal, NotFound | UnknownCommand), act
            assert not isinstance(refusal, NotAllowed) or act in not_theirs, act


@ONE_DATABASE
@pytest.mark.parametrize("name", ["minh", "quang", "vinh", "registrar", "nam"])
def test_nobody_else_says_them_of_others(cast: Cast, swing: FullSwing, registration, name: str):
    """A member, a guest, a delegate, a registrar and the secretary of another meeting; not a row is touched."""
    who = person(cast, name)
    if name == "nam":
        people = {"chair_id": cast.actors["minh"].account_id, "secretary_id": who.account_id}
        other = replace(registration, **people, venue_id=cast.venues["phong_le_chan"])
        meetings.register(swing.ports, who, other)
    invited = name in ("minh", "quang", "vinh")
    before = everything(swing.ports)
    for act, arguments in swing.acts.items():
        if invited and act in OF_EVERYBODY | OF_ELECTORS:
            continue
        assert isinstance(refused(swing.ports, who, swing.meeting_id, act, arguments), NotAllowed | NotFound), act
    assert everything(swing.ports) == before


@ONE_DATABASE
def test_nothing_of_one_meeting_is_found_from_another(cast: Cast, swing: FullSwing, registration, lan: Actor):
    """Whoever runs two desks at once: the numbers of one mean nothing at the other."""
    other = meetings.register(
        swing.ports, lan, replace(registration, title="Họp khác", venue_id=cast.venues["phong_giao_ban"])
    )
    before = everything(swing.ports)
    ids = ("item_id", "attendee_id", "motion_id", "request_id", "message_id", "help_id", "screen_id", "conclusion_id")
    for act, arguments in swing.acts.items():
        if any(name in arguments for name in ids):
            assert refused(swing.ports, lan, other, act, arguments), act
    assert everything(swing.ports) == before


STRANGE: list[Any] = [
    *(None, True, 0, -1, 2**31 - 1, 1 - 2**31, 2**31, 10**30, 1.5, float("nan"), float("inf")),
    *(
        "",
        "ACEFGH",
        "\0",
        "\ud800",
        "\u202eđảo ngược",
        "\ufeff\u200b",
        "<script>alert(1)</script>",
        "a" * 70_000,
        "9" * 5000,
    ),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59", "2026-02-30", "{title}", "%s"),
    *([], [0] * 64, [2**31 - 1], [1, 1], [True], ["1"], [[1]], [10**30], {}, {"a": {"b": [1]}}),
]


def test_whatever_comes_as_an_argument_is_done_or_refused_by_a_sentence(swing: FullSwing, hung: Actor, lan: Actor):
    """Each argument with a part of them, another part each time: all with all took half a minute and found no more."""
    shift = 0
    for act, arguments in swing.acts.items():
        for name in arguments:
            shift += 1
            for value in STRANGE[shift % 6 :: 6]:
                with swing.untouched() as ports:
                    who = lan if act == "present.turn" else hung
                    try:
                        refused(ports, who, swing.meeting_id, act, arguments | {name: value})
                    except Exception as fault:  # noqa: BLE001 — this is what is looked for
                        pytest.fail(f"{act} with {name}={value!r:.60}: {fault!r:.300}")
