"""Motions of the test ground: drafted, approved, opened, voted on."""

from typing import Any

from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.attendee import Attendee
from meeting_app.domain.ballot import Elector
from meeting_app.domain.motion import Motion
from meeting_app.ports import Ports
from meeting_app.services import attendee as attendees
from meeting_app.services import motion as motions
from meeting_app.services import vote
from meeting_app.services.motion import Draft


def come(ports: Ports, meeting_id: int, *people: Actor) -> None:
    """These are here."""
    for person in people:
        attendees.check_in(ports, person, meeting_id)


def approved(ports: Ports, secretary: Actor, meeting_id: int, **fields: Any) -> int:
    """The id of a motion that may be voted on: of agreement, open, by more than half of those present."""
    motions.draft(ports, secretary, meeting_id, Draft(**{"title": "Thông qua dự toán", **fields}))
    motion_id = motions.motions(ports, secretary, meeting_id)[-1].id
    assert motion_id is not None
    motions.approve(ports, secretary, meeting_id, motion_id)
    return motion_id


def opened(ports: Ports, secretary: Actor, meeting_id: int, **fields: Any) -> int:
    motion_id = approved(ports, secretary, meeting_id, **fields)
    vote.open_vote(ports, secretary, meeting_id, motion_id)
    return motion_id


def elector(ports: Ports, motion_id: int, whose: Actor) -> int:
    """The id under which this person's vote is cast."""
    query = (
        select(Elector.id)
        .join(Attendee, Attendee.id == Elector.attendee_id)
        .where(Elector.motion_id == motion_id, Attendee.account_id == whose.account_id)
    )
    with ports.database.reading() as session:
        found = session.exec(query).one()
    assert found is not None
    return found


def motion_row(ports: Ports, motion_id: int) -> Motion:
    with ports.database.reading() as session:
        return session.get_one(Motion, motion_id)


def receipt(number: int) -> str:
    """What a browser makes at random."""
    return f"{number:026d}"
