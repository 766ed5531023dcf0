"""Delegation of attendance: who goes to a meeting for whom, by whose word, and until when that held.

One person has one delegate, one delegate represents one person, and nothing is passed on. The vote goes along only
where the giver has one and says so. Chair and secretary are replaced by changing the meeting, guests not at all.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel

from meeting_app.domain.attendee import LONGEST_REASON, Attendee, Role
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_


class AttendanceDelegation(SQLModel, table=True):
    """One line of the paper trail; it names accounts, because a delegate may leave the list of attendees again."""

    __tablename__ = "attendance_delegation"

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    giver_id: int = Field(foreign_key="account.id")  # the invited person
    delegate_id: int = Field(foreign_key="account.id")  # who goes instead
    with_vote: bool
    reason: str = Field(max_length=LONGEST_REASON)  # and the paper it rests on
    added: bool  # the delegate was not invited before
    given_at: datetime
    given_by: int = Field(foreign_key="account.id")  # the giver, or the desk for them
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id")


class NotOneself(MeetingError):
    message = N_("Nobody attends for themselves. Choose somebody else.")


class DeskNotDelegated(MeetingError):
    message = N_(
        "Chairing a meeting and keeping its minutes are not delegated this way. Please speak to who registered it."
    )


class GuestsDelegateNobody(MeetingError):
    message = N_("Guests send nobody in their place; they only say that they cannot attend.")


class CannotStandIn(MeetingError):
    message = N_("{name} chairs this meeting or is a guest of it and cannot attend for somebody else.")


class RepresentsAlready(MeetingError):
    message = N_("{name} already attends for somebody else. One person represents one other at most.")


class NotPassedOn(MeetingError):
    message = N_("{name} attends for somebody else; a delegation is not passed on.")


class SentSomebody(MeetingError):
    message = N_("{name} has sent somebody too and cannot attend for others.")


class StillPresent(MeetingError):
    message = N_("{name} is present. A delegate can be chosen only for somebody who is not.")


class NoDelegate(MeetingError):
    message = N_("{name} has no delegate.")


def ensure_may_send(giver: Attendee, name: str, *, represents: bool) -> None:
    """Whether this person may send somebody; `represents`: attends for somebody already."""
    if giver.role in (Role.CHAIR, Role.SECRETARY):
        raise DeskNotDelegated
    if giver.role is Role.GUEST:
        raise GuestsDelegateNobody
    if represents:
        raise NotPassedOn(name=name)
    if giver.present:
        raise StillPresent(name=name)


def ensure_may_stand_in(delegate: Attendee, name: str, *, represents: bool, added: bool) -> None:
    """Whether somebody of the meeting may attend for another; `added`: was here only as a delegate before."""
    if delegate.role is Role.CHAIR or (delegate.role is Role.GUEST and not added):
        raise CannotStandIn(name=name)
    if represents:
        raise RepresentsAlready(name=name)
    if delegate.delegate_id is not None:
        raise SentSomebody(name=name)
