"""Trust anchors: added after their fingerprint was compared, removed again, at work from the next check on."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from meeting_app.domain.access import Actor
from meeting_app.domain.signature import CredentialUntrusted, Verdict
from meeting_app.domain.trust_anchor import (
    AnchorEnded,
    AnchorGone,
    AnchorKind,
    AnchorKnown,
    AnchorNotRoot,
    AnchorSignatureFalse,
    AnchorUnreadable,
    AnchorWeak,
    FingerprintDiffers,
)
from meeting_app.errors import MeetingError, NotFound
from meeting_app.ports import Ports
from meeting_app.services import audit
from meeting_app.services import trust_anchor as anchors
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import TimestampRoot, TrustedRoots, parse_roots, to_pem
from meeting_app.storage.trust_anchors import StoredAnchors
from tests import authority
from tests.cast import Cast
from tests.keys import Office


def trusted(ports: Ports, *fixed: bytes) -> TrustedRoots:
    """What another process would ask."""
    return TrustedRoots([root for der in fixed for root in parse_roots(der)], StoredAnchors(ports.database))


def add(ports: Ports, actor: Actor, der: bytes, kind: AnchorKind = AnchorKind.PUBLIC) -> int:
    facts = anchors.look_at(ports, actor, der)
    return anchors.add(ports, actor, der, kind, sha256=facts.sha256)


def test_a_root_is_trusted_from_the_next_check_on_until_it_is_removed(ports: Ports, vinh: Actor):
    der, _key = authority.self_signed("CA công cộng")
    ours, another = trusted(ports), trusted(ports)
    assert ours() == another() == ()
    facts = anchors.look_at(ports, vinh, authority.as_pem(der))
    assert (facts.name, facts.sha256) == ("CA công cộng", sha256(der).hexdigest())
    assert ours() == ()  # looking adds nothing
    anchor_id = add(ports, vinh, der)
    assert [root.dump() for root in ours()] == [root.dump() for root in another()] == [der]
    assert ours() is ours()  # and is not read again
    anchors.remove(ports, vinh, anchor_id)
    assert ours() == another() == ()
    add(ports, vinh, der)
    assert [root.dump() for root in ours()] == [der]
    (now, before) = anchors.anchors(ports, vinh)
    assert (now.removed_at, before.removed_by) == (None, "Bùi Thế Vinh")
    acts = [entry["act"] for entry in audit.export(ports)]
    assert acts == ["trust_anchor.add", "trust_anchor.remove", "trust_anchor.add"]


def test_the_trust_file_counts_beside_the_rows(ports: Ports, vinh: Actor):
    in_file, _key = authority.self_signed("Trong tệp")
    in_row, _key = authority.self_signed("Trong bảng")
    roots = trusted(ports, in_file)
    add(ports, vinh, in_row)
    add(ports, vinh, in_file, AnchorKind.TIMESTAMP)  # a row never narrows what the file trusts
    assert [root.dump() for root in roots()] == [in_file, in_row]
    assert not any(isinstance(root, TimestampRoot) for root in roots())


def test_a_root_stands_once(ports: Ports, vinh: Actor):
    der, _key = authority.self_signed("CA công cộng")
    add(ports, vinh, der)
    with pytest.raises(AnchorKnown, match="CA công cộng"):
        add(ports, vinh, der, AnchorKind.STATE)


def test_only_the_compared_fingerprint_is_added(ports: Ports, vinh: Actor):
    der, _key = authority.self_signed("CA công cộng")
    with pytest.raises(FingerprintDiffers):
        anchors.add(ports, vinh, der, AnchorKind.PUBLIC, sha256="0" * 64)
    assert anchors.anchors(ports, vinh) == []


@pytest.mark.parametrize("name", ["hung", "lan", "thu", "nam"])
def test_anchors_are_the_administrators_business(ports: Ports, cast: Cast, vinh: Actor, name: str):
    der, _key = authority.self_signed("CA công cộng")
    anchor_id = add(ports, vinh, der)
    actor = cast.actors[name]
    for act in (
        lambda: anchors.anchors(ports, actor),
        lambda: anchors.look_at(ports, actor, der),
        lambda: anchors.add(ports, actor, der, AnchorKind.PUBLIC, sha256="0" * 64),
        lambda: anchors.remove(ports, actor, anchor_id),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        anchors.remove(ports, vinh, 999_999)


def test_removing_at_once_removes_once_and_adding_at_once_adds_once(ports: Ports, vinh: Actor):
    der, _key = authority.self_signed("CA công cộng")

    def at_once(act) -> list[type[MeetingError] | None]:
        start = Barrier(3)

        def run(_number: int) -> type[MeetingError] | None:
            start.wait()
            try:
                act()
            except MeetingError as error:
                return type(error)
            return None

        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(run, range(3)))

    answers = at_once(lambda: add(ports, vinh, der))
    assert (answers.count(None), answers.count(AnchorKnown)) == (1, 2)
    (anchor,) = anchors.anchors(ports, vinh)
    answers = at_once(lambda: anchors.remove(ports, vinh, anchor.id))
    assert (answers.count(None), answers.count(AnchorGone)) == (1, 2)


def test_what_is_no_root_is_refused_in_a_sentence(ports: Ports, vinh: Actor, office: Office):
    weak, _key = authority.self_signed("Yếu", key=authority.weak_key())
    small, _key = authority.self_signed("Yếu", key=ec.generate_private_key(ec.SECP224R1()))
    person, _key = authority.self_signed("Người", ca=False)
    ended, _key = authority.self_signed("Hết hạn", days=-1, starts=-30)
    early, _key = authority.self_signed("Chưa tới", days=60, starts=30)
    sound, _key = authority.self_signed("CA tốt")
    altered = sound[:-1] + bytes([sound[-1] ^ 1])
    for upload, refusal in (
        (b"", AnchorUnreadable),
        (b"garbage", AnchorUnreadable),
        (b"\x30\x80" * 9000, AnchorUnreadable),
        (sound + b"\0", AnchorUnreadable),
        (authority.as_pem(sound, sound), AnchorUnreadable),
        (authority.as_pem(), AnchorUnreadable),
        (sound * 300, AnchorUnreadable),
        (person, AnchorNotRoot),
        (office.pki.certificate("issuing"), AnchorNotRoot),
        (office.pki.certificate("hung"), AnchorNotRoot),
        (altered, AnchorSignatureFalse),
        (weak, AnchorWeak),
        (small, AnchorWeak),
        (ended, AnchorEnded),
        (early, AnchorEnded),
    ):
        with pytest.raises(refusal) as refused:
            anchors.look_at(ports, vinh, upload)
        assert str(refused.value) != refused.value.message
    assert anchors.anchors(ports, vinh) == []


def test_a_timestamp_root_travels_to_the_child_as_what_it_is():
    der, _key = authority.self_signed("TSA")
    general, _key = authority.self_signed("CA")
    roots = (TimestampRoot.load(der), *parse_roots(general))
    told = parse_roots(to_pem(roots))
    assert [type(root) is TimestampRoot for root in told] == [True, False]
    assert [root.dump() for root in told] == [der, general]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_signing_and_checking_follow_the_anchors(
    ports: Ports, vinh: Actor, lan: Actor, hung: Actor, thu: Actor, enrolled: str, office: Office, draft_meeting: int
):
    """Nobody trusted, then for timestamps alone, then for everything, then nobody again."""
    from meeting_app.services import invitation
    from tests.keys import PIN
    from tests.web.stages import STROKES

    invitation.draft(ports, lan, draft_meeting)
    invitation.sign(ports, hung, draft_meeting, pin=PIN, strokes=STROKES)
    signed = invitation.file(ports, hung, draft_meeting).path
    engine = PyHankoSignatures([office.pki.timestamp_url], trusted(ports))
    chain = (office.pki.certificate("hung"), office.pki.certificate("issuing"))
    root = office.pki.trust_file.read_bytes()

    def checked() -> tuple[Verdict, Verdict, bool]:
        here, child = engine.verify(signed.read_bytes()), engine.verify_file(signed)
        try:
            engine.begin(chain)
        except CredentialUntrusted:
            return here.signatures[0].verdict, child.signatures[0].verdict, False
        return here.signatures[0].verdict, child.signatures[0].verdict, True

    nobody = (Verdict.UNCONFIRMED, Verdict.UNCONFIRMED, False)
    assert checked() == nobody
    for_stamps = add(ports, vinh, root, AnchorKind.TIMESTAMP)
    assert checked() == nobody
    anchors.remove(ports, vinh, for_stamps)
    for_all = add(ports, vinh, root, AnchorKind.STATE)
    assert checked() == (Verdict.VALID, Verdict.VALID, True)
    anchors.remove(ports, vinh, for_all)
    assert checked() == nobody
