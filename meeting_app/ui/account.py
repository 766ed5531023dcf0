"""The own account: who somebody is here, and what they may change of it."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.i18n import LANGUAGES, N_, _
from meeting_app.ports import Ports
from meeting_app.services import people
from meeting_app.ui import component
from meeting_app.ui.words import plain

RIGHT_LABEL = {
    Right.REGISTER: N_("registers meetings of the unit"),
    Right.SEAL: N_("gives numbers, seals and issues papers"),
    Right.ADMINISTER: N_("administers the system"),
}
_TEXTS = {
    "password": N_("Change the password"),
    "old": N_("Present password"),
    "fresh": N_("New password, at least 10 characters"),
    "again": N_("New password once more"),
    "change": N_("Change the password"),
    "differ": N_("The two new passwords differ. Please type them again."),
    "language": N_("Language of the screens"),
    "leave": N_("Finished?"),
    "shared": N_("Please sign out when others use this device too."),
    "sign_out": N_("Sign out"),
}
_account = component.load("account", "components/account/account.js")


def person(ports: Ports, actor: Actor) -> None:
    """Name, post and unit, and what the account may do besides taking part in meetings."""
    me = next((each for each in people.everybody(ports) if each.account_id == actor.account_id), None)
    with st.container(key="card_person", border=True):
        st.subheader(plain(actor.full_name), anchor=False)
        if me is not None:
            st.write(" · ".join(plain(part) for part in (me.post, me.unit) if part))
        rights = [_(RIGHT_LABEL[right]) for right in Right if right in actor.rights]
        if rights:
            st.caption(_("This account {rights}.", rights=", ".join(rights)))


def settings(actor: Actor) -> None:
    """Password, language, signing out."""
    _account(
        key="account",
        data={"texts": component.texts(_TEXTS), "language": actor.language, "languages": LANGUAGES},
    )
