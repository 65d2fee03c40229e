"""Which server a person means, and what is known about it."""

import difflib
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import select, text

from toolcensus import schema
from toolcensus.errors import InputError
from toolcensus.records import Record
from toolcensus.store import bare_purl, server_ids

NEAREST = 5
ECOSYSTEMS = ("npm", "pypi")
JSON_COLUMNS = ("packages", "remotes", "sources")


class LastAnswer(Record, frozen=True, omit_defaults=False):
    """How the newest attempt by one way ended, and what it could not read as (where, reason)."""

    way: str
    at: str
    outcome: str
    reason: str
    subject: str
    tools: int
    unresolved: tuple[tuple[str, str], ...]


class ServerFacts(Record, frozen=True, omit_defaults=False):
    """A row of the view `servers` or `candidates`, its JSON columns read, with aliases and the last answers by way."""

    key: str
    slug: str
    name: str
    title: str | None
    description: str | None
    repository: str | None
    packages: list[str]
    remotes: list[str]
    sources: list[str]
    tools: int
    highest_risk: str | None
    way: str | None
    first_seen: str | None
    last_seen: str | None
    retired: str | None
    candidate: bool
    aliases: tuple[str, ...]
    listings: tuple[LastAnswer, ...]


def find_server(connection: sqlalchemy.Connection, word: str) -> str:
    """Return the key of the server that `word` names, by the first of these that leads to exactly one server.

    A key or alias, a slug, a package (purl or name, with a version or not) or remote, the beginning of a slug.
    Raises InputError, with the nearest keys, where none does.
    """
    ids = server_ids(connection, [word])
    if not ids:
        server, address = schema.server.c, schema.address.c
        bare = bare_purl(word)
        places = [word, bare, *(f"pkg:{kind}/{bare.replace('@', '%40')}" for kind in ECOSYSTEMS)]
        begins = server.slug.startswith(word.lower(), autoescape=True)
        for query in (
            select(server.id).where(server.slug == word.lower()),
            select(address.server_id).where(address.address.in_(places)).distinct(),
            select(server.id).where(begins),
        ):
            found = connection.execute(query.limit(2)).scalars().all() if word else ()
            if len(found) == 1:
                return _key(connection, found[0])
        raise _unknown(connection, word)
    return _key(connection, ids[word])


def server_row(connection: sqlalchemy.Connection, key: str) -> int | None:
    """Return the row of the server `key`, None where there is none."""
    return server_ids(connection, [key]).get(key)


def server_facts(connection: sqlalchemy.Connection, key: str) -> ServerFacts:
    """Return what is known about the server `key`; raise InputError where it is unknown."""
    row = None
    for view in ("servers", "candidates"):
        found = connection.execute(text(f"SELECT * FROM {view} WHERE key = :key"), {"key": key})  # noqa: S608  # constants
        if row := found.mappings().first():
            break
    if row is None:
        raise _unknown(connection, key)
    values: dict[str, Any] = {
        name: msgspec.json.decode(value) if name in JSON_COLUMNS else value for name, value in row.items()
    }
    aliases = connection.execute(text("SELECT alias FROM aliases WHERE server = :key ORDER BY alias"), {"key": key})
    return ServerFacts(
        **values,
        candidate=view == "candidates",
        aliases=tuple(aliases.scalars()),
        listings=_last_answers(connection, key),
    )


def _last_answers(connection: sqlalchemy.Connection, key: str) -> tuple[LastAnswer, ...]:
    listing, unresolved = schema.listing, schema.unresolved.c
    query = select(listing).where(listing.c.server_id == server_row(connection, key)).order_by(listing.c.id)
    newest = {row.way: row for row in connection.execute(query)}
    answers = []
    for _, row in sorted(newest.items()):
        missed = select(unresolved.place, unresolved.reason).where(unresolved.listing_id == row.id)
        answers.append(
            LastAnswer(
                **{name: getattr(row, name) for name in LastAnswer.__struct_fields__ if name != "unresolved"},
                unresolved=tuple((place, reason) for place, reason in connection.execute(missed)),
            )
        )
    return tuple(answers)


def _key(connection: sqlalchemy.Connection, identity: int) -> str:
    key: str = connection.execute(select(schema.server.c.key).where(schema.server.c.id == identity)).scalar_one()
    return key


def _unknown(connection: sqlalchemy.Connection, word: str) -> InputError:
    server = schema.server.c
    holds = server.key.contains(word, autoescape=True) | server.slug.contains(word.lower(), autoescape=True)
    nearest = list(connection.execute(select(server.key).where(holds).order_by(server.key).limit(NEAREST)).scalars())
    if not nearest:
        keys = {row.slug: row.key for row in connection.execute(select(server.slug, server.key))}
        nearest = [keys[slug] for slug in difflib.get_close_matches(word.lower(), keys, NEAREST, 0.5)]
    advice = f"did you mean {', '.join(nearest)}?" if nearest else "list the servers: toolcensus query --sql"
    return InputError(f"no server in the index is called {word}", advice=advice)
