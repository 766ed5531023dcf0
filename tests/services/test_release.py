"""Who reads a document and when: by audience, by name, with the invitation, at its item, by hand, and taken back."""

from pathlib import Path

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.document import Audience, DocumentState, NobodyNamed, Release, Rights, ViewOnly
from meeting_app.domain.event import Channel, Kind, apply
from meeting_app.errors import NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import document as documents
from meeting_app.services import event as events
from meeting_app.services import meeting as meetings
from meeting_app.services import release as releases
from meeting_app.services import snapshot
from meeting_app.worker.loop import work_once
from tests.cast import Cast
from tests.conftest import hand_out

REPORT = Path(__file__).parents[1] / "documents" / "bao-cao-qpdf-linearized.pdf"
PEOPLE = ("hung", "lan", "minh", "hoa", "dung", "quang")  # chair, secretary, three members, a guest


@pytest.fixture
def paper(ports: Ports, lan: Actor, running_meeting: int) -> int:
    return hand_out(ports, lan, running_meeting, for_guests=True)


def readers(ports: Ports, cast: Cast, meeting_id: int) -> list[str]:
    """Those who find anything on the table, in their list and in the room alike."""
    found = []
    for name in PEOPLE:
        listed = {each.id for each in documents.documents(ports, cast.actors[name], meeting_id)}
        state = snapshot.take(ports, cast.actors[name], meeting_id)[1]
        assert {each["id"] for each in state["documents"]} == listed
        found += [name] if listed else []
    return found


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience.EVERYONE, PEOPLE),
        (Audience.MEMBERS, PEOPLE[:5]),
        (Audience.NAMED, ("hung", "lan", "hoa", "quang")),
        (Audience.DESK, ("hung", "lan")),
    ],
)
def test_a_document_is_read_by_those_it_is_meant_for(
    ports: Ports,
    cast: Cast,
    lan: Actor,
    running_meeting: int,
    paper: int,
    audience: Audience,
    expected: tuple[str, ...],
):
    named = frozenset(cast.actors[name].account_id for name in ("hoa", "quang", "nam"))
    releases.permit(ports, lan, paper, Rights(audience, named=named))
    assert readers(ports, cast, running_meeting) == list(expected)
    with pytest.raises(NotFound):
        documents.view(ports, cast.actors["nam"], paper)  # named, but not of the meeting


def test_a_document_for_named_persons_names_somebody_of_the_meeting(
    ports: Ports, cast: Cast, lan: Actor, running_meeting: int, paper: int
):
    for named in (frozenset(), frozenset({cast.actors["nam"].account_id, 10_000})):
        with pytest.raises(NobodyNamed):
            releases.permit(ports, lan, paper, Rights(Audience.NAMED, named=named))
    assert readers(ports, cast, running_meeting) == list(PEOPLE)


def test_at_its_item_a_document_appears_and_with_a_step_back_it_is_gone(
    ports: Ports, cast: Cast, lan: Actor, running_meeting: int, agenda: list[int], paper: int
):
    documents.place(ports, lan, paper, agenda[0])
    releases.permit(ports, lan, paper, Rights(Audience.EVERYONE, release=Release.AT_ITEM))
    assert readers(ports, cast, running_meeting) == ["hung", "lan"]
    agendas.start(ports, lan, running_meeting, agenda[0])
    assert readers(ports, cast, running_meeting) == list(PEOPLE)
    agendas.undo(ports, lan, running_meeting, agenda[0])
    assert readers(ports, cast, running_meeting) == ["hung", "lan"]
    agendas.start(ports, lan, running_meeting, agenda[0])
    agendas.finish(ports, lan, running_meeting, agenda[0])
    assert readers(ports, cast, running_meeting) == list(PEOPLE)


def test_one_of_the_whole_meeting_appears_at_the_opening(ports: Ports, cast: Cast, lan: Actor, convened_meeting: int):
    paper = hand_out(ports, lan, convened_meeting, for_guests=True)
    releases.permit(ports, lan, paper, Rights(Audience.EVERYONE, release=Release.AT_ITEM))
    assert readers(ports, cast, convened_meeting) == ["hung", "lan"]
    before = events.version_of(ports, convened_meeting)
    meetings.open_session(ports, lan, convened_meeting)
    assert readers(ports, cast, convened_meeting) == list(PEOPLE)
    told = events.after(ports, convened_meeting, before)
    assert [(each.kind, each.channel) for each in told][-1] == (Kind.DOCUMENTS, Channel.EVERYONE)


def test_by_hand_a_document_is_released_and_taken_back(
    ports: Ports, cast: Cast, lan: Actor, running_meeting: int, paper: int
):
    releases.take_back(ports, lan, paper)
    assert readers(ports, cast, running_meeting) == ["hung", "lan"]
    releases.release(ports, lan, paper)
    assert readers(ports, cast, running_meeting) == list(PEOPLE)


