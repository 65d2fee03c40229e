"""Servers as identity found them, written tens of thousands at a time. The caller commits.

A server keeps its row, its slug and its history for as long as any sighting of it remains; its key changes only for a
better one, and the old one stays an alias. A key that was issued is never given to another server.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import sqlalchemy
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, select

from toolcensus import schema
from toolcensus.canonical import json_text, storable
from toolcensus.grouping import STREAMED, heirs
from toolcensus.merging import take_over
from toolcensus.records import Record, Server
from toolcensus.store import bare_purl, server_ids
from toolcensus.upsert import batches

_passing = MetaData()
found_table = Table(
    "found_server",
    _passing,
    Column("group_id", Integer, primary_key=True),
    Column("key", Text, nullable=False, index=True),
    Column("found_json", Text, nullable=False),
    prefixes=["TEMPORARY"],
)


class Link(Record, frozen=True):
    """By what one sighting belongs to its server; `server_id` and `was` are what the index says so far."""

    source: str
    source_id: str
    evidence: str
    server_id: int | None = None
    was: str | None = None


class Found(Record, frozen=True):
    """A server as identity found it: its group, and all keys that it may have, best first.

    `addresses` is where it is found, `links` its sightings, `origins` which of them each field came from, `doubt` why
    it may be no server.
    """

    group: int
    server: Server
    keys: tuple[str, ...]
    addresses: tuple[str, ...]
    links: tuple[Link, ...]
    origins: dict[str, tuple[tuple[str, str], ...]] = msgspec.field(default_factory=dict)
    doubt: str = ""


class Saved(Record, frozen=True, omit_defaults=False):
    """How many servers and candidates there are, how many are new, and how many were merged into others."""

    servers: int
    candidates: int
    new: int
    merged: int


class _Target(NamedTuple):
    """Where a found server goes: its row, or None for a new one, and its key."""

    found: Found
    server_id: int | None
    key: str


@dataclass(slots=True)
class _Counts:
    servers: int = 0
    candidates: int = 0
    new: int = 0
    merged: int = 0
    inherited: dict[int, list[int]] = field(default_factory=dict)


def save_found(connection: sqlalchemy.Connection, found: Iterable[Found], at: str) -> Saved:
    """Write every server that identity found in the groups of `grouping.keep_groups`; link all their sightings."""
    _passing.drop_all(connection)
    _passing.create_all(connection)
    for batch in batches(found):
        rows = [{"group_id": one.group, "key": one.server.key, "found_json": json_text(one)} for one in batch]
        connection.execute(found_table.insert(), rows)
    counts = _Counts(inherited=_inherited(connection))
    decoder = msgspec.json.Decoder(Found)
    query = select(found_table.c.found_json).order_by(found_table.c.group_id)
    for texts in batches(connection.execute(query, execution_options=STREAMED).scalars()):
        _save_batch(connection, [decoder.decode(text) for text in texts], counts, at)
    _passing.drop_all(connection)
    return Saved(servers=counts.servers, candidates=counts.candidates, new=counts.new, merged=counts.merged)


def _inherited(connection: sqlalchemy.Connection) -> dict[int, list[int]]:
    """Return the servers that each group takes over, the one whose key it has first.

    A server goes where its key is; else where an alias of it is; else where most of its sightings are.
    """
    server, alias, found = schema.server.c, schema.alias.c, found_table.c
    owner: dict[int, int] = {}
    for row, key in ((server.id, server.key), (alias.server_id, alias.alias)):
        for server_id, group in connection.execute(select(row, found.group_id).where(key == found.key).order_by(row)):
            owner.setdefault(server_id, group)
    for server_id, group in heirs(connection).items():
        owner.setdefault(server_id, group)
    inherited: dict[int, list[int]] = {}
    for server_id, group in owner.items():
        inherited.setdefault(group, []).append(server_id)
    return inherited


def _save_batch(connection: sqlalchemy.Connection, batch: list[Found], counts: _Counts, at: str) -> None:
    for one in batch:
        first, *others = counts.inherited.get(one.group, [None])
        for other in others:
            if first is not None and other is not None:
                take_over(connection, other, first, at)
                counts.merged += 1
    targets = _targets(connection, batch, counts.inherited)
    ids = _insert(connection, [target for target in targets if target.server_id is None])
    counts.new += len(ids)
    kept = [target for target in targets if target.server_id is not None]
    _update(connection, kept)
    ids |= {target.found.group: target.server_id for target in kept if target.server_id is not None}
    _link(connection, batch, ids)
    shown = _shown(connection, ids.values())
    doubted = sum(bool(one.doubt) and ids[one.group] not in shown for one in batch)
    counts.candidates += doubted
    counts.servers += len(batch) - doubted


def _targets(
    connection: sqlalchemy.Connection, batch: list[Found], inherited: Mapping[int, Sequence[int]]
) -> list[_Target]:
    """Give each found server its row and the best of its keys that is no other server's."""
    issued = server_ids(connection, (key for one in batch for key in one.keys))
    targets = []
    for one in batch:
        server_id = next(iter(inherited.get(one.group, ())), None)
        key = next((key for key in one.keys if issued.get(key, server_id) == server_id), None)
        if key is None or (server_id is None and key in issued):
            key = f"{one.keys[-1]}-{_digits(one.keys[0])}"
        issued[key] = server_id if server_id is not None else -one.group - 1
        targets.append(_Target(one, server_id, key))
    return targets


