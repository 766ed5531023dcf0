"""One credential: its facts, what can be done with it, and everything that was."""

import streamlit as st

from meeting_app.domain.access import Actor
from meeting_app.domain.calendar import local
from meeting_app.domain.credential import CredentialKind
from meeting_app.domain.credential_life import ACT_LABEL
from meeting_app.domain.key import KeyPlace
from meeting_app.i18n import N_, _
from meeting_app.ports import Ports
from meeting_app.services import credential_overview
from meeting_app.services.credential_overview import CredentialCard
from meeting_app.ui import notices
from meeting_app.ui.credentials import acts
from meeting_app.ui.credentials.listing import standing
from meeting_app.ui.links import Page, hand_over_record, way
from meeting_app.ui.words import plain, stamp

PLACE_LABEL = {
    KeyPlace.FILE: N_("In an encrypted file here, opened by its holder's PIN"),
    KeyPlace.TOKEN: N_("On a token or card"),
    KeyPlace.REMOTE: N_("At a signing service"),
    KeyPlace.PHONE: N_("At a signing service, confirmed on the phone"),
}


def opened(ports: Ports, actor: Actor, credential_id: int) -> None:
    seen = credential_overview.card(ports, actor, credential_id)
    view = seen.credential
    way(Page.CREDENTIALS, _("All certificates"), icon=":material/arrow_back:")
    st.title(plain(view.holder), anchor=False)
    what = _("agency seal") if view.kind is CredentialKind.SEAL else plain(view.post)
    st.markdown(f"{standing(view)} {what}")
    notices.show()
    acts.first(ports, actor, seen)
    left, right = st.columns([3, 2], gap="large")
    with left:
        with st.container(border=True, key="card_facts"):
            st.subheader(_("Certificate"), anchor=False)
            st.markdown(facts(seen))
        with st.container(border=True, key="card_history"):
            st.subheader(_("History"), anchor=False)
            _history(seen)
    with right:
        acts.others(ports, actor, seen)


def facts(seen: CredentialCard) -> str:
    """One line for each fact, as Markdown."""
    view, said = seen.credential, seen.facts
    rows = [(_("Certificate valid"), f"{local(view.not_before):%d/%m/%Y} – {local(view.not_after):%d/%m/%Y}")]
    if said is not None:
        rows += [
            (_("Named in it"), said.common_name),
            (_("Organisation"), said.organisation),
            (_("Issued by"), said.issuer),
            (_("Serial number"), grouped(said.serial)),
            (_("Key"), said.algorithm),
        ]
    rows += [(_("Where the key is"), _(PLACE_LABEL[view.place])), (_("Fingerprint"), grouped(view.sha256.upper()))]
    return "  \n".join(f"{name}: **{plain(value)}**" for name, value in rows if value)


def grouped(digits: str) -> str:
    """In fours, so that it can be compared by eye."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _history(seen: CredentialCard) -> None:
    lines = []
    for event in seen.history:
        who = plain(event.by) if event.by else _("the system")
        line = f"**{_(ACT_LABEL[event.act])}**  \n{stamp(event.at)} – {who}"
        lines.append(line + (f"  \n*{plain(event.reason)}*" if event.reason else ""))
    st.markdown("\n\n".join(lines) if lines else _("Nothing is recorded from before this history was kept."))
    for record in seen.hand_overs:
        st.link_button(_("Hand-over record (PDF)"), hand_over_record(record), icon=":material/print:")
