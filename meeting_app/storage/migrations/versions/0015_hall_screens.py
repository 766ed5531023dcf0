"""The hall's big screens, and the codes that were typed to pair them.

Revision 0015.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hall_screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("opened_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("address", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("code_number", sa.Integer(), nullable=False),
        sa.Column("code_hash", sqltypes.AutoString(length=64), nullable=True),
        sa.Column("code_expires_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("name", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("paired_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paired_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["paired_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_hall_screen_meeting_id", "hall_screen", ["meeting_id"])
    op.create_table(
        "screen_guess",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_screen_guess_account_id", "screen_guess", ["account_id"])
    op.create_index("ix_screen_guess_at", "screen_guess", ["at"])


def downgrade() -> None:
    op.drop_table("screen_guess")
    op.drop_table("hall_screen")
