"""Resolve: all that the sources say, merged into servers in one transaction, little of it in memory."""

from collections.abc import Iterator

import sqlalchemy

from crawler.evidence import Kind
from crawler.identity import Resolution, Resolver
from toolcensus import grouping, servers
from toolcensus.records import Record


class Resolved(Record, frozen=True, omit_defaults=False):
    """What a resolution came to: current sightings, servers, candidates apart, new ones, merged ones."""

    sightings: int
    servers: int
    candidates: int
    new: int
    merged: int


def resolve(connection: sqlalchemy.Connection, at: str) -> Resolved:
    """Merge all current sightings of the index into servers; the caller commits.

    It starts from the sightings alone every time, so that the index does not depend on the order of readings.
    """
    resolver, count = Resolver(), 0
    for sighting in grouping.stream_sightings(connection):
        count = resolver.add(sighting) + 1
    resolution = resolver.resolve()
    del resolver
    grouping.keep_groups(connection, zip(resolution.groups, resolution.kinds, strict=True))
    saved = servers.save_found(connection, _found(connection, resolution), at)
    grouping.drop_groups(connection)
    return Resolved(
        sightings=count,
        servers=saved.servers,
        candidates=saved.candidates,
        new=saved.new,
        merged=saved.merged,
    )


def _found(connection: sqlalchemy.Connection, resolution: Resolution) -> Iterator[servers.Found]:
    for group, members in grouping.sightings_by_group(connection):
        identity = resolution.identity(group, [(member.sighting, Kind(member.kind)) for member in members])
        links = tuple(
            servers.Link(
                source=sighting.source,
                source_id=sighting.source_id,
                evidence=identity.evidence[sighting.source, sighting.source_id],
                server_id=server_id,
                was=was,
            )
            for sighting, _, server_id, was in members
        )
        yield servers.Found(
            group=group,
            server=identity.server,
            keys=identity.keys,
            addresses=identity.addresses,
            links=links,
            origins=dict(identity.origins),
            doubt=identity.doubt,
        )
