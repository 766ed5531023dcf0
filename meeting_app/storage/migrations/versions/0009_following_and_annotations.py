"""Who leads the reading of a meeting, and where.

Revision 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presenter",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("since", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("meeting_id"),
    )

    # Not as a batch: with a foreign key that makes the table anew, which SQLite refuses while rows refer to it.
    op.execute("alter table meeting_event add column account_id integer references account (id)")


def downgrade() -> None:
    with op.batch_alter_table("meeting_event") as batch_op:
        batch_op.drop_column("account_id")
    op.drop_table("presenter")
