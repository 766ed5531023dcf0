"""Where keys live, signatures that wait for a phone, and what a paper's signatures hold until.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PLACES = sa.Enum("file", "token", "remote", "phone", name="keyplace", native_enum=False, length=30)
_STATES = sa.Enum(
    "waiting",
    "done",
    "refused",
    "expired",
    "overtaken",
    "withdrawn",
    name="pendingstate",
    native_enum=False,
    length=30,
)


def upgrade() -> None:
    with op.batch_alter_table("credential") as batch_op:
        batch_op.add_column(sa.Column("place", _PLACES, nullable=False, server_default="file"))
        batch_op.add_column(sa.Column("reference", sqltypes.AutoString(length=200), nullable=False, server_default=""))
        # Empty for keys enrolled before: read from the key itself when it is next used.
        batch_op.add_column(sa.Column("certificates", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    for table in ("invitation", "minutes"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("profile", sqltypes.AutoString(length=5), nullable=False, server_default=""))
            batch_op.add_column(sa.Column("holds_until", sqltypes.UTCDateTime(), nullable=True))
    op.create_table(
        "pending_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("paper", sqltypes.AutoString(length=20), nullable=False),
        sa.Column("seal", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("base_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("prepared_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("prepared", sqltypes.AutoString(), nullable=False),
        sa.Column("ticket", sqltypes.AutoString(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("state", _STATES, nullable=False),
        sa.Column("asked_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_pending_signature_account_id", "pending_signature", ["account_id"])
    op.create_index("ix_pending_signature_meeting_id", "pending_signature", ["meeting_id"])


def downgrade() -> None:
    op.drop_table("pending_signature")
    for table in ("minutes", "invitation"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("holds_until")
            batch_op.drop_column("profile")
    with op.batch_alter_table("credential") as batch_op:
        batch_op.drop_column("certificates")
        batch_op.drop_column("reference")
        batch_op.drop_column("place")
