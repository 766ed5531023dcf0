"""The papers and stamps the application really makes, signed and judged."""

import subprocess
from datetime import UTC, date, datetime

import pytest

from meeting_app.domain.paper import (
    InvitationPaper,
    Letterhead,
    MinutesItem,
    MinutesPaper,
    Participant,
    SignatureBlock,
)
from meeting_app.domain.signature import Field, SigningOrder, Verdict
from meeting_app.pdf.invitation import render_invitation
from meeting_app.pdf.minutes import render_minutes
from meeting_app.pdf.stamp import seal_stamp, signature_stamp
from tests.pki import AGENCY, sign
from tests.signing.conftest import INVITATION, MINUTES

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HEAD = Letterhead("UỶ BAN NHÂN DÂN", "15/GM-UBND", "Hải Phòng", date(2026, 11, 24))


def block(field, name):
    return SignatureBlock(field, ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH"), name)


def invitation(route):
    paper = InvitationPaper(
        letterhead=HEAD,
        subject="Họp thường kỳ",
        inviter=AGENCY,
        guests=("Ông Lê Quốc Hùng, Giám đốc Sở Tài chính",),
        attends="Phiên họp thường kỳ",
        chair="Ông Nguyễn Văn An",
        starts_at=NOW,
        place="Phòng họp số 1",
        signature=block(Field.LEADER, "Nguyễn Văn An"),
    )
    return render_invitation(paper, route)


def minutes_of(route):
    paper = MinutesPaper(
        letterhead=HEAD,
        subject="Họp thường kỳ",
        starts_at=NOW,
        ends_at=NOW,
        place="Phòng họp số 1",
        present=(Participant("Ông Lê Quốc Hùng", "Giám đốc"),),
        absent=(),
        chair="Ông Lê Quốc Hùng",
        secretary="Bà Trần Thị Bình",
        items=(MinutesItem("Ngân sách", conclusions=("Thống nhất.",)),),
        secretary_block=block(Field.SECRETARY, "Trần Thị Bình"),
        chair_block=block(Field.CHAIR, "Lê Quốc Hùng"),
    )
    return render_minutes(paper, route)


@pytest.mark.parametrize(
    ("make", "fields", "people"),
    [(invitation, INVITATION, ("an", "seal")), (minutes_of, MINUTES, ("binh", "hung", "seal"))],
)
def test_a_paper_as_the_application_makes_it_is_valid(desk, tmp_path, make, fields, people):
    route = desk.route(fields, *people)
    paper = make(route)
    pdf = paper.pdf
    for number, (field, who) in enumerate(zip(fields, people, strict=True), start=1):
        order = SigningOrder(
            field=field,
            place=paper.places[field],
            appearance=(
                seal_stamp(AGENCY, "") if field is Field.SEAL else signature_stamp(who, "M 9 9 L 99 80 L 200 9", NOW)
            ),
            reason="Ký",
            location="Hải Phòng",
            certify=field is Field.LEADER,
            next_fields=tuple((name, paper.places[name]) for name in fields[number:]),
        )
        pdf = sign(desk.engine, pdf, order, desk.keys[who])
    verdict = desk.verdict(pdf)
    assert (verdict.verdict, verdict.reasons, verdict.route) == (Verdict.VALID, (), route)
    (tmp_path / "paper.pdf").write_bytes(pdf)
    assert subprocess.run(["qpdf", "--check", tmp_path / "paper.pdf"], capture_output=True, check=False).returncode == 0
