"""Readings: what each source showed and when, how far an unfinished one is, and which sightings are current.

The caller commits. A reading that is not finished is gone on with; what it has asked for and has still to ask is its
frontier, written together with what the answers say, so that a kill loses at most what was not committed.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import bindparam, func, select

from toolcensus import brought, schema
from toolcensus.canonical import json_text, storable
from toolcensus.records import Record, Sighting
from toolcensus.upsert import batches, upsert


class SourceReading(Record, frozen=True, omit_defaults=False):
    """One attempt to read a source; `since` is the mark it asked from, None where it asked for everything.

    `whole` says that everything the source has was read, so that what it did not show is gone. `outcome` is `complete`,
    `incomplete` (pages or records were lost, with the reason in `note`), `failed` or `stopped`; None while it lasts.
    """

    id: int
    source: str
    base: str
    started: str
    since: str | None
    finished: str | None
    outcome: str | None
    note: str
    mark: str | None
    whole: bool
    pages: int
    sightings: int
    added: int
    changed: int
    failed: int


class Shown(Record, frozen=True):
    """How many sightings of a page are new, and how many say something else than before."""

    added: int
    changed: int


def begin(
    connection: sqlalchemy.Connection, source: str, base: str, started: str, since: str | None = None
) -> SourceReading:
    """Start a reading of `source` at `base`; an unfinished one before it is forgotten, with its frontier."""
    table = schema.reading
    unfinished = (table.c.source == source) & table.c.finished.is_(None)
    connection.execute(table.update().where(unfinished).values(finished=started, outcome="stopped"))
    connection.execute(schema.frontier.delete().where(schema.frontier.c.source == source))
    counts = dict.fromkeys(("pages", "sightings", "added", "changed", "failed"), 0)
    row = {"source": source, "base": base, "started": started, "since": since, "note": "", "whole": True, **counts}
    made = connection.execute(table.insert().returning(table), row).one()
    return SourceReading(**made._asdict())


def unfinished(connection: sqlalchemy.Connection, source: str, base: str) -> SourceReading | None:
    """Return the reading of `source` at `base` that was stopped before its end."""
    table = schema.reading.c
    asked = select(schema.reading).where(table.source == source, table.base == base, table.finished.is_(None))
    row = connection.execute(asked.order_by(table.id.desc()).limit(1)).first()
    return SourceReading(**row._asdict()) if row else None


def last(
    connection: sqlalchemy.Connection, source: str, *, outcome: str | None = None, full: bool = False
) -> SourceReading | None:
    """Return the newest finished reading of `source`, of one outcome, and of everything, where that is asked for."""
    table = schema.reading.c
    asked = select(schema.reading).where(table.source == source, table.finished.is_not(None))
    if outcome:
        asked = asked.where(table.outcome == outcome)
    if full:
        asked = asked.where(table.since.is_(None))
    row = connection.execute(asked.order_by(table.id.desc()).limit(1)).first()
    return SourceReading(**row._asdict()) if row else None


def save_progress(connection: sqlalchemy.Connection, reading: SourceReading) -> None:
    """Write how far a reading is, or how it ended."""
    table = schema.reading
    fields = msgspec.structs.asdict(reading)
    connection.execute(table.update().where(table.c.id == fields.pop("id")).values(fields))


def load_frontier(connection: sqlalchemy.Connection, source: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the requests to be made (JSON, in order), and the list pages asked for, key → digest of the body."""
    table = schema.frontier.c
    rows = connection.execute(select(schema.frontier).where(table.source == source).order_by(table.id)).all()
    return tuple(row.request_json for row in rows if not row.asked), {row.key: row.digest for row in rows if row.asked}


def add_to_frontier(connection: sqlalchemy.Connection, source: str, requests: Mapping[str, str]) -> None:
    """Note requests, key → JSON, that are to be made."""
    rows = [
        {"source": source, "key": storable(key), "request_json": text, "asked": False, "digest": ""}
        for key, text in requests.items()
    ]
    if rows:
        insert = _insert(connection, schema.frontier)
        connection.execute(insert.on_conflict_do_nothing(index_elements=["source", "key"]), rows)


def pass_frontier(connection: sqlalchemy.Connection, source: str, asked: Mapping[str, str | None]) -> None:
    """Note requests that were made: a list page stays, with its body's digest, a detail (None) is forgotten."""
    table = schema.frontier
    this = (table.c.source == source) & (table.c.key == bindparam("of"))
    lists = [{"of": storable(key), "body": digest} for key, digest in asked.items() if digest is not None]
    details = [{"of": storable(key)} for key, digest in asked.items() if digest is None]
    if lists:
        done = table.update().where(this).values(asked=True, digest=bindparam("body"), request_json="")
        connection.execute(done, lists)
    if details:
        connection.execute(table.delete().where(this), details)


