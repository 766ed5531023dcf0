"""Preparation: which units were asked to bring the documents of an item."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Preparation(SQLModel, table=True):
    item_id: int = Field(foreign_key="agenda_item.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    asked_by: int = Field(foreign_key="account.id")
    asked_at: datetime
