"""Ký: the paper as it will be, the pad for whoever's turn it is, and at once the verdict."""

from dataclasses import dataclass

import streamlit as st

from meeting_app import running
from meeting_app.domain.attendee import LONGEST_REASON
from meeting_app.domain.authority import ROLE_LINE
from meeting_app.domain.minutes import MinutesState
from meeting_app.domain.pending_signature import PendingState
from meeting_app.domain.signature import Place
from meeting_app.errors import MeetingError, NotFound
from meeting_app.i18n import N_, _
from meeting_app.services import invitation as invitations
from meeting_app.services import meeting as meetings
from meeting_app.services import minutes as records
from meeting_app.services import pending_signature as pending_signatures
from meeting_app.services import people, signing
from meeting_app.services.meeting import MeetingView
from meeting_app.services.pending_signature import PendingView
from meeting_app.ui import badges, notices, session, verdicts
from meeting_app.ui.desk.papers import preview
from meeting_app.ui.links import Page, asked_number, asked_word, go, way
from meeting_app.ui.sign_pad import sign_pad
from meeting_app.ui.words import plain

_SIGNED = (MinutesState.AWAITING_CHAIR, MinutesState.AWAITING_SEAL, MinutesState.ISSUED)

_SERVICES = {"invitation": invitations, "minutes": records}
_UNSIGNED = {
    PendingState.REFUSED: N_("The signature was refused on the phone."),
    PendingState.EXPIRED: N_("The signature was not confirmed on the phone in time. Please sign again."),
    PendingState.OVERTAKEN: N_(
        "The paper was changed before you confirmed on the phone. Please read it and sign again."
    ),
}

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
    profile: str
    mark: Place | None
    authority: str  # "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH", "THƯ KÝ"; of a seal: none


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
            invitation.profile,
            invitation.mark,
            invitation.authority,
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
        minutes.profile,
        minutes.mark,
        ROLE_LINE.get(meeting.role, ""),
    )


def post() -> str:
    """The actor's post today; by what right it signs stands in the sentence."""
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
    """In one sentence: what is done with this paper, and by what right."""
    title = turn.meeting.title
    if turn.seals:
        return _("You put the agency's seal on the paper of “{title}” and issue it.", title=title)
    if turn.paper == "invitation":
        return _("You sign the invitation to “{title}”: {authority}.", title=title, authority=turn.authority)
    return _("You sign the minutes of “{title}”: {authority}.", title=title, authority=turn.authority)


def pad(turn: Turn) -> None:
    """The paper with the pad beside it; the pad signs by itself, and the run that follows shows the verdict."""
    service = _SERVICES[turn.paper]
    try:
        place = signing.key_place(ports, actor, turn.meeting.id, service.ROUTE, seals=turn.seals)
    except NotFound:
        raise
    except MeetingError as error:  # no certificate, no post today: said before anything is drawn
        notices.refused(error)
    else:
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
            place=place,
        )
    if turn.signs:
        refusal(turn)


@st.fragment(run_every="2s")
def phone(paper: str, meeting_id: int) -> None:
    """Wait for the confirmation on the phone; the page goes on by itself when it has come."""
    asked = pending_signatures.newest(ports, actor, meeting_id, paper)
    if asked is None or asked.state is not PendingState.WAITING:
        st.rerun()
    left = max(0, int((asked.expires_at - ports.clock.now()).total_seconds()))
    with st.container(border=True, key="card_phone"):
        st.subheader(_("Please confirm on your phone"), anchor=False)
        st.markdown(
            _("You have {minutes} minutes left. You may leave this page; nothing is lost.", minutes=left // 60 + 1)
        )
        if st.button(_("Do not wait any longer"), key="stop_waiting"):
            pending_signatures.withdraw(ports, actor, meeting_id, paper)
            st.rerun()


def last_answer(asked: PendingView | None) -> None:
    """Why the last request on the phone did not become a signature."""
    if asked is not None and asked.state in _UNSIGNED:
        st.warning(_(_UNSIGNED[asked.state]), icon=":material/phonelink_off:")


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
    service = _SERVICES[turn.paper]
    place = st.container()
    with place.skeleton():
        found = service.verdict(ports, actor, turn.meeting.id)
    with place:
        verdicts.to_follow(turn.profile)
        show = verdicts.file_verdict if turn.issued else verdicts.paper_under_way
        show(found)


def opened(paper: str, meeting_id: int) -> None:
    now = turn(paper, meeting_id)
    st.title(headline(now), anchor=False)
    st.markdown(f"{plain(now.meeting.title)} {now.badge}")
    notices.show()
    asked = pending_signatures.newest(ports, actor, meeting_id, paper)
    if asked is not None and asked.state is PendingState.WAITING:
        phone(paper, meeting_id)
    elif now.signs or now.seals:
        last_answer(asked)
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


asked, which = asked_number("meeting"), asked_word("paper", tuple(_SERVICES))
try:
    if asked is None or which is None:
        go(Page.TODAY)
    opened(which, asked)
except MeetingError as error:
    notices.refused(error)
    way(Page.TODAY, _("Today"), icon=":material/arrow_back:")
