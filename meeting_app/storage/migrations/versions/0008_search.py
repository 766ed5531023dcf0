"""The texts of pages, searched by SQLite's FTS5 or PostgreSQL's tsvector.

Revision 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel.sql import sqltypes

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("text", sqltypes.AutoString(), nullable=False),
        sa.Column("words", sqltypes.AutoString(), nullable=False),
        sa.Column("folded", sqltypes.AutoString(), nullable=False),
        sa.Column("search", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("version_id", "page"),
    )
    op.create_index("ix_page_text_version_id", "page_text", ["version_id"])
    op.create_index("ix_page_text_search", "page_text", ["search"], postgresql_using="gin")
    if op.get_bind().dialect.name == "sqlite":
        # The rows stay in page_text; marks are kept, since `folded` is already without them.
        op.execute(
            "create virtual table page_search using fts5(words, folded, content='page_text', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 0')"
        )
    # What was prepared before is read once more for its text; pages that lie there are not drawn again.
    op.execute(
        "insert into job (kind, subject_id, due_at, tries, failure)"
        " select 'index_document', id, uploaded_at, 0, '' from version where state = 'ready'"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop table page_search")
    op.drop_table("page_text")
