"""What sightings name: the packages that other sources name, those of one reading, and those that nobody could find."""

from collections.abc import Iterator

import msgspec
import sqlalchemy
from sqlalchemy import select

from toolcensus import schema
from toolcensus.readings import SourceReading

STREAMED = {"yield_per": 1_000}


class _Naming(msgspec.Struct, frozen=True, gc=False):
    packages: tuple[str, ...] = ()


def packages_of_others(connection: sqlalchemy.Connection, source: str) -> Iterator[str]:
    """Yield the purls, each as often as it is named, of the current sightings of all sources but this one."""
    table = schema.sighting.c
    yield from _packages(connection, (table.source != source) & table.gone.is_(None))


def packages_shown(connection: sqlalchemy.Connection, reading: SourceReading) -> Iterator[str]:
    """Yield the purls that a reading has shown so far."""
    table = schema.sighting.c
    shown = (table.source == reading.source) & (table.reading == reading.id) & table.gone.is_(None)
    yield from _packages(connection, shown)


def packages_missing(connection: sqlalchemy.Connection, source: str, since: str) -> Iterator[str]:
    """Yield the purls that were asked for since then and that the source does not have: never told of, and gone."""
    table = schema.sighting.c
    yield from _packages(connection, (table.source == source) & (table.digest == "") & (table.gone >= since))


def _packages(connection: sqlalchemy.Connection, those: sqlalchemy.ColumnElement[bool]) -> Iterator[str]:
    decoder = msgspec.json.Decoder(_Naming)
    query = select(schema.sighting.c.record_json).where(those)
    for record in connection.execute(query, execution_options=STREAMED).scalars():
        yield from decoder.decode(record).packages
