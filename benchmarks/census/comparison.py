"""Puts two indexes side by side: what one has and the other has not, and what they tell otherwise."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interfaces.flows.ledger import UNSURE
from toolcensus import database

SIGHTINGS = "SELECT source, source_id, record_json, digest, gone IS NULL FROM sighting"
SERVERS = """SELECT key, name, title, description, repository, packages, remotes, sources, retired IS NULL, '{0}'
FROM {0}"""
"""Slugs are left out: a server keeps the one that it got first, which depends on who was there before it."""
TOOLS = "SELECT server, tool, title, description, way FROM catalogue"
FAILURES = "SELECT source, count(*) FROM failures GROUP BY source"

Rows = Mapping[tuple[Any, ...], Any]


@dataclass(frozen=True)
class Index:
    """What an index holds: sightings, servers and candidates, tools, and how many failures by source."""

    sightings: Rows
    servers: Rows
    tools: Rows
    failures: Mapping[str, int]


@dataclass(frozen=True)
class Difference:
    """What is in one index and not in the other: missing, added, altered; `unfinished` wait for their details."""

    missing: tuple[tuple[Any, ...], ...]
    added: tuple[tuple[Any, ...], ...]
    altered: tuple[tuple[Any, ...], ...]
    unfinished: tuple[tuple[Any, ...], ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether they are the same."""
        return not (self.missing or self.added or self.altered or self.unfinished)


def load(path: Path) -> Index:
    """Read an index; times of reading are left out."""
    with database.reading(str(path)) as connection:
        ask = connection.exec_driver_sql
        sightings = {}
        for source, source_id, record, digest, is_current in ask(SIGHTINGS):
            told = json.loads(record)
            told.pop("seen", None)
            if is_current:
                sightings[source, source_id] = (json.dumps(told, sort_keys=True), digest)
        servers = {row[0]: tuple(row[1:]) for view in ("servers", "candidates") for row in ask(SERVERS.format(view))}
        tools = {tuple(row): None for row in ask(TOOLS)}
        failures = Counter(dict(tuple(row) for row in ask(FAILURES)))
    return Index(sightings, {(key,): told for key, told in servers.items()}, tools, failures)


def compare_sightings(index: Index, clean: Index) -> Difference:
    """Compare with an undisturbed index; what has no digest, or an unsure one, is known to be unfinished."""
    both = index.sightings.keys() & clean.sightings.keys()
    unfinished = {key for key in both if _is_unfinished(index.sightings[key][1]) and clean.sightings[key][1]}
    altered = [key for key in both - unfinished if index.sightings[key] != clean.sightings[key]]
    missing, added = clean.sightings.keys() - both, index.sightings.keys() - both
    return Difference(*map(_sorted, (missing, added, altered, unfinished)))


def compare_rows(rows: Rows, clean: Rows) -> Difference:
    """Compare servers or tools."""
    both = rows.keys() & clean.keys()
    altered = [key for key in both if rows[key] != clean[key]]
    return Difference(*map(_sorted, (clean.keys() - both, rows.keys() - both, altered)))


def _is_unfinished(digest: str) -> bool:
    return not digest or digest.startswith(UNSURE)


def _sorted(keys: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(sorted(keys, key=str))
