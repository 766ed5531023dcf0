"""A verdict as scripts show it: every fact the law asks for (L15), in the reader's words."""

from datetime import datetime
from typing import Any

from meeting_app.domain.calendar import VIETNAM
from meeting_app.domain.signature import VERDICT_LABEL, FileVerdict, SignatureFacts
from meeting_app.i18n import N_, _


def facts(verdict: FileVerdict) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict.value,
        "label": _(VERDICT_LABEL[verdict.verdict]),
        "reasons": [_(reason) for reason in verdict.reasons],
        "signatures": [_signature(each) for each in verdict.signatures],
        "version": verdict.sha256[:16],
        "raw": verdict.to_json(),
    }


def _signature(each: SignatureFacts) -> dict[str, Any]:
    stamped = each.timestamped_at or each.signed_at
    rows = (
        (N_("Signer"), each.signer),
        (N_("Managing unit"), each.unit),
        (N_("Issued by"), each.issuer),
        (N_("Timestamp") if each.timestamped_at else N_("Signing time"), moment(stamped)),
        (N_("Content"), _(N_("unchanged since signing")) if each.intact else _(N_("changed after signing"))),
        (
            N_("Certificate when signing"),
            _(N_("in force")) if each.valid_at_signing else _(N_("not confirmed to be in force")),
        ),
        (N_("Certificate valid"), f"{each.not_before:%d/%m/%Y} – {each.not_after:%d/%m/%Y}"),
        (N_("Algorithm"), f"{each.algorithm}, PAdES {each.profile}"),
    )
    return {
        "signer": each.signer,
        "verdict": each.verdict.value,
        "label": _(VERDICT_LABEL[each.verdict]),
        "reasons": [_(reason) for reason in each.reasons],
        "rows": [[_(name), value] for name, value in rows],
    }


def moment(at: datetime | None) -> str:
    """To the second, with the zone, as the law writes stamps (L9)."""
    return f"{at.astimezone(VIETNAM):%H:%M:%S, %d/%m/%Y} +07:00" if at else "–"