def test_a_document_to_be_looked_at_only_is_not_handed_out(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int, paper: int
):
    releases.permit(ports, lan, paper, Rights(may_download=False, may_print=False))
    view = documents.view(ports, minh, paper)[1]
    assert (view.keeps, view.prints, view.rights) == (False, False, None)
    for act in (documents.original, documents.file):
        with pytest.raises(ViewOnly):
            act(ports, minh, paper)
    assert documents.view(ports, lan, paper)[1].keeps
    assert documents.original(ports, lan, paper)


def test_whoever_has_the_file_can_print_it():
    assert Rights(may_download=True, may_print=False).may_print


def test_only_the_desk_sets_rights(ports: Ports, cast: Cast, running_meeting: int, paper: int):
    for name, refusal in {"minh": NotAllowed, "quang": NotAllowed, "thu": NotFound, "nam": NotFound}.items():
        for act in (
            lambda actor: releases.permit(ports, actor, paper, Rights()),
            lambda actor: releases.release(ports, actor, paper),
            lambda actor: releases.take_back(ports, actor, paper),
        ):
            with pytest.raises(refusal):
                act(cast.actors[name])
    assert readers(ports, cast, running_meeting) == list(PEOPLE)


RIGHTS = [
    *(Rights(audience, release=Release.ON_ISSUE) for audience in (Audience.EVERYONE, Audience.MEMBERS, Audience.DESK)),
    Rights(Audience.EVERYONE, release=Release.BY_HAND),
    Rights(Audience.MEMBERS, may_download=False),
    Rights(Audience.NAMED, named=frozenset({1})),  # replaced below by persons
    Rights(Audience.NAMED, named=frozenset({2})),
]


@pytest.mark.parametrize("before", range(len(RIGHTS)))
def test_whatever_changes_each_room_is_told_as_much_as_it_may_know(
    ports: Ports, cast: Cast, lan: Actor, running_meeting: int, paper: int, before: int
):
    """What a tablet makes of the frames it hears is what its person would be shown anew."""
    named = {1: {"hoa", "quang"}, 2: {"minh", "quang"}}

    def asked(number: int) -> Rights:
        rights = RIGHTS[number]
        people = set().union(*(named[each] for each in rights.named))
        accounts = frozenset(cast.actors[name].account_id for name in people)
        return Rights(rights.audience, rights.may_download, rights.may_print, rights.release, accounts)

    for after in range(len(RIGHTS)):
        releases.permit(ports, lan, paper, asked(before))
        states = {name: snapshot.take(ports, cast.actors[name], running_meeting) for name in PEOPLE}
        releases.permit(ports, lan, paper, asked(after))
        for name, (listener, held) in states.items():
            state, actor = held, cast.actors[name]
            reads = paper in {each.id for each in documents.documents(ports, actor, running_meeting)}
            for event in events.after(ports, running_meeting, held["version"]):
                mine = event.channel is Channel.PERSON and event.account_id == listener.account_id
                heard = mine or (event.channel in listener.channels and event.channel is not Channel.PERSON)
                state = apply(state, event.version, event.kind if heard else None, event.body)
                if heard and name not in ("hung", "lan"):
                    assert reads or event.body["documents"] == [], "a title reached somebody who may not know of it"
            fresh = snapshot.take(ports, cast.actors[name], running_meeting)[1]
            assert state["documents"] == fresh["documents"], (name, before, after)


def test_nobody_is_told_of_the_going_of_what_they_never_saw(
    ports: Ports, cast: Cast, lan: Actor, running_meeting: int, paper: int
):
    releases.permit(ports, lan, paper, Rights(Audience.DESK))
    before = events.version_of(ports, running_meeting)
    documents.remove(ports, lan, paper)
    [told] = events.after(ports, running_meeting, before)
    assert told.channel is Channel.DESK


def test_what_was_removed_comes_back_to_the_same_readers_alone(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, running_meeting: int, paper: int
):
    named = frozenset({cast.actors["hoa"].account_id})
    releases.permit(ports, lan, paper, Rights(Audience.NAMED, may_download=False, named=named))
    documents.remove(ports, lan, paper)
    assert readers(ports, cast, running_meeting) == []
    for person in ("minh", "hoa", "nam"):
        with pytest.raises(NotFound):
            documents.restore(ports, cast.actors[person], paper)
    for _ in range(2):  # twice is once
        documents.restore(ports, lan, paper)
        assert readers(ports, cast, running_meeting) == ["hung", "lan", "hoa"]
    with pytest.raises(ViewOnly):
        documents.file(ports, cast.actors["hoa"], paper)


def test_what_was_removed_while_it_was_prepared_is_prepared_once_it_is_back(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int
):
    paper = documents.upload(ports, lan, running_meeting, REPORT, file_name="bao-cao.pdf")
    documents.remove(ports, lan, paper)
    assert work_once(ports)
    documents.restore(ports, lan, paper)
    while work_once(ports):
        pass
    assert documents.view(ports, minh, paper)[1].state is DocumentState.READY
