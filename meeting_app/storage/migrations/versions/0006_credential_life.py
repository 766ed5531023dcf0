"""Credentials through their whole life, requests for certificates, and trust anchors.

Revision 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KINDS = sa.Enum("person", "seal", name="credentialkind", native_enum=False, length=30)
_ALGORITHMS = sa.Enum("rsa_2048", "ec_p256", "ec_p384", name="keyalgorithm", native_enum=False, length=30)
_REQUESTS = sa.Enum("asked", "key_made", "issued", "withdrawn", name="requeststate", native_enum=False, length=30)
_ACTS = sa.Enum(
    "requested",
    "key_made",
    "withdrawn",
    "issued",
    "handed_over",
    "pin_changed",
    "suspended",
    "resumed",
    "unlocked",
    "revoked",
    "stopped",
    "reissued",
    name="credentialact",
    native_enum=False,
    length=30,
)
_ANCHORS = sa.Enum("state", "public", "foreign", "timestamp", name="anchorkind", native_enum=False, length=30)


def upgrade() -> None:
    # Not as a batch: with a foreign key that makes the table anew, which SQLite refuses while rows refer to it.
    op.execute("alter table credential add column appointment_id integer references appointment (id)")
    op.add_column("credential", sa.Column("suspended_at", sqltypes.UTCDateTime(), nullable=True))
    op.add_column("credential", sa.Column("revoked_at", sqltypes.UTCDateTime(), nullable=True))
    op.create_index("ix_credential_appointment_id", "credential", ["appointment_id"])
    _create_requests()
    _create_records()
    op.create_table(
        "trust_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("kind", _ANCHORS, nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("trusted_sha256", sqltypes.AutoString(length=64), nullable=True),
        sa.Column("not_after", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["removed_by_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trusted_sha256"),
    )


def _create_requests() -> None:
    op.create_table(
        "certificate_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _KINDS, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("common_name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("organisation", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("title", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("locality", sqltypes.AutoString(length=100), nullable=False),
        sa.Column("algorithm", _ALGORITHMS, nullable=False),
        sa.Column("state", _REQUESTS, nullable=False),
        sa.Column("key_file", sa.LargeBinary(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("credential_id", sa.Integer(), nullable=True),
        sa.Column("open_for", sqltypes.AutoString(length=60), nullable=True),
        sa.Column("asked_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["credential.id"]),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_for"),
    )
    for column in ("unit_id", "account_id", "credential_id"):
        op.create_index(f"ix_certificate_request_{column}", "certificate_request", [column])


def _create_records() -> None:
    op.create_table(
        "credential_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("act", _ACTS, nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sqltypes.AutoString(length=120), nullable=False),
        sa.Column("reason", sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"]),
        sa.ForeignKeyConstraint(["request_id"], ["certificate_request.id"]),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("credential_id", "request_id"):
        op.create_index(f"ix_credential_event_{column}", "credential_event", [column])
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("device", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("note", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"]),
        sa.ForeignKeyConstraint(["giver_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["receiver_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_hand_over_credential_id", "hand_over", ["credential_id"])


def downgrade() -> None:
    for table in ("trust_anchor", "hand_over", "credential_event", "certificate_request"):
        op.drop_table(table)
    op.drop_index("ix_credential_appointment_id", "credential")
    with op.batch_alter_table("credential") as batch_op:
        for column in ("revoked_at", "suspended_at", "appointment_id"):
            batch_op.drop_column(column)
