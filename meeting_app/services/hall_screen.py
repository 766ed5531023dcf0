"""Hall screens: what one that was turned on has to show, paired with a meeting by its code, parted with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from meeting_app.domain import hall_screen as rules
from meeting_app.domain.access import Actor, Wall, ensure_desk
from meeting_app.domain.account import Account
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.hall_screen import HallScreen, ScreenGuess
from meeting_app.domain.meeting import Meeting, ensure_state
from meeting_app.errors import NotFound
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services import hall_screen_rows as rows
from meeting_app.services.unit_of_work import Work, changing, key, reading_standing

_NAME = N_("Screen {number}")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen has to show: its meeting, or a code, or both when the next meeting may take it over."""

    meeting_id: int | None = None
    code: str = ""
    seconds: int = 0  # until there is another code
    token: str = ""  # for the cookie of a screen that came without a known one; kept nowhere else


@dataclass(frozen=True, slots=True)
class ScreenView:
    id: int
    name: str
    paired_at: datetime


def look(ports: Ports, token: str | None, address: str = "") -> Shown:
    """Asked by each screen every few seconds: reads, and writes only when a code or a screen is new.

    Raises TooManyWaiting instead of making one more unknown screen.
    """
    now = ports.clock.now()
    with ports.database.reading() as session:
        screen = rows.by_token(session, token) if token else None
        meeting = rows.meeting_of(session, screen)
        if screen is None:
            rules.ensure_may_wait(*_waiting(session, now))
    if screen is not None and token and not _is_due(screen, meeting, now):
        return _shown(screen, token, now)
    with changing(ports, None) as work:
        screen = rows.by_token(work.session, token) if token else None
        if screen is None or not token:
            token = ports.new_token()
            screen = _new(work, token, address)
            _renew_code(work, screen, token)
            return _shown(screen, token, now, is_new=True)
        _let_go_when_left(work, screen)
        screen = work.session.exec(rows.locked(col(HallScreen.id) == screen.id)).one()
        if _is_due(screen, rows.meeting_of(work.session, screen), work.now):
            _renew_code(work, screen, token)
        return _shown(screen, token, now)


def paired(ports: Ports, token: str | None) -> Wall | None:
    """The screen that holds this cookie and the meeting it shows; None when it shows none."""
    if not token:
        return None
    with ports.database.reading() as session:
        screen = rows.by_token(session, token)
        meeting = rows.meeting_of(session, screen)
    if screen is None or meeting is None or rules.is_left(meeting, ports.clock.now()):
        return None
    return Wall(key(screen.id), key(meeting.id), screen.name)


def screens(ports: Ports, actor: Actor, meeting_id: int) -> list[ScreenView]:
    """The screens that show a meeting, for its desk; the first one paired stands first."""
    with ports.database.reading() as session:
        ensure_desk(reading_standing(session, actor, meeting_id))
        return [
            ScreenView(key(each.id), each.name, each.paired_at)
            for each in rows.of_meeting(session, meeting_id)
            if each.paired_at is not None
        ]


def pair(ports: Ports, actor: Actor, meeting_id: int, code: str) -> int:
    """Let the screen that shows this code show the meeting; raises WrongCode or TooManyCodes."""
    with _guessing(ports, actor, meeting_id), changing(ports, actor) as work:
        standing = work.standing(meeting_id)
        ensure_desk(standing)
        ensure_state(standing.meeting, *rules.PAIRING_STATES)
        screen = _showing(work, rules.hash_of(rules.clean_code(code)))
        names = [each.name for each in rows.of_meeting(work.session, meeting_id)]
        if len(names) >= rules.MOST_OF_A_MEETING:
            raise rules.TooManyScreens(number=rules.MOST_OF_A_MEETING)
        if screen.meeting_id is not None:
            _let_go(work, screen)
        screen.code_hash = screen.code_expires_at = None
        screen.meeting_id, screen.paired_at, screen.paired_by = meeting_id, work.now, actor.account_id
        numbered = (_(_NAME, number=number) for number in range(1, rules.MOST_OF_A_MEETING + 1))
        screen.name = next(name for name in numbered if name not in names)
        work.record("screen.pair", meeting_id, screen=screen.id, name=screen.name)
        return _announce(work, standing.meeting, screen)


def rename(ports: Ports, actor: Actor, meeting_id: int, screen_id: int, name: str) -> int:
    """Call a screen by the place where it hangs."""
    with changing(ports, actor) as work:
        meeting, screen = _of_the_desk(work, meeting_id, screen_id)
        screen.name = rules.clean_name(name)
        work.record("screen.rename", meeting_id, screen=screen.id, name=screen.name)
        return _announce(work, meeting, screen)


def part(ports: Ports, actor: Actor, meeting_id: int, screen_id: int) -> int:
    """The screen no longer shows the meeting, and goes back to a code."""
    with changing(ports, actor) as work:
        _meeting, screen = _of_the_desk(work, meeting_id, screen_id)
        work.record("screen.part", meeting_id, screen=screen.id, name=screen.name)
        _let_go(work, screen)
        return work.version


def _is_due(screen: HallScreen, meeting: Meeting | None, now: datetime) -> bool:
    if meeting is None or rules.is_left(meeting, now):
        return screen.meeting_id is not None or not screen.shows_code_at(now)
    return rules.may_be_taken_over(meeting) and not screen.shows_code_at(now)


def _shown(screen: HallScreen, token: str, now: datetime, *, is_new: bool = False) -> Shown:
    code = rules.code_of(token, screen.code_number) if screen.shows_code_at(now) else ""
    until = screen.code_expires_at
    seconds = int((until - now).total_seconds()) if code and until else 0
    return Shown(screen.meeting_id, code, seconds, token if is_new else "")


