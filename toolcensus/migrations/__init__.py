"""The index's revisions: Alembic brings an older index up to this program, so that history survives an upgrade."""
