"""The check-in code on the wall: it changes every half minute, and only who stands before it can have it."""

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class CheckInSecret(SQLModel, table=True):
    """What a meeting's codes are made of; it stands nowhere else."""

    __tablename__ = "check_in_secret"

    meeting_id: int = Field(foreign_key="meeting.id", primary_key=True)
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
