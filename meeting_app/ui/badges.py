"""States as a word, a sign and a colour: gold for now, green for done, red for refusal."""

from datetime import datetime

import streamlit as st

from meeting_app.domain.attendee import ROLE_LABEL, Reply, Role
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import STATE_LABEL as CREDENTIAL_LABEL
from meeting_app.domain.credential import CredentialState
from meeting_app.domain.credential_life import REQUEST_LABEL, RequestState
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.mail import MailState
from meeting_app.domain.meeting import STATE_LABEL, MeetingState
from meeting_app.domain.minutes import STATE_LABEL as MINUTES_LABEL
from meeting_app.domain.minutes import MinutesState
from meeting_app.domain.signature import INCOMPLETE, VERDICT_LABEL, Verdict
from meeting_app.i18n import N_, _

INVITATION_LABEL = {
    InvitationState.AWAITING_LEADER: N_("Waiting for the leader's signature"),
    InvitationState.AWAITING_SEAL: N_("Waiting for the agency's seal"),
    InvitationState.ISSUED: N_("Signed and issued"),
    InvitationState.REFUSED: N_("Given back"),
}
REPLY_LABEL = {
    Reply.NONE: N_("No reply yet"),
    Reply.ACCEPTED: N_("Will attend"),
    Reply.DECLINED: N_("Cannot attend"),
}
MAIL_LABEL = {
    MailState.QUEUED: N_("Mail waits"),
    MailState.SENT: N_("Mail sent"),
    MailState.FAILED: N_("Mail not sent"),
}
_REPLY = {
    Reply.NONE: ("schedule", "gray"),
    Reply.ACCEPTED: ("check_circle", "green"),
    Reply.DECLINED: ("cancel", "red"),
}
_MEETING = {
    MeetingState.DRAFT: ("edit_note", "gray"),
    MeetingState.CONVENED: ("mail", "blue"),
    MeetingState.RUNNING: ("play_circle", "orange"),
    MeetingState.PAUSED: ("pause_circle", "orange"),
    MeetingState.CLOSED: ("flag", "blue"),
    MeetingState.RECORDED: ("verified", "green"),
    MeetingState.CANCELLED: ("block", "red"),
}
_VERDICT = {
    Verdict.VALID: ("verified", "green"),
    Verdict.INVALID: ("dangerous", "red"),
    Verdict.UNCONFIRMED: ("help", "orange"),
}
_MAIL = {
    MailState.QUEUED: ("schedule", "gray"),
    MailState.SENT: ("mark_email_read", "green"),
    MailState.FAILED: ("error", "red"),
}
_CREDENTIAL = {
    CredentialState.IN_USE: ("check_circle", "green"),
    CredentialState.NOT_YET: ("schedule", "gray"),
    CredentialState.SUSPENDED: ("pause_circle", "orange"),
    CredentialState.LOCKED: ("lock", "orange"),
    CredentialState.ENDED: ("event_busy", "gray"),
    CredentialState.STOPPED: ("do_not_disturb_on", "gray"),
    CredentialState.REVOKED: ("block", "red"),
}
_REQUEST = {
    RequestState.ASKED: ("pin", "orange"),
    RequestState.KEY_MADE: ("hourglass_top", "orange"),
    RequestState.ISSUED: ("check_circle", "green"),
    RequestState.WITHDRAWN: ("undo", "gray"),
}
# The stations of a meeting's life; a pause is part of the session.
_STATIONS = (
    MeetingState.DRAFT,
    MeetingState.CONVENED,
    MeetingState.RUNNING,
    MeetingState.CLOSED,
    MeetingState.RECORDED,
)


def inline(label: str, icon: str, colour: str) -> str:
    """A badge within a line of Markdown; the label is one of our own words."""
    return f":{colour}-badge[:material/{icon}: {label}]"


def meeting_state(state: MeetingState) -> str:
    return inline(_(STATE_LABEL[state]), *_MEETING[state])


def reply(answer: Reply) -> str:
    return inline(_(REPLY_LABEL[answer]), *_REPLY[answer])


def role(which: Role) -> str:
    return inline(_(ROLE_LABEL[which]), "person", "blue" if which in (Role.CHAIR, Role.SECRETARY) else "gray")


def verdict(which: Verdict) -> str:
    return inline(_(VERDICT_LABEL[which]), *_VERDICT[which])


def invitation(state: InvitationState) -> str:
    icon, colour = {
        InvitationState.ISSUED: ("verified", "green"),
        InvitationState.REFUSED: ("undo", "red"),
    }.get(state, ("draw", "orange"))
    return inline(_(INVITATION_LABEL[state]), icon, colour)


def minutes(state: MinutesState) -> str:
    icon, colour = {
        MinutesState.ISSUED: ("verified", "green"),
        MinutesState.DRAFT: ("edit_note", "gray"),
    }.get(state, ("draw", "orange"))
    return inline(_(MINUTES_LABEL[state]), icon, colour)


def proof(profile: str, holds_until: datetime | None) -> str:
    """Of a signed paper: what its signatures still lack, or until when they hold unless renewed."""
    if profile in INCOMPLETE:
        return inline(_("Timestamp to follow"), "hourglass_top", "orange")
    if holds_until is None:
        return ""
    return inline(_("Holds until {year}, renewed before", year=local(holds_until).year), "shield", "green")


def mail(state: MailState) -> str:
    return inline(_(MAIL_LABEL[state]), *_MAIL[state])


def credential(state: CredentialState) -> str:
    return inline(_(CREDENTIAL_LABEL[state]), *_CREDENTIAL[state])


def post_left() -> str:
    return inline(_("the post is no longer held"), "person_off", "orange")


def certificate_request(state: RequestState) -> str:
    return inline(_(REQUEST_LABEL[state]), *_REQUEST[state])


def ribbon(state: MeetingState) -> None:
    """Where the meeting stands: the stations behind it, the present one in gold, those to come."""
    if state is MeetingState.CANCELLED:
        st.markdown(meeting_state(state))
        return
    present = _STATIONS.index(MeetingState.RUNNING if state is MeetingState.PAUSED else state)
    parts: list[str] = []
    for place, station in enumerate(_STATIONS):
        label = _(STATE_LABEL[state if place == present else station])
        if place < present or state is MeetingState.RECORDED:
            parts.append(inline(label, "check", "green"))
        elif place == present:
            parts.append(inline(f"**{label}**", "radio_button_checked", "orange"))
        else:
            parts.append(inline(label, "radio_button_unchecked", "gray"))
    with st.container(key="ribbon"):
        st.markdown(" → ".join(parts))
