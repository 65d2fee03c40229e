"""Tool lists that sources bring along with their sightings, and whose they turn out to be. The caller commits.

A list stays with its sighting, so that it can go where the sighting goes when servers are merged or come apart.
"""

from collections.abc import Collection, Iterator

import msgspec
import sqlalchemy
from sqlalchemy import func, select

from toolcensus import schema
from toolcensus.canonical import json_text
from toolcensus.records import Record, Sighting, Tool
from toolcensus.store import server_ids
from toolcensus.upsert import batches, upsert


class ToolList(Record, frozen=True):
    """Whose a list is: the server's key, and the sighting that brought it; `is_gone` where it is shown no more."""

    server: str
    source: str
    source_id: str
    seen: str
    digest: str
    is_gone: bool

    @property
    def subject(self) -> str:
        """What a listing made of it is about."""
        return f"{self.source}:{self.source_id}"


def keep(connection: sqlalchemy.Connection, sightings: Collection[Sighting], at: str) -> None:
    """Keep the lists of sightings that say something new; what brought one and does so no more loses it."""
    rows = [
        {"source": one.source, "source_id": one.source_id, "at": at, "tools_json": json_text(one.tools)}
        for one in sightings
        if one.tools
    ]
    upsert(connection, schema.brought, rows)
    table = schema.brought
    for batch in batches(one.source_id for one in sightings if not one.tools):
        source = next(iter(sightings)).source
        these = (table.c.source == source) & table.c.source_id.in_(batch)
        connection.execute(table.delete().where(these))


def tool_lists(connection: sqlalchemy.Connection) -> Iterator[ToolList]:
    """Yield the lists whose server is known, by its key."""
    brought, sighting, server = schema.brought.c, schema.sighting, schema.server.c
    same = (brought.source == sighting.c.source) & (brought.source_id == sighting.c.source_id)
    gone = sighting.c.gone.is_not(None).label("is_gone")
    asked = (
        select(
            server.key.label("server"),
            brought.source,
            brought.source_id,
            sighting.c.seen,
            sighting.c.digest,
            gone,
        )
        .join_from(schema.brought, sighting, same)
        .join(schema.server, server.id == sighting.c.server_id)
        .order_by(server.key, brought.source, brought.source_id)
    )
    for row in connection.execute(asked).all():
        yield ToolList(**row._asdict())


def tools_of(connection: sqlalchemy.Connection, one: ToolList) -> tuple[Tool, ...]:
    """Return the tools of a list."""
    table = schema.brought.c
    asked = select(table.tools_json).where(table.source == one.source, table.source_id == one.source_id)
    return msgspec.json.decode(connection.execute(asked).scalar_one(), type=tuple[Tool, ...])


def listed(connection: sqlalchemy.Connection) -> dict[str, tuple[str, str]]:
    """Return what the newest `registry` listing of each server is about, where it gave tools: subject and digest."""
    listing, server = schema.listing.c, schema.server.c
    newest = select(func.max(listing.id)).where(listing.way == "registry").group_by(listing.server_id)
    asked = (
        select(server.key, listing.subject, listing.subject_digest)
        .join_from(schema.listing, schema.server, server.id == listing.server_id)
        .where(listing.id.in_(newest), listing.outcome == "listed")
    )
    return {row.key: (row.subject, row.subject_digest) for row in connection.execute(asked)}


def owner(connection: sqlalchemy.Connection, subject: str) -> str | None:
    """Return the key of the server whose the sighting is that a listing is about."""
    source, _, source_id = subject.partition(":")
    sighting, server = schema.sighting.c, schema.server.c
    asked = (
        select(server.key)
        .join_from(schema.sighting, schema.server, server.id == sighting.server_id)
        .where(sighting.source == source, sighting.source_id == source_id)
    )
    return connection.execute(asked).scalar_one_or_none()


def withdraw(connection: sqlalchemy.Connection, servers: Collection[str], at: str) -> None:
    """End what `registry` listings gave these servers; one in doubt that shows no more tools is a candidate again."""
    tool, server = schema.tool, schema.server
    ids = server_ids(connection, servers)
    for batch in batches(ids.values()):
        given = tool.c.server_id.in_(batch) & (tool.c.way == "registry") & tool.c.ended.is_(None)
        connection.execute(tool.update().where(given).values(ended=at))
        shows = select(tool.c.server_id).where(tool.c.server_id == server.c.id, tool.c.ended.is_(None)).exists()
        in_doubt = server.c.id.in_(batch) & (server.c.doubt != "") & ~shows
        connection.execute(server.update().where(in_doubt).values(candidate=True))
