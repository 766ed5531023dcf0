"""Hall screens: the code they show, who pairs them with which meeting, and how they come back to a code."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from meeting_app.domain import hall_screen as rules
from meeting_app.domain.access import Actor
from meeting_app.domain.audit import AuditEntry
from meeting_app.domain.event import Channel, Kind
from meeting_app.domain.hall_screen import HallScreen, ScreenGuess
from meeting_app.errors import MeetingError, NotAllowed, NotFound
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import attendee as attendees
from meeting_app.services import command as commands
from meeting_app.services import event as events
from meeting_app.services import hall_screen as screens
from meeting_app.services import meeting as meetings
from meeting_app.services import snapshot
from meeting_app.services.hall_screen import Shown
from tests.cast import SettableClock
from tests.conftest import convene, hand_out
from tests.services.listening import told


@pytest.fixture
def screen(ports: Ports) -> Shown:
    """Turned on for the first time; it shows a code."""
    return screens.look(ports, None, "10.0.0.7")


def paired_with(ports: Ports, actor: Actor, meeting_id: int) -> str:
    """The cookie of a screen that shows the meeting."""
    screen = screens.look(ports, None)
    screens.pair(ports, actor, meeting_id, screen.code)
    return screen.token


def audited(ports: Ports) -> list[str]:
    with ports.database.reading() as session:
        return [each.act for each in session.exec(select(AuditEntry).where(AuditEntry.act.startswith("screen.")))]


def test_a_screen_that_is_turned_on_shows_a_code(screen: Shown):
    assert len(screen.code) == rules.CODE_LENGTH
    assert set(screen.code) <= set(rules.CODE_SIGNS)
    assert (screen.meeting_id, screen.seconds, len(screen.token)) == (None, 600, 43)


def test_only_hashes_are_kept(ports: Ports, screen: Shown):
    with ports.database.reading() as session:
        kept = str(session.exec(select(HallScreen)).one().model_dump())
    assert screen.token not in kept
    assert screen.code not in kept


def test_looking_again_shows_the_same_code_and_writes_nothing(ports: Ports, screen: Shown, clock: SettableClock):
    clock.advance(minutes=4)
    again = screens.look(ports, screen.token)
    assert (again.code, again.seconds, again.token) == (screen.code, 360, "")


def test_a_code_that_ran_out_is_followed_by_another(
    ports: Ports, screen: Shown, clock: SettableClock, lan: Actor, convened_meeting: int
):
    clock.advance(minutes=10)
    with pytest.raises(rules.WrongCode):
        screens.pair(ports, lan, convened_meeting, screen.code)
    renewed = screens.look(ports, screen.token)
    assert renewed.code != screen.code
    assert renewed.seconds == 600
    with pytest.raises(rules.WrongCode):
        screens.pair(ports, lan, convened_meeting, screen.code)
    screens.pair(ports, lan, convened_meeting, renewed.code)


@pytest.mark.parametrize("person", ["hung", "lan"])
def test_the_desk_pairs_a_screen_with_its_meeting(ports: Ports, cast, screen: Shown, running_meeting: int, person: str):
    version = screens.pair(ports, cast.actors[person], running_meeting, screen.code)
    shown = screens.look(ports, screen.token)
    assert (shown.meeting_id, shown.code) == (running_meeting, "")
    wall = screens.paired(ports, screen.token)
    assert wall is not None
    assert (wall.meeting_id, wall.name) == (running_meeting, "Màn hình 1")
    [event] = events.after(ports, running_meeting, version - 1)
    assert (event.kind, event.channel) == (Kind.SCREENS, Channel.DESK)
    assert [each.name for each in screens.screens(ports, cast.actors[person], running_meeting)] == ["Màn hình 1"]
    assert audited(ports) == ["screen.pair"]


def test_a_code_may_be_typed_in_small_letters_and_with_a_gap(
    ports: Ports, lan: Actor, screen: Shown, running_meeting: int
):
    screens.pair(ports, lan, running_meeting, f" {screen.code[:3].lower()} – {screen.code[3:]}\n")
    assert screens.look(ports, screen.token).meeting_id == running_meeting


@pytest.mark.parametrize("typed", ["", "ABC", "ABCDEFG", "OOOOOO", "AAA\0AA", "ĂĂĂĂĂĂ", "A" * 10_000, "\ud800AAAAA"])
def test_what_can_be_no_code_is_no_guess(ports: Ports, lan: Actor, running_meeting: int, typed: str):
    with pytest.raises(rules.CodeMistyped):
        screens.pair(ports, lan, running_meeting, typed)
    with ports.database.reading() as session:
        assert session.exec(select(ScreenGuess)).all() == []


@pytest.mark.parametrize(
    ("person", "error"), [("minh", NotAllowed), ("quang", NotAllowed), ("thu", NotAllowed), ("nam", NotFound)]
)
def test_nobody_but_the_desk_pairs_parts_or_sees_screens(
    ports: Ports, cast, lan: Actor, screen: Shown, running_meeting: int, person: str, error: type[MeetingError]
):
    other = cast.actors[person]
    with pytest.raises(error):
        screens.pair(ports, other, running_meeting, screen.code)
    screens.pair(ports, lan, running_meeting, screen.code)
    [paired] = screens.screens(ports, lan, running_meeting)
    for refused in (
        lambda: screens.part(ports, other, running_meeting, paired.id),
        lambda: screens.rename(ports, other, running_meeting, paired.id, "Của tôi"),
        lambda: screens.screens(ports, other, running_meeting),
    ):
        with pytest.raises(error):
            refused()
    if person in ("minh", "quang"):
        assert "screens" not in snapshot.take(ports, other, running_meeting)[1]
    assert screens.look(ports, screen.token).meeting_id == running_meeting


def test_a_meeting_nobody_was_invited_to_stays_off_the_wall(
    ports: Ports, lan: Actor, screen: Shown, draft_meeting: int
):
    with pytest.raises(MeetingError):
        screens.pair(ports, lan, draft_meeting, screen.code)
    assert screens.look(ports, screen.token).code == screen.code


def test_parting_sends_a_screen_back_to_a_new_code(ports: Ports, lan: Actor, screen: Shown, running_meeting: int):
    screens.pair(ports, lan, running_meeting, screen.code)
    [paired] = screens.screens(ports, lan, running_meeting)
    screens.part(ports, lan, running_meeting, paired.id)
    assert screens.paired(ports, screen.token) is None
    shown = screens.look(ports, screen.token)
    assert shown.meeting_id is None
    assert shown.code not in ("", screen.code)
    assert audited(ports) == ["screen.pair", "screen.part"]
    with pytest.raises(NotFound):
        screens.part(ports, lan, running_meeting, paired.id)


def test_the_screen_of_another_meeting_cannot_be_touched(
    ports: Ports, lan: Actor, hung: Actor, running_meeting: int, other_meeting: int
):
    token = paired_with(ports, lan, other_meeting)
    [paired] = screens.screens(ports, lan, other_meeting)
    with pytest.raises(NotFound):
        screens.part(ports, hung, running_meeting, paired.id)
    with pytest.raises(NotFound):
        screens.rename(ports, hung, running_meeting, paired.id, "Nhầm")
    assert screens.look(ports, token).meeting_id == other_meeting


def test_a_screen_is_called_by_the_place_where_it_hangs(ports: Ports, lan: Actor, running_meeting: int):
    paired_with(ports, lan, running_meeting)
    paired_with(ports, lan, running_meeting)
    first, second = screens.screens(ports, lan, running_meeting)
    screens.rename(ports, lan, running_meeting, first.id, "  Tường\u0000 bên trái ")
    assert [each.name for each in screens.screens(ports, lan, running_meeting)] == ["Tường bên trái", "Màn hình 2"]
    paired_with(ports, lan, running_meeting)
    assert screens.screens(ports, lan, running_meeting)[-1].name == "Màn hình 1"
    for name, error in (("  ", rules.ScreenNameMissing), ("x" * 61, rules.ScreenNameTooLong)):
        with pytest.raises(error):
            screens.rename(ports, lan, running_meeting, second.id, name)


def test_a_meeting_has_only_so_many_screens(ports: Ports, lan: Actor, running_meeting: int):
    for _ in range(rules.MOST_OF_A_MEETING):
        paired_with(ports, lan, running_meeting)
    with pytest.raises(rules.TooManyScreens):
        paired_with(ports, lan, running_meeting)


def test_of_two_desks_with_one_code_one_gets_the_screen(
    ports: Ports, lan: Actor, hung: Actor, screen: Shown, running_meeting: int, other_meeting: int
):
    barrier = Barrier(2)

    def pair(actor: Actor, meeting_id: int) -> int | MeetingError:
        barrier.wait(10)
        try:
            screens.pair(ports, actor, meeting_id, screen.code)
        except MeetingError as error:
            return error
        return meeting_id

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(pair, (lan, hung), (running_meeting, other_meeting)))
    [winner] = [each for each in outcomes if isinstance(each, int)]
    assert [type(each) for each in outcomes if not isinstance(each, int)] == [rules.WrongCode]
    assert screens.look(ports, screen.token).meeting_id == winner
    seen = [len(screens.screens(ports, lan, each)) for each in (running_meeting, other_meeting)]
    assert sorted(seen) == [0, 1]


def test_a_guesser_is_stopped_and_the_others_are_not(
    ports: Ports, lan: Actor, hung: Actor, screen: Shown, running_meeting: int, clock: SettableClock
):
    wrong = "AAAAAA" if screen.code != "AAAAAA" else "CCCCCC"
    for _ in range(rules.GUESSES_PER_ACCOUNT):
        with pytest.raises(rules.WrongCode):
            screens.pair(ports, lan, running_meeting, wrong)
    with pytest.raises(rules.TooManyCodes):
        screens.pair(ports, lan, running_meeting, screen.code)
    screens.pair(ports, hung, running_meeting, screen.code)
    clock.advance(minutes=15)
    paired_with(ports, lan, running_meeting)
    assert audited(ports).count("screen.wrong_code") == rules.GUESSES_PER_ACCOUNT


def test_guesses_at_the_same_time_do_not_win_more(ports: Ports, lan: Actor, screen: Shown, running_meeting: int):
    wrong = "AAAAAA" if screen.code != "AAAAAA" else "CCCCCC"

    def guess(_: int) -> type[MeetingError] | None:
        try:
            screens.pair(ports, lan, running_meeting, wrong)
        except MeetingError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(24)))
    assert outcomes.count(rules.WrongCode) == rules.GUESSES_PER_ACCOUNT
    assert outcomes.count(rules.TooManyCodes) == 24 - rules.GUESSES_PER_ACCOUNT


def test_wrong_codes_of_all_are_counted_together(ports: Ports, cast, lan: Actor, screen: Shown, running_meeting: int):
    with ports.database.writing() as session:
        for _ in range(rules.GUESSES_OF_ALL):
            session.add(ScreenGuess(account_id=cast.actors["nam"].account_id, at=ports.clock.now()))
    with pytest.raises(rules.TooManyCodes):
        screens.pair(ports, lan, running_meeting, screen.code)


def test_who_may_not_pair_spends_nobodys_guesses(ports: Ports, minh: Actor, screen: Shown, running_meeting: int):
    for _ in range(rules.GUESSES_PER_ACCOUNT + 1):
        with pytest.raises(NotAllowed):
            screens.pair(ports, minh, running_meeting, "AAAAAA")
    with ports.database.reading() as session:
        assert session.exec(select(ScreenGuess)).all() == []


def test_the_same_command_pairs_once(ports: Ports, lan: Actor, screen: Shown, running_meeting: int):
    args = {"code": screen.code}
    version = commands.perform(ports, lan, running_meeting, "one", "screen.pair", args)
    assert commands.perform(ports, lan, running_meeting, "one", "screen.pair", args) == version
    with ports.database.reading() as session:
        assert session.exec(select(ScreenGuess)).all() == []
    with pytest.raises(rules.WrongCode):  # another command with the code that was used
        commands.perform(ports, lan, running_meeting, "two", "screen.pair", args)


def test_a_forged_cookie_makes_a_new_screen_of_its_own(ports: Ports, lan: Actor, screen: Shown, running_meeting: int):
    screens.pair(ports, lan, running_meeting, screen.code)
    for forged in ("x" * 43, screen.token[:-1], screen.token + "x", "đ", "\ud800"):
        assert screens.paired(ports, forged) is None
        shown = screens.look(ports, forged)
        assert shown.meeting_id is None
        assert shown.token not in ("", forged)


def test_unknown_screens_cannot_fill_the_house(
    ports: Ports, screen: Shown, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "MOST_WAITING", 4)
    for _ in range(3):
        screens.look(ports, None)
    with pytest.raises(rules.TooManyWaiting):
        screens.look(ports, None)
    assert screens.look(ports, screen.token).code == screen.code
    clock.advance(minutes=10)
    assert screens.look(ports, screen.token).code != screen.code
    clock.advance(minutes=2)  # the three others are gone: nobody renewed their codes
    screens.look(ports, None)
    with ports.database.reading() as session:
        assert len(session.exec(select(HallScreen)).all()) == 2


def test_unknown_screens_come_only_so_fast(ports: Ports, screen: Shown, clock: SettableClock):
    for _ in range(rules.MOST_NEW - 1):
        screens.look(ports, None)
    for forged in (None, "x" * 43):
        with pytest.raises(rules.TooManyWaiting):
            screens.look(ports, forged)
    assert screens.look(ports, screen.token).code == screen.code
    clock.advance(minutes=1)
    screens.look(ports, None)


def test_after_the_meeting_the_next_one_takes_the_screen_over(
    ports: Ports, lan: Actor, hung: Actor, screen: Shown, running_meeting: int, other_meeting: int
):
    screens.pair(ports, lan, running_meeting, screen.code)
    meetings.close(ports, lan, running_meeting)
    shown = screens.look(ports, screen.token)
    assert shown.meeting_id == running_meeting
    assert shown.code not in ("", screen.code)
    before = events.version_of(ports, running_meeting)
    screens.pair(ports, hung, other_meeting, shown.code)
    assert screens.look(ports, screen.token).meeting_id == other_meeting
    [event] = events.after(ports, running_meeting, before)
    assert event.body["gone"] == [screens.screens(ports, hung, other_meeting)[0].id]
    assert screens.screens(ports, lan, running_meeting) == []


def test_while_the_meeting_lasts_nobody_takes_its_screen(
    ports: Ports, lan: Actor, screen: Shown, running_meeting: int, other_meeting: int, clock: SettableClock
):
    screens.pair(ports, lan, running_meeting, screen.code)
    clock.advance(days=3)
    assert screens.look(ports, screen.token) == Shown(running_meeting)
    with pytest.raises(rules.WrongCode):
        screens.pair(ports, lan, other_meeting, screen.code)


@pytest.mark.parametrize("how", ["closed", "never opened"])
def test_a_screen_leaves_a_meeting_that_is_long_over(
    ports: Ports, lan: Actor, screen: Shown, convened_meeting: int, clock: SettableClock, how: str
):
    screens.pair(ports, lan, convened_meeting, screen.code)
    if how == "closed":
        meetings.open_session(ports, lan, convened_meeting)
        meetings.close(ports, lan, convened_meeting)
        clock.advance(hours=2, minutes=59)
        assert screens.paired(ports, screen.token) is not None
        clock.advance(minutes=1)
    else:
        clock.advance(hours=16)
    assert screens.paired(ports, screen.token) is None
    version = events.version_of(ports, convened_meeting)
    shown = screens.look(ports, screen.token)
    assert (shown.meeting_id, len(shown.code)) == (None, rules.CODE_LENGTH)
    assert events.version_of(ports, convened_meeting) == version + 1
    assert screens.look(ports, screen.token) == shown
    assert audited(ports) == ["screen.pair", "screen.left"]


def test_what_stands_on_the_wall_is_what_everybody_may_read_and_no_paper(
    ports: Ports, lan: Actor, minh: Actor, running_meeting: int
):
    token = paired_with(ports, lan, running_meeting)
    hand_out(ports, lan, running_meeting, for_guests=True, title="Dự toán")
    attendees.decline(ports, minh, running_meeting, "Bận việc nhà")
    commands.perform(ports, lan, running_meeting, "c", "conclusion.record", {"text": "Kết luận"})
    wall = screens.paired(ports, token)
    assert wall is not None
    listener, state = snapshot.take(ports, wall, running_meeting)
    assert (listener.account_id, listener.attendee_id, listener.role) == (None, None, "screen")
    assert set(state) >= {"version", "meeting", "items", "attendees", "you"}
    assert set(state).isdisjoint({"documents", "conclusions", "replies", "help", "screens", "minutes", "presenter"})
    assert state["you"] == {"attendee_id": None, "name": "Màn hình 1", "role": "screen", "desk": False}
    empty = {"version": 0, "you": state["you"], "attendees": state["attendees"]}
    everything = told(empty, listener, events.after(ports, running_meeting, 0))
    assert set(everything) <= set(state)
    for secret in ("Dự toán", "việc nhà", "Kết luận của phiên"):
        assert secret not in str(everything)


def test_a_parted_screen_gets_no_snapshot(ports: Ports, lan: Actor, running_meeting: int):
    wall = screens.paired(ports, paired_with(ports, lan, running_meeting))
    assert wall is not None
    screens.part(ports, lan, running_meeting, wall.screen_id)
    with pytest.raises(NotFound):
        snapshot.take(ports, wall, running_meeting)


@pytest.fixture
def other_meeting(ports: Ports, lan: Actor, registration) -> int:
    """Another of the same people, invited to the meeting room of the next floor."""
    later = timedelta(hours=4)
    form = replace(
        registration,
        title="Họp thẩm định dự án",
        starts_at=registration.starts_at + later,
        ends_at=registration.ends_at + later,
    )
    meeting_id = meetings.register(ports, lan, form)
    agendas.insert(ports, lan, meeting_id, "Dự án")
    convene(ports, lan, meeting_id)
    return meeting_id
