"""The office files that versions of documents were made of; all pages are prepared again.

Revision 0011.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "version_source",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"]),
        sa.PrimaryKeyConstraint("version_id"),
    )
    # What was made of documents before has neither the new widths nor their words: it is made again.
    op.execute(
        "insert into job (kind, subject_id, due_at, tries, failure) "
        "select 'prepare_document', id, uploaded_at, 0, '' from version where state = 'ready'"
    )
    op.execute("update version set state = 'preparing', prepared_pages = 0 where state = 'ready'")


def downgrade() -> None:
    op.drop_table("version_source")
