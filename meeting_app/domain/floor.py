"""The floor: who asks to speak, who has a question (chất vấn) for whom, and in which order they are called.

Speeches, questions and points of order are one list. A point of order comes before all others; the others
come in the order they asked, by the rank of their post, or as the chair's hand put them. Each person waits
at most once for each kind. Guests may ask to speak, and no more than that.

While the list is paused nobody joins it but by the desk's hand, and who waits may still be called; when it
has ended nobody is called any more, and whoever still waits is kept as not called.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from meeting_app.domain.wording import one_line
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError, NotAllowed
from meeting_app.i18n import N_

LONGEST_SUBJECT = 500
GAP = 1024  # between two positions, so that one can be moved without numbering the others anew
FIRST_RANK, LAST_RANK = 1, 1000


class RequestKind(StrEnum):
    SPEECH = "speech"  # Xin phát biểu
    ORDER = "order"  # a point of order: about how the meeting is run
    QUESTION = "question"  # Chất vấn, put to somebody


class RequestState(StrEnum):
    WAITING = "waiting"
    SPEAKING = "speaking"
    PAUSED = "paused"  # by the desk, or by a point of order
    DONE = "done"
    WITHDRAWN = "withdrawn"


class FloorOrder(StrEnum):
    TIME = "time"
    RANK = "rank"
    HAND = "hand"


class Taking(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    ENDED = "ended"


class FloorRequest(SQLModel, table=True):
    """One wish to speak, and the turn that came of it."""

    __tablename__ = "floor_request"
    __table_args__ = (
        Index("ix_floor_request_meeting_id", "meeting_id"),
        Index(
            "one_speaker_at_a_time",
            "meeting_id",
            unique=True,
            sqlite_where=text("state = 'speaking'"),
            postgresql_where=text("state = 'speaking'"),
        ),
        Index(
            "one_waits_once_for_a_kind",
            *("meeting_id", "attendee_id", "kind"),
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    kind: RequestKind = Field(sa_type=stored_words(RequestKind))
    attendee_id: int = Field(foreign_key="attendee.id")
    addressee_id: int | None = Field(default=None, foreign_key="attendee.id")  # of a question
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")  # what they want to speak about
    spoken_on_id: int | None = Field(default=None, foreign_key="agenda_item.id")  # what was discussed when called
    subject: str = Field(default="", max_length=LONGEST_SUBJECT)
    state: RequestState = Field(default=RequestState.WAITING, sa_type=stored_words(RequestState))
    raised_at: datetime
    raised_by: int = Field(foreign_key="account.id")
    position: int = 0  # the smaller is called first; compare, do not count
    seconds: int  # the turn may take
    started_at: datetime | None = None
    paused_at: datetime | None = None
    paused_seconds: float = 0  # of the time since started_at, how long the turn stood still
    interrupted: bool = False  # by a point of order: the turn goes on when that ends
    ended_at: datetime | None = None


class FloorRules(SQLModel, table=True):
    """How the floor is given in one meeting; without a row, as these defaults say."""

    __tablename__ = "floor_rules"

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    order: FloorOrder = Field(default=FloorOrder.TIME, sa_type=stored_words(FloorOrder))
    seconds: int = 180
    question_seconds: int = 120
    speeches: Taking = Field(default=Taking.OPEN, sa_type=stored_words(Taking))
    questions: Taking = Field(default=Taking.OPEN, sa_type=stored_words(Taking))

    def taking(self, kind: RequestKind) -> Taking:
        """Points of order are always taken."""
        return {
            RequestKind.SPEECH: self.speeches,
            RequestKind.QUESTION: self.questions,
            RequestKind.ORDER: Taking.OPEN,
        }[kind]

    def seconds_for(self, kind: RequestKind) -> int:
        return {
            RequestKind.SPEECH: self.seconds,
            RequestKind.QUESTION: self.question_seconds,
            RequestKind.ORDER: min(60, self.seconds),
        }[kind]


class FloorNotYetOpen(MeetingError):
    message = N_("The floor can be asked for from {minutes} minutes before the meeting starts.")


class SubjectTooLong(MeetingError):
    message = N_("The subject may have at most {length} characters.")


class AddresseeMissing(MeetingError):
    message = N_("Choose whom the question is for.")


class QuestionToOneself(MeetingError):
    message = N_("A question is put to somebody else.")


class GuestsOnlySpeak(NotAllowed):
    message = N_("Guests may ask to speak; questions and points of order are for the members.")


class AlreadyWaiting(MeetingError):
    message = N_("{name} is already on the list. Withdraw that request to make another one.")


class NotTaken(MeetingError):
    message = N_("The chair takes no new requests for now.")


class FloorEnded(MeetingError):
    message = N_("The chair has ended this list; nobody else is called.")


class NotWaiting(MeetingError):
    message = N_("{name} is no longer waiting: someone else has just called or withdrawn this request.")


class NotWithdrawn(MeetingError):
    message = N_("This request of {name} was not withdrawn.")


class NobodyWaiting(MeetingError):
    message = N_("Nobody is waiting to be called.")


class TurnSecondsWrong(MeetingError):
    message = N_("A turn lasts between {least} seconds and {most} minutes.")


def clean_subject(subject: str) -> str:
    """On one line; empty is allowed."""
    cleaned = one_line(subject)
    if len(cleaned) > LONGEST_SUBJECT:
        raise SubjectTooLong(length=LONGEST_SUBJECT)
    return cleaned


def ensure_seconds(seconds: int) -> int:
    least, most = 10, 120
    if not least <= seconds <= most * 60:
        raise TurnSecondsWrong(least=least, most=most)
    return seconds


def queue(requests: Sequence[FloorRequest]) -> list[FloorRequest]:
    """Who waits, in the order to be called."""
    waiting = [each for each in requests if each.state is RequestState.WAITING]
    return sorted(waiting, key=lambda each: (each.kind is not RequestKind.ORDER, each.position, each.id or 0))


def in_order(requests: Sequence[FloorRequest]) -> list[FloorRequest]:
    """Who speaks, who was interrupted, who waits as they are called, and who has spoken; none withdrawn."""
    live = [each for each in requests if each.state in (RequestState.SPEAKING, RequestState.PAUSED)]
    done = [each for each in requests if each.state is RequestState.DONE]
    live.sort(key=lambda each: (each.state is RequestState.PAUSED, each.id or 0))
    done.sort(key=lambda each: (each.started_at is None, each.started_at, each.id or 0))
    return [*live, *queue(requests), *done]


def join(requests: Sequence[FloorRequest], request: FloorRequest, order: FloorOrder, ranks: Mapping[int, int]) -> None:
    """Give a waiting request its place; `ranks` are those of the posts by attendee, 1 the highest."""
    others = [each for each in queue(requests) if each is not request]
    if order is FloorOrder.HAND:
        _put(others, request, len(others))
        return
    mine = _key(request, order, ranks)
    _put(others, request, sum(_key(each, order, ranks) <= mine for each in others))


def join_first(requests: Sequence[FloorRequest], request: FloorRequest) -> None:
    """Give a waiting request the place of the next to be called."""
    _put([each for each in queue(requests) if each is not request], request, 0)


def line_up(requests: Sequence[FloorRequest], order: FloorOrder, ranks: Mapping[int, int]) -> None:
    """Order all who wait anew; by hand they stay as they stand."""
    if order is not FloorOrder.HAND:
        _number(sorted(queue(requests), key=lambda each: _key(each, order, ranks)))


def move(requests: Sequence[FloorRequest], request: FloorRequest, position: int) -> None:
    """Put a waiting request at this place among those who wait, 1 first; points of order stay before all others."""
    _put([each for each in queue(requests) if each is not request], request, position - 1)


def _key(request: FloorRequest, order: FloorOrder, ranks: Mapping[int, int]) -> tuple[bool, int, datetime, int]:
    rank = ranks.get(request.attendee_id, LAST_RANK) if order is FloorOrder.RANK else FIRST_RANK
    return request.kind is not RequestKind.ORDER, rank, request.raised_at, request.id or 2**31


def _put(others: list[FloorRequest], request: FloorRequest, index: int) -> None:
    """Between two others if there is room, else all are numbered anew."""
    orders = sum(each.kind is RequestKind.ORDER for each in others)
    low, high = (0, orders) if request.kind is RequestKind.ORDER else (orders, len(others))
    index = max(low, min(index, high))
    before = others[index - 1].position if index > low else None
    after = others[index].position if index < high else None
    if before is None:
        request.position = (after - GAP) if after is not None else 0
    elif after is None:
        request.position = before + GAP
    elif after - before > 1:
        request.position = (before + after) // 2
    else:
        others.insert(index, request)
        _number(others)


def _number(ordered: Sequence[FloorRequest]) -> None:
    for place, each in enumerate(ordered):
        each.position = place * GAP
