"""What the minutes say of each vote; always Vietnamese, as the paper is."""

from typing import Any

from sqlmodel import Session

from meeting_app.domain import majority
from meeting_app.domain.motion import Motion, MotionState
from meeting_app.domain.voting import Choice, MotionKind, TieRule
from meeting_app.i18n import speaking
from meeting_app.services import motion_rows as rows
from meeting_app.services.unit_of_work import key


def sentences(session: Session, meeting_id: int) -> dict[int | None, list[str]]:
    """A sentence for each closed vote, in their order, by the item it belongs to."""
    found: dict[int | None, list[str]] = {}
    for motion in rows.motions_of(session, meeting_id):
        if motion.state is MotionState.CLOSED and motion.result is not None:
            found.setdefault(motion.item_id, []).append(_sentence(session, motion, motion.result))
    return found


def _sentence(session: Session, motion: Motion, result: dict[str, Any]) -> str:
    way = "bỏ phiếu kín" if motion.secret else "biểu quyết công khai"
    again = f", lần {motion.round}" if motion.round > 1 else ""
    counted = f"{result['cast']}/{result['electors']} phiếu"
    said = [f"{motion.title} ({way}{again}, {counted}): {_counts(session, motion, result)}."]
    if motion.overruled:
        quorum = f"{motion.electors}/{motion.entitled}"
        said.append(f"Chưa đủ số đại biểu tối thiểu ({quorum}); chủ toạ quyết định vẫn biểu quyết: {motion.overruled}.")
    return " ".join(said)


def _counts(session: Session, motion: Motion, result: dict[str, Any]) -> str:
    with speaking("vi"):
        need = f"cần từ {result['need']} phiếu: {majority.in_words(motion.majority, motion.base)}"
    if motion.kind is MotionKind.CHOICE:
        texts = {each["id"]: each["text"] for each in motion.options}
        counts = [f"{texts[each['id']]} {each['count']} phiếu{_mark(each)}" for each in result["options"]]
        return "; ".join(counts) + f" ({need})"
    counts = [f"tán thành {result['agree']}/{result['base']} ({need})", f"không tán thành {result['disagree']}"]
    if result["other"]:
        counts.append(f"ý kiến khác {result['other']}")
    verdict = "thông qua" if result["carried"] else "không thông qua"
    return f"{', '.join(counts)}; {_tie(session, motion, result)}{verdict}"


def _tie(session: Session, motion: Motion, result: dict[str, Any]) -> str:
    """The chair decides by voting for or against; one who did not has decided nothing."""
    if not result["tie"] or motion.tie is not TieRule.CHAIR:
        return ""
    chair_id = rows.chair_of(session, motion.meeting_id)
    ballots = rows.open_ballots(session, key(motion.id))
    said = [ballot.choice for elector, ballot in ballots if elector.attendee_id == chair_id]
    return (
        "ngang phiếu, chủ toạ quyết định: " if {Choice.AGREE, Choice.DISAGREE}.intersection(said) else "ngang phiếu: "
    )


def _mark(option: dict[str, Any]) -> str:
    if option["carried"]:
        return ", trúng"
    return ", ngang phiếu" if option["tied"] else ""
