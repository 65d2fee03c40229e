"""Spells: from when to when one way of listing showed a tool with one definition; where a spell ends, a Change begins.

Within one way only: a static listing rarely reproduces a live schema to the byte, so two ways are never compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import sqlalchemy
from sqlalchemy import bindparam, func, select

from toolcensus import schema
from toolcensus.canonical import storable
from toolcensus.records import WAYS, Change, ChangeKind, Listing, Tool
from toolcensus.upsert import batches


class Served(NamedTuple):
    """A tool that a listing shows, with its definition's digest and row."""

    tool: Tool
    digest: str
    definition_id: int


@dataclass(frozen=True, slots=True)
class Spells:
    """What one listing shows, by tool name; `compares` says whether differences are worth a Change."""

    listing: Listing
    server_id: int
    served: Mapping[str, Served]
    compares: bool


@dataclass(slots=True)
class _Writes:
    """The rows that a round of listings comes to, so that each statement runs once."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)
    begun: list[dict[str, Any]] = field(default_factory=list)
    noted: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[int, Change]] = field(default_factory=list)


def save_spells(connection: sqlalchemy.Connection, rounds: list[Spells]) -> list[Change]:
    """Begin, go on with and end the spells of every tool; return what changed, in order of listing and name."""
    now = _current(connection, {spells.server_id for spells in rounds})
    met = _first_met(connection, rounds, now)
    replaced = _replaced_definitions(connection, rounds, now)
    writes = _Writes()
    for spells in rounds:
        _compare(spells, now.get((spells.server_id, spells.listing.way), {}), met, replaced, writes)
    _write(connection, writes)
    return save_changes(connection, writes.changes)


def save_changes(connection: sqlalchemy.Connection, changes: list[tuple[int, Change]]) -> list[Change]:
    """Write changes, each with its server's row, and return them."""
    rows = []
    for server_id, change in changes:
        row = {name: getattr(change, name) for name in Change.__struct_fields__ if name != "server"}
        rows.append(row | {"server_id": server_id})
    if rows:
        connection.execute(schema.change.insert(), rows)
    return [change for _, change in changes]


Current = Mapping[tuple[int, str], Mapping[str, Any]]


def _current(connection: sqlalchemy.Connection, servers: Iterable[int]) -> Current:
    """Return the spells that go on, by server row and way, then by name."""
    tool, definition = schema.tool.c, schema.definition.c
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for batch in batches(sorted(servers)):
        query = (
            select(
                tool.id, tool.server_id, tool.way, tool.name, tool.first_seen, tool.conditional, tool.place,
                tool.definition_id, definition.digest,
            )
            .join_from(schema.tool, schema.definition)
            .where(tool.server_id.in_(batch), tool.ended.is_(None))
        )  # fmt: skip
        for row in connection.execute(query):
            found.setdefault((row.server_id, row.way), {})[row.name] = row
    return found


def _first_met(connection: sqlalchemy.Connection, rounds: list[Spells], now: Current) -> Mapping[tuple[int, str], str]:
    """Return when the tools that begin a spell were first seen by any way, by server row and name."""
    new = {
        spells.server_id
        for spells in rounds
        if spells.served.keys() - now.get((spells.server_id, spells.listing.way), {}).keys()
    }
    tool = schema.tool.c
    met: dict[tuple[int, str], str] = {}
    for batch in batches(sorted(new)):
        query = select(tool.server_id, tool.name, func.min(tool.first_seen)).where(tool.server_id.in_(batch))
        for server_id, name, first in connection.execute(query.group_by(tool.server_id, tool.name)):
            met[server_id, name] = first
    return met


def _replaced_definitions(connection: sqlalchemy.Connection, rounds: list[Spells], now: Current) -> Mapping[int, Any]:
    """Return the rows of the definitions that end, and of those that take their places."""
    wanted: set[int] = set()
    for spells in rounds:
        before = now.get((spells.server_id, spells.listing.way), {})
        for name in spells.served.keys() & before.keys():
            if before[name].digest != spells.served[name].digest:
                wanted |= {before[name].definition_id, spells.served[name].definition_id}
    rows: dict[int, Any] = {}
    for batch in batches(sorted(wanted)):
        query = select(schema.definition).where(schema.definition.c.id.in_(batch))
        rows.update((row.id, row) for row in connection.execute(query))
    return rows


