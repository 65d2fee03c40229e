"""Crawl: sources say which servers exist, identity merges what they say, listings get the tools, the index keeps it.

Each server is committed as soon as it is done, so a crawl that is killed goes on where it stopped.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import sqlalchemy

from crawler import identity
from crawler.manners import Page, Validators
from crawler.purl import ECOSYSTEMS, parse_purl, without_version
from crawler.remote import normal_remote
from crawler.repository import read_place
from crawler.source import TravellingSource
from interfaces.clock import now
from interfaces.flows import places
from interfaces.flows.brought import save_brought
from interfaces.flows.reach import Reach, open_routes, opt_out
from interfaces.flows.schedule import BROUGHT, Lister, Report, Schedule, list_all, schedule
from toolcensus import lookup, pages, resources, store
from toolcensus.errors import InputError, ToolcensusError
from toolcensus.records import Server, Sighting

COMMAND_LINE = "command-line"
ECOSYSTEMS_ALL = tuple(f"pkg:{name}/" for name in ECOSYSTEMS)
ROUND = 500
"""How many servers are held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for; empty `servers` means every one that the sources name.

    `ways` are those to be taken, None the cheapest that lists. `everything` means whatever the index holds, candidates
    last, and the servers of the sources only where it holds nothing.
    """

    sources: tuple[str, ...] = ("starter",)
    servers: tuple[str, ...] = ()
    ways: tuple[str, ...] | None = None
    everything: bool = False
    limit: int | None = None
    max_age: timedelta | None = None
    reach: Reach = field(default_factory=Reach)


Watch = Callable[[Report], None]


async def crawl(engine: sqlalchemy.Engine, order: Order, watch: Watch = lambda _: None) -> Report:
    """Crawl what `order` asks for into the index; raise ToolcensusError where nothing at all can be done."""
    report = Report()
    plan = schedule(order.ways, order.max_age)
    keys = enter(engine, order, report, plan)
    if order.ways and BROUGHT in order.ways:
        with engine.begin() as connection:
            report.ways[BROUGHT] = {"listed": save_brought(connection)}
    if not plan.ways:
        return report
    report.wanted = len(keys) if order.limit is None else min(order.limit, len(keys))
    packages = ECOSYSTEMS_ALL if len(keys) > ROUND else _packages(engine, keys)
    async with open_routes(packages, order.reach, lambda url: _remembered(engine, url)) as routes:
        lister = Lister(
            engine, plan, routes.means, report, opt_out=opt_out(), limit=order.limit if order.everything else None
        )

        def done() -> None:
            report.requests, report.bytes = routes.requests, routes.bytes
            watch(report)

        watch(report)
        await list_all(lister, _servers(engine, keys), done)
    return report


def enter(engine: sqlalchemy.Engine, order: Order, report: Report, plan: Schedule) -> list[str]:
    """Write the servers that `order` names into the index, and return the keys of those to be listed."""
    if order.everything and (keys := _askable(engine, plan)):
        return keys
    sightings = list(_sightings(order, report))
    with engine.begin() as connection:
        return _enter(connection, order, sightings)[: order.limit]


def _askable(engine: sqlalchemy.Engine, plan: Schedule) -> list[str]:
    """Return the keys of what the index holds and one of the ways can ask: servers first, then candidates."""
    with engine.begin() as connection:
        keys = [*store.server_keys(connection), *store.server_keys(connection, candidates=True)]
    return [server.key for server in _servers(engine, keys) if any(way.can_ask(server) for way in plan.ways)]


def _packages(engine: sqlalchemy.Engine, keys: list[str]) -> tuple[str, ...]:
    return tuple(package for server in _servers(engine, keys) for package in server.packages)


def _servers(engine: sqlalchemy.Engine, keys: list[str]) -> Iterator[Server]:
    """Yield servers in the order of their keys, a round at a time."""
    for start in range(0, len(keys), ROUND):
        asked = keys[start : start + ROUND]
        with engine.begin() as connection:
            found = tuple(store.load_servers(connection, keys=asked, candidates=True))
        yield from found


def _sightings(order: Order, report: Report) -> Iterator[Sighting]:
    """Read the sources; one that cannot be read is reported, and the others go on."""
    for source in cast("list[TravellingSource]", places.named(order.sources)):
        name = source.NAME
        try:
            found = list(source.sightings(resources.data_file(f"{name}.toml").read_bytes(), now()))
        except (ToolcensusError, OSError) as error:
            report.unreadable.append(f"{name}: {error}")
            continue
        least, most = source.EXPECTED
        if not least <= len(found) <= most:
            report.unreadable.append(f"{name}: {len(found)} servers, where {least} to {most} are expected")
        yield from found


def _enter(connection: sqlalchemy.Connection, order: Order, sightings: list[Sighting]) -> list[str]:
    """Merge the sightings that are asked for into servers, write them, and return the keys of all that are meant."""
    asked = sightings if not order.servers else []
    keys: set[str] = set()
    for word in order.servers:
        if (found := _sighted(word, sightings)) or (found := _new_address(connection, word)):
            asked.append(found)
        else:
            keys.add(lookup.find_server(connection, word))
    store.save_sightings(connection, asked)
    for found_identity in identity.merge(asked):
        server = found_identity.server
        store.save_server(connection, server, evidence=found_identity.evidence, origins=found_identity.origins)
        keys.add(server.key)
    return sorted(keys)


def _sighted(word: str, sightings: list[Sighting]) -> Sighting | None:
    """Return the sighting that a key, slug or purl means; any other purl or URL is one of the person who wrote it."""
    purl = parse_purl(word) if word.startswith("pkg:") else None
    key = without_version(purl) if purl else word
    for sighting in sightings:
        found = identity.server_key(sighting)
        if key in {found, identity.slug(found)} and (purl is None or purl.version in {None, sighting.version}):
            return sighting
    if purl:
        return _told(key, name=purl.name, packages=(purl.to_string(),), version=purl.version)
    return None


def _new_address(connection: sqlalchemy.Connection, word: str) -> Sighting | None:
    """Return the sighting of a remote or repository that the index does not hold yet."""
    if not word.startswith(("https://", "http://")):
        return None
    place, remote = read_place(word), normal_remote(word)
    address = place.repository if place else remote
    with contextlib.suppress(InputError):
        lookup.find_server(connection, address or word)
        return None
    if place:
        return _told(word, name=place.repository, repository=word)
    return _told(word, name=remote, remotes=(word,)) if remote else None


def _told(source_id: str, **facts: Any) -> Sighting:
    """Return the sighting of the person who wrote it on the command line."""
    return Sighting(source=COMMAND_LINE, source_id=source_id, seen=now(), **facts)


def _remembered(engine: sqlalchemy.Engine, url: str) -> Page | None:
    with engine.begin() as connection:
        met = pages.get_page(connection, url)
    if met is None:
        return None
    return Page(url, digest=met.digest, validators=Validators(met.etag or "", met.last_modified or ""))
