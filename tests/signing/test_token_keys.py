"""Tokens that are locked, hang, lie, are pulled out, or are two; with SoftHSM2, and stern_module.c around it."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Barrier

import psutil
import pytest
from asn1crypto import x509 as asn1_x509

from meeting_app.domain.key import KeyHandle, KeyLocked, KeyNotFound, KeyPlace, KeyUnreachable, Secret, WrongSignature
from meeting_app.domain.signature import Field, KeyUnusable, Verdict, WrongPin
from meeting_app.signing.demo_pki import DemoPki
from meeting_app.signing.proof import ensure_signed
from meeting_app.signing.token_keys import TokenKeys
from tests import softhsm
from tests.signing.conftest import INVITATION, Desk
from tests.softhsm import AUTHORITIES, Entry, Reader, SternModule, stern_module

RIGHT, WRONG = Secret(pin=softhsm.PIN), Secret(pin="864209753")
CONTENT = "Giấy mời".encode()
AN, BINH = Entry("an", "a1"), Entry("binh", "b1")


@dataclass(frozen=True)
class Drawer:
    """One reader, and the provider that works with it."""

    reader: Reader
    provider: TokenKeys
    stern: SternModule

    def sign(self, key: KeyHandle, secret: Secret = RIGHT, content: bytes = CONTENT) -> bytes:
        (signature,) = self.provider.sign(key, secret, [content])
        return signature


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory: pytest.TempPathFactory) -> SternModule:
    return stern_module(tmp_path_factory.mktemp("stern"))


@pytest.fixture
def open_drawer(tmp_path: Path, wrapped: SternModule) -> Iterator[Callable[..., Drawer]]:
    """Plug in what the test needs: entries by the label of their token."""
    opened: list[Drawer] = []

    def open_with(
        pki: DemoPki, mechanisms: str = "ALL", *, stern: bool = False, seconds: int = 20, **tokens: list[Entry]
    ) -> Drawer:
        reader = Reader(tmp_path / f"reader{len(opened)}", mechanisms)
        for label, entries in tokens.items():
            reader.plug_in(label, pki, entries)
        module, environment = softhsm.MODULE, reader.environment
        if stern:
            module, environment = wrapped.path, environment | wrapped.environment
        opened.append(
            Drawer(reader, TokenKeys(module, environment=environment, answer_seconds=seconds), wrapped),
        )
        return opened[-1]

    yield open_with
    wrapped.behave()
    for drawer in opened:
        drawer.provider.close()
    assert children() == []


def on(token: str, label: str) -> KeyHandle:
    return KeyHandle(KeyPlace.TOKEN, f"{token}/{label}")


def children() -> list[psutil.Process]:
    """The living processes that speak to tokens."""
    return [each for each in psutil.Process().children() if "token_child" in " ".join(each.cmdline())]


def kill(child: psutil.Process) -> None:
    """Dead when this returns, but not yet noticed by its parent."""
    child.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)


def fits(pki: DemoPki, label: str, signature: bytes, content: bytes = CONTENT) -> bool:
    try:
        ensure_signed(pki.certificate(label), [sha256(content).digest()], [signature])
    except WrongSignature:
        return False
    return True


def test_a_locked_token_is_told_apart_from_a_wrong_pin(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, stern=True, card=[BINH])
    for _time in range(2):
        with pytest.raises(WrongPin):
            drawer.sign(on("card", "binh"), WRONG)
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))  # and the count begins anew
    for _time in range(3):
        with pytest.raises(WrongPin):
            drawer.sign(on("card", "binh"), WRONG)
    for secret in (WRONG, RIGHT):
        with pytest.raises(KeyLocked):
            drawer.sign(on("card", "binh"), secret)
        with pytest.raises(KeyLocked):
            drawer.provider.certificates(on("card", "binh"), secret)
    kill(*children())
    with pytest.raises(KeyLocked):  # by the card, not by our memory of it
        drawer.sign(on("card", "binh"))


def test_one_request_is_one_try(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, stern=True, card=[BINH])
    with pytest.raises(WrongPin):
        drawer.provider.sign(on("card", "binh"), WRONG, [CONTENT] * 3)
    assert (drawer.stern.folder / "tries").stat().st_size == 1


def test_a_wrong_pin_is_refused_by_a_module_that_does_not_log_out(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, stern=True, card=[BINH])
    drawer.stern.shall("linger")
    for _time in range(3):
        assert fits(pki, "binh", drawer.sign(on("card", "binh")))
        with pytest.raises(WrongPin):
            drawer.sign(on("card", "binh"), WRONG)


def test_a_child_killed_between_two_requests_is_replaced(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[BINH])
    drawer.sign(on("card", "binh"))
    (first,) = children()
    kill(first)
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))
    (second,) = children()
    assert second.pid != first.pid
    with pytest.raises(WrongPin):
        drawer.sign(on("card", "binh"), WRONG)
    assert children() == [second]  # a wrong PIN costs no process


def test_a_module_that_hangs_is_ended(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, stern=True, seconds=3, card=[BINH])  # enough to start a child on a busy machine
    drawer.stern.shall("hang")
    with pytest.raises(KeyUnreachable):
        drawer.sign(on("card", "binh"))
    assert children() == []
    drawer.stern.behave()
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))


def test_a_child_that_stands_still_is_ended_whatever_it_was_to_read(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, seconds=3, card=[BINH])
    drawer.sign(on("card", "binh"))
    (child,) = children()
    child.suspend()
    with pytest.raises(KeyUnreachable):  # more than the socket holds
        drawer.sign(on("card", "binh"), content=bytes(1_000_000))
    assert children() == []
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))


def test_a_hung_child_ends_also_when_nobody_ends_it(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, stern=True, seconds=1, card=[BINH])
    drawer.stern.shall("hang")
    place = drawer.provider._place
    question = {"token": "card", "key": "binh", "pin": softhsm.PIN, "contents": []}
    with subprocess.Popen(
        place.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=place.environment
    ) as orphan:
        try:
            answer, _nothing = orphan.communicate(json.dumps(question).encode() + b"\n", timeout=60)
        finally:
            orphan.kill()
    assert (answer, orphan.returncode) == (b"", -signal.SIGALRM)


def test_a_token_may_be_taken_out_and_put_back(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[BINH])
    drawer.sign(on("card", "binh"))
    drawer.reader.take_out("card")
    with pytest.raises(KeyNotFound):
        drawer.sign(on("card", "binh"))
    with pytest.raises(KeyNotFound):
        drawer.provider.certificates(on("card", "binh"), RIGHT)
    drawer.reader.put_back("card")
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))
    drawer.reader.take_out("card")
    drawer.reader.put_back("card")
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))
    with pytest.raises(WrongPin):
        drawer.sign(on("card", "binh"), WRONG)


def test_two_tokens_at_once_are_two_logins(pki: DemoPki, open_drawer):
    """Each with a key of the same name."""
    drawer = open_drawer(pki, one=[BINH], two=[BINH])
    start = Barrier(8)

    def ask(number: int) -> bool:
        start.wait()
        key = on("two" if number % 2 else "one", "binh")
        fair = fits(pki, "binh", drawer.sign(key))
        with pytest.raises(WrongPin):
            drawer.sign(key, WRONG)
        return fair

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))
    assert len(children()) == 2


def test_no_token_no_key_and_no_sound_name_is_not_found_and_leaves_no_process(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[BINH, *AUTHORITIES])
    for reference in (
        "card/nobody", "nowhere/binh", "card/issuing", "card", "card/", "/binh", "", "/", "x" * 33 + "/binh",
        "card/binh\n", "card\0/binh", "card/\ud800", "card/binh/", "CARD/binh",
    ):  # fmt: skip
        with pytest.raises(KeyNotFound):
            drawer.sign(KeyHandle(KeyPlace.TOKEN, reference))
    with pytest.raises(KeyNotFound):
        drawer.sign(KeyHandle(KeyPlace.REMOTE, "card/binh"))
    assert children() == []


def test_two_tokens_or_keys_of_one_name_are_not_guessed_between(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[BINH, Entry("an", "a1"), Entry("an", "a2")])
    with pytest.raises(KeyNotFound):
        drawer.sign(on("card", "an"))
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))
    drawer.reader.plug_in("card", pki, [BINH])  # another token of that label
    with pytest.raises(KeyNotFound):
        drawer.sign(on("card", "binh"))


def test_a_module_that_is_not_installed_is_unreachable(tmp_path: Path):
    provider = TokenKeys(tmp_path / "no-module.so")
    with pytest.raises(KeyUnreachable):
        provider.sign(on("card", "binh"), RIGHT, [CONTENT])
    assert children() == []


def test_the_pin_stands_in_no_argument_and_no_environment(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[BINH])
    drawer.sign(on("card", "binh"))
    (child,) = children()
    seen = b"".join(Path(f"/proc/{child.pid}/{what}").read_bytes() for what in ("cmdline", "environ"))
    assert b"SOFTHSM2_CONF=" in seen
    assert softhsm.PIN.encode() not in seen
    assert os.environ["PATH"].encode() not in seen  # nor anything else of ours


def test_what_a_module_prints_is_not_taken_for_an_answer(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, stern=True, card=[BINH])
    drawer.stern.shall("chat")
    assert fits(pki, "binh", drawer.sign(on("card", "binh")))


@pytest.mark.parametrize("label", ["an", "binh"])
def test_a_signature_that_does_not_fit_is_not_given_out(pki: DemoPki, open_drawer, label: str):
    drawer = open_drawer(pki, stern=True, card=[AN, BINH])
    drawer.stern.shall("lie")
    with pytest.raises(WrongSignature):
        drawer.sign(on("card", label))
    drawer.stern.behave()
    assert fits(pki, label, drawer.sign(on("card", label)))


@pytest.mark.parametrize("mechanisms", ["CKM_RSA_PKCS_PSS", "CKM_SHA256_RSA_PKCS_PSS", "CKM_RSA_PKCS,CKM_RSA_X_509"])
def test_rsa_is_pss_by_whatever_the_token_knows(pki: DemoPki, open_drawer, mechanisms: str):
    drawer = open_drawer(pki, mechanisms, card=[AN])
    assert fits(pki, "an", drawer.sign(on("card", "an")))


def test_a_token_without_pss_is_refused_by_name(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, "CKM_RSA_PKCS,CKM_SHA256_RSA_PKCS", card=[AN])
    with pytest.raises(KeyUnusable, match="Nguyễn Văn An"):
        drawer.sign(on("card", "an"))


@pytest.mark.parametrize("label", ["an", "binh"])
def test_a_key_that_wants_the_pin_each_time_gets_it(pki: DemoPki, open_drawer, label: str):
    drawer = open_drawer(pki, card=[Entry(label, "01", asks_each_time=True)])
    contents = [b"one", b"two", b"three"]
    for content, signature in zip(contents, drawer.provider.sign(on("card", label), RIGHT, contents), strict=True):
        assert fits(pki, label, signature, content)
    with pytest.raises(WrongPin):
        drawer.sign(on("card", label), WRONG)


def test_a_certificate_is_found_by_name_where_it_has_no_identity(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[Entry("an"), Entry("binh"), *AUTHORITIES])
    assert drawer.provider.certificates(on("card", "an"), RIGHT) == tuple(
        map(pki.certificate, ("an", "issuing", "root"))
    )


def test_a_token_tells_only_the_authorities_it_holds(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[AN, BINH])
    assert drawer.provider.certificates(on("card", "an"), RIGHT) == (pki.certificate("an"),)


def test_a_certificate_for_another_purpose_is_refused(pki: DemoPki, open_drawer):
    drawer = open_drawer(pki, card=[Entry("cipher", "01")])
    with pytest.raises(KeyUnusable):
        drawer.provider.certificates(on("card", "cipher"), RIGHT)


@pytest.mark.parametrize(
    ("label", "algorithm"), [("an", "RSASSA-PSS, SHA-256"), ("mai", "ECDSA P-384, SHA-256")], ids=["rsa", "p384"]
)
def test_a_paper_signed_by_a_token_is_valid(pki: DemoPki, desk: Desk, open_drawer, label: str, algorithm: str):
    drawer = open_drawer(pki, card=[Entry(label, "01"), *AUTHORITIES])
    key = on("card", label)
    begun = desk.engine.begin([asn1_x509.Certificate.load(each) for each in drawer.provider.certificates(key, RIGHT)])
    paper = BytesIO(desk.compile(()))
    prepared = begun.prepare(paper, desk.order(INVITATION[:1], Field.LEADER))
    desk.engine.finish(paper, prepared, drawer.sign(key, RIGHT, prepared.to_sign))
    verdict = desk.verdict(paper.getvalue())
    assert verdict.verdict is Verdict.VALID, verdict
    assert [each.algorithm for each in verdict.signatures] == [algorithm]
