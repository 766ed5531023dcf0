"""Where certificates, key files and trusted roots are handed in, each straight to its own route."""

from typing import Literal

from meeting_app.domain.trust_anchor import ANCHOR_LABEL
from meeting_app.i18n import N_, _, current_language
from meeting_app.ui import component, notices

_TEXTS = {
    "too_large": N_("This file is too large for a certificate (at most 64 kB)."),
    "pin": N_("PIN of the key file"),
    "enter": N_("Enter the key file"),
    "valid": N_("Certificate valid"),
    "compare": N_("Compare this fingerprint (SHA-256) with the one its authority publishes, sign by sign:"),
    "kind": N_("Kind of authority"),
    "compared": N_("I have compared the fingerprint; it is the same."),
    "trust": N_("Trust this authority"),
    "done": N_("Done."),
}
_CHOOSE = {
    "certificate": N_("Choose the certificate (PEM, DER, PKCS#7)"),
    "key_file": N_("Choose the key file (.p12, .pfx)"),
    "anchor": N_("Choose the root certificate (PEM, DER)"),
}
_upload = component.load("certificate_upload", "components/certificate_upload/certificate_upload.js")


def certificate(request_id: int, *, news: str) -> None:
    """What the authority issued for a request; `news` is told in the run after it was taken in."""
    _shown("certificate", f"/credentials/request/{request_id}/certificate", news)


def key_file(request_id: int, *, news: str) -> None:
    """A whole key file for a request."""
    _shown("key_file", f"/credentials/request/{request_id}/key-file", news)


def anchor(*, news: str) -> None:
    """A root: its fingerprint is compared before it is trusted."""
    _shown("anchor", "/trust-anchors", news)


def _shown(kind: Literal["certificate", "key_file", "anchor"], address: str, news: str) -> None:
    _upload(
        key=f"upload_{address}_{kind}",
        data={
            "texts": component.texts({**_TEXTS, "choose": _CHOOSE[kind]}),
            "language": current_language(),
            "kind": kind,
            "address": address,
            "kinds": {each.value: _(label) for each, label in ANCHOR_LABEL.items()},
        },
        # Before the run that follows, in which what was waited for is not drawn any more.
        on_done_change=lambda: notices.tell(news),
    )
