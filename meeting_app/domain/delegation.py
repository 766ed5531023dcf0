"""Delegations: who was given the head's signature, in writing, for which papers and until when (L3).

Nghị định 30/2020/NĐ-CP, điều 13: KT. (ký thay) by deputies of the head; TL. (thừa lệnh) and TUQ. (thừa uỷ
quyền) by heads of the unit's parts; Q. (quyền) by whoever acts as head while that post is vacant. TUQ. is
limited in time and content and ends with whoever gave it. Nothing of this is passed on.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from meeting_app.domain.organisation import LastDayWrong, Post
from meeting_app.domain.paper import PaperKind
from meeting_app.domain.wording import typed
from meeting_app.domain.words import stored_words
from meeting_app.errors import MeetingError
from meeting_app.i18n import N_

LONGEST_BASIS = 200
LONGEST_CONTENT = 500


class DelegationKind(StrEnum):
    """The strongest first."""

    ACTING = "q"
    DEPUTY = "kt"
    BY_ORDER = "tl"
    AUTHORISED = "tuq"

    @property
    def mark(self) -> str:
        """As papers print it: "KT."."""
        return f"{self.value.upper()}."

    @property
    def personal(self) -> bool:
        """One person's trust in another, which goes when either goes; the others follow the unit's rules."""
        return self is DelegationKind.AUTHORISED


KIND_LABEL = {
    DelegationKind.ACTING: N_("Acting head (Q.) – while the post of the head is vacant"),
    DelegationKind.DEPUTY: N_("For the head (KT.) – a deputy of the head"),
    DelegationKind.BY_ORDER: N_("By order (TL.) – who heads a part of the unit"),
    DelegationKind.AUTHORISED: N_("By authorisation (TUQ.) – limited in time and content"),
}


PAPER_LABEL = {
    PaperKind.INVITATION: N_("invitations"),
    PaperKind.MINUTES: N_("minutes"),
    PaperKind.OTHER: N_("other papers"),
}


class Delegation(SQLModel, table=True):
    """Bound to the post its receiver holds: it ends with that post."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    kind: DelegationKind = Field(sa_type=stored_words(DelegationKind))
    appointment_id: int = Field(foreign_key="appointment.id", index=True)  # of who received it
    giver_id: int | None = Field(default=None, foreign_key="appointment.id")  # of the head; none: decided above
    papers: str = Field(max_length=60)  # PaperKind values separated by spaces
    basis: str = Field(max_length=LONGEST_BASIS)  # the document it is written in: "Văn bản số 12/UBND-VP ngày …"
    content: str = Field(default="", max_length=LONGEST_CONTENT)  # what is limited to what
    since: date
    until: date | None = None  # the last day
    given_by: int = Field(foreign_key="account.id")  # who put it down here
    given_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id")

    @property
    def paper_set(self) -> frozenset[PaperKind]:
        return frozenset(PaperKind(word) for word in self.papers.split())

    def overlaps(self, since: date, until: date | None) -> bool:
        return (until is None or self.since <= until) and (self.until is None or since <= self.until)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a delegation says."""

    kind: DelegationKind
    papers: frozenset[PaperKind]
    basis: str
    since: date
    until: date | None = None
    content: str = ""


class PapersMissing(MeetingError):
    message = N_("Choose at least one kind of paper.")


class BasisMissing(MeetingError):
    message = N_("Write down the document that gives this authority: its number and date.")


class TermsTooLong(MeetingError):
    message = N_("The document's name may have {basis} characters, the content {content}.")


class LimitsMissing(MeetingError):
    message = N_("Authority of this kind (TUQ.) is limited: give its last day and what it is about.")


class OnlyDeputies(MeetingError):
    message = N_("Only a deputy of the {head} may sign KT.; {name} is {post}.")


class OnlyHeadsOfParts(MeetingError):
    message = N_("Only who heads a part of the unit may sign {mark}; {name} is {post}.")


class HeadNeedsNone(MeetingError):
    message = N_("{name} heads the unit and signs without being given authority.")


class DelegationStands(MeetingError):
    message = N_("{name} already has authority of this kind in that time. Withdraw it first.")


class AlreadyWithdrawn(MeetingError):
    message = N_("This authority was already withdrawn.")


class ActingFromAbove(MeetingError):
    message = N_("Who acts as head is decided above the unit; the administrator of the unit puts it down.")


def clean_terms(terms: Terms, today: date) -> Terms:
    """The terms as they may be stored, or the sentence that says what is missing."""
    basis, content = " ".join(typed(terms.basis).split()), typed(terms.content).strip()
    papers = frozenset(PaperKind) if terms.kind is DelegationKind.ACTING else terms.papers
    if not papers:
        raise PapersMissing
    if not basis:
        raise BasisMissing
    if len(basis) > LONGEST_BASIS or len(content) > LONGEST_CONTENT:
        raise TermsTooLong(basis=LONGEST_BASIS, content=LONGEST_CONTENT)
    if terms.kind is DelegationKind.AUTHORISED and (terms.until is None or not content):
        raise LimitsMissing
    if terms.until is not None and terms.until < max(terms.since, today):
        raise LastDayWrong
    return replace(terms, papers=papers, basis=basis, content=content)


def fits(kind: DelegationKind, post: Post, head: Post) -> bool:
    """Whether this post may hold authority of this kind."""
    if post.id == head.id:
        return False
    match kind:
        case DelegationKind.ACTING:
            return True
        case DelegationKind.DEPUTY:
            return post.deputy_of_id == head.id
    return post.heads


def ensure_fits(kind: DelegationKind, name: str, post: Post, head: Post) -> None:
    if post.id == head.id:
        raise HeadNeedsNone(name=name)
    if not fits(kind, post, head):
        if kind is DelegationKind.DEPUTY:
            raise OnlyDeputies(head=head.name, name=name, post=post.name)
        raise OnlyHeadsOfParts(mark=kind.mark, name=name, post=post.name)
