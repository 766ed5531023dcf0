"""Ký: the paper as it will be, the pad for whoever's turn it is, and at once the verdict."""

from dataclasses import dataclass

import streamlit as st

from meeting_app import running
from meeting_app.domain.attendee import LONGEST_REASON
from meeting_app.domain.minutes import MinutesState
from meeting_app.domain.signature import Place
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import _
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes as records
from meeting_app.services import people
from meeting_app.services.meeting import MeetingView
from meeting_app.ui import badges, notices, session, verdicts
from meeting_app.ui.desk.papers import preview
from meeting_app.ui.links import Page, asked_number, asked_word, go, way
from meeting_app.ui.sign_pad import sign_pad
from meeting_app.ui.words import plain

_PAPERS = ("invitation", "minutes")
_SIGNED = (MinutesState.AWAITING_CHAIR, MinutesState.AWAITING_SEAL, MinutesState.ISSUED)

ports, actor = running.ports(), session.actor()


@dataclass(frozen=True, slots=True)
class Turn:
    """The paper before me, and what I am asked to do with it."""

    paper: str
    meeting: MeetingView
    pages: int
    sha256: str
    badge: str
    signs: bool
    seals: bool
    signed: bool  # by anybody yet
    signed_by_me: bool
    issued: bool
    mark: Place | None


def turn(paper: str, meeting_id: int) -> Turn:
    meeting = meetings.view(ports, actor, meeting_id)
    if paper == "invitation":
        invitation = invitations.view(ports, actor, meeting_id)
        if invitation is None:
            raise NotFound
        return Turn(
            paper,
            meeting,
            invitation.pages,
            invitation.sha256,
            badges.invitation(invitation.state),
            invitation.may_sign,
            invitation.may_seal,
            invitation.signed_at is not None,
            invitation.signed_by_asker,
            invitation.issued_at is not None,
            invitation.mark,
        )
    minutes = records.view(ports, actor, meeting_id)
    if minutes is None or not minutes.sha256:
        raise NotFound
    return Turn(
        paper,
        meeting,
        minutes.pages,
        minutes.sha256,
        badges.minutes(minutes.state),
        minutes.may_sign,
        minutes.may_seal,
        minutes.state in _SIGNED,
        minutes.signed_by_asker,
        minutes.issued_at is not None,
        minutes.mark,
    )


def post() -> str:
    """The actor's post today, as the paper prints it."""
    me = next((each for each in people.everybody(ports) if each.account_id == actor.account_id), None)
    return ", ".join(part for part in (me.post, me.unit) if part) if me else ""


def headline(turn: Turn) -> str:
    """What I am to do, or what is done: it stays when the pad has gone."""
    if turn.seals:
        return _("Seal and issue")
    if turn.signs:
        return _("Sign")
    if turn.issued:
        return _("Sealed and issued")
    return _("You have signed") if turn.signed_by_me else _("Signatures")


def what(turn: Turn) -> str:
    """In one sentence: what is done with this paper."""
    if turn.seals:
        return _("You put the agency's seal on the paper of “{title}” and issue it.", title=turn.meeting.title)
    if turn.paper == "invitation":
        return _("You sign the invitation to “{title}”.", title=turn.meeting.title)
    return _("You sign the minutes of “{title}”.", title=turn.meeting.title)


def pad(turn: Turn) -> None:
    """The paper with the pad beside it; the pad signs by itself, and the run that follows shows the verdict."""
    sign_pad(
        turn.paper,
        turn.meeting.id,
        seal=turn.seals,
        key=f"pad_{turn.paper}_{turn.meeting.id}",
        sentence=what(turn),
        post=post(),
        name=actor.full_name,
        pages=turn.pages,
        sha256=turn.sha256,
        mark=turn.mark,
    )
    if turn.signs:
        refusal(turn)


def refusal(turn: Turn) -> None:
    """Not signing needs a reason; the paper goes back to whoever wrote it."""
    with st.expander(_("Do not sign, give back"), icon=":material/undo:"), st.form("refusal", border=False):
        reason = st.text_area(_("Reason"), max_chars=LONGEST_REASON, key="refusal_reason")
        if not st.form_submit_button(_("Give back with this reason")):
            return
        try:
            if turn.paper == "invitation":
                invitations.refuse(ports, actor, turn.meeting.id, reason or "")
            else:
                records.reopen(ports, actor, turn.meeting.id, reason or "")
        except MeetingError as error:
            notices.refused(error)
            return
    notices.tell(_("The paper was given back with your reason."))
    go(Page.TODAY)


def verdict(turn: Turn) -> None:
    """What the check says of the paper as it stands now."""
    service = invitations if turn.paper == "invitation" else records
    place = st.container()
    with place.skeleton():
        found = service.verdict(ports, actor, turn.meeting.id)
    with place:
        show = verdicts.file_verdict if turn.issued else verdicts.paper_under_way
        show(found)


def opened(paper: str, meeting_id: int) -> None:
    now = turn(paper, meeting_id)
    st.title(headline(now), anchor=False)
    st.markdown(f"{plain(now.meeting.title)} {now.badge}")
    notices.show()
    if now.signs or now.seals:
        pad(now)
    elif now.signed:
        beside, facts = st.columns([2, 3], gap="large")
        with beside:
            preview(paper, meeting_id, now.pages, now.sha256)
        with facts:
            verdict(now)
    else:
        st.markdown(_("It is not your turn to sign this paper."))
    way(Page.MEETING, _("Back to the meeting"), icon=":material/arrow_back:", meeting=meeting_id)


asked, which = asked_number("meeting"), asked_word("paper", _PAPERS)
try:
    if asked is None or which is None:
        go(Page.TODAY)
    opened(which, asked)
except MeetingError as error:
    notices.refused(error)
    way(Page.TODAY, _("Today"), icon=":material/arrow_back:")
