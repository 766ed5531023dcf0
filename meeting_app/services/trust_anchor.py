"""Trust anchors: whom this house believes, added and removed by an administrator (L16)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Account, Right
from meeting_app.domain.trust_anchor import (
    AnchorFacts,
    AnchorKind,
    AnchorKnown,
    FingerprintDiffers,
    TrustAnchor,
    ensure_trusted,
)
from meeting_app.domain.wording import typed
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services.unit_of_work import changing, key


@dataclass(frozen=True, slots=True)
class AnchorView:
    id: int
    name: str
    kind: AnchorKind
    sha256: str
    not_after: datetime
    added_by: str
    added_at: datetime
    removed_by: str
    removed_at: datetime | None


def look_at(ports: Ports, actor: Actor, upload: bytes) -> AnchorFacts:
    """What a file holds, so that its fingerprint can be compared; nothing is kept. Raises an AnchorRefused."""
    _ensure_administrator(actor)
    return ports.certification.anchor(upload, ports.clock.now())


def add(ports: Ports, actor: Actor, upload: bytes, kind: AnchorKind, *, sha256: str, name: str = "") -> int:
    """Trust a root whose fingerprint was compared; counts from the next check on, in every process."""
    _ensure_administrator(actor)
    facts = ports.certification.anchor(upload, ports.clock.now())
    if facts.sha256 != sha256:
        raise FingerprintDiffers
    with changing(ports, actor) as work:
        row = TrustAnchor(
            name=(typed(name).strip() or facts.name)[:200],
            kind=kind,
            certificate=facts.certificate,
            sha256=facts.sha256,
            trusted_sha256=facts.sha256,
            not_after=facts.not_after,
            added_by_id=actor.account_id,
            added_at=work.now,
        )
        work.session.add(row)
        try:
            work.session.flush()
        except IntegrityError as error:
            raise AnchorKnown(name=facts.name) from error
        work.record("trust_anchor.add", name=row.name, kind=kind.value, sha256=facts.sha256)
        return key(row.id)


def remove(ports: Ports, actor: Actor, anchor_id: int) -> None:
    """Trust it no longer: what hangs on it can neither sign nor be confirmed any more."""
    _ensure_administrator(actor)
    with changing(ports, actor) as work:
        row = work.session.exec(select(TrustAnchor).where(TrustAnchor.id == anchor_id).with_for_update()).one_or_none()
        if row is None:
            raise NotFound
        ensure_trusted(row)
        row.removed_by_id, row.removed_at, row.trusted_sha256 = actor.account_id, work.now, None
        work.record("trust_anchor.remove", name=row.name, sha256=row.sha256)


def anchors(ports: Ports, actor: Actor) -> list[AnchorView]:
    """Those trusted now, then those that were, newest first."""
    _ensure_administrator(actor)
    with ports.database.reading() as session:
        rows = session.exec(select(TrustAnchor).order_by(col(TrustAnchor.id).desc())).all()
        people = {each for row in rows for each in (row.added_by_id, row.removed_by_id)}
        names = {row.id: row.full_name for row in session.exec(select(Account).where(col(Account.id).in_(people)))}
    views = [
        AnchorView(
            key(row.id),
            row.name,
            row.kind,
            row.sha256,
            row.not_after,
            names[row.added_by_id],
            row.added_at,
            names.get(row.removed_by_id, ""),
            row.removed_at,
        )
        for row in rows
    ]
    return sorted(views, key=lambda view: view.removed_at is not None)


def _ensure_administrator(actor: Actor) -> None:
    if Right.ADMINISTER not in actor.rights:
        raise NotFound
