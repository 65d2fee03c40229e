"""What there is to learn from: labels without text, joined with the definitions that an index and a folder hold."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import func, select

from classifier.examples import Found, reads_of
from classifier.kin import owner_of
from toolcensus import database, schema
from toolcensus.canonical import digest
from toolcensus.definitions import read_tool
from toolcensus.errors import InputError, ToolcensusError
from toolcensus.label_list import read_labels
from toolcensus.protocol import parse
from toolcensus.records import Tool
from toolcensus.resources import CHECKOUT

LABELS = CHECKOUT / "data" / "labels"
FILES = ("labelled.jsonl.gz", "unlabelled.jsonl.gz", "annotated.jsonl.gz")
DEFINITION = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")

_Held = dict[str, tuple[Tool, str, str]]
"""Definitions by digest, with the vendor and the server."""


def gather(gold: Path | None, db: str | None, labels: Path | None = None) -> list[Found]:
    """Return labelled definitions, and those of which an author's readOnlyHint is all that is known, by digest.

    `gold` is a folder of gzipped JSON Lines (`labelled`, `unlabelled`, `annotated`), `db` an index. InputError where
    neither is there.
    """
    held: _Held = {}
    if gold is not None:
        held |= _of_folder(gold)
    if db is not None:
        with database.reading(db) as connection:
            held = _of_index(connection) | held
    known = {label.digest: label for label in read_labels(labels or LABELS)}
    found = [
        Found(tool, label.vendor if label else vendor, label.server if label else server, label)
        for name, (tool, vendor, server) in sorted(held.items())
        if (label := known.get(name)) or reads_of(tool) is not None
    ]
    if not found:
        raise InputError(
            "none of the definitions that labels are of was found",
            advice="name an index or a folder that holds them: --db URL, --gold FOLDER",
        )
    return found


def _of_folder(gold: Path) -> _Held:
    held: _Held = {}
    for name in FILES:
        path = gold / name
        if not path.is_file():
            raise InputError(f"{path} is not there", advice=f"the folder must hold {', '.join(FILES)}")
        for row in _rows(path):
            tool = _tool(row, path)
            held.setdefault(digest(tool), (tool, row.get("vendor") or row.get("group") or "", row.get("server") or ""))
    return held


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"{path}: {error}", advice="it must be gzipped JSON Lines") from error


def _tool(row: dict[str, Any], path: Path) -> Tool:
    try:
        return parse({name: row[name] for name in DEFINITION if row.get(name) is not None})
    except ToolcensusError as error:
        raise InputError(f"{path}: {error.message}", advice=error.advice) from error


def _of_index(connection: sqlalchemy.Connection) -> _Held:
    server, tool = schema.server.c, schema.tool.c
    query = (
        select(schema.definition, func.min(server.key).label("key"))
        .join_from(schema.definition, schema.tool, tool.definition_id == schema.definition.c.id)
        .join(schema.server, server.id == tool.server_id)
        .group_by(schema.definition.c.id)
        .order_by(schema.definition.c.digest)
    )
    rows = connection.execute(query, execution_options={"yield_per": 1_000})
    return {row.digest: (_plain(read_tool(row)), owner_of(row.key), row.key) for row in rows}


def _plain(tool: Tool) -> Tool:
    return msgspec.structs.replace(tool, conditional=None, where=None)
