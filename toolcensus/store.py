"""Sightings and servers: writing them into the index and reading them back. The caller commits.

A server's key, once issued, always leads to that server: a better key takes its place and the old one stays an alias.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import bindparam, select

from toolcensus import schema
from toolcensus.canonical import json_text, storable
from toolcensus.errors import InputError
from toolcensus.records import Server, Sighting
from toolcensus.upsert import batches, upsert


def save_sightings(connection: sqlalchemy.Connection, sightings: Iterable[Sighting]) -> int:
    """Write sightings, each in the place of the same source's earlier one; return how many were given."""
    count = 0
    for batch in batches(sightings):
        rows = [
            {
                "source": sighting.source,
                "source_id": storable(sighting.source_id),
                "first_seen": sighting.seen,
                "seen": sighting.seen,
                # Tools that a source brings along are a listing of their own, by the way `registry`.
                "record_json": json_text(msgspec.structs.replace(sighting, tools=None)),
                "digest": sighting.digest,
                "gone": None,
            }
            for sighting in batch
        ]
        upsert(connection, schema.sighting, rows, keep=("first_seen",))
        count += len(rows)
    return count


def load_sightings(connection: sqlalchemy.Connection, *, source: str | None = None) -> Iterator[Sighting]:
    """Yield the newest sighting of each thing that its source still shows, by source and the source's id."""
    table = schema.sighting.c
    query = select(table.record_json).where(table.gone.is_(None)).order_by(table.source, table.source_id)
    if source:
        query = query.where(schema.sighting.c.source == source)
    for record in connection.execute(query).scalars().all():
        yield msgspec.json.decode(record, type=Sighting)


def save_server(
    connection: sqlalchemy.Connection,
    server: Server,
    *,
    evidence: Mapping[tuple[str, str], str],
    candidate: bool = False,
    aliases: Iterable[str] = (),
    origins: Mapping[str, tuple[tuple[str, str], ...]] | None = None,
) -> str:
    """Write a server and link its sightings, (source, source id) → by what each belongs to it; return its slug.

    A candidate is what may be a server; what was shown to be one stays one. A key that became an alias leads to the
    server that it names. `origins` is by field the sightings that it came from. Raises InputError where an alias is
    another server's.
    """
    table = schema.server
    known = server_ids(connection, [server.key]).get(server.key)
    values: dict[str, Any] = {
        "name": storable(server.name),
        "title": storable(server.title) if server.title else None,
        "description": storable(server.description) if server.description else None,
        "repository": server.repository,
        "packages_json": json_text(server.packages),
        "remotes_json": json_text(server.remotes),
        "retired": None,
        "origins_json": json_text(dict(origins or {})),
    }
    if known is None:
        slug = _free_slug(connection, server)
        values |= {"key": server.key, "slug": slug, "candidate": candidate}
        known = connection.execute(table.insert().returning(table.c.id), values).scalar_one()
    else:
        if not candidate:
            values["candidate"] = False
        update = table.update().where(table.c.id == known).values(values).returning(table.c.slug)
        slug = connection.execute(update).scalar_one()
    _save_addresses(connection, known, server)
    _link_sightings(connection, known, evidence)
    for alias in aliases:
        save_alias(connection, alias, server.key)
    return slug


def save_alias(connection: sqlalchemy.Connection, alias: str, key: str) -> None:
    """Let `alias` lead to the server `key`; raise InputError where it leads to another one already."""
    found = server_ids(connection, [alias, key])
    if key not in found:
        raise InputError(f"there is no server {key} in the index")
    if found.get(alias, found[key]) != found[key]:
        raise InputError(f"{alias} is another server's key already and stays its own")
    if alias not in found:
        connection.execute(schema.alias.insert(), {"alias": alias, "server_id": found[key]})


