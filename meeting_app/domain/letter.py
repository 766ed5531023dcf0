"""What an official mail says, in a plain text without links; Vietnamese, as the paper that it carries (L10)."""

from dataclasses import dataclass
from datetime import datetime

from meeting_app.domain.calendar import moment_in_words
from meeting_app.domain.paper import PaperKind, clean
from meeting_app.domain.wording import one_line

_NAMES = {PaperKind.INVITATION: "Giấy mời", PaperKind.MINUTES: "Biên bản"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """The meeting a letter is about; texts of people on one line, without signs that nobody sees."""

    meeting_id: int
    title: str
    inviter: str  # the unit's name
    chair: str
    place: str
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        for name in ("title", "inviter", "chair", "place"):
            object.__setattr__(self, name, shown(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person, before it takes the form of a message."""

    kind: PaperKind
    message_id: str  # with its angle brackets
    written_at: datetime
    recipient: str
    address: str
    subject: str
    occasion: Occasion
    file_name: str
    paper: bytes  # the signed PDF

    @property
    def text(self) -> str:
        occasion = self.occasion
        if self.kind is PaperKind.MINUTES:
            says = [
                f"{occasion.inviter} gửi biên bản của phiên họp:",
                *_facts(occasion),
                "Biên bản đã được thư ký và chủ toạ ký số, cơ quan đóng dấu số, được gửi kèm thư này:",
            ]
        else:
            says = [
                f"{occasion.inviter} trân trọng kính mời ông/bà dự họp:",
                *_facts(occasion),
                "Giấy mời đã ký số và tệp lịch được gửi kèm thư này:",
            ]
        return "\n".join(
            [
                f"Kính gửi: {shown(self.recipient)}",
                "",
                *says,
                self.file_name,
                "",
                "Thư này do phần mềm họp không giấy gửi tự động và mang chữ ký số của cơ quan.",
                "Đề nghị trả lời trong phần mềm, không trả lời thư này.",
                "",
            ]
        )


def subject(kind: PaperKind, number: str, title: str) -> str:
    return f"{_NAMES[kind]} số {shown(number)}: {shown(title)}"


def shown(text: str) -> str:
    """A text of people as the paper prints it, on one line."""
    return one_line(clean(text))


def _facts(occasion: Occasion) -> list[str]:
    return [
        "",
        f"    {occasion.title}",
        "",
        f"Thời gian: {moment_in_words(occasion.starts_at)}",
        f"Địa điểm: {occasion.place}",
        f"Chủ trì: {occasion.chair}",
        "",
    ]
