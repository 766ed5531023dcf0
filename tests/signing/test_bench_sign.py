"""What the benchmark of signing measures is true; how fast it is stands in its own output."""

import json
import subprocess
import sys
from datetime import UTC, datetime

from meeting_app.bench import papers
from meeting_app.bench.sign import _PIN, SUBJECTS, rates
from meeting_app.pdf.stamp import signature_stamp
from meeting_app.signing.demo_pki import prepare
from meeting_app.signing.trust import read_roots
from meeting_app.signing.verify import verify
from tests.pki import ROOT


def test_our_way_is_faster_than_the_librarys(tmp_path):
    stamp = signature_stamp("Nguyễn Văn An", "M 10 10 L 200 120 L 400 40", datetime.now(UTC))
    measured = rates(papers.foreign(papers.invitation()), stamp, prepare(tmp_path / "pki", SUBJECTS), 0.5)
    assert measured["ratio"] > 1
    assert measured["p256_per_s"] > measured["stock_rsa2048_per_s"]


def test_the_child_signs_the_file_it_is_given(tmp_path):
    pki = prepare(tmp_path / "pki", SUBJECTS)
    paper, stamp = tmp_path / "paper.pdf", tmp_path / "stamp.pdf"
    paper.write_bytes(papers.large(papers.foreign(papers.invitation(5)), 2))
    stamp.write_bytes(signature_stamp("An", "M 10 10 L 200 120 L 400 40", datetime.now(UTC)))
    told = subprocess.run(
        [sys.executable, "-m", "meeting_app.bench.sign_child", paper, pki.directory / "rsa.p12", _PIN, stamp],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout)["rss_mb"] < 120
    (facts,) = verify(paper.read_bytes(), read_roots([pki.trust_file])).signatures
    assert (facts.intact, facts.covers_file) == (True, True)
