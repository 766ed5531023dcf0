"""Papers of one imagined committee, as the layout tests vary them with `replace`."""

from datetime import date, datetime

from meeting_app.domain.paper import (
    VIETNAM,
    InvitationPaper,
    Letterhead,
    MinutesItem,
    MinutesPaper,
    Participant,
    SignatureBlock,
)
from meeting_app.domain.signature import Field, RouteStep

LETTERHEAD = Letterhead(
    parent_agency="Uỷ ban nhân dân thành phố",
    agency="Sở Khoa học và Công nghệ",
    number="15/GM-SKHCN",
    place="Hải Phòng",
    date=date(2026, 2, 5),
    urgency="HOẢ TỐC",
)
LEADER_ROUTE = (
    RouteStep(Field.LEADER, "Nguyễn Văn An", "a1" * 32),
    RouteStep(Field.SEAL, "Sở Khoa học và Công nghệ", "b2" * 32),
)
MINUTES_ROUTE = (
    RouteStep(Field.SECRETARY, "Phạm Thu Hà", "c3" * 32),
    RouteStep(Field.CHAIR, "Nguyễn Văn An", "a1" * 32),
    RouteStep(Field.SEAL, "Sở Khoa học và Công nghệ", "b2" * 32),
)
INVITATION = InvitationPaper(
    letterhead=LETTERHEAD,
    subject="Họp đánh giá tiến độ chuyển đổi số quý I năm 2026",
    inviter="Sở Khoa học và Công nghệ thành phố Hải Phòng",
    guests=("Bà Trần Thị Bình, Giám đốc Sở Nội vụ", "Ông Lê Quang Huy, Chánh Văn phòng"),
    attends=(
        "Cuộc họp đánh giá tiến độ triển khai kế hoạch chuyển đổi số quý I năm 2026 và bàn các giải "
        "pháp thúc đẩy sử dụng văn bản điện tử trong các cơ quan, đơn vị trên địa bàn thành phố"
    ),
    chair="Ông Nguyễn Văn An, Giám đốc",
    starts_at=datetime(2026, 2, 9, 8, 0, tzinfo=VIETNAM),
    place="Phòng họp số 2, tầng 3, số 1 đường Hùng Vương",
    signature=SignatureBlock(Field.LEADER, ("Giám đốc",), "Nguyễn Văn An"),
    agenda=("Báo cáo tiến độ", "Thảo luận", "Kết luận"),
    notes=("Đề nghị đại biểu đọc tài liệu trước cuộc họp",),
    recipients=("Như trên", "Lãnh đạo Sở", "Lưu: VT, CĐS"),
)
ITEM = MinutesItem(
    title="Báo cáo tiến độ chuyển đổi số",
    starts_at=datetime(2026, 2, 9, 8, 10, tzinfo=VIETNAM),
    ends_at=datetime(2026, 2, 9, 9, 5, tzinfo=VIETNAM),
    presenter="Bà Trần Thị Bình, Giám đốc Sở Nội vụ",
    discussion=(
        "Bà Bình trình bày 24 nhiệm vụ; 21 nhiệm vụ đúng hạn, 3 nhiệm vụ chậm.\nÔng Huy đề nghị bổ sung kinh phí.",
    ),
    votes=("Thông qua báo cáo: 12/14 tán thành, 1 không tán thành, 1 ý kiến khác; được thông qua.",),
    conclusions=("Giao Văn phòng hoàn thiện báo cáo trước ngày 15 tháng 02 năm 2026.",),
)
MINUTES = MinutesPaper(
    letterhead=LETTERHEAD,
    subject="Họp đánh giá tiến độ chuyển đổi số quý I năm 2026",
    starts_at=datetime(2026, 2, 9, 8, 2, tzinfo=VIETNAM),
    ends_at=datetime(2026, 2, 9, 11, 25, tzinfo=VIETNAM),
    place="Phòng họp số 2, tầng 3",
    present=(Participant("Ông Lê Quang Huy", "Chánh Văn phòng"), Participant("Bà Trần Thị Bình", "Giám đốc")),
    absent=(Participant("Ông Vũ Đình Khoa", "Phó Giám đốc", "đi công tác"),),
    chair="Ông Nguyễn Văn An, Giám đốc",
    secretary="Bà Phạm Thu Hà, Chuyên viên",
    items=(ITEM,),
    secretary_block=SignatureBlock(Field.SECRETARY, ("Thư ký",), "Phạm Thu Hà"),
    chair_block=SignatureBlock(Field.CHAIR, ("Chủ toạ",), "Nguyễn Văn An"),
    recipients=("Thành viên dự họp", "Lưu: VT, hồ sơ"),
)


def attendees(count: int) -> tuple[Participant, ...]:
    return tuple(Participant(f"Ông Nguyễn Văn Số {n}", f"Trưởng phòng thứ {n}") for n in range(1, count + 1))
