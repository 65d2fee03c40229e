"""The catalogue as documents: every server with its last listings and its tools, streamed in order of key and name.

JSON columns go through as they are, so that nothing is decoded on the way and memory holds one server at a time.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import text

from toolcensus.views import BEST_FOUNDED, CATALOGUE_TABLES

VERSION = "1"
"""The version of the catalogue's form, `catalogue.schema.json`."""

Document = dict[str, Any]

NEWEST = """SELECT max(newest) FROM (
    SELECT max(seen) AS newest FROM sighting UNION ALL SELECT max(at) FROM listing UNION ALL SELECT max(at) FROM label
) AS times"""

SERVERS = "SELECT * FROM servers ORDER BY key"

# CROSS JOIN fixes the order in which SQLite reads, which is the order asked for: nothing is sorted, memory stays flat.
LISTINGS = """SELECT server.key AS server, way, at, outcome, reason, subject, method, tools
FROM server CROSS JOIN listing ON listing.server_id = server.id
WHERE listing.id = (SELECT max(newer.id) FROM listing AS newer
                    WHERE newer.server_id = listing.server_id AND newer.way = listing.way)
ORDER BY server.key, way"""

TOOLS = f"""SELECT server.key AS server, server.slug, definition.*, definition.name AS name, tool.conditional, tool.way,
    tool.first_seen, tool.last_seen, label.category, label.effects_json, label.bounds_json, label.risk,
    label.confidence, label.rationale, label.evidence_json, label.actions_json, label.review, label.version,
    finding.findings_json, policy.policy_json
FROM server CROSS JOIN {CATALOGUE_TABLES.replace("JOIN server ON server.id = tool.server_id", "")}
WHERE server.id = tool.server_id AND NOT server.candidate AND {BEST_FOUNDED}
ORDER BY server.key, tool.name"""  # noqa: S608  # constants


def newest(connection: sqlalchemy.Connection) -> str:
    """Return when the index last learned something, empty where it never did."""
    at: str | None = connection.execute(text(NEWEST)).scalar()
    return at or ""


def tools(connection: sqlalchemy.Connection) -> Iterator[tuple[str, str, Document]]:
    """Yield (server key, slug, tool) for every tool in the catalogue."""
    for row in _stream(connection, TOOLS):
        yield row.server, row.slug, _tool(row)


def servers(connection: sqlalchemy.Connection) -> Iterator[Document]:
    """Yield every server with `listings`, the last of each way, and `tools`."""
    take_listings = _takes(_stream(connection, LISTINGS), lambda row: row.server)
    take_tools = _takes(tools(connection), lambda entry: entry[0])
    for row in _stream(connection, SERVERS):
        yield {
            "key": row.key,
            "slug": row.slug,
            "name": row.name,
            **_given(title=row.title, description=row.description, repository=row.repository),
            "packages": _raw(row.packages),
            "remotes": _raw(row.remotes),
            "sources": _raw(row.sources),
            "first_seen": row.first_seen,
            "last_seen": row.last_seen,
            "retired": row.retired,
            "listings": [_listing(listing) for listing in take_listings(row.key)],
            "tools": [tool for _, _, tool in take_tools(row.key)],
        }


def _stream(connection: sqlalchemy.Connection, statement: str) -> Iterator[Any]:
    yield from connection.execution_options(yield_per=500).execute(text(statement))


def _takes(rows: Iterator[Any], key: Callable[[Any], str]) -> Callable[[str], list[Any]]:
    """Return a function that takes the next rows of a key out of rows sorted by it; keys are asked for in order."""
    groups = groupby(rows, key)
    waiting: list[tuple[str, list[Any]]] = []

    def take(wanted: str) -> list[Any]:
        while not waiting or waiting[0][0] < wanted:
            waiting.clear()
            found, group = next(groups, (None, ()))
            if found is None:
                return []
            waiting.append((found, list(group)))
        return waiting.pop()[1] if waiting[0][0] == wanted else []

    return take


def _listing(row: Any) -> Document:
    return {name: value for name, value in row._mapping.items() if name != "server"}  # noqa: SLF001  # public in SQLAlchemy


def _tool(row: Any) -> Document:
    return {
        "name": row.name,
        **_given(
            title=row.title,
            description=row.description,
            inputSchema=_raw(row.input_schema_json),
            outputSchema=_raw(row.output_schema_json),
            annotations=_raw(row.annotations_json),
            conditional=row.conditional,
        ),
        "digest": row.digest,
        "way": row.way,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "label": _label(row),
        "findings": _raw(row.findings_json),
        "policy": _raw(row.policy_json),
    }


def _label(row: Any) -> Document | None:
    if row.category is None:
        return None
    return {
        "category": row.category,
        "effects": _raw(row.effects_json),
        "bounds": _raw(row.bounds_json),
        "risk": row.risk,
        "confidence": row.confidence,
        "rationale": row.rationale,
        "evidence": _raw(row.evidence_json),
        "actions": _raw(row.actions_json),
        "review": bool(row.review),
        "version": row.version,
    }


def _raw(json_text: str | None) -> msgspec.Raw | None:
    return None if json_text is None else msgspec.Raw(json_text.encode())


def _given(**fields: Any) -> Document:
    return {name: value for name, value in fields.items() if value is not None}
