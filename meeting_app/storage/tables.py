"""Every table, imported once so that the metadata is whole for migrations and tests."""

from sqlmodel import SQLModel

from meeting_app.domain import (
    account,
    agenda,
    attendee,
    audit,
    credential,
    credential_life,
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
    presenter,
    register,
    sealing,
    trust_anchor,
)

MODULES = (
    account,
    agenda,
    attendee,
    audit,
    credential,
    credential_life,
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
    presenter,
    register,
    sealing,
    trust_anchor,
)
METADATA = SQLModel.metadata
