"""A meeting with two hundred people more, one of them with a long name and post."""

from datetime import date

import pytest

from meeting_app.domain.account import Account
from meeting_app.domain.attendee import Attendee, Role
from meeting_app.domain.organisation import Appointment, Post
from meeting_app.services.unit_of_work import changing, key

LONG_POST = "Phó Trưởng ban Thường trực Ban Kinh tế – Ngân sách Hội đồng nhân dân thành phố"


@pytest.fixture
def crowded(waking_ports, lan, running_meeting, cast) -> int:
    """Two hundred people more, one of them with a long post."""
    with changing(waking_ports, lan) as work:
        unit_id = cast.units["an_hai"]
        names = [f"Đại biểu Thứ {number}" for number in range(1, 200)] + ["Công Tằng Tôn Nữ Thị Hoàng Oanh"]
        accounts = [
            Account(username=f"db{n}", full_name=name, password_hash="", unit_id=unit_id)
            for n, name in enumerate(names)
        ]
        work.session.add_all(accounts)
        work.session.flush()
        people = [Attendee(meeting_id=running_meeting, account_id=key(each.id), role=Role.MEMBER) for each in accounts]
        work.session.add_all(people)
        post = Post(name=LONG_POST)
        work.session.add(post)
        work.session.flush()
        last = key(accounts[-1].id)
        work.session.add(Appointment(account_id=last, unit_id=unit_id, post_id=key(post.id), since=date(2024, 1, 1)))
    return running_meeting
