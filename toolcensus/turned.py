"""Definitions that are not what they were: which one a server's tool had before, and whether its version says so."""

from collections.abc import Iterable

import msgspec
import sqlalchemy
from sqlalchemy import select

from toolcensus import schema
from toolcensus.records import Category, Record, Risk
from toolcensus.store import bare_purl, server_ids
from toolcensus.upsert import batches

IN_THE_DEFINITION = ("description", "schema", "annotations")


class Turn(Record, frozen=True, omit_defaults=False):
    """What took the place of what: the change's time and kinds, and the label that the older definition has.

    `silently` means that what was listed bears the same version as before: a package's, or the server's own.
    """

    at: str
    kinds: tuple[str, ...]
    before: str
    category: Category | None
    risk: Risk | None
    silently: bool


def turns(connection: sqlalchemy.Connection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Turn]:
    """Return the newest turn to each definition, by (server key, digest) as given; those without one are left out."""
    found: dict[tuple[str, str], Turn] = {}
    for batch in batches(pairs):
        rows = server_ids(connection, (server for server, _ in batch))
        keys = {(rows[server], digest): (server, digest) for server, digest in batch if server in rows}
        for key, changes in _changes(connection, keys).items():
            found[keys[key]] = _turn(connection, key[0], changes)
    return found


def _changes(
    connection: sqlalchemy.Connection, keys: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], list[sqlalchemy.Row[tuple[str, str, str, str]]]]:
    """Return the rows of the newest change to each definition: one by kind."""
    change = schema.change.c
    wanted = set(keys)
    query = (
        select(change.server_id, change.after, change.at, change.way, change.kind, change.before)
        .where(change.after.in_({digest for _, digest in wanted}), change.kind.in_(IN_THE_DEFINITION))
        .where(change.server_id.in_({server for server, _ in wanted}))
        .order_by(change.id)
    )
    found: dict[tuple[int, str], list[sqlalchemy.Row[tuple[str, str, str, str]]]] = {}
    for row in connection.execute(query):
        key = (row.server_id, row.after)
        if key in wanted:
            same = [other for other in found.get(key, []) if other.at == row.at and other.way == row.way]
            found[key] = [*same, row]  # type: ignore[list-item]  # its columns are the ones named
    return found


def _turn(
    connection: sqlalchemy.Connection, server: int, changes: list[sqlalchemy.Row[tuple[str, str, str, str]]]
) -> Turn:
    newest = changes[-1]
    label, definition = schema.label.c, schema.definition
    asked = select(label.category, label.risk).join_from(schema.label, definition)
    judged = connection.execute(asked.where(definition.c.digest == newest.before, label.current)).first()
    return Turn(
        at=newest.at,
        kinds=tuple(row.kind for row in changes),
        before=newest.before,
        category=judged.category if judged else None,
        risk=judged.risk if judged else None,
        silently=_is_silent(connection, server, newest.way, newest.at),
    )


def _is_silent(connection: sqlalchemy.Connection, server: int, way: str, at: str) -> bool:
    """Say whether the listing that showed the change and the one before it name the same version."""
    listing = schema.listing.c
    of_way = select(listing.subject, listing.facts_json).where(
        listing.server_id == server, listing.way == way, listing.outcome == "listed", listing.at <= at
    )
    last = connection.execute(of_way.order_by(listing.id.desc()).limit(2)).all()
    if len(last) < 2:  # noqa: PLR2004  # the one that showed it and the one before
        return False
    versions = [_version(row.subject, row.facts_json) for row in last]
    return bool(versions[0]) and versions[0] == versions[1]


def _version(subject: str, facts_json: str) -> str:
    """Return a package with its version, or what a running server calls itself; nothing where neither is told."""
    if subject.startswith("pkg:"):
        return subject if bare_purl(subject) != subject else ""
    return str(msgspec.json.decode(facts_json).get("server", ""))