def rename_server(connection: sqlalchemy.Connection, old: str, new: str) -> None:
    """Give the server `old` the better key `new`; the old one stays an alias. Raises as `save_alias` does."""
    save_alias(connection, new, old)
    table = schema.server
    current = connection.execute(
        select(table.c.id, table.c.key).where(table.c.id == server_ids(connection, [old])[old])
    )
    identity, key = current.one()
    if key != new:
        connection.execute(schema.alias.delete().where(schema.alias.c.alias == new))
        connection.execute(table.update().where(table.c.id == identity).values(key=new))
        connection.execute(schema.alias.insert(), {"alias": key, "server_id": identity})


def retire_servers(connection: sqlalchemy.Connection, keys: Iterable[str], at: str) -> None:
    """Date servers that a complete reading of their sources shows no more; they stay in the index."""
    table = schema.server
    for batch in batches(keys):
        gone = table.c.key.in_(batch) & table.c.retired.is_(None)
        connection.execute(table.update().where(gone).values(retired=at))


def load_servers(
    connection: sqlalchemy.Connection, *, keys: Iterable[str] | None = None, candidates: bool = False
) -> Iterator[Server]:
    """Yield servers that are not retired, sorted by key: those that `keys` name, or all; candidates where asked for."""
    table = schema.server
    query = select(table).where(table.c.retired.is_(None)).order_by(table.c.key)
    if not candidates:
        query = query.where(~table.c.candidate)
    if keys is not None:
        query = query.where(table.c.id.in_(sorted(server_ids(connection, keys).values())))
    for row in connection.execute(query).all():
        yield Server(
            key=row.key,
            slug=row.slug,
            name=row.name,
            title=row.title,
            description=row.description,
            repository=row.repository,
            packages=tuple(msgspec.json.decode(row.packages_json)),
            remotes=tuple(msgspec.json.decode(row.remotes_json)),
        )


def server_keys(connection: sqlalchemy.Connection, *, candidates: bool = False) -> tuple[str, ...]:
    """Return the sorted keys of all servers that are not retired, or of all candidates."""
    table = schema.server.c
    asked = select(table.key).where(table.retired.is_(None), table.candidate if candidates else ~table.candidate)
    return tuple(connection.execute(asked.order_by(table.key)).scalars())


def server_ids(connection: sqlalchemy.Connection, keys: Iterable[str]) -> dict[str, int]:
    """Return the row of each server by the key or alias asked for; unknown ones are left out."""
    found: dict[str, int] = {}
    server, alias = schema.server.c, schema.alias.c
    for batch in batches(dict.fromkeys(keys)):
        aliases = connection.execute(select(alias.alias, alias.server_id).where(alias.alias.in_(batch)))
        found.update((row.alias, row.server_id) for row in aliases)
        rows = connection.execute(select(server.key, server.id).where(server.key.in_(batch)))
        found.update((row.key, row.id) for row in rows)
    return found


def bare_purl(purl: str) -> str:
    """Return a purl without version, qualifiers and subpath: the package itself."""
    path = purl.partition("#")[0].partition("?")[0]
    head, at, version = path.rpartition("@")
    return head if at and "/" in head and "/" not in version else path


def _free_slug(connection: sqlalchemy.Connection, server: Server) -> str:
    taken = select(schema.server.c.id).where(schema.server.c.slug == server.slug)
    if connection.execute(taken).first() is None:
        return server.slug
    return f"{server.slug}-{hashlib.sha256(server.key.encode()).hexdigest()[:8]}"


def _save_addresses(connection: sqlalchemy.Connection, server_id: int, server: Server) -> None:
    addresses = dict.fromkeys([*map(bare_purl, server.packages), *server.remotes])
    connection.execute(schema.address.delete().where(schema.address.c.server_id == server_id))
    rows = [{"address": address, "server_id": server_id} for address in addresses]
    if rows:
        connection.execute(schema.address.insert(), rows)


def _link_sightings(connection: sqlalchemy.Connection, server_id: int, evidence: Mapping[tuple[str, str], str]) -> None:
    table = schema.sighting
    link = (
        table.update()
        .where(table.c.source == bindparam("of"), table.c.source_id == bindparam("named"))
        .values(server_id=server_id, evidence=bindparam("why"))
    )
    rows = [{"of": source, "named": storable(name), "why": why} for (source, name), why in evidence.items()]
    if rows:
        connection.execute(link, rows)
