"""Who leads the reading of a meeting and where; what people write on documents.

Revision 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = sa.Enum("ink", "highlight", "note", name="annotationkind", native_enum=False, length=30)
_COLOURS = sa.Enum("blue", "red", "green", "black", "yellow", name="colour", native_enum=False, length=30)


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

    _create_annotations()


def _create_annotations() -> None:
    op.create_table(
        "annotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("kind", _KINDS, nullable=False),
        sa.Column("colour", _COLOURS, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("made_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("shared_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("carried_from", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"]),
        sa.ForeignKeyConstraint(["carried_from"], ["annotation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "client_id"),
    )
    op.create_index("ix_annotation_version_id", "annotation", ["version_id"])
    op.create_index("ix_annotation_carried_from", "annotation", ["carried_from"])
    op.create_table(
        "annotation_share",
        sa.Column("annotation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["annotation.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("annotation_id", "account_id"),
    )
    op.create_index("ix_annotation_share_account_id", "annotation_share", ["account_id"])
    op.create_table(
        "annotation_count",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"]),
        sa.PrimaryKeyConstraint("account_id", "version_id"),
    )


def downgrade() -> None:
    for table in ("annotation_count", "annotation_share", "annotation"):
        op.drop_table(table)
    with op.batch_alter_table("meeting_event") as batch_op:
        batch_op.drop_column("account_id")
    op.drop_table("presenter")
