"""Tool lists that sources brought along become listings of the servers that they turned out to be."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import sqlalchemy

from interfaces.clock import now
from toolcensus import brought, listings
from toolcensus.brought import ToolList
from toolcensus.records import Listing
from toolcensus.upsert import batches

BEST_FIRST = ("docker", "smithery", "glama", "toolhive", "toolsdk", "pulsemcp")
"""Whose list stands for a server where several bring one: curated before collected."""


def save_brought(connection: sqlalchemy.Connection) -> int:
    """Let the best list of each server be its `registry` listing; return how many are new. The caller commits.

    It starts from the lists alone every time, so that the index does not depend on the order of readings: a list goes
    where its sighting goes, and a server that it has left keeps nothing of it.
    """
    known = brought.listed(connection)
    best = {
        key: min(lists, key=_rank) for key, lists in groupby(brought.tool_lists(connection), lambda one: one.server)
    }
    strayed = [key for key, (subject, _) in known.items() if key not in best and _has_left(connection, key, subject)]
    _withdraw(connection, strayed, known)
    wanted = [one for one in best.values() if not one.digest or known.get(one.server) != (one.subject, one.digest)]
    for some in batches(wanted):
        listings.save_listings(connection, list(_listings(connection, some)))
    return len(wanted)


def _rank(one: ToolList) -> tuple[bool, int]:
    return one.is_gone, BEST_FIRST.index(one.source) if one.source in BEST_FIRST else len(BEST_FIRST)


def _has_left(connection: sqlalchemy.Connection, key: str, subject: str) -> bool:
    return brought.owner(connection, subject) not in {key, None}


def _withdraw(connection: sqlalchemy.Connection, servers: list[str], known: dict[str, tuple[str, str]]) -> None:
    at = now()
    brought.withdraw(connection, servers, at)
    told = "the registry's list turned out to be of another server"
    ended = [
        Listing(server=key, way="registry", at=at, outcome="no-source", reason=told, subject=known[key][0])
        for key in servers
    ]
    listings.save_listings(connection, ended)


def _listings(connection: sqlalchemy.Connection, lists: Iterable[ToolList]) -> Iterator[Listing]:
    for one in lists:
        yield Listing(
            server=one.server,
            way="registry",
            at=one.seen,
            outcome="listed",
            subject=one.subject,
            subject_digest=one.digest,
            method=one.source,
            tools=brought.tools_of(connection, one),
        )
