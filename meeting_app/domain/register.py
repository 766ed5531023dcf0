"""The register of outgoing papers: numbers run from 01 in the year, each with its symbol (L4)."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel, UniqueConstraint


class DocumentNumber(SQLModel, table=True):
    """A number reserved before signing (L2); `issued_at` is set when the paper goes out."""

    __tablename__ = "document_number"
    __table_args__ = (UniqueConstraint("unit_id", "year", "kind", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    year: int
    kind: str = Field(max_length=10)  # "GM" giấy mời, "BB" biên bản
    number: int
    symbol: str = Field(max_length=60)  # "GM-UBND"
    dated: date
    subject: str = Field(max_length=400)
    reserved_at: datetime
    issued_at: datetime | None = None

    @property
    def text(self) -> str:
        """'05/GM-UBND': a zero before numbers below ten."""
        return f"{self.number:02d}/{self.symbol}"
