"""Why: what was merged into one server by which evidence, where its fields came from, what was kept apart."""

import msgspec
import sqlalchemy
from sqlalchemy import select

from crawler import apart
from toolcensus import lookup, schema
from toolcensus.neighbours import Seen, neighbours, sightings_of
from toolcensus.records import Record


class Field(Record, frozen=True, omit_defaults=False):
    """One value of a server and the sighting that it came from."""

    field: str
    value: str
    source: str
    source_id: str


class Apart(Record, frozen=True, omit_defaults=False):
    """A server that has something in common with this one, and why it is another."""

    server: str
    reason: str


class Why(Record, frozen=True, omit_defaults=False):
    """All that makes a server one thing. `doubt` says why it is only a candidate; it is empty for servers."""

    server: str
    name: str
    candidate: bool
    doubt: str
    retired: str | None
    aliases: tuple[str, ...]
    sightings: tuple[Seen, ...]
    fields: tuple[Field, ...]
    apart: tuple[Apart, ...]


def why(connection: sqlalchemy.Connection, word: str) -> Why:
    """Explain the server that `word` names; raise InputError where there is none."""
    facts = lookup.server_facts(connection, lookup.find_server(connection, word))
    server = schema.server.c
    query = select(server.origins_json, server.doubt).where(server.key == facts.key)
    origins_json, doubt = connection.execute(query).one()
    seen = sightings_of(connection, facts.key)
    mine = [sighting for sighting, _ in seen]
    reasons = {
        other: apart.reason(mine, [sighting for sighting, _ in sightings_of(connection, other)])
        for other in neighbours(connection, facts.key)
    }
    return Why(
        server=facts.key,
        name=facts.name,
        candidate=facts.candidate,
        doubt=doubt if facts.candidate else "",
        retired=facts.retired,
        aliases=facts.aliases,
        sightings=tuple(one for _, one in seen),
        fields=_fields(facts, msgspec.json.decode(origins_json, type=dict[str, tuple[tuple[str, str], ...]])),
        apart=tuple(Apart(server=other, reason=reason) for other, reason in reasons.items() if reason),
    )


def _fields(facts: lookup.ServerFacts, origins: dict[str, tuple[tuple[str, str], ...]]) -> tuple[Field, ...]:
    """Return every value with its origin, in the order of the server's fields."""
    found = []
    for name in ("name", "title", "description", "repository", "packages", "remotes"):
        value = getattr(facts, name)
        values = value if isinstance(value, list) else [value]
        for text, (source, source_id) in zip(values, origins.get(name, ()), strict=False):
            found.append(Field(field=name, value=text, source=source, source_id=source_id))
    return tuple(found)
