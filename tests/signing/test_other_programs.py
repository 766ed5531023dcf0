"""Other programs agree on honest papers: poppler and qpdf on the file, openssl on each signature and each timestamp."""

import hashlib
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from meeting_app.signing.trust import to_pem
from tests.signing.conftest import INVITATION, MINUTES


@pytest.fixture(scope="session")
def archived(desk, sealed):
    """The invitation as the worker leaves it."""
    paper = BytesIO(sealed)
    desk.engine.archive(paper)
    return paper.getvalue()


@pytest.fixture(scope="session")
def archived_minutes(desk, minutes):
    paper = BytesIO(minutes)
    desk.engine.archive(paper)
    return paper.getvalue()


PAPERS = {
    "led": INVITATION[:1],
    "sealed": INVITATION,
    "minutes": MINUTES,
    "archived": INVITATION,
    "archived_minutes": MINUTES,
}


@pytest.fixture(params=PAPERS)
def paper(request):
    """A paper, and how many people and agencies signed it."""
    return request.getfixturevalue(request.param), len(PAPERS[request.param])


def answer(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_poppler_and_qpdf_agree(paper, tmp_path):
    pdf, signers = paper
    (tmp_path / "paper.pdf").write_bytes(pdf)
    said = answer("pdfsig", "-nocert", tmp_path / "paper.pdf").stdout
    assert said.count("Signature is Valid.") >= signers
    assert "Invalid" not in said
    assert answer("qpdf", "--check", tmp_path / "paper.pdf").returncode == 0


def test_openssl_agrees_on_each_signature(paper, pki, tmp_path):
    pdf, signers = paper
    made = [each for each in PdfFileReader(BytesIO(pdf)).embedded_signatures if each.sig_object_type == "/Sig"]
    assert len(made) == signers
    for signature in made:
        start, length, again, rest = map(int, signature.byte_range)
        (tmp_path / "signed").write_bytes(pdf[start : start + length] + pdf[again : again + rest])
        (tmp_path / "cms").write_bytes(signature.pkcs7_content)
        told = answer(
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "cms", "-content",
            tmp_path / "signed", "-CAfile", pki.trust_file, "-purpose", "any", "-out", "/dev/null",
        )  # fmt: skip
        assert told.returncode == 0, told.stderr


def test_openssl_agrees_on_each_timestamp(paper, pki, tmp_path):
    pdf, _ = paper
    for number, (token, digest, others) in enumerate(timestamps(pdf)):
        (tmp_path / f"token{number}").write_bytes(token)
        (tmp_path / "others.pem").write_bytes(to_pem(others))
        told = answer(
            "openssl", "ts", "-verify", "-token_in", "-in", tmp_path / f"token{number}", "-digest", digest.hex(),
            "-CAfile", pki.trust_file, "-untrusted", tmp_path / "others.pem",
        )  # fmt: skip
        assert "Verification: OK" in told.stdout + told.stderr, told.stderr


def timestamps(pdf: bytes):
    """Each token, what it is made over, and the certificates between it and the root."""
    reader = PdfFileReader(BytesIO(pdf))
    made = reader.embedded_signatures
    chain = [above for each in made for above in extract_certificate_info(each.signed_data).other_certs]
    found = []
    for signature in made:
        if signature.sig_object_type == "/DocTimeStamp":
            found.append((signature.pkcs7_content, signature.compute_digest(), chain))
            continue
        (token,) = extract_tst_data_iter(signature.signer_info, signed=False)
        value = signature.signer_info["signature"].native
        attribute = next(each for each in signature.signer_info["unsigned_attrs"] if len(each["values"]))
        found.append((attribute["values"][0].dump(), hashlib.sha256(value).digest(), chain))
        assert token["signer_infos"]
    assert len(found) == len(made)
    return found
