"""Documents of a meeting that are sealed, and the acts in which that is done.

Revision 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("beat_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("cancelled_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failure", sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_seal_batch_meeting_id", "seal_batch", ["meeting_id"])
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_seal_batch_running",
        "seal_batch",
        ["meeting_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_table(
        "document_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sealed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sealed_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("profile", sqltypes.AutoString(length=5), nullable=False),
        sa.Column("holds_until", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failure", sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["seal_batch.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id"),
    )
    op.create_index("ix_document_seal_batch_id", "document_seal", ["batch_id"])


def downgrade() -> None:
    op.drop_table("document_seal")
    op.drop_table("seal_batch")
