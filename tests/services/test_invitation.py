"""The invitation: drafted with its number, signed by the leader, sealed by the clerk, with everybody at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import ReasonMissing
from meeting_app.domain.authority import NoAppointment, NoAuthority
from meeting_app.domain.credential import NoCredential
from meeting_app.domain.event import Kind
from meeting_app.domain.invitation import (
    AlreadyDrafted,
    Delivery,
    InvitationPending,
    InvitationState,
    NotAwaitingLeader,
    NotAwaitingSeal,
)
from meeting_app.domain.meeting import AgendaEmpty, MeetingState, NotInState
from meeting_app.domain.organisation import Appointment
from meeting_app.domain.signature import Verdict, WrongPin
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.pdf.stamp import StrokeMissing
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import audit, delivery, register
from meeting_app.services import event as events
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from meeting_app.services.signing import PaperChanged
from meeting_app.services.waiting import Errand
from tests.cast import Cast, SettableClock
from tests.keys import Office
from tests.services.papers import STROKES, Interrupted, errands
from tests.services.posts import give


@pytest.fixture
def drafted(ports: Ports, lan: Actor, draft_meeting: int, enrolled: str) -> int:
    """The invitation lies before Hùng."""
    invitations.draft(ports, lan, draft_meeting)
    return draft_meeting


def state(ports: Ports, actor: Actor, meeting_id: int) -> InvitationState | None:
    view = invitations.view(ports, actor, meeting_id)
    return view.state if view else None


def test_an_invitation_goes_from_hand_to_hand_and_out_to_all(
    ports: Ports, cast: Cast, drafted: int, enrolled: str, clock: SettableClock
):
    hung, lan, minh, thu = (cast.actors[name] for name in ("hung", "lan", "minh", "thu"))
    view = invitations.view(ports, hung, drafted)
    assert (view.number, view.leader, view.may_sign, view.may_seal) == ("01/GM-UBND", "Nguyễn Văn Hùng", True, False)
    assert (errands(ports, hung), errands(ports, thu), errands(ports, lan)) == ([Errand.SIGN_INVITATION], [], [])

    first = invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    assert [each.verdict for each in first.signatures] == [Verdict.VALID]
    assert first.verdict is Verdict.UNCONFIRMED  # the agency has not sealed yet (L1)
    assert state(ports, thu, drafted) is InvitationState.AWAITING_SEAL
    assert (errands(ports, hung), errands(ports, thu)) == ([], [Errand.SEAL_INVITATION])
    assert invitations.view(ports, thu, drafted).may_seal
    with pytest.raises(NotFound):
        invitations.file(ports, minh, drafted)

    before = events.version_of(ports, drafted)
    issued_at = clock.advance(minutes=3)
    last = invitations.seal(ports, thu, drafted, pin=enrolled)
    assert [(each.signer, each.verdict) for each in last.signatures] == [
        ("Nguyễn Văn Hùng", Verdict.VALID),
        ("Uỷ ban nhân dân phường An Hải", Verdict.VALID),
    ]
    assert last.verdict is Verdict.VALID
    assert meetings.view(ports, minh, drafted).state is MeetingState.CONVENED
    [told] = events.after(ports, drafted, before)
    assert (told.kind, told.body["state"]) == (Kind.MEETING, "convened")
    assert (errands(ports, thu), errands(ports, minh)) == ([], [Errand.REPLY])
    sent = delivery.of_paper(ports, lan, drafted)
    assert len(sent) == 6
    assert {(each.issued_at, each.delivered_at, each.opened_at) for each in sent} == {(issued_at, issued_at, None)}
    [entry] = register.book(ports, thu, issued_at.year)
    assert (entry.number, entry.issued_at) == ("01/GM-UBND", issued_at)

    opened_at = clock.advance(minutes=2)
    stored = invitations.file(ports, minh, drafted)
    clock.advance(minutes=2)
    assert invitations.page(ports, minh, drafted, 0, 800).startswith(b"\xff\xd8")
    assert (stored.file_name, stored.path.read_bytes()[:5]) == ("giay-moi-01-GM-UBND.pdf", b"%PDF-")
    opened = {each.name: each.opened_at for each in delivery.of_paper(ports, lan, drafted)}
    assert opened.pop("Lê Quang Minh") == opened_at
    assert set(opened.values()) == {None}
    assert invitations.verdict(ports, minh, drafted).verdict is Verdict.VALID
    with pytest.raises(NotFound):
        invitations.page(ports, minh, drafted, 50, 800)
    acts = [entry["act"] for entry in audit.export(ports)]
    assert [act for act in acts if act.startswith(("invitation.", "register."))] == [
        "register.reserve",
        "invitation.draft",
        "invitation.sign",
        "invitation.issue",
    ]
    assert audit.check(ports)[1] is None


def test_two_clerks_at_once_issue_one_invitation(
    ports: Ports, hung: Actor, thu: Actor, lan: Actor, drafted: int, enrolled: str
):
    invitations.sign(ports, hung, drafted, pin=enrolled, strokes=STROKES)
    start = Barrier(2)

    def seal(_: int) -> object:
        start.wait()
        try:
            return invitations.seal(ports, thu, drafted, pin=enrolled).verdict
        except MeetingError as refused:
            return type(refused)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(seal, range(2)))
    assert set(answers) == {Verdict.VALID, NotAwaitingSeal}
    assert len(delivery.of_paper(ports, lan, drafted)) == 6
    assert invitations.verdict(ports, lan, drafted).verdict is Verdict.VALID


def test_a_draft_taken_back_while_the_leader_signs_stays_taken_back(
    ports: Ports, lan: Actor, hung: Actor, drafted: int, enrolled: str, office: Office
):
    def take_back() -> None:
        invitations.withdraw(ports, lan, drafted)
        agendas.insert(ports, lan, drafted, "Nội dung mới")
        invitations.draft(ports, lan, drafted)

    unsigned = invitations.view(ports, lan, drafted).sha256
    interrupted = replace(ports, signatures=Interrupted(office, take_back))
    with pytest.raises(PaperChanged):
        invitations.sign(interrupted, hung, drafted, pin=enrolled, strokes=STROKES)
    view = invitations.view(ports, lan, drafted)
    assert (view.state, view.number) == (InvitationState.AWAITING_LEADER, "01/GM-UBND")
    assert view.sha256 != unsigned
    assert invitations.verdict(ports, lan, drafted).signatures == ()


def test_only_the_leader_signs_and_only_the_clerk_seals(ports: Ports, cast: Cast, drafted: int, enrolled: str):
    for person, refusal in {"lan": NotAllowed, "thu": NotAllowed, "minh": NotFound, "nam": NotFound}.items():
        with pytest.raises(refusal):
            invitations.sign(ports, cast.actors[person], drafted, pin=enrolled, strokes=STROKES)
        with pytest.raises(refusal):
            invitations.refuse(ports, cast.actors[person], drafted, "Chưa được")
    for person, refusal in {"hung": NotAllowed, "lan": NotAllowed, "thu": NotAwaitingSeal, "nam": NotFound}.items():
        with pytest.raises(refusal):
            invitations.seal(ports, cast.actors[person], drafted, pin=enrolled)
    assert state(ports, cast.actors["lan"], drafted) is InvitationState.AWAITING_LEADER


def test_a_wrong_pin_or_an_empty_pad_signs_nothing(ports: Ports, hung: Actor, drafted: int, enrolled: str):
    for pin, strokes, refusal in (("000000", STROKES, WrongPin), (enrolled, "", StrokeMissing)):
        with pytest.raises(refusal):
            invitations.sign(ports, hung, drafted, pin=pin, strokes=strokes)
    assert invitations.view(ports, hung, drafted).may_sign
    assert invitations.verdict(ports, hung, drafted).signatures == ()


def test_the_leader_gives_a_draft_back_with_a_reason(ports: Ports, hung: Actor, lan: Actor, drafted: int):
    with pytest.raises(ReasonMissing):
        invitations.refuse(ports, hung, drafted, "  ")
    invitations.refuse(ports, hung, drafted, " Thiếu nội dung ngân sách ")
    view = invitations.view(ports, lan, drafted)
    assert (view.state, view.refusal_reason) == (InvitationState.REFUSED, "Thiếu nội dung ngân sách")
    assert errands(ports, lan) == [Errand.PREPARE]
    with pytest.raises(NotAwaitingLeader):
        invitations.refuse(ports, hung, drafted, "Lần nữa")


def test_a_draft_made_again_keeps_its_number(ports: Ports, hung: Actor, lan: Actor, drafted: int):
    first = invitations.view(ports, lan, drafted)
    invitations.refuse(ports, hung, drafted, "Sai giờ")
    agendas.insert(ports, lan, drafted, "Ngân sách")
    invitations.draft(ports, lan, drafted)
    again = invitations.view(ports, lan, drafted)
    assert (again.state, again.number, again.refusal_reason) == (InvitationState.AWAITING_LEADER, first.number, "")
    assert again.sha256 != first.sha256
    assert len(register.book(ports, lan, ports.clock.now().year)) == 1


def test_what_lies_before_the_leader_does_not_change_under_the_hand(
    ports: Ports, lan: Actor, drafted: int, registration: Registration, agenda: list[int]
):
    for change in (
        lambda: meetings.change(ports, lan, drafted, replace(registration, title="Khác")),
        lambda: agendas.insert(ports, lan, drafted, "Khác"),
        lambda: agendas.move(ports, lan, drafted, agenda[0], 3),
        lambda: agendas.remove(ports, lan, drafted, agenda[0]),
        lambda: agendas.change(ports, lan, drafted, agenda[0], title="Khác", presenter="", minutes=5),
    ):
        with pytest.raises(InvitationPending):
            change()
    with pytest.raises(AlreadyDrafted):
        invitations.draft(ports, lan, drafted)
    invitations.withdraw(ports, lan, drafted)
    meetings.change(ports, lan, drafted, replace(registration, title="Khác"))
    invitations.draft(ports, lan, drafted)


def test_nobody_else_reads_or_drafts_it(ports: Ports, cast: Cast, drafted: int):
    for person in ("minh", "quang", "vinh", "nam"):
        for act in (invitations.view, invitations.file, invitations.verdict, delivery.of_paper):
            with pytest.raises(NotFound):
                act(ports, cast.actors[person], drafted)
        with pytest.raises(NotFound):
            invitations.draft(ports, cast.actors[person], drafted)
        with pytest.raises(NotFound):
            invitations.withdraw(ports, cast.actors[person], drafted)


@pytest.mark.parametrize("case", ["no agenda", "no key", "no post", "no authority"])
def test_what_is_missing_is_said_and_no_number_is_lost(
    ports: Ports, cast: Cast, draft_meeting: int, enrolled: str, case: str
):
    lan, leader, refusal = cast.actors["lan"], None, AgendaEmpty
    if case == "no agenda":
        for item in agendas.items(ports, lan, draft_meeting):
            agendas.remove(ports, lan, draft_meeting, item.id)
    elif case == "no key":
        leader, refusal = cast.actors["dung"].account_id, NoCredential
        give(ports, cast, "dung")
    elif case == "no authority":
        leader, refusal = cast.actors["minh"].account_id, NoAuthority
    else:
        refusal = NoAppointment
        with ports.database.writing() as session:
            chair = cast.actors["hung"].account_id
            held = session.exec(select(Appointment).where(Appointment.account_id == chair)).one()
            held.until = date(2025, 12, 31)
    with pytest.raises(refusal):
        invitations.draft(ports, lan, draft_meeting, leader)
    assert register.book(ports, lan, ports.clock.now().year) == []
    assert invitations.view(ports, lan, draft_meeting) is None


def test_a_convened_meeting_is_not_invited_again(ports: Ports, lan: Actor, convened_meeting: int, enrolled: str):
    with pytest.raises(NotInState):
        invitations.draft(ports, lan, convened_meeting)
    with ports.database.reading() as session:
        assert len(session.exec(select(Delivery)).all()) == 6
