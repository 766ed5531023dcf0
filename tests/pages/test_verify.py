"""Kiểm tra chữ ký: the verdict in one line, then every fact; foreign words stay words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from meeting_app.domain.access import Actor
from meeting_app.domain.signature import FileVerdict, SignatureFacts, Verdict
from meeting_app.ports import Ports
from meeting_app.services import verification
from meeting_app.ui.verifier import Checked
from tests.pages.conftest import Browse, said
from tests.pdf.hostile import plain

pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)


def with_verdict(browse: Browse, actor: Actor, verdict: FileVerdict, name: str = "cong-van.pdf") -> AppTest:
    """The page in the run after the check."""
    page = browse(actor, "verify")
    page.session_state["verify_checked"] = Checked(name, verdict)
    return page.run()


def test_before_a_file_there_is_no_verdict(browse: Browse, minh: Actor) -> None:
    page = browse(minh, "verify")
    assert page.title[0].value == "Kiểm tra chữ ký"
    assert not page.success
    assert not page.error
    assert not page.warning


def test_a_file_without_signatures_says_so(browse: Browse, ports: Ports, minh: Actor, tmp_path: Path) -> None:
    path = tmp_path / "upload.pdf"
    path.write_bytes(plain())
    page = with_verdict(browse, minh, verification.verify(ports, minh, path))
    assert not page.success
    assert len([*page.error, *page.warning]) == 1
    assert "cong-van.pdf" in said(page)


def test_while_a_file_is_checked_the_last_verdict_is_gone(browse: Browse, minh: Actor) -> None:
    page = with_verdict(browse, minh, FileVerdict(Verdict.VALID, (facts(),)))
    assert page.success
    page.session_state["verify_checked"] = Checked("other.pdf", None)
    page.run()
    assert not page.success


@pytest.mark.parametrize(
    ("verdict", "kind", "words"),
    [
        (Verdict.VALID, "success", "Hợp lệ"),
        (Verdict.INVALID, "error", "Không hợp lệ"),
        (Verdict.UNCONFIRMED, "warning", "Không xác nhận được"),
    ],
)
def test_each_verdict_is_one_large_line(browse: Browse, minh: Actor, verdict: Verdict, kind: str, words: str) -> None:
    page = with_verdict(browse, minh, FileVerdict(verdict, (facts(verdict=verdict),), sha256="ab" * 32))
    (line,) = getattr(page, kind)
    assert line.value.startswith(f"### {words}")


def test_what_is_wrong_is_said_in_vietnamese(browse: Browse, minh: Actor) -> None:
    bad = facts(verdict=Verdict.INVALID, intact=False, covers_file=False, trusted=False, valid_at_signing=False)
    text = said(with_verdict(browse, minh, FileVerdict(Verdict.INVALID, (bad,))))
    for words in (
        "nội dung đã bị thay đổi sau khi ký",
        "có bổ sung không được phép",
        "không thuộc danh sách hệ thống này tin cậy",
        "chưa xác nhận được còn hiệu lực",
    ):
        assert words in text


def test_names_in_certificates_are_never_markup(browse: Browse, minh: Actor) -> None:
    strange = facts(signer="**Bộ trưởng** [tại đây](http://evil.example) :red[!]", unit="<b>x</b>")
    page = with_verdict(browse, minh, FileVerdict(Verdict.VALID, (strange,)), name="*a*.pdf")
    shown = [each.value for each in page.markdown]
    assert any("\\*\\*Bộ trưởng\\*\\* \\[tại đây\\](" in each for each in shown)
    assert not any(":red[" in each for each in shown)


def facts(**changes: object) -> SignatureFacts:
    values: dict[str, object] = {
        "field": "Leader",
        "signer": "Nguyễn Văn Hùng",
        "unit": "Uỷ ban nhân dân phường An Hải",
        "issuer": "CA",
        "signed_at": datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        "timestamped_at": None,
        "intact": True,
        "covers_file": True,
        "trusted": True,
        "valid_at_signing": True,
        "not_before": datetime(2026, 1, 1, tzinfo=UTC),
        "not_after": datetime(2029, 1, 1, tzinfo=UTC),
        "algorithm": "RSASSA-PSS, SHA-256",
        "profile": "B-LT",
        "verdict": Verdict.VALID,
        "reasons": (),
    }
    return SignatureFacts(**(values | changes))