def _new(work: Work, token: str, address: str) -> HallScreen:
    """A screen nobody knows yet; those that have gone meanwhile are forgotten first."""
    waiting, since = col(HallScreen.meeting_id).is_(None), work.now - rules.GONE_AFTER
    work.session.exec(delete(HallScreen).where(waiting, col(HallScreen.code_expires_at) < since))
    rules.ensure_may_wait(*_waiting(work.session, work.now))
    screen = HallScreen(token_hash=rules.hash_of(token), opened_at=work.now, address=address[:60])
    work.session.add(screen)
    return screen


def _waiting(session: Session, now: datetime) -> tuple[int, int]:
    """Screens that show a code and are there still, and those made of late."""
    waiting = select(func.count()).where(
        col(HallScreen.meeting_id).is_(None), col(HallScreen.code_expires_at) >= now - rules.GONE_AFTER
    )
    new = select(func.count()).where(HallScreen.opened_at > now - rules.NEW_WINDOW)
    return session.exec(waiting).one(), session.exec(new).one()


def _renew_code(work: Work, screen: HallScreen, token: str) -> None:
    """The next code that no other screen shows."""
    while True:
        screen.code_number += 1
        code_hash = rules.hash_of(rules.code_of(token, screen.code_number))
        if work.session.exec(select(HallScreen.id).where(HallScreen.code_hash == code_hash)).first() is None:
            break
    screen.code_hash, screen.code_expires_at = code_hash, work.now + rules.CODE_LIFE


def _let_go_when_left(work: Work, screen: HallScreen) -> None:
    """The meeting first, then the screen, as in every act on a meeting: so nobody waits in a circle."""
    if screen.meeting_id is None:
        return
    meeting = _lock_meeting(work, screen.meeting_id)
    screen = work.session.exec(rows.locked(col(HallScreen.id) == screen.id)).one()
    if screen.meeting_id == meeting.id and rules.is_left(meeting, work.now):
        work.record("screen.left", meeting.id, screen=screen.id, name=screen.name)
        _let_go(work, screen)


def _let_go(work: Work, screen: HallScreen) -> None:
    meeting = work.session.get_one(Meeting, screen.meeting_id)
    screen.meeting_id = screen.paired_at = screen.paired_by = None
    screen.name = ""
    work.emit(meeting, Kind.SCREENS, {"screens": [], "gone": [screen.id]}, Channel.DESK)


def _announce(work: Work, meeting: Meeting, screen: HallScreen) -> int:
    work.session.flush()
    order = [each.id for each in rows.of_meeting(work.session, key(meeting.id))]
    return work.emit(meeting, Kind.SCREENS, {"screens": [rows.body(screen)], "order": order}, Channel.DESK)


def _showing(work: Work, code_hash: str) -> HallScreen:
    """The screen with this code, locked after the closed meeting that it may still show."""
    shows = col(HallScreen.code_hash) == code_hash
    found = work.session.exec(select(HallScreen).where(shows)).one_or_none()
    left = _lock_meeting(work, found.meeting_id) if found is not None and found.meeting_id is not None else None
    screen = work.session.exec(rows.locked(shows)).one_or_none()
    if screen is None or not screen.shows_code_at(work.now) or not rules.is_same(screen.code_hash or "", code_hash):
        raise rules.WrongCode(minutes=int(rules.CODE_LIFE.total_seconds() // 60))
    if screen.meeting_id is not None and (left is None or screen.meeting_id != left.id):
        raise rules.WrongCode(minutes=int(rules.CODE_LIFE.total_seconds() // 60))
    return screen


def _of_the_desk(work: Work, meeting_id: int, screen_id: int) -> tuple[Meeting, HallScreen]:
    standing = work.standing(meeting_id)
    ensure_desk(standing)
    screen = work.session.exec(rows.locked(col(HallScreen.id) == screen_id)).one_or_none()
    if screen is None or screen.meeting_id != meeting_id:
        raise NotFound
    return standing.meeting, screen


def _lock_meeting(work: Work, meeting_id: int) -> Meeting:
    return work.session.exec(select(Meeting).where(Meeting.id == meeting_id).with_for_update()).one()


@contextmanager
def _guessing(ports: Ports, actor: Actor, meeting_id: int) -> Iterator[None]:
    """Count a code as wrong before it is looked for, so that parallel guesses cannot win; a right one is forgiven."""
    with ports.database.writing() as session:
        ensure_desk(reading_standing(session, actor, meeting_id))
        account = select(Account.id).where(Account.id == actor.account_id)
        session.exec(account.with_for_update(key_share=True)).one()  # one guess at a time
        since = ports.clock.now() - rules.GUESS_WINDOW
        session.exec(delete(ScreenGuess).where(col(ScreenGuess.at) <= since))
        rules.ensure_may_guess(*_wrong(session, actor))
        guess = ScreenGuess(account_id=actor.account_id, at=ports.clock.now())
        session.add(guess)
    try:
        yield
    except rules.WrongCode:
        with changing(ports, replace(actor, command_id=None)) as work:  # it was not done, and leaves no receipt
            work.record("screen.wrong_code", meeting_id)
        raise
    except BaseException:
        _forgive(ports, guess)
        raise
    _forgive(ports, guess)


def _wrong(session: Session, actor: Actor) -> tuple[int, int]:
    """Wrong codes of late: this person's, and everybody's."""
    query = select(func.count()).select_from(ScreenGuess)
    own = session.exec(query.where(ScreenGuess.account_id == actor.account_id)).one()
    return own, session.exec(query).one()


def _forgive(ports: Ports, guess: ScreenGuess) -> None:
    with ports.database.writing() as session:
        session.exec(delete(ScreenGuess).where(col(ScreenGuess.id) == guess.id))
