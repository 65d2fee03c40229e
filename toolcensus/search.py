"""Asking the index: words and filters in, rows of the catalogue out, best match first, else worst risk first."""

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import bindparam, text

from toolcensus import words
from toolcensus.lookup import find_server, server_row
from toolcensus.records import CATEGORIES, EFFECTS, RISKS, Category, Effect, Record, Risk
from toolcensus.views import BEST_FOUNDED, CATALOGUE_COLUMNS, CATALOGUE_TABLES

JSON_COLUMNS = frozenset({"effects", "bounds", "evidence", "findings", "policy", "actions"})

LABELLED = " LEFT JOIN label ON label.definition_id = tool.definition_id AND label.current"

HITS = """(SELECT rowid AS definition_id, bm25(tool_words, 10.0, 4.0, 1.0) AS score
FROM tool_words WHERE tool_words MATCH :words) AS hit CROSS JOIN"""
"""Definitions by their words: a name counts ten times a description. A CROSS JOIN is not reordered by SQLite."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: every filter that is given must hold, and the values of one filter are alternatives."""

    words: str = ""
    risk: frozenset[Risk] = frozenset()
    category: frozenset[Category] = frozenset()
    effect: frozenset[Effect] = frozenset()
    server: str | None = None
    source: frozenset[str] = frozenset()
    limit: int = 20
    offset: int = 0


class Row(Record, frozen=True, omit_defaults=False):
    """A row of the view `catalogue`, its JSON columns read, and a little more; what is not labelled yet has None."""

    server: str
    tool: str
    title: str | None
    description: str | None
    category: Category | None
    risk: Risk | None
    effects: list[str] | None
    bounds: list[str] | None
    confidence: float | None
    rationale: str | None
    evidence: list[dict[str, Any]] | None
    findings: list[dict[str, Any]] | None
    policy: Any
    way: str
    first_seen: str
    last_seen: str
    slug: str
    actions: list[dict[str, Any]] | None
    review: bool | None


class Found(Record, frozen=True, omit_defaults=False):
    """One page of an answer, and how many rows there are in all."""

    total: int
    rows: tuple[Row, ...]


def search(connection: sqlalchemy.Connection, query: Query) -> Found:
    """Answer a query with one page of rows; raise InputError where the server is unknown or no word can be searched."""
    conditions, values = _filters(connection, query)
    tables, order = "tool", "coalesce(label.severity, -1) DESC, tool.server_id, tool.name"
    if query.words.strip() and connection.dialect.name == "sqlite":
        values["words"] = words.match_expression(query.words)
        tables, order = f"{HITS} tool ON tool.definition_id = hit.definition_id", "hit.score, tool.server_id, tool.name"
    elif query.words.strip():
        tables += " JOIN definition ON definition.id = tool.definition_id"
        conditions += _contained(query.words, values)
    # Only what is asked for is joined: a common word has many hits, and their order decides which rows are read whole.
    labelled = LABELLED if any("label." in condition for condition in conditions) else ""
    where = " AND ".join([BEST_FOUNDED, *conditions])
    number = text(f"SELECT count(*) FROM {tables}{labelled} WHERE {where}")  # noqa: S608  # names, values are bound
    total = connection.execute(number, values).scalar_one()
    labelled = LABELLED if labelled or "label." in order else ""
    page = f"SELECT tool.id FROM {tables}{labelled} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608
    ids = connection.execute(text(page), {**values, "limit": query.limit, "offset": query.offset}).scalars().all()
    return Found(total=total, rows=_read(connection, ids))


def _filters(connection: sqlalchemy.Connection, query: Query) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions that the filters come to, and their values."""
    conditions: list[str] = []
    values: dict[str, Any] = {}

    def among(column: str, name: str, chosen: list[Any]) -> None:
        names = {f"{name}{number}": value for number, value in enumerate(chosen)}
        values.update(names)
        conditions.append(f"{column} IN ({', '.join(f':{key}' for key in names)})")

    if query.server is not None:
        values["server"] = server_row(connection, find_server(connection, query.server))
        conditions.append("tool.server_id = :server")
    if query.risk:
        among("label.severity", "severity", [place for place, risk in enumerate(RISKS) if risk in query.risk])
    if query.category:
        among("label.category", "category", [name for name in CATEGORIES if name in query.category])
    if query.effect:
        effects = {f"effect{n}": f'%"{name}"%' for n, name in enumerate(EFFECTS) if name in query.effect}
        values.update(effects)
        conditions.append(f"({' OR '.join(f'label.effects_json LIKE :{key}' for key in effects)})")
    if query.source:
        among("sighting.source", "source", sorted(query.source))
        seen = f"SELECT 1 FROM sighting WHERE sighting.server_id = tool.server_id AND {conditions.pop()}"  # noqa: S608  # names, values are bound
        conditions.append(f"EXISTS ({seen})")
    return conditions, values


def _contained(typed: str, values: dict[str, Any]) -> list[str]:
    """Return conditions for a database without FTS5: every word is somewhere in the name or the description."""
    conditions = []
    for number, word in enumerate(words.split(typed)):
        values[f"word{number}"] = f"%{word}%"
        columns = ("definition.name", "coalesce(definition.title, '')", "coalesce(definition.description, '')")
        conditions.append(f"({' OR '.join(f'lower({column}) LIKE :word{number}' for column in columns)})")
    return conditions


def _read(connection: sqlalchemy.Connection, ids: Any) -> tuple[Row, ...]:
    """Return the catalogue's rows of these tools, in this order."""
    columns = f"tool.id, server.slug, label.actions_json AS actions, label.review, {CATALOGUE_COLUMNS}"
    statement = text(f"SELECT {columns} FROM {CATALOGUE_TABLES} WHERE tool.id IN :ids")  # noqa: S608  # constants
    found = connection.execute(statement.bindparams(bindparam("ids", expanding=True)), {"ids": list(ids)})
    rows = {row["id"]: row for row in found.mappings()}
    return tuple(Row(**_fields(rows[identity])) for identity in ids)


def _fields(row: Any) -> dict[str, Any]:
    fields = {
        name: msgspec.json.decode(value) if name in JSON_COLUMNS and value is not None else value
        for name, value in row.items()
        if name != "id"
    }
    # Plain SQL gives SQLite's 0 and 1.
    return fields | {"review": None if row["review"] is None else bool(row["review"])}