def _compare(
    spells: Spells,
    before: Mapping[str, Any],
    met: Mapping[tuple[int, str], str],
    definitions: Mapping[int, Any],
    writes: _Writes,
) -> None:
    at = spells.listing.at
    for name in sorted(spells.served.keys() | before.keys()):
        old, new = before.get(name), spells.served.get(name)
        if old is not None and new is not None and old.digest == new.digest:
            writes.seen.append({"spell": old.id, "at": at})
            if (old.conditional, old.place) != _told(new.tool):
                writes.noted.append(dict(zip(("spell", "on", "from"), (old.id, *_told(new.tool)), strict=True)))
            continue
        if old is not None:
            writes.ended.append({"spell": old.id, "at": at})
        if new is not None:
            first = old.first_seen if old is not None else met.get((spells.server_id, name), at)
            writes.begun.append(_spell(spells, name, new, min(first, at)))
        if spells.compares:
            kinds = _kinds(old, new, definitions)
            writes.changes += [(spells.server_id, _change(spells, name, kind, old, new)) for kind in kinds]


def _told(tool: Tool) -> tuple[str | None, str | None]:
    """Return what a listing tells about a tool that is no part of its definition."""
    conditional, where = tool.conditional, tool.where
    return (storable(conditional) if conditional else conditional, storable(where) if where else where)


def _spell(spells: Spells, name: str, new: Served, first_seen: str) -> dict[str, Any]:
    conditional, place = _told(new.tool)
    return {
        "server_id": spells.server_id,
        "way": spells.listing.way,
        "foundation": WAYS.index(spells.listing.way),
        "name": name,
        "definition_id": new.definition_id,
        "conditional": conditional,
        "place": place,
        "first_seen": first_seen,
        "since": spells.listing.at,
        "last_seen": spells.listing.at,
    }


def _change(spells: Spells, name: str, kind: ChangeKind, old: Any, new: Served | None) -> Change:
    return Change(
        at=spells.listing.at,
        server=spells.listing.server,
        tool=name,
        way=spells.listing.way,
        kind=kind,
        before=None if old is None else old.digest,
        after=None if new is None else new.digest,
    )


def _kinds(old: Any, new: Served | None, definitions: Mapping[int, Any]) -> list[ChangeKind]:
    """Return what is different, most telling first; a title counts as description."""
    if old is None:
        return ["added"]
    if new is None:
        return ["removed"]
    before, after = definitions[old.definition_id], definitions[new.definition_id]
    different: dict[ChangeKind, bool] = {
        "description": (before.title, before.description) != (after.title, after.description),
        "schema": _differ(before, after, "input_schema_json", "output_schema_json"),
        "annotations": _differ(before, after, "annotations_json"),
    }
    return [kind for kind, differs in different.items() if differs] or ["schema"]


def _differ(before: Any, after: Any, *columns: str) -> bool:
    """Say whether JSON columns differ in more than the order of their keys."""
    return any(_ordered(getattr(before, column)) != _ordered(getattr(after, column)) for column in columns)


def _ordered(text: str | None) -> bytes:
    return b"" if text is None else msgspec.json.encode(msgspec.json.decode(text), order="sorted")


def _write(connection: sqlalchemy.Connection, writes: _Writes) -> None:
    table = schema.tool
    spell = table.update().where(table.c.id == bindparam("spell"))
    steps: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
        (spell.values(last_seen=bindparam("at")), writes.seen),
        (spell.values(conditional=bindparam("on"), place=bindparam("from")), writes.noted),
        (spell.values(ended=bindparam("at")), writes.ended),
        (table.insert(), writes.begun),
    )
    for statement, rows in steps:
        if rows:
            connection.execute(statement, rows)
