"""Versions of documents, who may do what with them, who prepares them, and personal folders.

Revision 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATES = sa.Enum("preparing", "ready", "failed", name="documentstate", native_enum=False, length=30)
_APPROVALS = sa.Enum("submitted", "approved", "refused", name="approval", native_enum=False, length=30)
_AUDIENCES = sa.Enum("everyone", "members", "named", "desk", name="audience", native_enum=False, length=30)
_RELEASES = sa.Enum("on_issue", "at_item", "by_hand", name="release", native_enum=False, length=30)
_FILE = ("file_name", "sha256", "size", "pages", "state", "prepared_pages")  # what moves to the versions


def upgrade() -> None:
    _create_folders()
    # SQLite makes the table anew, and refuses that while rows refer to it: the seals wait aside.
    op.execute("create table seal_aside as select * from document_seal")
    op.drop_table("document_seal")
    _widen_documents()
    _create_versions()
    _create_seals("version_id", "version.id")
    # A version has the number of the document whose first it is: jobs and seals go on referring to it.
    op.execute(
        "insert into document_seal (id, version_id, batch_id, decided_at, sealed_at, sealed_sha256, profile,"
        " holds_until, failure) select id, document_id, batch_id, decided_at, sealed_at, sealed_sha256, profile,"
        " holds_until, failure from seal_aside"
    )
    op.execute("drop table seal_aside")
    _count_on("document_seal")
    _create_companions()


def _create_folders() -> None:
    op.create_table(
        "folder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sqltypes.AutoString(length=120), nullable=False),
        sa.Column("made_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["parent_id"], ["folder.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("owner_id", "parent_id"):
        op.create_index(f"ix_folder_{column}", "folder", [column])


def _widen_documents() -> None:
    with op.batch_alter_table("document") as batch_op:
        batch_op.alter_column("meeting_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("folder_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("audience", _AUDIENCES, nullable=False, server_default="members"))
        batch_op.add_column(sa.Column("may_download", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("may_print", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("release", _RELEASES, nullable=False, server_default="on_issue"))
        batch_op.add_column(sa.Column("released_at", sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_foreign_key("fk_document_folder", "folder", ["folder_id"], ["id"])
        batch_op.create_check_constraint("ck_document_place", "(meeting_id IS NULL) <> (folder_id IS NULL)")
    op.create_index("ix_document_folder_id", "document", ["folder_id"])
    op.execute("update document set audience = 'everyone' where for_guests")


def _create_versions() -> None:
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("state", _STATES, nullable=False),
        sa.Column("prepared_pages", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("approval", _APPROVALS, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["uploaded_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "number"),
    )
    for column in ("document_id", "sha256"):
        op.create_index(f"ix_version_{column}", "version", [column])
    moved = ", ".join(_FILE)
    op.execute(
        f"insert into version (id, document_id, number, {moved}, uploaded_by, uploaded_at, approval, reason)"  # noqa: S608
        f" select id, id, 1, {moved}, uploaded_by, uploaded_at, 'approved', '' from document"
    )
    _count_on("version")
    op.drop_index("ix_document_sha256", "document")
    for column in (*_FILE, "for_guests"):
        op.drop_column("document", column)


def _create_seals(column: str, referred: str) -> None:
    op.create_table(
        "document_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sealed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sealed_sha256", sqltypes.AutoString(length=64), nullable=False),
        sa.Column("profile", sqltypes.AutoString(length=5), nullable=False),
        sa.Column("holds_until", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failure", sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["seal_batch.id"]),
        sa.ForeignKeyConstraint([column], [referred]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(column),
    )
    op.create_index("ix_document_seal_batch_id", "document_seal", ["batch_id"])


def _create_companions() -> None:
    op.create_table(
        "document_reader",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("document_id", "account_id"),
    )
    op.create_table(
        "preparation",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("item_id", "unit_id"),
    )


def _count_on(table: str) -> None:
    """Rows were put in under their numbers: PostgreSQL has to go on after the last of them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), (select coalesce(max(id), 1) from {table}),"  # noqa: S608
            f" exists (select 1 from {table}))"
        )


def downgrade() -> None:
    """Only the newest version of each document can be kept."""
    raise NotImplementedError("versions cannot be taken back")
