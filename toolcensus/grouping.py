"""Sightings dealt out to groups, each of which is one server: kept in a table of the transaction, not in memory."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

import msgspec
import sqlalchemy
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, select

from toolcensus import schema
from toolcensus.records import Sighting
from toolcensus.upsert import batches

STREAMED = {"yield_per": 1_000}

_passing = MetaData()
grouping = Table(
    "grouping_of_sightings",
    _passing,
    Column("number", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("group_id", Integer, nullable=False, index=True),
    Column("kind", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


class Grouped(NamedTuple):
    """A sighting of a group: by what kind of evidence it belongs there, and what the index has said of it so far."""

    sighting: Sighting
    kind: int
    server_id: int | None
    evidence: str | None


def stream_sightings(connection: sqlalchemy.Connection) -> Iterator[Sighting]:
    """Yield every sighting that its source still shows, by source and the source's id, few of them in memory."""
    table = schema.sighting.c
    query = select(table.record_json).where(table.gone.is_(None)).order_by(table.source, table.source_id)
    decoder = msgspec.json.Decoder(Sighting)
    for record in connection.execute(query, execution_options=STREAMED).scalars():
        yield decoder.decode(record)


def keep_groups(connection: sqlalchemy.Connection, groups: Iterable[tuple[int, int]]) -> None:
    """Keep group and kind of each sighting, in the order in which `stream_sightings` gives them."""
    _passing.drop_all(connection)
    _passing.create_all(connection)
    table = schema.sighting.c
    query = select(table.source, table.source_id).where(table.gone.is_(None)).order_by(table.source, table.source_id)
    names = connection.execute(query, execution_options=STREAMED)
    rows = (
        {"number": number, "source": name.source, "source_id": name.source_id, "group_id": group, "kind": kind}
        for number, (name, (group, kind)) in enumerate(zip(names, groups, strict=True))
    )
    for batch in batches(rows):
        connection.execute(grouping.insert(), batch)


def drop_groups(connection: sqlalchemy.Connection) -> None:
    """Forget the groups."""
    _passing.drop_all(connection)


def sightings_by_group(connection: sqlalchemy.Connection) -> Iterator[tuple[int, list[Grouped]]]:
    """Yield each group's number and sightings, groups in order."""
    seen, group = schema.sighting.c, grouping.c
    query = (
        select(group.group_id, group.kind, seen.record_json, seen.server_id, seen.evidence)
        .join_from(
            grouping,
            schema.sighting,
            (seen.source == group.source) & (seen.source_id == group.source_id),
        )
        .order_by(group.group_id, group.number)
    )
    decoder = msgspec.json.Decoder(Sighting)
    rows = connection.execute(query, execution_options=STREAMED)
    for number, members in groupby(rows, key=lambda row: row.group_id):
        yield (
            number,
            [Grouped(decoder.decode(row.record_json), row.kind, row.server_id, row.evidence) for row in members],
        )


def heirs(connection: sqlalchemy.Connection) -> Mapping[int, int]:
    """Return, by server row, the group that most of the server's sightings are in now."""
    seen, group = schema.sighting.c, grouping.c
    count = func.count().label("members")
    query = (
        select(seen.server_id, group.group_id, count)
        .join_from(grouping, schema.sighting, (seen.source == group.source) & (seen.source_id == group.source_id))
        .where(seen.server_id.is_not(None))
        .group_by(seen.server_id, group.group_id)
        .order_by(seen.server_id, count.desc(), group.group_id)
    )
    found: dict[int, int] = {}
    for server_id, number, _ in connection.execute(query, execution_options=STREAMED):
        found.setdefault(server_id, number)
    return found
