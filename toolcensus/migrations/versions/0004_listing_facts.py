"""What else a listing learnt, and how long the server says that its list holds."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("listing") as table:
        table.add_column(sa.Column("fresh_until", sa.Text))
        table.add_column(sa.Column("facts_json", sa.Text, nullable=False, server_default="{}"))