def clear_frontier(connection: sqlalchemy.Connection, source: str) -> None:
    """Forget the frontier of a finished reading."""
    connection.execute(schema.frontier.delete().where(schema.frontier.c.source == source))


def known_digests(connection: sqlalchemy.Connection, source: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the digest of what is known of each id, where the source still showed it."""
    table = schema.sighting.c
    found: dict[str, str] = {}
    for batch in batches(ids):
        asked = select(table.source_id, table.digest).where(
            table.source == source, table.source_id.in_(batch), table.gone.is_(None)
        )
        found.update((row.source_id, row.digest) for row in connection.execute(asked))
    return found


def show(connection: sqlalchemy.Connection, reading: SourceReading, sightings: Collection[Sighting]) -> Shown:
    """Write the sightings of a page; those that say what they said before are only seen again."""
    newest = {sighting.source_id: sighting for sighting in sightings}
    before = known_digests(connection, reading.source, newest)
    fresh = [one for one in newest.values() if not one.digest or before.get(one.source_id) != one.digest]
    rows = [_row(sighting, reading) for sighting in fresh]
    upsert(connection, schema.sighting, rows, keep=("first_seen",))
    brought.keep(connection, fresh, reading.started)
    see_again(connection, reading, newest.keys() - {one.source_id for one in fresh})
    # What had no digest yet was new a moment ago, when its row was read and its detail was not.
    changed = sum(bool(before.get(one.source_id)) for one in fresh)
    return Shown(added=sum(one.source_id not in before for one in fresh), changed=changed)


def see_again(connection: sqlalchemy.Connection, reading: SourceReading, ids: Collection[str]) -> None:
    """Note that a reading shows sightings that are known, and that they are unchanged."""
    table = schema.sighting
    for batch in batches(sorted(ids)):
        these = (table.c.source == reading.source) & table.c.source_id.in_(batch)
        connection.execute(table.update().where(these).values(seen=reading.started, reading=reading.id, gone=None))


def confirm(connection: sqlalchemy.Connection, source: str, digests: Mapping[str, str]) -> None:
    """Note that details are unchanged although their rows were not: id → the row's digest that is the known one now."""
    table = schema.sighting
    this = (table.c.source == source) & (table.c.source_id == bindparam("of"))
    rows = [{"of": source_id, "row": digest} for source_id, digest in digests.items()]
    if rows:
        connection.execute(table.update().where(this).values(digest=bindparam("row")), rows)


def remove(connection: sqlalchemy.Connection, reading: SourceReading, ids: Collection[str]) -> int:
    """Date sightings that their source says are no more; return how many were mere rows of this reading."""
    table, unfounded = schema.sighting, 0
    for batch in batches(sorted(ids)):
        these = (table.c.source == reading.source) & table.c.source_id.in_(batch) & table.c.gone.is_(None)
        mere_rows = these & (table.c.digest == "") & (table.c.reading == reading.id)
        counted = select(func.count()).select_from(table).where(mere_rows)
        unfounded += connection.execute(counted).scalar_one()
        connection.execute(table.update().where(these).values(gone=reading.started))
    return unfounded


def remove_unseen(connection: sqlalchemy.Connection, reading: SourceReading, at: str) -> int:
    """Date the sightings that a whole reading did not show; return how many."""
    table = schema.sighting
    unseen = (table.c.source == reading.source) & table.c.gone.is_(None) & table.c.reading.is_distinct_from(reading.id)
    return connection.execute(table.update().where(unseen).values(gone=at)).rowcount


def count_seen(connection: sqlalchemy.Connection, reading: SourceReading) -> int:
    """Count the sightings that a reading showed."""
    table = schema.sighting.c
    asked = select(func.count()).where(table.source == reading.source, table.reading == reading.id)
    return connection.execute(asked).scalar_one()


def retire(connection: sqlalchemy.Connection, at: str) -> int:
    """Date the servers that no source shows any more, bring back those that one shows again; return how many went."""
    server, sighting = schema.server, schema.sighting.c
    any_at_all = select(sighting.server_id).where(sighting.server_id == server.c.id).exists()
    current = select(sighting.server_id).where(sighting.server_id == server.c.id, sighting.gone.is_(None)).exists()
    connection.execute(server.update().where(server.c.retired.is_not(None), current).values(retired=None))
    gone = server.update().where(server.c.retired.is_(None), any_at_all, ~current)
    return connection.execute(gone.values(retired=at)).rowcount


def _row(sighting: Sighting, reading: SourceReading) -> dict[str, Any]:
    return {
        "source": sighting.source,
        "source_id": sighting.source_id,
        "first_seen": reading.started,
        "seen": reading.started,
        "record_json": json_text(msgspec.structs.replace(sighting, tools=None, seen=reading.started)),
        "digest": sighting.digest,
        "reading": reading.id,
        "gone": None,
    }


def _insert(connection: sqlalchemy.Connection, table: sqlalchemy.Table) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite  # noqa: PLC0415  # only one of them is asked

    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
