"""How Alembic runs here: on the connection that it is handed, inside the transaction that is already open."""

from alembic import context

from toolcensus.revision import VERSION_TABLE
from toolcensus.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
context.run_migrations()
