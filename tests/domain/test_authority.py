"""Who signs for whom: every line of a signature block, and every sentence of why not."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from meeting_app.domain import authority as rules
from meeting_app.domain.authority import (
    Authority,
    DelegationState,
    Given,
    Office,
    Signatory,
    authority_for,
    ensure_gives,
    state_of,
)
from meeting_app.domain.calendar import VIETNAM
from meeting_app.domain.delegation import (
    ActingFromAbove,
    Delegation,
    DelegationKind,
    OnlyDeputies,
    OnlyHeadsOfParts,
)
from meeting_app.domain.organisation import Appointment, Post, Unit
from meeting_app.domain.paper import PaperKind
from meeting_app.errors import MeetingError, NotFound

Q, KT, TL, TUQ = DelegationKind
INVITATION, OTHER = PaperKind.INVITATION, PaperKind.OTHER
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=VIETNAM)

HEAD = Post(id=1, name="Chủ tịch", rank=1, heads=True)
DEPUTY = Post(id=2, name="Phó Chủ tịch", rank=2, deputy_of_id=1)
CHIEF = Post(id=3, name="Chánh Văn phòng", rank=3, heads=True)
SECTION = Post(id=4, name="Trưởng phòng", rank=4, heads=True)
CLERK = Post(id=5, name="Chuyên viên", rank=5)
COMMITTEE = Office(Unit(id=1, name="UBND phường An Hải", symbol="UBND", place="", collective="Uỷ ban nhân dân"), HEAD)
SCHOOL_HEAD = Post(id=6, name="Hiệu trưởng", heads=True)
SCHOOL = Office(Unit(id=2, name="Trường Tiểu học An Hải", symbol="TH", place=""), SCHOOL_HEAD)
SCHOOL_DEPUTY = Post(id=7, name="Phó Hiệu trưởng", deputy_of_id=6)
HEAD_HELD = Appointment(id=90, account_id=1, unit_id=1, post_id=1, since=date(2024, 1, 1))


def held(post: Post, **values: object) -> Appointment:
    return Appointment(
        **({"id": 10, "account_id": 2, "unit_id": 1, "post_id": post.id, "since": date(2024, 1, 1)} | values)
    )


def given(kind: DelegationKind, post: Post, **values: object) -> Given:
    usual = {"id": 1, "unit_id": 1, "kind": kind, "appointment_id": 10, "giver_id": 90, "papers": "invitation"}
    dates = {"basis": "12/UQ", "since": DAY, "until": DAY, "given_by": 1, "given_at": NOON}
    return Given(Delegation(**(usual | dates | values)), held(post), post, HEAD_HELD)


def signatory(post: Post, *delegations: Given, **values: object) -> Signatory:
    return Signatory("Lê Quang Minh", ((held(post, **values), post),), delegations)


@pytest.mark.parametrize(
    ("office", "post", "kind", "lines"),
    [
        (COMMITTEE, HEAD, None, ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")),
        (SCHOOL, SCHOOL_HEAD, None, ("HIỆU TRƯỞNG",)),
        (COMMITTEE, DEPUTY, KT, ("TM. UỶ BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (SCHOOL, SCHOOL_DEPUTY, KT, ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG")),
        (COMMITTEE, CHIEF, TL, ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        (COMMITTEE, SECTION, TUQ, ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG")),
        (COMMITTEE, DEPUTY, Q, ("TM. UỶ BAN NHÂN DÂN", "Q. CHỦ TỊCH")),
        (SCHOOL, SCHOOL_DEPUTY, Q, ("Q. HIỆU TRƯỞNG",)),
    ],
)
def test_the_lines_say_in_whose_name_and_by_what_right(
    office: Office, post: Post, kind: DelegationKind | None, lines: tuple[str, ...]
):
    who = signatory(post, *([given(kind, post)] if kind else []))
    assert authority_for(who, office, INVITATION, NOON) == Authority(lines, kind)


def test_the_text_is_the_lines_in_one():
    assert Authority(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), KT).text == "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"since": DAY + timedelta(days=1), "until": None}, rules.DelegationNotBegun),
        ({"since": DAY - timedelta(days=9), "until": DAY - timedelta(days=1)}, rules.DelegationOver),
        ({"withdrawn_at": NOON}, rules.DelegationWithdrawn),
        ({"papers": "other minutes"}, rules.PaperNotCovered),
    ],
)
@pytest.mark.parametrize(("kind", "post"), [(Q, DEPUTY), (KT, DEPUTY), (TL, CHIEF), (TUQ, SECTION)])
def test_what_stands_in_the_way_is_said(
    kind: DelegationKind, post: Post, values: dict[str, object], refusal: type[MeetingError]
):
    with pytest.raises(refusal, match="Lê Quang Minh"):
        authority_for(signatory(post, given(kind, post, **values)), COMMITTEE, INVITATION, NOON)


def test_it_holds_to_the_last_second_and_until_the_very_second_of_its_withdrawal():
    who = signatory(SECTION, given(TUQ, SECTION, withdrawn_at=NOON))
    assert authority_for(who, COMMITTEE, INVITATION, NOON - timedelta(seconds=1)).kind is TUQ
    midnight = datetime(2026, 11, 24, tzinfo=VIETNAM)
    who = signatory(SECTION, given(TUQ, SECTION))
    assert authority_for(who, COMMITTEE, INVITATION, midnight - timedelta(seconds=1)).kind is TUQ
    with pytest.raises(rules.DelegationOver, match="23/11/2026"):
        authority_for(who, COMMITTEE, INVITATION, midnight)


def test_without_a_post_without_authority_and_without_a_known_head():
    with pytest.raises(rules.NoAppointment):
        authority_for(Signatory("Ai đó", ()), COMMITTEE, INVITATION, NOON)
    with pytest.raises(rules.NoAuthority, match="Trưởng phòng"):
        authority_for(signatory(SECTION), COMMITTEE, INVITATION, NOON)
    with pytest.raises(rules.HeadUnknown):
        authority_for(signatory(HEAD), replace(COMMITTEE, head=None), INVITATION, NOON)


def test_a_deputy_does_not_sign_by_the_post_alone():
    with pytest.raises(rules.NoAuthority, match="Phó Chủ tịch"):
        authority_for(signatory(DEPUTY), COMMITTEE, INVITATION, NOON)


def test_authority_ends_with_the_post_that_received_it():
    left = given(KT, DEPUTY)
    left.held.ended_at = NOON
    who = Signatory("Lê Quang Minh", ((held(CLERK, id=11), CLERK),), (left,))
    with pytest.raises(rules.DelegationLapsed):
        authority_for(who, COMMITTEE, INVITATION, NOON)


@pytest.mark.parametrize(
    ("kind", "post", "state"), [(TUQ, SECTION, "lapsed"), (TL, CHIEF, "in_force"), (KT, DEPUTY, "in_force")]
)
def test_only_what_was_given_in_person_ends_with_the_giver(kind: DelegationKind, post: Post, state: str):
    gone = Appointment(**(HEAD_HELD.model_dump() | {"ended_at": NOON - timedelta(hours=1)}))
    assert state_of(replace(given(kind, post), giver=gone), NOON) is DelegationState(state)


def test_nobody_acts_as_head_while_there_is_one():
    who = signatory(DEPUTY, given(Q, DEPUTY, papers="invitation other"))
    with pytest.raises(rules.HeadInOffice, match="Nguyễn Văn Hùng"):
        authority_for(who, replace(COMMITTEE, head_name="Nguyễn Văn Hùng"), INVITATION, NOON)


def test_of_several_the_strongest_that_covers_the_paper_is_printed():
    acting, deputy = given(Q, DEPUTY, id=1, papers="other"), given(KT, DEPUTY, id=2)
    who = signatory(DEPUTY, acting, deputy)
    assert authority_for(who, COMMITTEE, INVITATION, NOON).kind is KT
    assert authority_for(who, COMMITTEE, OTHER, NOON).kind is Q
    assert authority_for(who, COMMITTEE, None, NOON).kind is Q


def test_of_several_obstacles_the_newest_is_said():
    old = given(KT, DEPUTY, id=1, withdrawn_at=NOON)
    new = given(KT, DEPUTY, id=2, since=DAY + timedelta(days=3), until=None)
    with pytest.raises(rules.DelegationNotBegun, match="26/11/2026"):
        authority_for(signatory(DEPUTY, old, new), COMMITTEE, INVITATION, NOON)


def test_a_post_that_no_longer_permits_it_gives_no_authority():
    with pytest.raises(OnlyDeputies):
        authority_for(signatory(CLERK, given(KT, CLERK)), COMMITTEE, INVITATION, NOON)
    with pytest.raises(OnlyHeadsOfParts, match="TUQ"):
        authority_for(signatory(CLERK, given(TUQ, CLERK)), COMMITTEE, INVITATION, NOON)


@pytest.mark.parametrize("kind", [KT, TL, TUQ])
def test_what_was_given_is_not_passed_on(kind: DelegationKind):
    with pytest.raises(rules.PassedOn, match=kind.mark):
        ensure_gives(Authority(("…",), kind), TUQ, COMMITTEE.unit)


def test_the_head_and_the_acting_head_give_but_nobody_makes_an_acting_head():
    for own in (None, Q):
        for kind in (KT, TL, TUQ):
            ensure_gives(Authority(("…",), own), kind, COMMITTEE.unit)
        with pytest.raises(ActingFromAbove):
            ensure_gives(Authority(("…",), own), Q, COMMITTEE.unit)
    with pytest.raises(NotFound):
        ensure_gives(None, KT, COMMITTEE.unit)
