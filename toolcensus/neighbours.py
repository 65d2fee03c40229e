"""Servers that have an address, a package's name or a name in common with another, and so might be taken for it."""

from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy
from sqlalchemy import select

from toolcensus import schema
from toolcensus.records import Record, Sighting
from toolcensus.store import server_ids

ENOUGH = 25
"""How many neighbours of one sort are looked at."""
ON_A_HOST = 5
"""A host may serve thousands; a few show that its other addresses are other servers."""
ECOSYSTEMS = ("npm", "pypi")


class Seen(Record, frozen=True, omit_defaults=False):
    """A sighting of a server: by what it belongs to it, and whether its source shows it no more."""

    source: str
    source_id: str
    evidence: str | None
    seen: str
    gone: str | None


def sightings_of(connection: sqlalchemy.Connection, key: str) -> tuple[tuple[Sighting, Seen], ...]:
    """Return the sightings of the server `key`, by source and the source's id."""
    table = schema.sighting.c
    query = select(table.record_json, *(table[name] for name in Seen.__struct_fields__))
    mine = table.server_id == server_ids(connection, [key]).get(key)
    rows = connection.execute(query.where(mine).order_by(table.source, table.source_id))
    return tuple(
        (msgspec.json.decode(record, type=Sighting), Seen(**dict(zip(Seen.__struct_fields__, rest, strict=True))))
        for record, *rest in rows
    )


def neighbours(connection: sqlalchemy.Connection, key: str) -> tuple[str, ...]:
    """Return the keys of servers and candidates that might be taken for the server `key`, nearest first."""
    server, address = schema.server.c, schema.address.c
    own = server_ids(connection, [key]).get(key)
    addresses = list(connection.execute(select(address.address).where(address.server_id == own)).scalars())
    name = connection.execute(select(server.name).where(server.id == own)).scalar()
    namesakes = select(server.id).where(server.name == name).limit(ENOUGH)
    holders = (select(address.server_id).where(near).limit(limit) for near, limit in _near(addresses))
    found: dict[str, None] = {}
    for ids in (*holders, namesakes):
        near = select(server.key).where(server.id.in_(ids), server.id != own).order_by(server.key)
        found |= dict.fromkeys(connection.execute(near).scalars())
    return tuple(found)


def _near(addresses: Sequence[str]) -> Iterator[tuple[sqlalchemy.ColumnElement[bool], int]]:
    """Yield what an address has that is the same or lies below one of these, then on the host of one; and how many."""
    column = schema.address.c.address
    same = set(addresses)
    for text in addresses:
        kind, slash, name = text.removeprefix("pkg:").partition("/")
        if text.startswith("pkg:") and slash:
            same |= {f"pkg:{other}/{name}" for other in ECOSYSTEMS if kind in ECOSYSTEMS}
    yield column.in_(sorted(same)), ENOUGH
    yield from (
        (_begins(column, f"{text}/"), ENOUGH) for text in addresses if not text.startswith(("pkg:", "https://"))
    )
    hosts = dict.fromkeys("/".join(text.split("/", 3)[:3]) for text in addresses if text.startswith("https://"))
    yield from ((_begins(column, f"{host}/"), ON_A_HOST) for host in hosts)


def _begins(column: sqlalchemy.Column[str], text: str) -> sqlalchemy.ColumnElement[bool]:
    """Compare by a range, since SQLite searches an index for LIKE only where case counts."""
    return (column >= text) & (column < f"{text}\U0010ffff")
