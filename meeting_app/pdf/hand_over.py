"""The record of a hand-over as a PDF: one page for two handwritten signatures."""

from dataclasses import dataclass
from datetime import datetime

from meeting_app.domain.calendar import local
from meeting_app.domain.paper import written_date, written_time
from meeting_app.pdf.typesetting import typeset


@dataclass(frozen=True, slots=True)
class HandOverPaper:
    number: int
    agency: str
    parent_agency: str
    place: str
    at: datetime
    giver: tuple[str, str]  # name and post
    receiver: tuple[str, str]
    holder: str
    issuer: str
    serial: str
    algorithm: str
    not_before: datetime
    not_after: datetime
    device: str
    note: str


def render_hand_over(paper: HandOverPaper) -> bytes:
    here = local(paper.at)
    rows = (
        ("Chủ thể chứng thư", paper.holder),
        ("Tổ chức cấp", paper.issuer),
        ("Số sê-ri chứng thư", " ".join(paper.serial[at : at + 4] for at in range(0, len(paper.serial), 4))),
        ("Thuật toán khoá", paper.algorithm),
        ("Hiệu lực", f"{local(paper.not_before):%d/%m/%Y} – {local(paper.not_after):%d/%m/%Y}"),
        ("Số sê-ri thiết bị", paper.device or "Khoá trong tệp mã hoá, không có thiết bị"),
        ("Ghi chú", paper.note),
    )
    content = {
        "letterhead": {
            "agency": paper.agency,
            "parent_agency": paper.parent_agency,
            "number": f"{paper.number:02d}/BB-BGCTS",
            "urgency": None,
            "place": paper.place,
            "date": {
                "day": here.day,
                "month": here.month,
                "year": here.year,
                "written": written_date(here.date()),
            },
        },
        "when": f"{written_time(here)}, ngày {here:%d/%m/%Y}",
        "giver": paper.giver,
        "receiver": paper.receiver,
        "rows": [list(row) for row in rows if row[1]],
    }
    return typeset("hand-over.typ", content)[0]
