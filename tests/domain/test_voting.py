"""The arithmetic of a vote."""

from fractions import Fraction as Exact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_app.domain.voting import Base, Choice, Fraction, MotionKind, Rules, TieRule, Vote, is_valid, quorum, tally

HALF = Fraction(1, 2, strict=True)
FRACTIONS = st.integers(1, 20).flatmap(lambda whole: st.builds(Fraction, st.integers(1, whole), st.just(whole)))


@given(FRACTIONS, st.integers(0, 5000), st.booleans())
def test_the_need_is_the_smallest_number_that_makes_the_part(fraction: Fraction, whole: int, strict: bool):
    need = Fraction(fraction.numerator, fraction.denominator, strict).need(whole)
    part = Exact(whole * fraction.numerator, fraction.denominator)

    def enough(number: int) -> bool:
        return number >= 1 and (number > part if strict else number >= part)

    assert enough(need)
    assert not enough(need - 1)


@pytest.mark.parametrize(
    ("fraction", "whole", "need"),
    [(HALF, 11, 6), (HALF, 12, 7), (Fraction(2, 3), 11, 8), (Fraction(2, 3), 12, 8), (Fraction(1, 1), 7, 7)],
)
def test_the_usual_majorities(fraction: Fraction, whole: int, need: int):
    assert fraction.need(whole) == need


def test_a_quorum_is_reached_with_the_last_one_needed():
    assert not quorum(7, 11, Fraction(2, 3)).reached
    assert quorum(8, 11, Fraction(2, 3)).reached


def count(rules: Rules, agree: int, disagree: int, other: int = 0, **more):
    votes = [Vote(Choice.AGREE)] * agree + [Vote(Choice.DISAGREE)] * disagree + [Vote(Choice.OTHER)] * other
    return tally(rules, votes, **{"electors": len(votes), "entitled": len(votes), **more})


@pytest.mark.parametrize(
    ("base", "agree", "carried"),
    [
        (Base.PRESENT, 6, True),
        (Base.PRESENT, 5, False),
        (Base.ALL, 8, True),
        (Base.ALL, 7, False),
        (Base.CAST, 4, False),
        (Base.CAST, 5, True),
    ],
)
def test_the_same_ballots_by_each_base(base: Base, agree: int, carried: bool):
    rules = Rules(MotionKind.AGREEMENT, base, HALF)
    result = count(rules, agree, 4, electors=11, entitled=15)
    assert result.carried is carried


def test_a_tie_is_not_carried_unless_the_chair_agrees():
    by_chair = Rules(MotionKind.AGREEMENT, Base.PRESENT, HALF, TieRule.CHAIR)
    failing = Rules(MotionKind.AGREEMENT, Base.PRESENT, HALF, TieRule.FAILS)
    assert count(by_chair, 3, 3, chair=Choice.AGREE).carried
    assert not count(by_chair, 3, 3, chair=Choice.DISAGREE).carried
    assert not count(by_chair, 3, 3).carried
    assert not count(failing, 3, 3, chair=Choice.AGREE).carried
    assert count(failing, 3, 3).tie


RULES = st.builds(
    Rules,
    st.just(MotionKind.CHOICE),
    st.sampled_from(Base),
    st.just(HALF) | FRACTIONS,
    options=st.integers(2, 6).map(lambda number: tuple(range(1, number + 1))),
    winners=st.integers(1, 3),
    max_choices=st.integers(1, 6),
)


@given(RULES, st.lists(st.sets(st.integers(1, 6)), max_size=30))
def test_never_more_are_elected_than_there_are_seats_and_nobody_below_another(rules: Rules, ballots: list[set[int]]):
    votes = [vote for each in ballots if is_valid(rules, vote := Vote(options=tuple(each & set(rules.options))))]
    result = tally(rules, votes, electors=len(votes), entitled=len(votes) + 3)
    elected = [each for each in result.options if each.carried]
    others = [each for each in result.options if not each.carried]
    assert len(elected) <= rules.winners
    assert all(each.count >= result.need for each in elected)
    assert all(each.count > other.count or other.count < result.need for each in elected for other in others)
    assert all(each.count == sum(each.id in vote.options for vote in votes) for each in result.options)


def test_equal_numbers_at_the_last_seat_carry_nobody_there():
    rules = Rules(MotionKind.CHOICE, Base.PRESENT, Fraction(1, 10), options=(1, 2, 3), max_choices=3, winners=2)
    votes = [Vote(options=(1, 2))] * 2 + [Vote(options=(1, 3))] * 2
    result = tally(rules, votes, electors=4, entitled=4)
    assert [(each.carried, each.tied) for each in result.options] == [(True, False), (False, True), (False, True)]
    assert result.tie


@pytest.mark.parametrize(
    "vote",
    [Vote(), Vote(options=(1,)), Vote(Choice.AGREE, (1,))],
)
def test_a_ballot_of_agreement_says_one_of_three(vote: Vote):
    assert not is_valid(Rules(MotionKind.AGREEMENT, Base.PRESENT, HALF), vote)


@pytest.mark.parametrize("options", [(1, 1), (1, 4), (1, 2, 3)])
def test_a_ballot_of_choice_names_known_options_once_and_not_too_many(options: tuple[int, ...]):
    rules = Rules(MotionKind.CHOICE, Base.PRESENT, HALF, options=(1, 2, 3), max_choices=2)
    assert not is_valid(rules, Vote(options=options))
    assert is_valid(rules, Vote(options=()))
