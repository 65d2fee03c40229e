"""What is known of each source's reading: how far it is, what it showed, and which sightings are current."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns to the sightings, then the tables."""
    with op.batch_alter_table("sighting") as table:
        table.add_column(sa.Column("digest", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("reading", sa.Integer))
        table.add_column(sa.Column("gone", sa.Text))
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer, primary_key=True),
        *(_text("source"), _text("base"), _text("started"), _text("since?"), _text("finished?"), _text("outcome?")),
        *(_text("note"), _text("mark?"), sa.Column("whole", sa.Boolean, nullable=False)),
        *(_integer("pages"), _integer("sightings"), _integer("added"), _integer("changed"), _integer("failed")),
    )
    op.create_index("ix_reading_source", "reading", ["source"])
    op.create_table(
        "frontier",
        *(sa.Column("id", sa.Integer, primary_key=True), _text("source"), _text("key"), _text("request_json")),
        *(sa.Column("asked", sa.Boolean, nullable=False), _text("digest")),
    )
    op.create_index("uq_frontier_key", "frontier", ["source", "key"], unique=True)
    op.create_table(
        "document",
        *(_text("source"), _text("url"), _text("etag"), _text("last_modified"), _text("method")),
        *(_text("ids_json"), _text("reading_json"), sa.PrimaryKeyConstraint("source", "url", name="pk_document")),
    )
    op.create_table(
        "brought",
        *(_text("source"), _text("source_id"), _text("at"), _text("tools_json")),
        sa.PrimaryKeyConstraint("source", "source_id", name="pk_brought"),
    )


def _text(name: str) -> sa.Column[str]:
    """Return a text column; a name that ends in `?` may be null."""
    return sa.Column(name.removesuffix("?"), sa.Text, nullable=name.endswith("?"))


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)