def _values(found: Found) -> dict[str, Any]:
    server = found.server
    return {
        "name": storable(server.name),
        "title": storable(server.title) if server.title else None,
        "description": storable(server.description) if server.description else None,
        "repository": storable(server.repository) if server.repository else None,
        "packages_json": json_text(server.packages),
        "remotes_json": json_text(server.remotes),
        "candidate": bool(found.doubt),
        "retired": None,
        "origins_json": json_text(found.origins),
        "doubt": found.doubt,
    }


def _insert(connection: sqlalchemy.Connection, targets: list[_Target]) -> dict[int, int]:
    """Insert new servers; return their rows by group."""
    if not targets:
        return {}
    table = schema.server
    wanted = [target.found.server.slug for target in targets]
    taken = set(connection.execute(select(table.c.slug).where(table.c.slug.in_(wanted))).scalars())
    rows = []
    for target in targets:
        slug = target.found.server.slug
        if slug in taken:
            slug = f"{slug}-{_digits(target.key)}"
        taken.add(slug)
        rows.append({"key": target.key, "slug": slug} | _values(target.found))
    statement = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    ids = connection.execute(statement, rows).scalars().all()
    given = {target.found.group: server_id for target, server_id in zip(targets, ids, strict=True)}
    _save_addresses(connection, [(given[target.found.group], target.found) for target in targets])
    return given


def _update(connection: sqlalchemy.Connection, targets: list[_Target]) -> None:
    """Write what changed of servers that are known; a key that was replaced becomes an alias."""
    table = schema.server
    query = select(table).where(table.c.id.in_([target.server_id for target in targets]))
    known = {row["id"]: row for row in connection.execute(query).mappings()}
    shown = _shown(connection, known)
    changed, addresses = [], []
    for found, server_id, key in targets:
        if server_id is None:
            continue
        values = _values(found) | {"key": key}
        values["candidate"] = values["candidate"] and server_id not in shown
        was = known[server_id]
        if any(was[name] != value for name, value in values.items()):
            changed.append({f"new_{name}": value for name, value in values.items()} | {"row": server_id})
            addresses.append((server_id, found))
        if was["key"] != key:
            connection.execute(schema.alias.delete().where(schema.alias.c.alias == key))
            connection.execute(schema.alias.insert(), {"alias": was["key"], "server_id": server_id})
    if changed:
        columns: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in changed[0] if name != "row"}
        connection.execute(table.update().where(table.c.id == bindparam("row")).values(columns), changed)
        _save_addresses(connection, addresses)


def _save_addresses(connection: sqlalchemy.Connection, servers: Sequence[tuple[int, Found]]) -> None:
    table = schema.address
    connection.execute(table.delete().where(table.c.server_id.in_([server_id for server_id, _ in servers])))
    rows = [
        {"address": storable(address), "server_id": server_id}
        for server_id, found in servers
        for address in dict.fromkeys([*map(bare_purl, found.server.packages), *found.server.remotes, *found.addresses])
    ]
    if rows:
        connection.execute(table.insert(), rows)


def _link(connection: sqlalchemy.Connection, batch: list[Found], ids: Mapping[int, int]) -> None:
    table = schema.sighting
    rows = [
        {"of": link.source, "named": storable(link.source_id), "row": ids[one.group], "why": link.evidence}
        for one in batch
        for link in one.links
        if link.server_id != ids[one.group] or link.was != link.evidence
    ]
    if rows:
        named = (table.c.source == bindparam("of")) & (table.c.source_id == bindparam("named"))
        values: dict[str, Any] = {"server_id": bindparam("row"), "evidence": bindparam("why")}
        connection.execute(table.update().where(named).values(values), rows)


def _shown(connection: sqlalchemy.Connection, servers: Iterable[int]) -> set[int]:
    """Return those of the servers that ever showed a tool."""
    tool = schema.tool.c
    return set(
        connection.execute(select(tool.server_id).where(tool.server_id.in_(sorted(servers))).distinct()).scalars()
    )


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
