"""Signed on the phone: asked for, waited for by whichever process is there, and finished, refused or expired."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.credential import Credential
from meeting_app.domain.invitation import InvitationState
from meeting_app.domain.key import KeyPlace, Secret
from meeting_app.domain.pending_signature import PendingSignature, PendingState, SignaturePending
from meeting_app.domain.signature import Verdict
from meeting_app.ports import Ports
from meeting_app.services import agenda as agendas
from meeting_app.services import audit, confirmation
from meeting_app.services import credential as credentials
from meeting_app.services import invitation as invitations
from meeting_app.services import pending_signature as pending_signatures
from meeting_app.services.pending_signature import PendingView
from meeting_app.signing.csc_services import Version
from meeting_app.signing.key_places import KeyPlaces
from meeting_app.signing.remote_keys import RemoteKeys
from meeting_app.worker.loop import work_once
from tests.cast import SettableClock
from tests.csc_rings import CscRing, running_rings
from tests.csc_vault import Decision
from tests.keys import Office, RememberedKeys
from tests.services.papers import STROKES


class Killed(BaseException):
    """As if the process were gone: nobody catches it."""


@pytest.fixture(scope="module")
def phones(office: Office) -> Iterator[CscRing]:
    """The signing service, and the phones of those who have a key there."""
    with running_rings(office.pki) as rings:
        yield next(ring for ring in rings if ring.name == "phone-signing")


@pytest.fixture
def clock() -> SettableClock:
    """Begins now: the signing service lets its questions expire by the real time."""
    return SettableClock(datetime.now(UTC))


@pytest.fixture
def keys(file_keys: RememberedKeys, phones: CscRing) -> KeyPlaces:
    return KeyPlaces({KeyPlace.FILE: file_keys, KeyPlace.PHONE: phones.keys})


@pytest.fixture
def drafted(ports: Ports, lan: Actor, hung: Actor, draft_meeting: int, enrolled: str, phones: CscRing) -> int:
    """The invitation lies before Hùng, whose newest key is behind his phone."""
    credentials.enrol_key(ports, phones.handle("rsa"), Secret(), account_id=hung.account_id)
    invitations.draft(ports, lan, draft_meeting)
    return draft_meeting


@pytest.fixture
def asked(ports: Ports, hung: Actor, drafted: int, phones: CscRing) -> PendingSignature:
    """Hùng was asked on his phone and has not answered yet."""
    pending = invitations.sign(ports, hung, drafted, pin=phones.right.pin, strokes=STROKES)
    assert isinstance(pending, PendingView)
    return stored(ports)


def stored(ports: Ports) -> PendingSignature:
    with ports.database.reading() as session:
        return session.exec(select(PendingSignature)).one()


def state(ports: Ports, actor: Actor, meeting_id: int) -> InvitationState:
    return invitations.view(ports, actor, meeting_id).state


def test_what_is_confirmed_on_the_phone_becomes_a_signature(
    ports: Ports, hung: Actor, drafted: int, asked: PendingSignature, phones: CscRing, clock: SettableClock
):
    assert (stored(ports).state, state(ports, hung, drafted)) == (PendingState.WAITING, InvitationState.AWAITING_LEADER)
    assert work_once(ports) == 1
    assert stored(ports).state is PendingState.WAITING
    phones.confirm(asked.ticket)
    clock.advance(seconds=2)
    assert work_once(ports) == 1
    assert (stored(ports).state, state(ports, hung, drafted)) == (PendingState.DONE, InvitationState.AWAITING_SEAL)
    (facts,) = invitations.verdict(ports, hung, drafted).signatures
    assert (facts.verdict, facts.profile) == (Verdict.VALID, "B-LT")
    (entry,) = (entry for entry in audit.export(ports) if entry["act"] == "invitation.sign")
    assert (entry["actor_id"], entry["address"]) == (hung.account_id, hung.address)


def test_another_process_with_other_providers_finishes_it(
    ports: Ports, hung: Actor, drafted: int, asked: PendingSignature, phones: CscRing
):
    phones.confirm(asked.ticket)
    fresh = RemoteKeys([phones.service.settings(version) for version in Version])
    confirmation.collect(replace(ports, keys=KeyPlaces({KeyPlace.PHONE: fresh})), asked.id)
    assert state(ports, hung, drafted) is InvitationState.AWAITING_SEAL


@pytest.mark.parametrize(
    ("decision", "ended"), [(Decision.REFUSE, PendingState.REFUSED), (Decision.EXPIRE, PendingState.EXPIRED)]
)
def test_what_is_not_confirmed_leaves_the_paper_to_be_signed_again(
    ports: Ports,
    hung: Actor,
    drafted: int,
    asked: PendingSignature,
    phones: CscRing,
    decision: Decision,
    ended: PendingState,
):
    phones.confirm(asked.ticket, decision)
    assert confirmation.collect(ports, asked.id) is None
    assert pending_signatures.newest(ports, hung, drafted, "invitation").state is ended
    assert invitations.view(ports, hung, drafted).may_sign
    assert isinstance(invitations.sign(ports, hung, drafted, pin=phones.right.pin, strokes=STROKES), PendingView)


def test_nobody_waits_for_a_phone_beyond_its_time(
    ports: Ports, hung: Actor, drafted: int, asked: PendingSignature, clock: SettableClock
):
    clock.set(asked.expires_at + timedelta(seconds=1))
    assert confirmation.collect(ports, asked.id) is None
    assert stored(ports).state is PendingState.EXPIRED


def test_a_paper_is_asked_for_once_at_a_time(
    ports: Ports, hung: Actor, drafted: int, asked: PendingSignature, phones: CscRing
):
    with pytest.raises(SignaturePending):
        invitations.sign(ports, hung, drafted, pin=phones.right.pin, strokes=STROKES)


def test_who_no_longer_waits_signs_otherwise_and_a_late_confirmation_counts_for_nothing(
    ports: Ports, hung: Actor, minh: Actor, drafted: int, asked: PendingSignature, phones: CscRing
):
    pending_signatures.withdraw(ports, minh, drafted, "invitation")  # not his
    assert stored(ports).state is PendingState.WAITING
    pending_signatures.withdraw(ports, hung, drafted, "invitation")
    phones.confirm(asked.ticket)
    assert confirmation.collect(ports, asked.id) is None
    assert (stored(ports).state, state(ports, hung, drafted)) == (
        PendingState.WITHDRAWN,
        InvitationState.AWAITING_LEADER,
    )


def test_a_paper_written_anew_meanwhile_is_not_signed(
    ports: Ports, lan: Actor, hung: Actor, drafted: int, asked: PendingSignature, phones: CscRing
):
    invitations.withdraw(ports, lan, drafted)
    agendas.insert(ports, lan, drafted, "Nội dung mới")
    invitations.draft(ports, lan, drafted)
    phones.confirm(asked.ticket)
    assert confirmation.collect(ports, asked.id) is None
    assert stored(ports).state is PendingState.OVERTAKEN
    assert invitations.verdict(ports, hung, drafted).signatures == ()


def test_what_was_asked_of_an_earlier_draft_hinders_nobody(
    ports: Ports, lan: Actor, hung: Actor, drafted: int, asked: PendingSignature, phones: CscRing
):
    with pytest.raises(SignaturePending):
        invitations.sign(ports, hung, drafted, pin=phones.right.pin, strokes=STROKES)
    invitations.withdraw(ports, lan, drafted)
    agendas.insert(ports, lan, drafted, "Nội dung mới")
    invitations.draft(ports, lan, drafted)
    assert isinstance(invitations.sign(ports, hung, drafted, pin=phones.right.pin, strokes=STROKES), PendingView)
    with ports.database.reading() as session:
        newest = session.exec(select(PendingSignature).where(PendingSignature.id != asked.id)).one()
    phones.confirm(asked.ticket)
    assert confirmation.collect(ports, asked.id) is None
    assert state(ports, hung, drafted) is InvitationState.AWAITING_LEADER
    phones.confirm(newest.ticket)
    confirmation.collect(ports, newest.id)
    assert state(ports, hung, drafted) is InvitationState.AWAITING_SEAL


def test_a_key_stopped_meanwhile_signs_nothing(
    ports: Ports, hung: Actor, drafted: int, asked: PendingSignature, phones: CscRing, clock: SettableClock
):
    phones.confirm(asked.ticket)
    with ports.database.writing() as session:
        session.get_one(Credential, asked.credential_id).stopped_at = clock.now()
    assert confirmation.collect(ports, asked.id) is None
    assert (stored(ports).state, state(ports, hung, drafted)) == (
        PendingState.OVERTAKEN,
        InvitationState.AWAITING_LEADER,
    )


def test_killed_after_the_phone_answered_nothing_is_lost(
    ports: Ports, hung: Actor, drafted: int, asked: PendingSignature, phones: CscRing
):
    class KilledFiles:
        def copy(self, _sha256: str):
            raise Killed

    phones.confirm(asked.ticket)
    with pytest.raises(Killed):
        confirmation.collect(replace(ports, files=KilledFiles()), asked.id)
    assert stored(ports).value
    nobody = KeyPlaces({})  # the service need not answer a second time
    assert confirmation.collect(replace(ports, keys=nobody), asked.id) is None
    assert (stored(ports).state, state(ports, hung, drafted)) == (PendingState.DONE, InvitationState.AWAITING_SEAL)
