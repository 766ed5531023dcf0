"""Documents to be sealed: small, made in no time, handed in for a meeting whose invitation is issued."""

from collections.abc import Sequence

from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.document import Document
from meeting_app.domain.invitation import Invitation, InvitationState
from meeting_app.domain.register import DocumentNumber
from meeting_app.domain.sealing import DocumentSeal
from meeting_app.domain.version import Version
from meeting_app.ports import Ports
from meeting_app.services import register
from meeting_app.services.unit_of_work import changing, key
from tests.conftest import convene
from tests.laying import lay
from tests.pdf.hostile import CATALOG, ONE_PAGE, raw_pdf, stream

NUMBER = "Số: "


def small(text: str = "Tai lieu", page: bytes = b"/MediaBox[0 0 595 842]") -> bytes:
    """One page with a line of text in the middle."""
    drawn = b"BT /F1 18 Tf 90 400 Td (%b) Tj ET" % text.encode("latin-1")
    return raw_pdf(
        CATALOG,
        ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R%b/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>" % page,
        stream(b"", drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def hand_in(ports: Ports, actor: Actor, meeting_id: int, files: Sequence[bytes]) -> list[int]:
    """What an upload writes, without its inspection."""
    stored = [ports.files.put(each) for each in files]
    with changing(ports, actor) as work:
        return [
            key(
                lay(
                    work,
                    meeting_id,
                    title=f"Phụ lục {number}",
                    file_name=f"phu-luc-{number}.pdf",
                    sha256=sha256,
                    size=len(content),
                )[0].id
            )
            for number, (sha256, content) in enumerate(zip(stored, files, strict=True), start=1)
        ]


def issue(ports: Ports, actor: Actor, meeting_id: int) -> str:
    """What issuing the invitation writes, but for the paper itself; returns its number."""
    convene(ports, actor, meeting_id)
    with changing(ports, actor) as work:
        number: DocumentNumber = register.reserve(work, work.standing(meeting_id).meeting, "GM", "Họp")
        work.session.add(
            Invitation(
                meeting_id=meeting_id,
                number_id=key(number.id),
                leader_id=actor.account_id,
                state=InvitationState.ISSUED,
                sha256="0" * 64,
                places="{}",
                drafted_at=work.now,
                issued_at=work.now,
            )
        )
        return number.text


def seals(ports: Ports, meeting_id: int) -> dict[int, DocumentSeal]:
    """What came of each document that was decided about, by its id."""
    query = (
        select(Document.id, DocumentSeal)
        .join(Version, Version.document_id == Document.id)
        .join(DocumentSeal, DocumentSeal.version_id == Version.id)
        .where(Document.meeting_id == meeting_id)
    )
    with ports.database.reading() as session:
        rows = session.exec(query).all()
    assert len({document_id for document_id, _ in rows}) == len(rows)
    return dict(rows)
