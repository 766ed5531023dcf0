"""Thư công vụ: whose mail has not gone out, why, and the way to send it again."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.mail import MailState
from meeting_app.i18n import _
from meeting_app.ports import Ports
from meeting_app.services import mail as mails
from meeting_app.services.delivery import DeliveryView
from meeting_app.services.mail import MailView
from meeting_app.ui import badges, notices
from meeting_app.ui.words import plain

Unsent = tuple[DeliveryView, MailView]


def unsent(ports: Ports, actor: Actor, meeting_id: int, paper: str, rows: Sequence[DeliveryView]) -> None:
    """For each reason who did not get the mail because of it; what was given up has its button."""
    found = [(row, row.mail) for row in rows if row.mail is not None and row.mail.reason]
    found.sort(key=lambda each: (each[1].state, each[1].reason))  # what failed before what waits
    for (state, reason), group in groupby(found, key=lambda each: (each[1].state, each[1].reason)):
        concerned = list(group)
        people = ", ".join(_person(each) for each in concerned)
        st.markdown(f"{badges.mail(state)} {people}: {plain(reason)}")
        if state is MailState.FAILED:
            _again(ports, actor, meeting_id, f"{paper}_{concerned[0][0].id}", concerned)
        else:
            st.caption(_("What waits is tried again by itself, for up to a day."))


def _person(each: Unsent) -> str:
    """The name and the address, which is written in two pieces: the browser is not to make a link of it."""
    row, mail = each
    local, at, domain = (plain(part) for part in mail.address.partition("@"))
    address = f" (:small[{local}{at}]:small[{domain}])" if domain else ""
    return f"**{plain(row.name)}**{address}"


def _again(ports: Ports, actor: Actor, meeting_id: int, name: str, concerned: Sequence[Unsent]) -> None:
    label = _("Send again") if len(concerned) == 1 else _("Send all {n} again", n=len(concerned))
    if not st.button(label, key=f"resend_{name}", icon=":material/send:"):
        return
    with notices.refusals():
        queued = mails.resend(ports, actor, meeting_id, [row.id for row, _mail in concerned])
        kept_back = len(concerned) - queued
        if queued:
            notices.tell(_("{n} mails are on their way again.", n=queued))
        if kept_back:
            notices.tell(_("{n} mails stay here: their addresses are not official mailboxes.", n=kept_back))
        st.rerun()
