"""Posts know their head, units sign by delegations: what stood as free text becomes rows.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# How the posts of a Vietnamese agency are named; whatever else there is can be put right afterwards.
_HEADS = ("Chủ tịch", "Chánh ", "Trưởng ", "Hiệu trưởng", "Giám đốc", "Tổng Giám đốc", "Bí thư", "Cục trưởng")
_DEPUTY = "Phó "


def upgrade() -> None:
    # A column with its reference in one statement: SQLite cannot add the reference later, and copying the
    # table instead would drop it while other rows refer to it.
    op.execute("ALTER TABLE post ADD COLUMN deputy_of_id INTEGER REFERENCES post (id)")
    op.execute("ALTER TABLE unit ADD COLUMN head_post_id INTEGER REFERENCES post (id)")
    op.add_column("post", sa.Column("heads", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("unit", sa.Column("collective", sqltypes.AutoString(length=100), nullable=False, server_default=""))
    op.add_column("appointment", sa.Column("begun_at", sqltypes.UTCDateTime(), nullable=True))
    op.add_column("appointment", sa.Column("ended_at", sqltypes.UTCDateTime(), nullable=True))
    op.add_column(
        "invitation", sa.Column("authority", sqltypes.AutoString(length=400), nullable=False, server_default="")
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("q", "kt", "tl", "tuq", name="delegationkind", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=True),
        sa.Column("papers", sqltypes.AutoString(length=60), nullable=False),
        sa.Column("basis", sqltypes.AutoString(length=200), nullable=False),
        sa.Column("content", sqltypes.AutoString(length=500), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"]),
        sa.ForeignKeyConstraint(["giver_id"], ["appointment.id"]),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_delegation_appointment_id", "delegation", ["appointment_id"])
    op.create_index("ix_delegation_unit_id", "delegation", ["unit_id"])
    _name_heads_and_deputies()
    _settle_units()
    op.drop_column("appointment", "authority")


def downgrade() -> None:
    op.add_column(
        "appointment", sa.Column("authority", sqltypes.AutoString(length=200), nullable=False, server_default="")
    )
    op.drop_table("delegation")
    for table, column in (
        ("invitation", "authority"),
        ("appointment", "ended_at"),
        ("appointment", "begun_at"),
        ("unit", "collective"),
        ("post", "heads"),
        ("unit", "head_post_id"),
        ("post", "deputy_of_id"),
    ):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _name_heads_and_deputies() -> None:
    rows = op.get_bind()
    posts = {row.name: row.id for row in rows.execute(sa.text("SELECT id, name FROM post"))}
    for name, post_id in posts.items():
        if name.startswith(_HEADS):
            rows.execute(sa.text("UPDATE post SET heads = true WHERE id = :id"), {"id": post_id})
        of = name.removeprefix(_DEPUTY)
        if of != name and of in posts:
            rows.execute(sa.text("UPDATE post SET deputy_of_id = :of WHERE id = :id"), {"of": posts[of], "id": post_id})


def _settle_units() -> None:
    """Whoever signed "TM. …" headed the unit; a paper on its way keeps the lines it was printed with."""
    rows = op.get_bind()
    for held in rows.execute(sa.text("SELECT account_id, unit_id, post_id, authority FROM appointment")).all():
        lines = [line.strip() for line in held.authority.splitlines() if line.strip()]
        if lines and lines[0].startswith("TM. "):
            rows.execute(
                sa.text("UPDATE unit SET head_post_id = :post, collective = :collective WHERE id = :unit"),
                {"post": held.post_id, "collective": lines[0].removeprefix("TM. ").capitalize(), "unit": held.unit_id},
            )
        rows.execute(
            sa.text(
                "UPDATE invitation SET authority = :lines WHERE leader_id = :account AND meeting_id IN"
                " (SELECT id FROM meeting WHERE unit_id = :unit)"
            ),
            {"lines": "\n".join(lines), "account": held.account_id, "unit": held.unit_id},
        )
