"""Every table, imported once so that the metadata is whole for migrations and tests."""

from sqlmodel import SQLModel

from meeting_app.domain import (
    account,
    agenda,
    attendee,
    audit,
    credential,
    delegation,
    document,
    event,
    invitation,
    job,
    mail,
    meeting,
    minutes,
    organisation,
    pending_signature,
    register,
    sealing,
)

MODULES = (
    account,
    agenda,
    attendee,
    audit,
    credential,
    delegation,
    document,
    event,
    invitation,
    job,
    mail,
    meeting,
    minutes,
    organisation,
    pending_signature,
    register,
    sealing,
)
METADATA = SQLModel.metadata
