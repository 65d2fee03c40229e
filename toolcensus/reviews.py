"""Reviews: what readers answered for definitions, and which definitions wait for one. The caller commits."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import func, select

from toolcensus import schema
from toolcensus.canonical import json_text, storable
from toolcensus.definitions import read_tool
from toolcensus.errors import InputError
from toolcensus.records import Label, Record, Review, Tool
from toolcensus.upsert import batches, upsert

LINE_BYTES = 64 * 1024
LISTS = ("effects", "bounds")


class Waiting(Record, frozen=True):
    """A definition whose label is to be looked at, one of the servers that have it, and on how many there are."""

    server: str
    tool: Tool
    digest: str
    label: Label
    version: str
    servers: int


def save_reviews(connection: sqlalchemy.Connection, reviews: Iterable[Review]) -> int:
    """Write reviews, each in the place of an earlier one of the same definition; return how many."""
    count = 0
    for batch in batches(reviews):
        upsert(connection, schema.review, [_row(review) for review in batch])
        count += len(batch)
    return count


def load_reviews(connection: sqlalchemy.Connection, digests: Iterable[str] | None = None) -> Iterator[Review]:
    """Yield the reviews of these definitions, or all, by server, tool and digest."""
    table = schema.review
    query = select(table).order_by(table.c.server, table.c.tool, table.c.digest)
    if digests is None:
        yield from (_review(dict(row)) for row in connection.execute(query).mappings().all())
        return
    for batch in batches(digests):
        rows = connection.execute(query.where(table.c.digest.in_(batch))).mappings().all()
        yield from (_review(dict(row)) for row in rows)


def by_digest(connection: sqlalchemy.Connection, digests: Iterable[str]) -> Mapping[str, Review]:
    """Return the reviews of these definitions by digest."""
    return {review.digest: review for review in load_reviews(connection, digests)}


def read_line(line: bytes, number: int) -> Review:
    """Read one line of a file of reviews (JSON Lines); raise InputError that names the line."""
    try:
        if len(line) > LINE_BYTES:
            raise InputError(f"line {number} is longer than {LINE_BYTES} bytes", advice="a review takes a few hundred")
        return msgspec.json.decode(line, type=Review)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(
            f"line {number} is no review: {error}", advice="take the form that `toolcensus review --export` writes"
        ) from error


def waiting(connection: sqlalchemy.Connection, *, limit: int, server: str | None = None) -> list[Waiting]:
    """Return labelled definitions that wait for a reader: the least certain of the highest risk first."""
    tool, label, definition = schema.tool, schema.label, schema.definition
    query = (
        select(definition, label, func.min(schema.server.c.key).label("server"), func.count().label("servers"))
        .add_columns(func.min(tool.c.conditional).label("conditional"), func.min(tool.c.place).label("place"))
        .join_from(tool, definition)
        .join(schema.server, schema.server.c.id == tool.c.server_id)
        .join(label, (label.c.definition_id == definition.c.id) & label.c.current)
        .where(tool.c.ended.is_(None), label.c.review)
        .where(definition.c.digest.not_in(select(schema.review.c.digest)))
        .group_by(definition.c.id, label.c.definition_id, label.c.version)
        .order_by(label.c.confidence, label.c.severity.desc(), definition.c.digest)
        .limit(limit)
    )
    if server:
        query = query.where(schema.server.c.key == server)
    return [_waiting(row) for row in connection.execute(query).all()]


def _waiting(row: sqlalchemy.Row[Any]) -> Waiting:
    label = Label(
        category=row.category,
        effects=tuple(msgspec.json.decode(row.effects_json)),
        bounds=tuple(msgspec.json.decode(row.bounds_json)),
        risk=row.risk,
        confidence=row.confidence,
        rationale=row.rationale,
        evidence=msgspec.json.decode(row.evidence_json, type=Label.__annotations__["evidence"]),
        actions=msgspec.json.decode(row.actions_json, type=Label.__annotations__["actions"]),
        review=row.review,
    )
    return Waiting(
        server=row.server, tool=read_tool(row), digest=row.digest, label=label, version=row.version, servers=row.servers
    )


def _row(review: Review) -> dict[str, Any]:
    row = {name: getattr(review, name) for name in Review.__struct_fields__ if name not in LISTS}
    row |= {name: storable(row[name]) for name in ("server", "tool", "reason", "reader")}
    return row | {f"{name}_json": json_text(getattr(review, name)) for name in LISTS}


def _review(row: Mapping[str, Any]) -> Review:
    values = {name: row[name] for name in Review.__struct_fields__ if name not in LISTS}
    return msgspec.convert(values | {name: msgspec.json.decode(row[f"{name}_json"]) for name in LISTS}, Review)
