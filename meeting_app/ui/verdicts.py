"""What a check of signatures says: one large line and why, then every fact of each signature (L15)."""

import streamlit as st

from meeting_app.domain.calendar import local
from meeting_app.domain.signature import INCOMPLETE, VERDICT_LABEL, Field, FileVerdict, SignatureFacts, Verdict
from meeting_app.i18n import N_, _
from meeting_app.ui import badges
from meeting_app.ui.words import plain, stamp

_LINE = {
    Verdict.VALID: (st.success, "verified", N_("Every signature is valid and nothing was changed since.")),
    Verdict.INVALID: (st.error, "dangerous", N_("Do not rely on this file.")),
    Verdict.UNCONFIRMED: (
        st.warning,
        "help",
        N_("It cannot be told here whether this file is genuine; this is not a proof against it."),
    ),
}
_FIELD = {
    Field.LEADER: N_("Signature of the leader"),
    Field.SECRETARY: N_("Signature of the secretary"),
    Field.CHAIR: N_("Signature of the chair"),
    Field.SEAL: N_("Seal of the agency"),
    Field.ATTACHMENT: N_("Seal of the agency"),
}


def file_verdict(verdict: FileVerdict) -> None:
    """The verdict large, its reasons, and a card for each signature."""
    box, icon, meaning = _LINE[verdict.verdict]
    box(f"### {_(VERDICT_LABEL[verdict.verdict])}\n{_(meaning)}", icon=f":material/{icon}:")
    _facts(verdict)


def to_follow(profile: str) -> None:
    """Of a paper of ours that was signed while no authority answered: nothing is lost, and nobody need do anything."""
    if profile in INCOMPLETE:
        st.info(
            _("The signature is stored. A timestamp could not be had yet and is added by itself later."),
            icon=":material/hourglass_top:",
        )


def paper_under_way(verdict: FileVerdict) -> None:
    """Of a paper of ours that still waits for signatures: those it bears, which alone prove nothing yet."""
    if verdict.verdict is Verdict.INVALID or any(each.verdict is not Verdict.VALID for each in verdict.signatures):
        file_verdict(verdict)
        return
    st.success(_("### Signed\nThe signatures so far are valid; the paper goes on its way."), icon=":material/verified:")
    _facts(verdict)


def _facts(verdict: FileVerdict) -> None:
    for reason in verdict.reasons:
        st.markdown(f"- {plain(_(reason))}")
    with st.grid(2, min_column_width=400):
        for place, facts in enumerate(verdict.signatures, start=1):
            _card(place, facts)
    if verdict.sha256:
        st.caption(_("Fingerprint of the file (SHA-256): {sha256}", sha256=verdict.sha256))


def _card(place: int, facts: SignatureFacts) -> None:
    with st.container(border=True, key=f"card_signature_{place}", height="stretch"):
        title = _(_FIELD[Field(facts.field)]) if facts.field in _OWN_FIELDS else _("Signature {n}", n=place)
        st.markdown(f"**{title}: {plain(facts.signer)}** {badges.verdict(facts.verdict)}")
        for reason in facts.reasons:
            st.markdown(f"- {plain(_(reason))}")
        rows = [*_who(facts), *_when(facts), *_how(facts)]
        st.table(
            {"": [name for name, _value in rows], _("Fact"): [plain(value) for _name, value in rows]},
            border="horizontal",
            hide_index=True,
            hide_header=True,
            alt=title,
        )


_OWN_FIELDS = frozenset(Field)


def _who(facts: SignatureFacts) -> list[tuple[str, str]]:
    return [
        (_("Signer"), facts.signer),
        (_("Managing unit"), facts.unit or "–"),
        (_("Certificate issued by"), facts.issuer),
    ]


def _when(facts: SignatureFacts) -> list[tuple[str, str]]:
    rows = []
    if facts.timestamped_at is not None:
        rows.append((_("Time, proven by a timestamp authority"), stamp(facts.timestamped_at)))
    if facts.signed_at is not None or not rows:
        rows.append((_("Time, as the signer states it"), stamp(facts.signed_at)))
    valid = f"{local(facts.not_before):%d/%m/%Y} – {local(facts.not_after):%d/%m/%Y}"
    rows.append((_("Certificate valid"), valid))
    return rows


def _how(facts: SignatureFacts) -> list[tuple[str, str]]:
    return [
        (_("Content"), _("unchanged since this signature") if facts.intact else _("changed after this signature")),
        (
            _("After this signature"),
            _("nothing but permitted additions")
            if facts.covers_file
            else _("something was added that is not permitted"),
        ),
        (
            _("Trust in the issuing authority"),
            _("trusted by this system") if facts.trusted else _("not among those this system trusts"),
        ),
        (
            _("Certificate at the time of signing"),
            _("in force") if facts.valid_at_signing else _("not confirmed to be in force"),
        ),
        (_("Algorithm"), facts.algorithm),
        (_("Form of the signature"), f"PAdES {facts.profile}"),
    ]
