"""Where each field of a server came from, and why something is only a candidate."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("server") as table:
        table.add_column(sa.Column("origins_json", sa.Text, nullable=False, server_default="{}"))
        table.add_column(sa.Column("doubt", sa.Text, nullable=False, server_default=""))
