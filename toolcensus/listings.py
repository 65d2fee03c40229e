"""Listings: every attempt is kept, and the tools that it gave take the place of those it gave before.

An attempt that failed leaves the tools known before as they are. The caller commits.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import sqlalchemy
from sqlalchemy import func, select

from toolcensus import schema
from toolcensus.canonical import digest, storable
from toolcensus.definitions import read_tool, save_definitions
from toolcensus.errors import InputError
from toolcensus.records import Change, Listing, Outcome, Record, Tool, Unresolved, Way
from toolcensus.spells import Served, Spells, save_spells
from toolcensus.store import server_ids

ROUND = 200
"""How many listings are written with one set of statements."""


class LastListing(Record, frozen=True):
    """The newest attempt to list a server by one way; `tools` is how many it gave."""

    at: str
    outcome: Outcome
    reason: str
    subject: str
    subject_digest: str
    method: str
    tools: int
    fresh_until: str | None


class StoredTool(Record, frozen=True):
    """A tool that a server has now, as one way shows it."""

    tool: Tool
    digest: str
    way: Way
    first_seen: str
    last_seen: str


def save_listing(connection: sqlalchemy.Connection, listing: Listing) -> tuple[Change, ...]:
    """Write one listing; raises as `save_listings` does."""
    return save_listings(connection, [listing])


def save_listings(connection: sqlalchemy.Connection, listings: Sequence[Listing]) -> tuple[Change, ...]:
    """Write listings in order and return what changed; raise InputError where a server is not in the index."""
    changes: list[Change] = []
    for batch in _rounds(listings):
        changes += _save_round(connection, batch)
    return tuple(changes)


def last_listing(connection: sqlalchemy.Connection, server_key: str, way: Way) -> LastListing | None:
    """Return the newest attempt to list the server by `way`, None where there was none."""
    listing = schema.listing.c
    columns = [listing[name] for name in LastListing.__struct_fields__]
    server_id = server_ids(connection, [server_key]).get(server_key)
    asked = select(*columns).where(listing.server_id == server_id, listing.way == way)
    row = connection.execute(asked.order_by(listing.id.desc()).limit(1)).first()
    return None if row is None else LastListing(**row._asdict())


def confirm_listing(connection: sqlalchemy.Connection, server_key: str, way: Way, at: str) -> None:
    """Note that the server was asked again and had not changed: its tools were last seen at `at`."""
    tool = schema.tool
    server_id = server_ids(connection, [server_key]).get(server_key)
    now = (tool.c.server_id == server_id) & (tool.c.way == way) & tool.c.ended.is_(None)
    connection.execute(tool.update().where(now).values(last_seen=at))


def load_tools(connection: sqlalchemy.Connection, server_key: str, *, way: Way | None = None) -> tuple[StoredTool, ...]:
    """Return the tools that the server has now, by name: as `way` shows them, or as the best-founded way does."""
    tool, definition = schema.tool.c, schema.definition
    server_id = server_ids(connection, [server_key]).get(server_key)
    query = (
        select(tool.way, tool.first_seen, tool.last_seen, tool.conditional, tool.place, definition)
        .join_from(schema.tool, definition)
        .where(tool.server_id == server_id, tool.ended.is_(None))
        .order_by(tool.name, tool.foundation)
    )
    if way:
        query = query.where(tool.way == way)
    best: dict[str, StoredTool] = {}
    for row in connection.execute(query):
        stored = StoredTool(
            tool=read_tool(row), digest=row.digest, way=row.way, first_seen=row.first_seen, last_seen=row.last_seen
        )
        best.setdefault(row.name, stored)
    return tuple(best.values())


def _rounds(listings: Sequence[Listing]) -> Iterator[list[Listing]]:
    """Cut listings into rounds in which no server comes twice by one way, since each builds on the one before."""
    batch: list[Listing] = []
    seen: set[tuple[str, Way]] = set()
    for listing in listings:
        if len(batch) == ROUND or (listing.server, listing.way) in seen:
            yield batch
            batch, seen = [], set()
        batch.append(listing)
        seen.add((listing.server, listing.way))
    if batch:
        yield batch


def _save_round(connection: sqlalchemy.Connection, listings: list[Listing]) -> list[Change]:
    servers = server_ids(connection, (listing.server for listing in listings))
    for listing in listings:
        if listing.server not in servers:
            raise InputError(
                f"there is no server {listing.server} in the index to list", advice="save the server first"
            )
    read = [_readable(listing) for listing in listings]
    before = _listed_before(connection, set(servers.values()))
    _save_attempts(connection, listings, read, servers)
    listed = [pair for pair in zip(listings, read, strict=True) if pair[0].outcome == "listed"]
    definitions = {key: tool for _, (served, _) in listed for key, tool in served.values()}
    ids = save_definitions(connection, definitions)
    _promote(connection, {servers[listing.server] for listing, (served, _) in listed if served})
    spells = [
        Spells(
            listing=listing,
            server_id=servers[listing.server],
            served={name: Served(tool, key, ids[key]) for name, (key, tool) in served.items()},
            compares=_compares(listing, before.get((servers[listing.server], listing.way))),
        )
        for listing, (served, _) in listed
    ]
    return save_spells(connection, spells)


Readable = tuple[dict[str, tuple[str, Tool]], tuple[Unresolved, ...]]


def _readable(listing: Listing) -> Readable:
    """Return the tools by name with their digests, and what cannot be read, a tool too deep to be digested included.

    Where a name comes twice, the unconditional one stands for it, else the first.
    """
    served: dict[str, tuple[str, Tool]] = {}
    unresolved = list(listing.unresolved)
    for tool in listing.tools:
        name = storable(tool.name)
        if name in served and (tool.conditional or not served[name][1].conditional):
            continue
        try:
            served[name] = (digest(tool), tool)
        except InputError as error:
            unresolved.append(Unresolved(where=tool.where or tool.name, reason=error.message))
    return served, tuple(unresolved)


def _listed_before(connection: sqlalchemy.Connection, servers: set[int]) -> Mapping[tuple[int, str], tuple[str, str]]:
    """Return subject digest and method of the newest listing that gave tools, by server row and way."""
    table = schema.listing.c
    newest = (
        select(func.max(table.id))
        .where(table.server_id.in_(sorted(servers)), table.outcome == "listed")
        .group_by(table.server_id, table.way)
    )
    rows = connection.execute(
        select(table.server_id, table.way, table.subject_digest, table.method).where(table.id.in_(newest))
    )
    return {(row.server_id, row.way): (row.subject_digest, row.method) for row in rows}


def _compares(listing: Listing, before: tuple[str, str] | None) -> bool:
    """Say whether differences are the server's: not at a first listing, nor where other code read the same subject."""
    if before is None:
        return False
    subject_digest, method = before
    return not (listing.subject_digest and listing.subject_digest == subject_digest and listing.method != method)


