"""Two servers of the index that turn out to be one: everything known of the one goes over to the other."""

import sqlalchemy
from sqlalchemy import select

from toolcensus import schema
from toolcensus.errors import InputError
from toolcensus.store import server_ids


def merge_servers(connection: sqlalchemy.Connection, old: str, new: str, at: str) -> None:
    """Let the server `new` take over all that `old` has, whose key stays an alias.

    Nothing that was listed is lost. Where both have tools by one way, those of `new` are the current ones, and the
    spells of the others end at `at`. Raises InputError where one of them is unknown.
    """
    ids = server_ids(connection, [old, new])
    for key in (old, new):
        if key not in ids:
            raise InputError(f"there is no server {key} in the index")
    if ids[old] != ids[new]:
        take_over(connection, ids[old], ids[new], at)


def take_over(connection: sqlalchemy.Connection, old: int, new: int, at: str) -> None:
    """Do as `merge_servers` does, by rows."""
    _end_doubles(connection, old, new, at)
    for table in (schema.finding, schema.policy):
        judged = select(table.c.definition_id).where(table.c.server_id == new)
        double = (table.c.server_id == old) & table.c.definition_id.in_(judged)
        connection.execute(table.delete().where(double))
    connection.execute(schema.address.delete().where(schema.address.c.server_id == old))
    moving = (schema.finding, schema.policy, schema.listing, schema.tool, schema.change, schema.sighting, schema.alias)
    for table in moving:
        connection.execute(table.update().where(table.c.server_id == old).values(server_id=new))
    server = schema.server
    key = connection.execute(select(server.c.key).where(server.c.id == old)).scalar_one()
    connection.execute(server.delete().where(server.c.id == old))
    connection.execute(schema.alias.insert(), {"alias": key, "server_id": new})


def _end_doubles(connection: sqlalchemy.Connection, old: int, new: int, at: str) -> None:
    tool = schema.tool
    ways = select(tool.c.way).where(tool.c.server_id == new, tool.c.ended.is_(None))
    double = (tool.c.server_id == old) & tool.c.ended.is_(None) & tool.c.way.in_(ways)
    connection.execute(tool.update().where(double).values(ended=at))
