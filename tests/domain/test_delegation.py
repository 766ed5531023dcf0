"""What a delegation must say before it is written down, and whose post permits which kind."""

from datetime import date, timedelta

import pytest

from meeting_app.domain import delegation as rules
from meeting_app.domain.delegation import DelegationKind, Terms, clean_terms, ensure_fits
from meeting_app.domain.organisation import Appointment, LastDayWrong, Post
from meeting_app.domain.paper import PaperKind
from meeting_app.errors import MeetingError

Q, KT, TL, TUQ = DelegationKind
TODAY = date(2026, 11, 23)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
HEAD = Post(id=1, name="Chủ tịch", heads=True)


def terms(kind: DelegationKind, **values: object) -> Terms:
    usual: dict[str, object] = {"papers": frozenset({PaperKind.OTHER}), "basis": "Số 12/UQ-UBND", "since": TODAY}
    return Terms(kind, **(usual | values))


@pytest.mark.parametrize(
    ("kind", "values", "refusal"),
    [
        (KT, {"papers": frozenset()}, rules.PapersMissing),
        (KT, {"basis": " \n "}, rules.BasisMissing),
        (KT, {"basis": "số " * 70}, rules.TermsTooLong),
        (KT, {"content": "x" * 501}, rules.TermsTooLong),
        (TUQ, {"content": "Ký đôn đốc"}, rules.LimitsMissing),
        (TUQ, {"until": TOMORROW, "content": "  "}, rules.LimitsMissing),
        (TUQ, {"until": TOMORROW, "content": "Ký đôn đốc"}, None),
        (KT, {"until": YESTERDAY, "since": YESTERDAY}, LastDayWrong),
        (KT, {"since": TOMORROW, "until": TODAY}, LastDayWrong),
        (KT, {"until": TODAY}, None),
        (KT, {"since": YESTERDAY}, None),
    ],
)
def test_what_is_missing_is_said(kind: DelegationKind, values: dict[str, object], refusal: type[MeetingError] | None):
    if refusal is None:
        assert clean_terms(terms(kind, **values), TODAY).kind is kind
        return
    with pytest.raises(refusal):
        clean_terms(terms(kind, **values), TODAY)


def test_texts_are_cleaned_and_an_acting_head_signs_every_paper():
    cleaned = clean_terms(terms(Q, papers=frozenset(), basis=" Quyết định\n số 7 ", content=" a\r\nb "), TODAY)
    assert (cleaned.basis, cleaned.content, cleaned.papers) == ("Quyết định số 7", "a\nb", frozenset(PaperKind))


@pytest.mark.parametrize(
    ("post", "kinds"),
    [
        (Post(id=2, name="Phó Chủ tịch", deputy_of_id=1), {Q, KT}),
        (Post(id=3, name="Trưởng phòng", heads=True), {Q, TL, TUQ}),
        (Post(id=4, name="Phó Trưởng phòng", deputy_of_id=3), {Q}),
        (Post(id=5, name="Chuyên viên"), {Q}),
        (HEAD, set()),
    ],
)
def test_each_post_permits_its_kinds(post: Post, kinds: set[DelegationKind]):
    for kind in DelegationKind:
        if kind in kinds:
            ensure_fits(kind, "Lê Quang Minh", post, HEAD)
            continue
        refusal = rules.HeadNeedsNone if post is HEAD else rules.OnlyDeputies if kind is KT else rules.OnlyHeadsOfParts
        with pytest.raises(refusal, match="Lê Quang Minh"):
            ensure_fits(kind, "Lê Quang Minh", post, HEAD)


@pytest.mark.parametrize(
    ("since", "until", "meets"),
    [
        (TODAY - timedelta(days=9), YESTERDAY, False),
        (TODAY - timedelta(days=9), TODAY, True),
        (TOMORROW, None, True),
        (TODAY + timedelta(days=6), None, False),
    ],
)
def test_times_meet_on_their_last_days_too(since: date, until: date | None, meets: bool):
    held = Appointment(account_id=1, unit_id=1, post_id=1, since=TODAY, until=TODAY + timedelta(days=5))
    assert held.overlaps(since, until) is meets
