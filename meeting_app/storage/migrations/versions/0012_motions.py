"""Motions, who votes on them, and what was voted; the quorum of a meeting.

Revision 0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0012"
down_revision = "0014"
branch_labels = None
depends_on = None

_KINDS = sa.Enum("agreement", "choice", name="motionkind", native_enum=False, length=30)
_BASES = sa.Enum("present", "all", "cast", name="base", native_enum=False, length=30)
_TIES = sa.Enum("fails", "chair", name="tierule", native_enum=False, length=30)
_STATES = sa.Enum(
    *("draft", "approved", "called", "open", "closed", "withdrawn"), name="motionstate", native_enum=False, length=30
)
_CHOICES = sa.Enum("agree", "disagree", "other", name="choice", native_enum=False, length=30)


def upgrade() -> None:
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("quorum_numerator", sa.Integer(), nullable=False, server_default="2"))
        batch_op.add_column(sa.Column("quorum_denominator", sa.Integer(), nullable=False, server_default="3"))
    _create_motion()
    op.create_table(
        "motion_ready",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"]),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("motion_id", "attendee_id"),
    )
    op.create_table(
        "elector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"]),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"]),
        sa.ForeignKeyConstraint(["holder_id"], ["attendee.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("motion_id", "attendee_id"),
        sqlite_autoincrement=True,
    )
    _create_ballots()


def _create_motion() -> None:
    op.create_table(
        "motion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sqltypes.AutoString(length=300), nullable=False),
        sa.Column("text", sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("kind", _KINDS, nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("proxies", sa.Boolean(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("winners", sa.Integer(), nullable=False),
        sa.Column("base", _BASES, nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False),
        sa.Column("tie", _TIES, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("repeat_of", sa.Integer(), nullable=True),
        sa.Column("state", _STATES, nullable=False),
        sa.Column("approved_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("called_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("opened_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closes_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("electors", sa.Integer(), nullable=True),
        sa.Column("quorum_need", sa.Integer(), nullable=True),
        sa.Column("entitled", sa.Integer(), nullable=True),
        sa.Column("overruled", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("need", sa.Integer(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"]),
        sa.ForeignKeyConstraint(["repeat_of"], ["motion.id"]),
        sa.ForeignKeyConstraint(["drafted_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_motion_meeting_id", "motion", ["meeting_id"])
    op.create_index("ix_motion_state", "motion", ["state"])


def _create_ballots() -> None:
    op.create_table(
        "ballot_cast",
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"]),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"]),
        sa.PrimaryKeyConstraint("motion_id", "attendee_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_ballot",
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("choice", _CHOICES, nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("comment", sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["elector_id"], ["elector.id"]),
        sa.PrimaryKeyConstraint("elector_id"),
    )
    op.create_table(
        "secret_ballot",
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("receipt", sqltypes.AutoString(length=26), nullable=False),
        sa.Column("choice", _CHOICES, nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("comment", sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"]),
        sa.PrimaryKeyConstraint("motion_id", "receipt"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("secret_ballot", "open_ballot", "ballot_cast", "elector", "motion_ready", "motion"):
        op.drop_table(table)
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_column("quorum_denominator")
        batch_op.drop_column("quorum_numerator")
