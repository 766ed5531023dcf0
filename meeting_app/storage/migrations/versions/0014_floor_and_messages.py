"""Who asks for the floor and speaks, what the desk says, who calls for help.

Revision 0014.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=30)


_KINDS = _words("requestkind", "speech", "order", "question")
_STATES = _words("requeststate", "waiting", "speaking", "paused", "done", "withdrawn")
_ORDERS = _words("floororder", "time", "rank", "hand")
_OPEN_CALL = sa.text("answered_at is null and withdrawn_at is null")


def upgrade() -> None:
    _create_floor()
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("text", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("sent_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recalled_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["sender_id"], ["attendee.id"]),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_message_meeting_id", "message", ["meeting_id"])
    op.create_table(
        "help_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("text", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("raised_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answered_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"]),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_help_call_meeting_id", "help_call", ["meeting_id"])
    _unique_where("one_open_call_each", "help_call", ["attendee_id"], _OPEN_CALL)


def _create_floor() -> None:
    op.create_table(
        "floor_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", _KINDS, nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("spoken_on_id", sa.Integer(), nullable=True),
        sa.Column("subject", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("state", _STATES, nullable=False),
        sa.Column("raised_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paused_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paused_seconds", sa.Float(), nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"]),
        sa.ForeignKeyConstraint(["addressee_id"], ["attendee.id"]),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"]),
        sa.ForeignKeyConstraint(["spoken_on_id"], ["agenda_item.id"]),
        sa.ForeignKeyConstraint(["raised_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_floor_request_meeting_id", "floor_request", ["meeting_id"])
    _unique_where("one_speaker_at_a_time", "floor_request", ["meeting_id"], sa.text("state = 'speaking'"))
    waiting = ["meeting_id", "attendee_id", "kind"]
    _unique_where("one_waits_once_for_a_kind", "floor_request", waiting, sa.text("state = 'waiting'"))
    taking = _words("taking", "open", "paused", "ended")
    op.create_table(
        "floor_rules",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("order", _ORDERS, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("question_seconds", sa.Integer(), nullable=False),
        sa.Column("speeches", taking, nullable=False),
        sa.Column("questions", taking, nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.PrimaryKeyConstraint("meeting_id"),
    )


def _unique_where(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for table in ("help_call", "message", "floor_rules", "floor_request"):
        op.drop_table(table)
