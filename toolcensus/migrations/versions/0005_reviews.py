"""What readers of definitions answered."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COLUMNS = ("server", "tool", "category", "effects_json", "bounds_json", "risk", "reason", "reader", "at")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "review",
        sa.Column("digest", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in COLUMNS),
    )
