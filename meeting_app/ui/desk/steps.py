"""The single next step of a meeting, for whoever looks at it."""

from dataclasses import dataclass
from datetime import datetime

from meeting_app.domain.attendee import Role
from meeting_app.domain.calendar import hour
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.meeting import MeetingState
from meeting_app.domain.minutes import MinutesState
from meeting_app.i18n import _
from meeting_app.services.agenda import ItemView
from meeting_app.services.invitation import InvitationView
from meeting_app.services.meeting import SOON, MeetingView, may_enter_now
from meeting_app.services.minutes import MinutesView
from meeting_app.ui.links import Page
from meeting_app.ui.words import plain

_PENDING = (InvitationState.AWAITING_LEADER, InvitationState.AWAITING_SEAL)


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next, in a sentence; with a label when the reader is the one to do it.

    Without a page the step is done where it stands: the invitation is put before its signer.
    """

    sentence: str
    label: str = ""
    icon: str = ""
    page: Page | None = None
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """All that decides about the next step."""

    meeting: MeetingView
    invitation: InvitationView | None
    minutes: MinutesView | None
    items: list[ItemView]
    now: datetime

    @property
    def pending(self) -> bool:
        """The invitation waits for a signature: what it says cannot be changed meanwhile."""
        return self.invitation is not None and self.invitation.state in _PENDING


def next_step(stand: Stand) -> Step:
    match stand.meeting.state:
        case MeetingState.DRAFT:
            return _before_inviting(stand)
        case MeetingState.CONVENED | MeetingState.RUNNING | MeetingState.PAUSED:
            return _towards_the_room(stand)
        case MeetingState.CLOSED:
            return _after_the_meeting(stand)
        case MeetingState.RECORDED:
            return Step(_("The minutes are signed and issued."), _("Read the minutes"), "article", Page.MINUTES)
    return Step(_("The meeting was cancelled."))


def _before_inviting(stand: Stand) -> Step:
    invitation = stand.invitation
    if invitation is None or invitation.state is InvitationState.REFUSED:
        return _before_the_paper(stand)
    if invitation.may_sign:
        return Step(
            _("The invitation waits for your signature."), _("Sign the invitation"), "draw", Page.SIGN, "invitation"
        )
    if invitation.may_seal:
        return Step(
            _("The signed invitation waits for the agency's seal."),
            _("Seal and issue"),
            "approval",
            Page.SIGN,
            "invitation",
        )
    if invitation.state is InvitationState.AWAITING_LEADER:
        return Step(_("The invitation waits for the signature of {name}.", name=plain(invitation.leader)))
    return Step(_("The invitation is signed and waits for the clerk to seal and issue it."))


def _before_the_paper(stand: Stand) -> Step:
    if not stand.meeting.runs_desk:
        return Step(_("The meeting is being prepared."))
    if not stand.items:
        return Step(_("Write the agenda; then the invitation can be put before its signer."))
    return Step(
        _("When agenda and people are complete, put the invitation before its signer."),
        _("Submit the invitation for signing"),
        "send",
    )


def _towards_the_room(stand: Stand) -> Step:
    meeting = stand.meeting
    running = meeting.state is not MeetingState.CONVENED
    sentence = _("The meeting is in session.") if running else _("Invitations are out; the meeting can begin.")
    if meeting.attendee_id is None:
        return Step(sentence if running else _("Invitations are out."))
    if may_enter_now(meeting, stand.now):
        return Step(sentence, _("Enter the meeting room"), "meeting_room", Page.ROOM)
    return Step(_("Invitations are out. The room opens at {hour}.", hour=hour(meeting.starts_at - SOON)))


def _after_the_meeting(stand: Stand) -> Step:
    minutes = stand.minutes
    writes = stand.meeting.role in (Role.SECRETARY, Role.CHAIR)
    if minutes is None or minutes.state is MinutesState.DRAFT:
        if writes:
            return Step(
                _("The meeting has ended; its minutes are to be written."),
                _("Write the minutes"),
                "edit_note",
                Page.MINUTES,
            )
        return Step(_("The meeting has ended; its minutes are being written."))
    if minutes.may_sign:
        return Step(_("The minutes wait for your signature."), _("Sign the minutes"), "draw", Page.SIGN, "minutes")
    if minutes.may_seal:
        return Step(
            _("The signed minutes wait for the agency's seal."), _("Seal and issue"), "approval", Page.SIGN, "minutes"
        )
    waits = {
        MinutesState.AWAITING_SECRETARY: _("The minutes wait for the secretary's signature."),
        MinutesState.AWAITING_CHAIR: _("The minutes wait for the chair's signature."),
        MinutesState.AWAITING_SEAL: _("The minutes wait for the clerk to seal and issue them."),
    }
    return Step(waits.get(minutes.state, ""))