def _save_attempts(
    connection: sqlalchemy.Connection, listings: list[Listing], read: list[Readable], servers: Mapping[str, int]
) -> None:
    table = schema.listing
    rows = [
        {
            "server_id": servers[listing.server],
            "way": listing.way,
            "at": listing.at,
            "outcome": listing.outcome,
            "reason": storable(listing.reason),
            "duration": listing.duration,
            "protocol": listing.protocol,
            "subject": storable(listing.subject),
            "subject_digest": listing.subject_digest,
            "method": listing.method,
            "tools": len(served) if listing.outcome == "listed" else 0,
            "fresh_until": listing.fresh_until,
            "facts_json": msgspec.json.encode({name: storable(fact) for name, fact in listing.facts.items()}).decode(),
        }
        for listing, (served, _) in zip(listings, read, strict=True)
    ]
    statement = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    ids = connection.execute(statement, rows).scalars().all()
    unresolved = [
        {"listing_id": identity, "place": storable(entry.where), "reason": storable(entry.reason)}
        for identity, (_, entries) in zip(ids, read, strict=True)
        for entry in entries
    ]
    if unresolved:
        connection.execute(schema.unresolved.insert(), unresolved)


def _promote(connection: sqlalchemy.Connection, servers: set[int]) -> None:
    """Let candidates that showed tools be servers."""
    table = schema.server
    shown = table.c.id.in_(sorted(servers)) & table.c.candidate
    connection.execute(table.update().where(shown).values(candidate=False))
