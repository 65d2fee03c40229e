"""Labels, findings and policies: what is still to be judged, and writing the judgement. The caller commits.

A label belongs to a definition and a classifier's version, and the one saved last is the current one. Findings and
policies belong to a server and a definition; the row of findings, even of none, is what makes a pair judged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import and_, or_, select

from toolcensus import schema
from toolcensus.canonical import json_text, storable
from toolcensus.definitions import definition_ids, read_tool
from toolcensus.errors import InputError
from toolcensus.records import RISKS, Change, Finding, Label, Record, Tool
from toolcensus.spells import save_changes
from toolcensus.store import server_ids
from toolcensus.upsert import batches, upsert


class Pending(Record, frozen=True):
    """A tool of a server that is still to be judged, with its definition's digest."""

    server: str
    tool: Tool
    digest: str


class _Labelled(NamedTuple):
    """A label that is current, before another one takes its place."""

    version: str
    category: str
    risk: str


def pending(
    connection: sqlalchemy.Connection, version: str, *, everything: bool = False, batch: int = 1000
) -> Iterator[list[Pending]]:
    """Yield the tools that servers have now and this classifier's version has not judged; `everything` yields all.

    One definition on several servers comes several times. It pages by row, so that a commit between batches is fine.
    """
    tool, server, label, finding = schema.tool.c, schema.server, schema.label.c, schema.finding.c
    query = (
        select(tool.id.label("spell"), server.c.key, tool.conditional, tool.place, schema.definition)
        .join_from(schema.tool, server)
        .join(schema.definition)
        .outerjoin(schema.label, and_(label.definition_id == tool.definition_id, label.version == version))
        .outerjoin(
            schema.finding,
            and_(finding.server_id == tool.server_id, finding.definition_id == tool.definition_id),
        )
        .where(tool.ended.is_(None))
        .order_by(tool.id)
        .limit(batch)
    )
    if not everything:
        judged = and_(label.current, finding.version == version)
        query = query.where(or_(label.definition_id.is_(None), finding.version.is_(None), ~judged))
    last = 0
    while rows := connection.execute(query.where(tool.id > last)).all():
        last = rows[-1].spell
        yield [Pending(server=row.key, tool=read_tool(row), digest=row.digest) for row in rows]


def save_labels(
    connection: sqlalchemy.Connection, version: str, rows: Iterable[tuple[str, Label]], *, at: str
) -> tuple[Change, ...]:
    """Write labels by definition digest as the current ones; a new category or risk is a Change of every tool with it.

    Raises InputError where a definition is not in the index.
    """
    changes: list[Change] = []
    for batch in batches(rows):
        labels = dict(batch)
        ids = _definition_rows(connection, labels)
        before = _current_labels(connection, ids.values())
        _replace_current(connection, version, {ids[digest]: label for digest, label in labels.items()}, at)
        moved = {
            ids[digest]: (digest, before[ids[digest]], label)
            for digest, label in labels.items()
            if ids[digest] in before and before[ids[digest]][1:] != (label.category, label.risk)
        }
        changes += _record_changes(connection, moved, at)
    return tuple(changes)


def save_findings(
    connection: sqlalchemy.Connection, version: str, rows: Iterable[tuple[str, str, Sequence[Finding]]]
) -> None:
    """Write findings as (server key, digest, findings); raise InputError where either is not in the index."""
    for batch in batches(rows):
        pairs = _pairs(connection, [(server, digest) for server, digest, _ in batch])
        values = [
            {**pair, "version": version, "findings_json": json_text(findings)}
            for pair, (_, _, findings) in zip(pairs, batch, strict=True)
        ]
        upsert(connection, schema.finding, values)


def save_policies(connection: sqlalchemy.Connection, rows: Iterable[tuple[str, str, Any]]) -> None:
    """Write policies as (server key, digest, JSON value); raise InputError where either is not in the index."""
    for batch in batches(rows):
        pairs = _pairs(connection, [(server, digest) for server, digest, _ in batch])
        values = [{**pair, "policy_json": json_text(policy)} for pair, (_, _, policy) in zip(pairs, batch, strict=True)]
        upsert(connection, schema.policy, values)


def _definition_rows(connection: sqlalchemy.Connection, digests: Iterable[str]) -> dict[str, int]:
    wanted = list(dict.fromkeys(digests))
    ids = definition_ids(connection, wanted)
    if missing := [digest for digest in wanted if digest not in ids]:
        raise InputError(f"there is no definition {missing[0]} in the index", advice="save its listing first")
    return ids


def _pairs(connection: sqlalchemy.Connection, pairs: list[tuple[str, str]]) -> list[dict[str, int]]:
    servers = server_ids(connection, (server for server, _ in pairs))
    if missing := [server for server, _ in pairs if server not in servers]:
        raise InputError(f"there is no server {missing[0]} in the index", advice="save the server first")
    definitions = _definition_rows(connection, (digest for _, digest in pairs))
    return [{"server_id": servers[server], "definition_id": definitions[digest]} for server, digest in pairs]


def _current_labels(connection: sqlalchemy.Connection, definitions: Iterable[int]) -> dict[int, _Labelled]:
    label = schema.label.c
    query = select(label.definition_id, label.version, label.category, label.risk)
    query = query.where(label.definition_id.in_(list(definitions)), label.current)
    return {identity: _Labelled(*rest) for identity, *rest in connection.execute(query)}


def _replace_current(connection: sqlalchemy.Connection, version: str, labels: Mapping[int, Label], at: str) -> None:
    table = schema.label
    others = table.c.definition_id.in_(list(labels)) & table.c.current & (table.c.version != version)
    connection.execute(table.update().where(others).values(current=False))
    rows = [
        {
            "definition_id": definition_id,
            "version": version,
            "current": True,
            "category": label.category,
            "risk": label.risk,
            "severity": RISKS.index(label.risk),
            "confidence": label.confidence,
            "rationale": storable(label.rationale),
            "effects_json": json_text(label.effects),
            "bounds_json": json_text(label.bounds),
            "evidence_json": json_text(label.evidence),
            "actions_json": json_text(label.actions),
            "review": label.review,
            "at": at,
        }
        for definition_id, label in labels.items()
    ]
    upsert(connection, table, rows)


def _record_changes(
    connection: sqlalchemy.Connection, moved: Mapping[int, tuple[str, _Labelled, Label]], at: str
) -> list[Change]:
    tool, server = schema.tool.c, schema.server
    changes: list[tuple[int, Change]] = []
    query = (
        select(server.c.id, server.c.key, tool.name, tool.way, tool.definition_id)
        .join_from(schema.tool, server)
        .where(tool.definition_id.in_(list(moved)), tool.ended.is_(None))
        .order_by(server.c.key, tool.name, tool.foundation)
    )
    for row in connection.execute(query) if moved else ():
        digest, before, label = moved[row.definition_id]
        change = Change(
            at=at,
            server=row.key,
            tool=row.name,
            way=row.way,
            kind="label",
            before=digest,
            after=digest,
            risk_before=before.risk,  # type: ignore[arg-type]  # the column holds nothing but risks
            risk_after=label.risk,
        )
        changes.append((row.id, change))
    return save_changes(connection, changes)
