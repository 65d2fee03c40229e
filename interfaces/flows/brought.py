"""Tool lists that sources brought along become listings of the servers that they turned out to be."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy

from toolcensus import listings, readings
from toolcensus.records import Listing, Sighting, Tool

BEST_FIRST = ("docker", "smithery", "glama", "toolhive", "toolsdk", "pulsemcp")
"""Whose list stands for a server where several bring one: curated before collected."""
ROUND = 500

Brought = tuple[str, Sighting, tuple[Tool, ...]]


def save_brought(connection: sqlalchemy.Connection) -> int:
    """Save what was brought as `registry` listings, one a server; return how many. The caller commits.

    A list of a lesser source does not take the place of a better one's, so that two that differ do not take turns.
    """
    count = 0
    for batch in _rounds(readings.load_brought(connection)):
        wanted = [listing for listing in map(_listing, batch) if _takes_place(connection, listing)]
        listings.save_listings(connection, wanted)
        count += len(wanted)
    readings.forget_all_linked(connection)
    return count


def _rounds(brought: Iterator[Brought]) -> Iterator[list[Brought]]:
    batch: list[Brought] = []
    for _, found in groupby(brought, key=lambda row: row[0]):
        batch.append(min(found, key=lambda row: _rank(row[1].source)))
        if len(batch) == ROUND:
            yield batch
            batch = []
    if batch:
        yield batch


def _listing(row: Brought) -> Listing:
    key, sighting, tools = row
    return Listing(
        server=key,
        way="registry",
        at=sighting.seen,
        outcome="listed",
        subject=f"{sighting.source}:{sighting.source_id}",
        subject_digest=sighting.digest,
        method=sighting.source,
        tools=tools,
    )


def _takes_place(connection: sqlalchemy.Connection, listing: Listing) -> bool:
    last = listings.last_listing(connection, listing.server, "registry")
    return last is None or _rank(listing.method) <= _rank(last.subject.partition(":")[0])


def _rank(source: str) -> int:
    return BEST_FIRST.index(source) if source in BEST_FIRST else len(BEST_FIRST)
