"""By what right the leader signs: chosen at the desk, printed in the paper, true to the second of signing (L3, W8)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.authority import AuthorityChanged, DelegationLapsed, DelegationWithdrawn, NoAppointment
from meeting_app.domain.credential import NoCredential
from meeting_app.domain.delegation import DelegationKind
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.paper import PaperKind
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import appointment as appointments
from meeting_app.services import audit, authority, minutes
from meeting_app.services import delegation as delegations
from meeting_app.services import event as events
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services.meeting import Registration
from meeting_app.services.waiting import Errand
from tests.cast import Cast
from tests.pdf.reading import text_of
from tests.services.papers import STROKES, Interrupted, errands
from tests.services.posts import appoint, give, held_by, move


def test_somebody_else_than_the_chair_may_sign(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, draft_meeting: int, enrolled: str
):
    give(ports, cast, "minh")
    invitations.draft(ports, lan, draft_meeting, minh.account_id)
    assert invitations.view(ports, lan, draft_meeting).leader == "Lê Quang Minh"
    assert errands(ports, minh) == [Errand.SIGN_INVITATION]
    verdict = invitations.sign(ports, minh, draft_meeting, pin=enrolled, strokes=STROKES)
    assert [each.signer for each in verdict.signatures] == ["Lê Quang Minh"]


def test_a_leader_who_is_not_invited_reads_and_signs_and_comes_no_further(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, registration: Registration, enrolled: str
):
    without = replace(registration, member_ids=(cast.actors["hoa"].account_id,))
    meeting_id = meetings.register(ports, lan, without)
    agendas.insert(ports, lan, meeting_id, "Ngân sách")
    give(ports, cast, "minh")
    with pytest.raises(NotFound):
        meetings.view(ports, minh, meeting_id)
    invitations.draft(ports, lan, meeting_id, minh.account_id)
    view = invitations.view(ports, minh, meeting_id)
    assert (view.may_sign, view.authority, view.obstacle) == (True, "TUQ. CHỦ TỊCH – TRƯỞNG PHÒNG", "")
    assert meetings.view(ports, minh, meeting_id).title == registration.title
    with pytest.raises(NotFound):
        events.enter(ports, minh, meeting_id)
    invitations.sign(ports, minh, meeting_id, pin=enrolled, strokes=STROKES)
    assert invitations.view(ports, minh, meeting_id).signed_by_asker
    invitations.withdraw(ports, lan, meeting_id)
    with pytest.raises(NotFound):
        meetings.view(ports, minh, meeting_id)


def test_the_desk_chooses_among_those_who_may_sign_today(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, draft_meeting: int
):
    give(ports, cast, "minh")
    give(ports, cast, "dung", papers=frozenset({PaperKind.OTHER}))
    appoint(ports, cast, "hoa", "Phó Chủ tịch")
    give(ports, cast, "hoa", DelegationKind.DEPUTY)
    found = invitations.leaders(ports, lan, draft_meeting)
    assert [(each.name, each.authority, each.chairs) for each in found] == [
        ("Nguyễn Văn Hùng", "TM. UỶ BAN NHÂN DÂN – CHỦ TỊCH", True),
        ("Phạm Thị Hoa", "TM. UỶ BAN NHÂN DÂN – KT. CHỦ TỊCH – PHÓ CHỦ TỊCH", False),
        ("Lê Quang Minh", "TUQ. CHỦ TỊCH – TRƯỞNG PHÒNG", False),
    ]
    with pytest.raises(NotFound):
        invitations.leaders(ports, minh, draft_meeting)


def test_the_paper_prints_by_what_right_it_is_signed(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, draft_meeting: int, enrolled: str
):
    give(ports, cast, "minh")
    invitations.draft(ports, lan, draft_meeting, minh.account_id)
    text = text_of(invitations.file(ports, lan, draft_meeting).path.read_bytes())
    for line in ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG", "Lê Quang Minh"):
        assert line in text
    drafted = next(entry for entry in audit.export(ports) if entry["act"] == "invitation.draft")
    assert drafted["detail"]["authority"] == "TUQ. CHỦ TỊCH\nTRƯỞNG PHÒNG"


@pytest.mark.parametrize("how", ["withdrawn", "moved", "ended"])
def test_who_has_lost_the_right_does_not_sign_and_both_sides_are_told(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, draft_meeting: int, enrolled: str, how: str
):
    lose, refusal = losing(ports, cast, how)
    invitations.draft(ports, lan, draft_meeting, minh.account_id)
    lose()
    for actor in (lan, minh):
        assert "Lê Quang Minh" in invitations.view(ports, actor, draft_meeting).obstacle
    with pytest.raises(refusal):
        invitations.sign(ports, minh, draft_meeting, pin=enrolled, strokes=STROKES)
    invitations.refuse(ports, minh, draft_meeting, "Tôi đã chuyển công tác")  # what is not signed can be given back
    assert invitations.view(ports, lan, draft_meeting).obstacle == ""


@pytest.mark.parametrize("how", ["withdrawn", "moved", "ended"])
def test_a_right_lost_while_the_signature_is_made_voids_it(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, draft_meeting: int, enrolled: str, how: str
):
    lose, refusal = losing(ports, cast, how)
    invitations.draft(ports, lan, draft_meeting, minh.account_id)
    unsigned = invitations.view(ports, lan, draft_meeting).sha256
    interrupted = replace(ports, signatures=Interrupted(ports.signatures.office, lose))
    with pytest.raises(refusal):
        invitations.sign(interrupted, minh, draft_meeting, pin=enrolled, strokes=STROKES)
    view = invitations.view(ports, lan, draft_meeting)
    assert (view.state, view.sha256) == (InvitationState.AWAITING_LEADER, unsigned)


def losing(ports: Ports, cast: Cast, how: str) -> tuple[Callable[[], object], type[MeetingError]]:
    """Minh may sign; the act by which he no longer may, and the sentence it makes."""
    given = give(ports, cast, "minh")
    return {
        "withdrawn": (lambda: delegations.withdraw(ports, cast.actors["hung"], given), DelegationWithdrawn),
        "moved": (lambda: move(ports, cast, "minh", "Chuyên viên"), DelegationLapsed),
        "ended": (
            lambda: appointments.end(ports, cast.actors["vinh"], held_by(ports, cast.actors["minh"])),
            NoAppointment,
        ),
    }[how]


def test_a_paper_that_prints_another_right_than_todays_is_not_signed(
    ports: Ports, cast: Cast, lan: Actor, minh: Actor, draft_meeting: int, enrolled: str
):
    given = give(ports, cast, "minh")
    invitations.draft(ports, lan, draft_meeting, minh.account_id)
    delegations.withdraw(ports, cast.actors["vinh"], given)
    give(ports, cast, "minh", DelegationKind.BY_ORDER)
    with pytest.raises(AuthorityChanged, match=r"TUQ\..*TL\."):
        invitations.sign(ports, minh, draft_meeting, pin=enrolled, strokes=STROKES)
    invitations.withdraw(ports, lan, draft_meeting)
    invitations.draft(ports, lan, draft_meeting, minh.account_id)
    assert invitations.view(ports, lan, draft_meeting).authority == "TL. CHỦ TỊCH – TRƯỞNG PHÒNG"
    invitations.sign(ports, minh, draft_meeting, pin=enrolled, strokes=STROKES)


def test_secretary_and_chair_sign_minutes_in_their_own_role_without_authority(
    ports: Ports, cast: Cast, hung: Actor, lan: Actor, closed_meeting: int, enrolled: str
):
    authority.settle(ports, cast.actors["vinh"], cast.posts["Hiệu trưởng"], "")  # Hùng represents the unit no more
    minutes.draft(ports, lan, closed_meeting)
    minutes.finalise(ports, lan, closed_meeting)
    text = text_of(minutes.file(ports, lan, closed_meeting).path.read_bytes())
    for line in ("THƯ KÝ", "CHỦ TOẠ"):
        assert line in text
    for signer in (lan, hung):
        minutes.sign(ports, signer, closed_meeting, pin=enrolled, strokes=STROKES)


@pytest.mark.parametrize(("how", "refusal"), [("ended", NoAppointment), ("moved", NoCredential)])
def test_who_left_the_post_while_signing_minutes_has_not_signed(
    ports: Ports, cast: Cast, lan: Actor, closed_meeting: int, enrolled: str, how: str, refusal: type[MeetingError]
):
    minutes.draft(ports, lan, closed_meeting)
    minutes.finalise(ports, lan, closed_meeting)

    def leave() -> None:
        if how == "ended":
            appointments.end(ports, cast.actors["vinh"], held_by(ports, lan))
        else:
            move(ports, cast, "lan", "Chuyên viên")

    interrupted = replace(ports, signatures=Interrupted(ports.signatures.office, leave))
    with pytest.raises(refusal, match="Trần Thị Lan"):
        minutes.sign(interrupted, lan, closed_meeting, pin=enrolled, strokes=STROKES)
    assert minutes.verdict(ports, lan, closed_meeting).signatures == ()
