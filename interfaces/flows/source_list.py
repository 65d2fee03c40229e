"""What is told of each source: facts of its file, and its last reading in the index."""

import os
from typing import cast

import sqlalchemy
from sqlalchemy import func, select

from crawler.source import NetworkedSource, Source
from interfaces.flows import places
from toolcensus import database, readings, schema
from toolcensus.errors import IndexUnusableError
from toolcensus.records import Record

UNREAD = (None, 0, None)


class Entry(Record, frozen=True, omit_defaults=False):
    """One source; `servers` is how many sightings of it are current, `outcome` and `note` are of the last reading."""

    name: str
    summary: str
    homepage: str
    licence: str
    terms: str
    services: tuple[str, ...]
    pace: str
    key: str | None
    key_needed: bool
    has_key: bool
    expected: tuple[int, int]
    last_read: str | None
    outcome: str | None
    note: str
    servers: int


def list_sources(db: str | None) -> list[Entry]:
    """Describe every source of the shelf; an index that is not there yet has read none."""
    shelf = places.all_sources().values()
    try:
        with database.reading(db) as connection:
            return [_entry(source, *_read(connection, source.NAME)) for source in shelf]
    except IndexUnusableError:
        return [_entry(source, *UNREAD) for source in shelf]


def _read(connection: sqlalchemy.Connection, name: str) -> tuple[readings.SourceReading | None, int, str | None]:
    sighting = schema.sighting.c
    known = select(func.count(), func.max(sighting.seen)).where(sighting.source == name, sighting.gone.is_(None))
    count, newest = connection.execute(known).one()
    return readings.last(connection, name), count, newest


def _entry(source: Source, last: readings.SourceReading | None, servers: int, newest: str | None) -> Entry:
    """Describe a source; one that travels with the program has no readings, only sightings."""
    networked = cast("NetworkedSource", source) if places.is_networked(source) else None
    key = networked.KEY if networked else None
    has_key = bool(key and os.environ.get(key.variable, "").strip())
    return Entry(
        name=source.NAME,
        summary=(source.__doc__ or "").partition("\n")[0].partition(": ")[2].rstrip("."),
        homepage=source.HOMEPAGE,
        licence=source.LICENCE,
        terms=networked.TERMS if networked else "It travels with the program.",
        services=tuple(networked.SERVICES) if networked else (),
        pace=_pace(networked, has_key=has_key) if networked else "no request",
        key=key.variable if key else None,
        key_needed=bool(key and key.needed),
        has_key=has_key,
        expected=source.EXPECTED,
        last_read=last.started if last else newest if not networked else None,
        outcome=last.outcome if last else "complete" if newest and not networked else None,
        note=last.note if last else "",
        servers=servers,
    )


def _pace(source: NetworkedSource, *, has_key: bool) -> str:
    per_second = places.rate(source, has_key=has_key).per_second
    return f"{per_second:g} requests/s" if per_second else "any pace"
