"""Giấy mời and Biên bản: where each paper stands, how it looks, who has it."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.minutes import MinutesState
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import delivery
from meeting_app.services import invitation as invitations
from meeting_app.services.invitation import InvitationView
from meeting_app.services.meeting import MeetingView
from meeting_app.services.minutes import MinutesView
from meeting_app.ui import badges, notices
from meeting_app.ui.desk import mail
from meeting_app.ui.links import Page, paper_file, paper_pages, picture, way, way_button
from meeting_app.ui.words import lasting, plain, stamp


def preview(paper: str, meeting_id: int, pages: int, sha256: str, *, small: bool = False) -> None:
    """The first page as an image, unless small, and the ways to all of it."""
    with st.container(border=True, key=f"card_preview_{paper}"):
        if not small:
            st.markdown(picture(_("Page {n}", n=1), paper_pages(paper, meeting_id, sha256).page(0)))
        with st.container(horizontal=True, vertical_alignment="center"):
            label = _("Read all {pages} pages", pages=pages) if pages > 1 else _("Read large")
            way_button(
                Page.READ, label, key=f"read_{paper}", icon=":material/menu_book:", paper=paper, meeting=meeting_id
            )
            st.link_button(_("Download"), paper_file(paper, meeting_id), icon=":material/download:")


def invitation(
    ports: Ports, actor: Actor, meeting: MeetingView, view: InvitationView | None, *, desk: bool, small: bool = False
) -> None:
    """State, number and signer; at the desk also the way back and the deliveries."""
    if view is None:
        notices.nothing_here(
            _("The invitation has not been drafted yet."),
            hint=_("It is written by itself from what is registered, once the agenda stands.") if desk else "",
        )
        return
    if desk:
        facts, paper = st.columns([2, 3], gap="large")
    else:
        facts = paper = st.container()
    with facts:
        _facts(view)
        waits = view.state in (InvitationState.AWAITING_LEADER, InvitationState.AWAITING_SEAL)
        if meeting.runs_desk and waits:
            _withdrawal(ports, actor, meeting.id)
    with paper:
        preview("invitation", meeting.id, view.pages, view.sha256, small=small)
        if view.issued_at is not None:
            label = _("See the signatures and whether they are valid")
            way(Page.SIGN, label, icon=":material/verified:", paper="invitation", meeting=meeting.id)
    if view.issued_at is not None and desk:
        deliveries(ports, actor, meeting.id, "invitation")


def leader_choice(ports: Ports, actor: Actor, meeting_id: int) -> int | None:
    """Who is to sign the invitation, of those who may today: the chair unless another is chosen.

    None, where nobody may: drafting says why.
    """
    found = {each.account_id: each for each in invitations.leaders(ports, actor, meeting_id)}
    if not found:
        return None
    chair = next((place for place, each in enumerate(found.values()) if each.chairs), 0)
    if len(found) == 1:
        [only] = found.values()
        if not only.chairs:
            st.caption(_("To be signed by {name}", name=f"{plain(only.name)} ({plain(only.authority)})"))
        return only.account_id
    return st.selectbox(
        _("Who signs the invitation"),
        list(found),
        index=chair,
        format_func=lambda each: f"{found[each].name} ({found[each].authority})",
        key=f"leader_{meeting_id}",
    )


def _facts(view: InvitationView) -> None:
    leader = f"**{plain(view.leader)}**"
    lines = [
        f"{badges.invitation(view.state)} {badges.proof(view.profile, view.holds_until)}",
        _("Number {number}", number=f"**{plain(view.number)}**"),
        _("Signed by {name}", name=leader) if view.signed_at else _("To be signed by {name}", name=leader),
        *([plain(view.authority)] if view.authority else []),
    ]
    for label, moment in (
        (_("Drafted"), view.drafted_at),
        (_("Signed"), view.signed_at),
        (_("Issued"), view.issued_at),
    ):
        if moment is not None:
            lines.append(f"{label}: {stamp(moment)}")
    st.markdown("  \n".join(lines))
    if view.obstacle:
        st.warning(plain(view.obstacle), icon=":material/warning:")
    if view.state is InvitationState.REFUSED and view.refusal_reason:
        st.warning(_("Given back: {reason}", reason=plain(view.refusal_reason)), icon=":material/undo:")


def _withdrawal(ports: Ports, actor: Actor, meeting_id: int) -> None:
    st.caption(_("While the invitation waits, what it says cannot be changed."))
    if st.button(_("Take the invitation back"), key="withdraw", icon=":material/undo:"):
        with notices.refusals():
            invitations.withdraw(ports, actor, meeting_id)
            notices.tell(_("The invitation was taken back; the meeting can be changed again."))
            st.rerun()


def deliveries(ports: Ports, actor: Actor, meeting_id: int, paper: str) -> None:
    """When each attendee got the paper and opened it, how long that took (S0.2), and what became of its mail."""
    rows = delivery.of_paper(ports, actor, meeting_id, paper)
    opened = [row for row in rows if row.opened_at is not None]
    st.subheader(_("Deliveries"), anchor=False)
    st.caption(_("{opened} of {all} have opened it.", opened=len(opened), all=len(rows)))
    st.table(
        [
            {
                _("Attendee"): plain(row.name),
                **({_("Official mail"): badges.mail(row.mail.state)} if row.mail else {}),
                _("Delivered"): stamp(row.delivered_at),
                _("Opened"): stamp(row.opened_at),
                _("From issue to opening"): lasting(row.opened_at - row.issued_at) if row.opened_at else "–",
            }
            for row in rows
        ],
        border="horizontal",
        hide_index=True,
        alt=_("Deliveries"),
    )
    mail.unsent(ports, actor, meeting_id, paper, rows)


def minutes(ports: Ports, actor: Actor, meeting_id: int, view: MinutesView | None, *, desk: bool) -> None:
    if view is None:
        notices.nothing_here(_("There are no minutes yet."), hint=_("They are written after the meeting is closed."))
        return
    st.markdown(f"{badges.minutes(view.state)} {badges.proof(view.profile, view.holds_until)}")
    if view.number:
        st.markdown(_("Number {number}", number=f"**{plain(view.number)}**"))
    if view.refusal_reason and view.state is MinutesState.DRAFT:
        st.warning(_("Given back: {reason}", reason=plain(view.refusal_reason)), icon=":material/undo:")
    way(
        Page.MINUTES,
        _("Write the minutes") if view.may_write else _("Open the minutes"),
        icon=":material/edit_note:" if view.may_write else ":material/article:",
        meeting=meeting_id,
    )
    if view.sha256 and view.state is not MinutesState.DRAFT:
        preview("minutes", meeting_id, view.pages, view.sha256)
    if view.issued_at is not None and desk:
        deliveries(ports, actor, meeting_id, "minutes")
