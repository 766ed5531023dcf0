"""Trust anchors as rows, read again by every process as soon as they change."""

from sqlmodel import Session, col, func, select

from meeting_app.domain.trust_anchor import TrustAnchor
from meeting_app.ports import AnchorsAt, Database


class StoredAnchors:
    """The promise `ports.AnchorRows`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changed_since(self, version: object) -> AnchorsAt | None:
        with self._database.reading() as session:
            present = _version(session)
            if present == version:
                return None
            query = select(TrustAnchor).where(col(TrustAnchor.removed_at).is_(None)).order_by(col(TrustAnchor.id))
            anchors = tuple((row.kind, row.certificate) for row in session.exec(query).all())
        return AnchorsAt(present, anchors)


def _version(session: Session) -> tuple[int, int]:
    """Rows are only added, and removed once: two counts tell any two states apart."""
    counts = session.exec(select(func.count(col(TrustAnchor.id)), func.count(col(TrustAnchor.removed_at)))).one()
    return counts[0], counts[1]
