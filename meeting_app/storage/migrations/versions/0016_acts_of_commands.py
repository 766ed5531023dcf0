"""What a command did, beside its id: the same id is the same command only for the same act.

Revision 0016.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "command_receipt", sa.Column("act", sqltypes.AutoString(length=61), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("command_receipt", "act")
