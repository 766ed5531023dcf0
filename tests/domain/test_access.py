"""Who sees, enters, runs and reads what: the whole table, person × state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meeting_app.domain import access
from meeting_app.domain.access import Actor, Standing
from meeting_app.domain.account import Right
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.document import Audience, Document
from meeting_app.domain.event import Channel
from meeting_app.domain.meeting import Meeting, MeetingState
from meeting_app.errors import NotAllowed, NotFound

EIGHT = datetime(2026, 11, 23, 1, tzinfo=UTC)
HERE, ELSEWHERE = 1, 2

D, C, R, P, X, M, O = MeetingState  # draft, convened, running, paused, closed, recorded, cancelled  # noqa: E741
ALWAYS = {D, C, R, P, X, M, O}
INVITED = {C, R, P, X, M}

# person: role in the meeting, rights, unit; then the states in which the meeting is seen, entered, run by them
TABLE = {
    "chair": ((Role.CHAIR, (), HERE), ALWAYS, ALWAYS, ALWAYS),
    "secretary": ((Role.SECRETARY, (), HERE), ALWAYS, ALWAYS, ALWAYS),
    "secretary from elsewhere": ((Role.SECRETARY, (), ELSEWHERE), ALWAYS, ALWAYS, ALWAYS),
    "member": ((Role.MEMBER, (), HERE), INVITED, INVITED, set()),
    "guest": ((Role.GUEST, (), ELSEWHERE), INVITED, INVITED, set()),
    "registrar": ((None, (Right.REGISTER,), HERE), ALWAYS, set(), {D, C}),
    "registrar who is a member": ((Role.MEMBER, (Right.REGISTER,), HERE), ALWAYS, ALWAYS, {D, C}),
    "registrar of another unit": ((None, (Right.REGISTER,), ELSEWHERE), set(), set(), set()),
    "clerk": ((None, (Right.SEAL,), HERE), ALWAYS, set(), set()),
    "clerk of another unit": ((None, (Right.SEAL,), ELSEWHERE), set(), set(), set()),
    "administrator": ((None, (Right.ADMINISTER,), HERE), set(), set(), set()),
    "colleague": ((None, (), HERE), set(), set(), set()),
    "stranger": ((None, (), ELSEWHERE), set(), set(), set()),
}


def standing(person: str, state: MeetingState) -> Standing:
    role, rights, unit_id = TABLE[person][0]
    meeting = Meeting(
        id=7,
        unit_id=HERE,
        venue_id=1,
        title="Họp",
        starts_at=EIGHT,
        ends_at=EIGHT + timedelta(hours=1),
        state=state,
        created_by=1,
        created_at=EIGHT,
    )
    attendee = Attendee(id=3, meeting_id=7, account_id=5, role=role) if role else None
    return Standing(Actor(5, "Ai đó", unit_id, frozenset(rights)), meeting, attendee)


def document(**values: object) -> Document:
    return Document(**({"meeting_id": 7, "title": "Báo cáo", "uploaded_by": 1, "uploaded_at": EIGHT} | values))


@pytest.mark.parametrize("person", TABLE)
@pytest.mark.parametrize("state", MeetingState)
def test_the_meeting_is_open_to_whom_the_table_says(person: str, state: MeetingState):
    _, seen_in, entered_in, run_in = TABLE[person]
    here = standing(person, state)
    assert refusal(access.ensure_sees, here) is (None if state in seen_in else NotFound)
    assert refusal(access.ensure_enters, here) is (None if state in entered_in else NotFound)
    hidden = NotAllowed if state in seen_in else NotFound
    assert refusal(access.ensure_desk, here) is (None if state in run_in else hidden)


@pytest.mark.parametrize("person", TABLE)
@pytest.mark.parametrize("state", MeetingState)
def test_documents_are_open_to_whom_the_meeting_is_and_guests_read_what_is_released(person: str, state: MeetingState):
    (role, _, _), _, entered_in, run_in = TABLE[person]
    here = standing(person, state)
    for for_guests in (False, True):
        reads = state in run_in or (state in entered_in and (role is not Role.GUEST or for_guests))
        found = refusal(
            access.ensure_reads, here, document(audience=Audience.EVERYONE if for_guests else Audience.MEMBERS)
        )
        assert found is (None if reads else NotFound)


@pytest.mark.parametrize("person", ["chair", "member", "guest"])
def test_a_removed_document_and_one_of_another_meeting_are_nobodys(person: str):
    here = standing(person, R)
    assert refusal(access.ensure_reads, here, document(audience=Audience.EVERYONE, removed_at=EIGHT)) is NotFound
    assert refusal(access.ensure_reads, here, document(audience=Audience.EVERYONE, meeting_id=8)) is NotFound


@pytest.mark.parametrize(
    ("person", "channels"),
    [
        ("chair", {Channel.EVERYONE, Channel.MEMBERS, Channel.DESK}),
        ("secretary", {Channel.EVERYONE, Channel.MEMBERS, Channel.DESK}),
        ("member", {Channel.EVERYONE, Channel.MEMBERS}),
        ("registrar who is a member", {Channel.EVERYONE, Channel.MEMBERS}),
        ("guest", {Channel.EVERYONE}),
        ("stranger", {Channel.EVERYONE}),
    ],
)
def test_each_hears_their_own_channels_in_session(person: str, channels: set[Channel]):
    assert standing(person, R).channels == channels


def test_whoever_only_signs_the_invitation_sees_the_meeting_and_nothing_else():
    for person in ("colleague", "member"):
        here = replace(standing(person, D), only_signs=True)
        assert refusal(access.ensure_sees, here) is None
        assert refusal(access.ensure_enters, here) is NotFound
        assert refusal(access.ensure_desk, here) is NotAllowed
        assert refusal(access.ensure_reads, here, document(audience=Audience.EVERYONE)) is NotFound


def refusal(rule, *values: object) -> type[Exception] | None:
    try:
        rule(*values)
    except (NotFound, NotAllowed) as refused:
        return type(refused)
    return None
