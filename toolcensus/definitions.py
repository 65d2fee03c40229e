"""Tool definitions: each is stored once by its digest, and its words go into the full-text index."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import select

from toolcensus import schema, words
from toolcensus.canonical import json_text, storable
from toolcensus.records import Tool
from toolcensus.upsert import batches


def save_definitions(connection: sqlalchemy.Connection, tools: Mapping[str, Tool]) -> dict[str, int]:
    """Write the definitions that are new, by digest; return every one's row."""
    ids = definition_ids(connection, tools)
    new = [digest for digest in tools if digest not in ids]
    if new:
        connection.execute(schema.definition.insert(), [_row(digest, tools[digest]) for digest in new])
        added = definition_ids(connection, new)
        if connection.dialect.name == "sqlite":
            _index_words(connection, [(added[digest], tools[digest]) for digest in new])
        ids |= added
    return ids


def definition_ids(connection: sqlalchemy.Connection, digests: Any) -> dict[str, int]:
    """Return the rows of the definitions that the index has."""
    table = schema.definition.c
    found: dict[str, int] = {}
    for batch in batches(digests):
        rows = connection.execute(select(table.digest, table.id).where(table.digest.in_(batch)))
        found.update((digest, identity) for digest, identity in rows)
    return found


def read_tool(row: Any) -> Tool:
    """Return the tool of a row with a definition's columns and, if there, a spell's `conditional` and `place`."""
    return Tool(
        name=row.name,
        title=row.title,
        description=row.description,
        input_schema=_json(row.input_schema_json),
        output_schema=_json(row.output_schema_json),
        annotations=_json(row.annotations_json),
        conditional=getattr(row, "conditional", None),
        where=getattr(row, "place", None),
    )


def _json(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)


def _row(digest: str, tool: Tool) -> dict[str, Any]:
    return {
        "digest": digest,
        "name": storable(tool.name),
        "title": None if tool.title is None else storable(tool.title),
        "description": None if tool.description is None else storable(tool.description),
        "input_schema_json": None if tool.input_schema is None else json_text(tool.input_schema),
        "output_schema_json": None if tool.output_schema is None else json_text(tool.output_schema),
        "annotations_json": None if tool.annotations is None else json_text(tool.annotations),
    }


def _index_words(connection: sqlalchemy.Connection, rows: list[tuple[int, Tool]]) -> None:
    connection.exec_driver_sql(
        "INSERT INTO tool_words (rowid, name, title, description) VALUES (?, ?, ?, ?)",
        [
            (
                identity,
                words.indexed_name(storable(tool.name)),
                storable((tool.title or "")[: words.INDEXED]),
                storable((tool.description or "")[: words.INDEXED]),
            )
            for identity, tool in rows
        ],
    )
