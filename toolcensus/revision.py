"""Which revision an index has, and how an older one is brought up to this program's."""

from pathlib import Path

import sqlalchemy

from toolcensus import views
from toolcensus.errors import IndexUnusableError

HEAD = "0005"
"""The newest revision in `migrations/versions/`, known without importing Alembic, which takes longer than a query."""

VERSION_TABLE = "index_revision"
MIGRATIONS = Path(__file__).parent / "migrations"


def current(connection: sqlalchemy.Connection) -> str | None:
    """Return the index's revision, None where the database is empty; raise IndexUnusableError where it is no index."""
    names = sqlalchemy.inspect(connection).get_table_names()
    if VERSION_TABLE in names:
        revision: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()  # noqa: S608  # a constant
        if revision is not None:
            return revision
    if names:
        raise IndexUnusableError(
            f"{connection.engine.url.database} is a database, but not a Toolcensus index",
            advice="name another file with --db; it is left as it is",
        )
    return None


def upgrade(connection: sqlalchemy.Connection) -> None:
    """Bring the index to HEAD inside the connection's transaction; raise IndexUnusableError where it is newer."""
    revision = current(connection)
    if revision == HEAD:
        return
    # Alembic takes a fifth of a second to import, and nearly every run finds the index at HEAD.
    from alembic import command, script  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {entry.revision for entry in script.ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise IndexUnusableError(
            f"{connection.engine.url.database} was made by a newer Toolcensus (its revision is {revision})",
            advice="upgrade Toolcensus, or name another file with --db",
        )
    views.drop(connection)
    command.upgrade(config, "head")
    views.create(connection)
