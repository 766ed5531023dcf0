"""Who votes, where people are, who goes for whom, where they sit; secrets of the check-in codes.

Revision 0013.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

_PLACES = sa.Enum("room", "online", name="whereabouts", native_enum=False, length=30)
_WAYS = sa.Enum("touch", "code", "desk", name="checkinway", native_enum=False, length=30)


def upgrade() -> None:
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("label", sqltypes.AutoString(length=8), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("venue_id", "x", "y"),
        sa.UniqueConstraint("venue_id", "label"),
    )
    op.create_index("ix_seat_venue_id", "seat", ["venue_id"])
    _widen_attendee()
    op.create_table(
        "attendance_delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("with_vote", sa.Boolean(), nullable=False),
        sa.Column("reason", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("given_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["giver_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["delegate_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attendance_delegation_meeting_id", "attendance_delegation", ["meeting_id"])
    op.create_table(
        "check_in_secret",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.PrimaryKeyConstraint("meeting_id"),
    )


def _widen_attendee() -> None:
    op.add_column("attendee", sa.Column("votes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attendee", sa.Column("delegate_votes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("attendee", sa.Column("checked_in_by", _WAYS, nullable=True))
    op.add_column("attendee", sa.Column("place", _PLACES, nullable=True))
    op.add_column("attendee", sa.Column("left_at", sqltypes.UTCDateTime(), nullable=True))
    # Not as a batch: with a foreign key that makes the table anew, which SQLite refuses while rows refer to it.
    op.execute("alter table attendee add column seat_id integer references seat (id)")
    op.execute("alter table attendee add column stands_for_id integer references attendee (id)")
    op.execute("alter table attendee add column delegate_id integer references attendee (id)")
    op.create_index("ix_attendee_meeting_id_seat_id", "attendee", ["meeting_id", "seat_id"], unique=True)
    attendee = sa.table(
        "attendee", *(sa.column(name) for name in ("role", "votes", "checked_in_at", "checked_in_by", "place"))
    )
    op.execute(attendee.update().where(attendee.c.role.in_(["chair", "member"])).values(votes=sa.true()))
    came = attendee.update().where(attendee.c.checked_in_at.is_not(None))
    op.execute(came.values(checked_in_by="touch", place="room"))


def downgrade() -> None:
    for table in ("check_in_secret", "attendance_delegation"):
        op.drop_table(table)
    op.drop_index("ix_attendee_meeting_id_seat_id", "attendee")
    with op.batch_alter_table("attendee") as batch_op:
        for column in (
            "votes",
            "delegate_votes",
            "checked_in_by",
            "place",
            "left_at",
            "seat_id",
            "stands_for_id",
            "delegate_id",
        ):
            batch_op.drop_column(column)
    op.drop_table("seat")
