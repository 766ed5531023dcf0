"""Many tablets vote while the desk closes: what was answered "done" is in the result, everything else had a reason."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import pytest
from sqlmodel import select

from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.ballot import BallotCast, SecretBallot
from meeting_app.domain.event import Kind
from meeting_app.errors import MeetingError
from meeting_app.services import ballot as ballots
from meeting_app.services import event as events
from meeting_app.services import snapshot, vote
from meeting_app.services.unit_of_work import changing, key
from tests.voting import approved, motion_row, receipt

VOTERS = 200
LATE = 10  # who come only after the closing


@pytest.fixture
def crowd(ports, cast, running_meeting, clock):
    """Two hundred members more, all here; by attendee id."""
    minh = cast.actors["minh"]
    with changing(ports, None) as work:
        accounts = [
            Account(
                username=f"v{n}", full_name=f"Đại biểu {n}", email=f"v{n}@x.vn", password_hash="", unit_id=minh.unit_id
            )
            for n in range(VOTERS)
        ]
        work.session.add_all(accounts)
        work.session.flush()
        seats = [
            Attendee(meeting_id=running_meeting, account_id=each.id, role=Role.MEMBER, checked_in_at=work.now)
            for each in accounts
        ]
        work.session.add_all(seats)
        work.session.flush()
        return {key(seat.id): replace(minh, account_id=key(seat.account_id)) for seat in seats}


@pytest.mark.parametrize("secret", [False, True])
def test_ballots_race_the_closing(ports, lan, running_meeting, crowd, secret):
    motion_id = approved(ports, lan, running_meeting, secret=secret)
    vote.open_vote(ports, lan, running_meeting, motion_id)
    electors = snapshot.take(ports, lan, running_meeting)[1]["electors"]
    together, closed = Barrier(9), Event()

    def cast(number: int) -> int | str:
        if number < 8:
            together.wait()
        if number > VOTERS - LATE:
            closed.wait()
        elector = electors[number]
        said = {"choice": ("agree", "disagree")[number % 2], "receipt": receipt(number) if secret else ""}
        who = crowd[elector["attendee_id"]]
        try:
            return ballots.cast(ports, who, running_meeting, motion_id, elector["id"], **said)
        except MeetingError as refusal:
            return str(refusal)

    def close() -> None:
        together.wait()
        vote.close(ports, lan, running_meeting, motion_id)
        closed.set()

    with ThreadPoolExecutor(9) as pool:
        closing = pool.submit(close)
        answers = list(pool.map(cast, range(VOTERS)))
    closing.result()
    done = [each for each in answers if isinstance(each, int)]
    refused = [each for each in answers if isinstance(each, str)]
    result = motion_row(ports, motion_id).result
    assert result["cast"] == len(done)
    assert result["agree"] == sum(isinstance(each, int) for each in answers[::2])
    assert len(done) + len(refused) == VOTERS
    assert len(refused) >= LATE - 1
    assert all(refused)
    log = {each.version: each for each in events.after(ports, running_meeting, 0, limit=10_000)}
    assert all(log[version].kind is Kind.ELECTORS for version in done)
    assert len(set(done)) == len(done)


def test_one_vote_from_many_tablets_is_one_ballot(ports, lan, running_meeting, crowd):
    motion_id = approved(ports, lan, running_meeting, secret=True)
    vote.open_vote(ports, lan, running_meeting, motion_id)
    [elector, *_] = snapshot.take(ports, lan, running_meeting)[1]["electors"]
    who, together = crowd[elector["attendee_id"]], Barrier(6)

    def cast(number: int) -> bool:
        together.wait()
        try:
            said = {"choice": "agree", "receipt": receipt(number)}
            ballots.cast(ports, who, running_meeting, motion_id, elector["id"], **said)
        except MeetingError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(cast, range(6))) == 1
    with ports.database.reading() as session:
        assert len(session.exec(select(SecretBallot)).all()) == len(session.exec(select(BallotCast)).all()) == 1
