"""The form in which a meeting is registered or its draft changed; what is typed outlives reloads and errors."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from meeting_app.domain.attendee import Role
from meeting_app.domain.calendar import VIETNAM, local
from meeting_app.domain.meeting import LONGEST_TITLE
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_, _
from meeting_app.services.attendee import AttendeeView
from meeting_app.services.meeting import MeetingView, Registration, VenueView
from meeting_app.services.people import Person

LONGEST_NOTE = 2000  # characters, as the invitation takes them
_QUARTERS = tuple(time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 15))

Values = dict[str, Any]


class TimeMissing(MeetingError):
    message = N_("Choose the day and the time of the meeting.")


class VenueMissing(MeetingError):
    message = N_("Choose the meeting room.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, by id, in the order in which it is offered."""

    venues: dict[int, VenueView]
    people: dict[int, Person]

    def person(self, account_id: int) -> str:
        """'Nguyễn Văn Hùng – Chủ tịch, Uỷ ban nhân dân phường An Hải': found by name, post or unit."""
        who = self.people[account_id]
        return f"{who.name} – {who.post}, {who.unit}" if who.post else f"{who.name} – {who.unit}"


def fresh(secretary_id: int, now: datetime, choices: Choices) -> Values:
    """An empty form: tomorrow morning, the first room, the registrar as secretary."""
    return {
        "title": "",
        "venue": next(iter(choices.venues), None),
        "day": local(now).date() + timedelta(days=1),
        "start": time(8, 0),
        "end": time(10, 0),
        "chair": None,
        "secretary": secretary_id,
        "members": [],
        "guests": [],
        "note": "",
    }


def standing(meeting: MeetingView, attendees: list[AttendeeView]) -> Values:
    """The draft as it is stored."""
    by_role: dict[Role, list[int]] = {role: [] for role in Role}
    for each in attendees:
        by_role[each.role].append(each.account_id)
    starts_at, ends_at = local(meeting.starts_at), local(meeting.ends_at)
    return {
        "title": meeting.title,
        "venue": meeting.venue_id,
        "day": starts_at.date(),
        "start": starts_at.time(),
        "end": ends_at.time(),
        "chair": next(iter(by_role[Role.CHAIR]), None),
        "secretary": next(iter(by_role[Role.SECRETARY]), None),
        "members": by_role[Role.MEMBER],
        "guests": by_role[Role.GUEST],
        "note": meeting.note,
    }


class Form:
    """The fields of one draft by one person; each value is kept in the session and beside it."""

    def __init__(self, account_id: int, meeting_id: int | None, choices: Choices, begin_with: Values) -> None:
        self._names = tuple(begin_with)
        self._prefix = f"registration_{meeting_id or 'new'}_"
        self._kept = _kept(account_id, meeting_id)
        self._choices = choices
        for name, value in (begin_with | self._kept).items():
            # A widget's value leaves the session with its page; what was typed comes back from beside it.
            if self.key(name) not in st.session_state:
                st.session_state[self.key(name)] = _offered(name, value, choices)

    def key(self, name: str) -> str:
        return self._prefix + name

    def __getitem__(self, name: str) -> Any:
        return st.session_state[self.key(name)]

    def keep(self) -> None:
        """Remember what is typed now; called once all fields are drawn."""
        self._kept.update({name: self[name] for name in self._names})

    def forget(self) -> None:
        """It is stored now."""
        self._kept.clear()

    def what_and_where(self) -> None:
        st.text_input(
            _("Title of the meeting"),
            key=self.key("title"),
            max_chars=LONGEST_TITLE,
            placeholder=_("For example: Weekly briefing"),
            live="800ms",
        )
        venues = self._choices.venues
        st.selectbox(
            _("Meeting room"),
            list(venues),
            index=None,
            key=self.key("venue"),
            format_func=lambda each: _("{name} ({seats} seats)", name=venues[each].name, seats=venues[each].seats),
            placeholder=_("Choose"),
        )

    def when(self) -> None:
        day, start, end = st.columns(3)
        with day:
            st.date_input(_("Day"), key=self.key("day"), format="DD/MM/YYYY")
        for column, name, label in ((start, "start", _("Begins at")), (end, "end", _("Ends at"))):
            with column:
                st.selectbox(
                    label, _quarters_with(self[name]), key=self.key(name), format_func=_hour, placeholder=_("Choose")
                )

    def who(self) -> None:
        people, named, hint = list(self._choices.people), self._choices.person, _("Find by name, post or unit")
        for name, label in (("chair", _("Chair")), ("secretary", _("Secretary"))):
            st.selectbox(label, people, index=None, key=self.key(name), format_func=named, placeholder=hint)
        for name, label in (("members", _("Attendees")), ("guests", _("Guests"))):
            st.multiselect(label, people, key=self.key(name), format_func=named, placeholder=hint, select_all=False)

    def note(self) -> None:
        st.text_area(
            _("Note for those invited"),
            key=self.key("note"),
            max_chars=LONGEST_NOTE,
            placeholder=_("For example: please read the documents beforehand."),
        )

    def moment(self, name: str) -> datetime | None:
        """The start or the end, aware; None while the day is empty."""
        on: date | None = self["day"]
        at: time | None = self[name]
        return datetime.combine(on, at, VIETNAM) if on and at else None

    @property
    def venue_name(self) -> str:
        return self._choices.venues[self["venue"]].name

    def person(self, account_id: int) -> str:
        return self._choices.person(account_id)

    @property
    def invited(self) -> list[int]:
        """Everybody named, each once."""
        named = [self["chair"], self["secretary"], *self["members"], *self["guests"]]
        return list(dict.fromkeys(each for each in named if each is not None))

    def registration(self) -> Registration:
        """What the services take; raises the sentence of the first field without which there is none."""
        starts_at, ends_at = self.moment("start"), self.moment("end")
        if starts_at is None or ends_at is None:
            raise TimeMissing
        if self["venue"] is None:
            raise VenueMissing
        return Registration(
            title=self["title"] or "",
            venue_id=self["venue"],
            starts_at=starts_at,
            ends_at=ends_at,
            chair_id=self["chair"],
            secretary_id=self["secretary"],
            member_ids=tuple(self["members"]),
            guest_ids=tuple(self["guests"]),
            note=self["note"] or "",
        )


@st.cache_resource(ttl="12h", max_entries=2000, show_spinner=False)
def _kept(account_id: int, meeting_id: int | None) -> Values:  # noqa: ARG001 — they are the cache's key
    """What this person typed into this form, on this server: a reload or a cut connection does not lose it."""
    return {}


def _offered(name: str, value: Any, choices: Choices) -> Any:
    """A value as far as it is still on offer: rooms and people may have gone since it was chosen."""
    match name:
        case "venue":
            return value if value in choices.venues else None
        case "chair" | "secretary":
            return value if value in choices.people else None
        case "members" | "guests":
            return [each for each in value if each in choices.people]
    return value


def _quarters_with(chosen: time | None) -> list[time]:
    return sorted({*_QUARTERS, *([chosen] if chosen else [])})


def _hour(at: time) -> str:
    return _("{hour}:{minute}", hour=at.hour, minute=f"{at.minute:02d}")
