"""`prepare` on the command line: the worker's own preparation, a line for each file."""

import json
from io import StringIO
from pathlib import Path

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.upload import Limits
from meeting_app.ports import Ports
from meeting_app.services import invitation as invitations
from meeting_app.worker import command
from tests.keys import Office
from tests.pdf import hostile
from tests.services.papers import STROKES

DOCUMENTS = Path(__file__).parents[1] / "documents"
KEYS = {"file", "prepared", "sentence", "seconds", "peak_mb", "pages"}


def told(files, trust=(), *, as_json=True, limits=None):
    out = StringIO()
    code = command.run(files, trust, limits or Limits(), as_json=as_json, out=out)
    return code, out.getvalue().splitlines()


def test_documents_of_every_producer_are_prepared():
    code, lines = told(sorted(DOCUMENTS.glob("*.pdf")))
    outcomes = [json.loads(line) for line in lines]
    assert code == 0
    assert {Path(each["file"]).name: each["pages"] for each in outcomes} == {
        "ban-quet.pdf": 3,
        "bao-cao-cairo.pdf": 2,
        "bao-cao-chromium.pdf": 2,
        "bao-cao-qpdf-linearized.pdf": 2,
        "ke-hoach-libreoffice-200-trang.pdf": 200,
    }
    for each in outcomes:
        assert set(each) == KEYS
        assert each["prepared"] is True
        assert each["sentence"] == f"Sẵn sàng để đọc: {each['pages']} trang."
        assert 0 < each["seconds"] < 60
        assert 20 < each["peak_mb"] < 500  # the limit of a child's memory is 2,000


def test_one_refused_file_is_told_by_the_exit_code_and_its_sentence(tmp_path):
    (tmp_path / "hỏng.pdf").write_bytes(hostile.truncated())
    (tmp_path / "mật.pdf").write_bytes(hostile.plain("TỐI MẬT"))
    code, lines = told(
        [tmp_path / "hỏng.pdf", DOCUMENTS / "ban-quet.pdf", tmp_path / "mật.pdf", tmp_path, tmp_path / "không có"]
    )
    outcomes = [json.loads(line) for line in lines]
    assert code == 1
    assert [each["prepared"] for each in outcomes] == [False, True, False, False, False]
    assert "bị hỏng" in outcomes[0]["sentence"]
    assert "TỐI MẬT" in outcomes[2]["sentence"]
    assert outcomes[3]["sentence"] == outcomes[4]["sentence"] == "Không mở được tệp."


def test_the_lines_for_people(tmp_path):
    name = tmp_path / "a\x1b[31m.pdf"
    name.write_bytes(b"hello")
    code, [line] = told([name], as_json=False)
    assert code == 1
    assert line.startswith(f"{tmp_path}/a�[31m.pdf: bị từ chối, 0,0 giây, 0 MB. Tệp này không phải là PDF. ")
    assert "đã chuẩn bị" in told([DOCUMENTS / "ban-quet.pdf"], as_json=False)[1][0]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_signatures_are_judged_and_said(
    ports: Ports, lan: Actor, hung: Actor, thu: Actor, draft_meeting: int, enrolled: str, office: Office
):
    invitations.draft(ports, lan, draft_meeting)
    invitations.sign(ports, hung, draft_meeting, pin=enrolled, strokes=STROKES)
    invitations.seal(ports, thu, draft_meeting, pin=enrolled)
    paper = invitations.file(ports, lan, draft_meeting).path
    [line] = told([paper], [office.pki.trust_file])[1]
    assert json.loads(line)["sentence"] == "Sẵn sàng để đọc: 1 trang. Chữ ký số trong tệp: Hợp lệ."
    [line] = told([paper])[1]
    assert json.loads(line)["sentence"] == "Sẵn sàng để đọc: 1 trang. Chữ ký số trong tệp: Không xác nhận được."


def test_a_trust_file_that_is_none_is_told(tmp_path):
    (tmp_path / "root.pem").write_text("no certificate")
    assert told([DOCUMENTS / "ban-quet.pdf"], [tmp_path / "root.pem"])[0] == 1


@pytest.mark.parametrize(("limits", "said"), [(Limits(size=1_000), "lớn hơn"), (Limits(pages=1), "trang; tối đa")])
def test_the_limits_of_the_settings_are_kept(limits, said):
    code, [line] = told([DOCUMENTS / "bao-cao-cairo.pdf"], limits=limits)
    assert code == 1
    assert said in json.loads(line)["sentence"], line
