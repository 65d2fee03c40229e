"""Crawl: sources say which servers exist, identity merges what they say, listings get the tools, the index keeps it.

Each server is committed as soon as it is done, so a crawl that is killed goes on where it stopped.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import cast

import sqlalchemy

from crawler import identity, sources
from crawler import listings as listing_ways
from crawler.listing import Answer, Known, ListingWay, Means
from crawler.manners import Page, Validators
from crawler.purl import parse_purl, without_version
from interfaces.clock import now
from interfaces.flows.reach import Reach, open_means
from toolcensus import listings, lookup, pages, resources, shelf, store
from toolcensus.errors import InputError, ToolcensusError
from toolcensus.records import Record, Server, Sighting

COMMAND_LINE = "command-line"
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for; empty `servers` means every one that the sources name."""

    sources: tuple[str, ...] = ("starter",)
    servers: tuple[str, ...] = ()
    ways: tuple[str, ...] = ("static",)
    limit: int | None = None
    max_age: timedelta | None = None
    reach: Reach = field(default_factory=Reach)


class Miss(Record, frozen=True):
    """A server whose tools are not known, and why."""

    server: str
    outcome: str
    reason: str


@dataclass
class Report:
    """What a crawl did: listings wanted, given anew and unchanged; tools of the new ones; requests, bytes, misses.

    `unreadable` are the sources that could not be read, or not to the extent that they state, with the reason.
    """

    wanted: int = 0
    listed: int = 0
    unchanged: int = 0
    tools: int = 0
    requests: int = 0
    bytes: int = 0
    misses: list[Miss] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def is_of_use(self) -> bool:
        """Whether anything was learnt: a tool list, that one is unchanged, or for certain that there is none."""
        passing = {"unreachable", "timed-out"}
        return bool(self.listed or self.unchanged) or any(miss.outcome not in passing for miss in self.misses)


Watch = Callable[[Report], None]


async def crawl(engine: sqlalchemy.Engine, order: Order, watch: Watch = lambda _: None) -> Report:
    """Crawl what `order` asks for into the index; raise ToolcensusError where nothing at all can be done."""
    report = Report()
    ways = [_named(listing_ways, way) for way in order.ways]
    sightings = list(_sightings(order, report))
    with engine.begin() as connection:
        servers = _servers(connection, order, sightings)[: order.limit]
    report.wanted = len(servers) * len(ways)
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(server: Server, way: ListingWay, means: Means) -> None:
        async with slots:
            _count(report, await _list_one(engine, order.max_age, server, way, means))
            report.requests, report.bytes = means.fetcher.traffic.requests, means.fetcher.traffic.bytes
            watch(report)

    packages = [package for server in servers for package in server.packages] if ways else []
    async with open_means(packages, order.reach, lambda url: _remembered(engine, url)) as means:
        watch(report)
        await _all([one(server, cast("ListingWay", way), means) for server in servers for way in ways])
    return report


def _sightings(order: Order, report: Report) -> Iterator[Sighting]:
    """Read the sources; one that cannot be read is reported, and the others go on."""
    for name in order.sources:
        source = _named(sources, name)
        try:
            found = list(source.sightings(resources.data_file(f"{name}.toml").read_bytes(), now()))
        except (ToolcensusError, OSError) as error:
            report.unreadable.append(f"{name}: {error}")
            continue
        least, most = source.EXPECTED
        if not least <= len(found) <= most:
            report.unreadable.append(f"{name}: {len(found)} servers, where {least} to {most} are expected")
        yield from found


def _servers(connection: sqlalchemy.Connection, order: Order, sightings: list[Sighting]) -> list[Server]:
    """Merge the sightings that are asked for into servers, write them, and return them by key."""
    asked = sightings if not order.servers else []
    already: dict[str, Server] = {}
    for word in order.servers:
        if found := _sighted(word, sightings):
            asked.append(found)
        else:
            key = lookup.find_server(connection, word)
            already.update((server.key, server) for server in store.load_servers(connection, keys=[key]))
    store.save_sightings(connection, asked)
    for found_identity in identity.merge(asked):
        server = found_identity.server
        store.save_server(connection, server, evidence=found_identity.evidence, origins=found_identity.origins)
        already[server.key] = server
    return [already[key] for key in sorted(already)]


def _sighted(word: str, sightings: list[Sighting]) -> Sighting | None:
    """Return the sighting that a key, slug or purl means; any other purl is a sighting of the person who wrote it."""
    purl = parse_purl(word) if word.startswith("pkg:") else None
    key = without_version(purl) if purl else word
    for sighting in sightings:
        found = identity.server_key(sighting)
        if key in {found, identity.slug(found)} and (purl is None or purl.version in {None, sighting.version}):
            return sighting
    if purl is None:
        return None
    return Sighting(
        source=COMMAND_LINE,
        source_id=key,
        seen=now(),
        name=purl.name,
        packages=(purl.to_string(),),
        version=purl.version,
    )


async def _list_one(
    engine: sqlalchemy.Engine, max_age: timedelta | None, server: Server, way: ListingWay, means: Means
) -> Answer:
    """Ask for the server's tools, unless they are known and young enough, and write the answer."""
    with engine.begin() as connection:
        last = listings.last_listing(connection, server.key, way.WAY)
    known = Known(last.outcome, last.subject, last.subject_digest, last.method) if last else None
    if last and known and max_age is not None:
        age = datetime.now(UTC) - datetime.fromisoformat(last.at)
        if age <= max_age and known.holds(way.method()):
            return Answer(None)
        known = None
    answer = await way.list_tools(server, now(), means, known)
    with engine.begin() as connection:
        _save(connection, server, way, answer)
    return answer


def _save(connection: sqlalchemy.Connection, server: Server, way: ListingWay, answer: Answer) -> None:
    if answer.listing:
        listings.save_listing(connection, answer.listing)
    elif answer.pages:
        listings.confirm_listing(connection, server.key, way.WAY, now())
    for page in answer.pages:
        met = pages.Page(page.url, page.digest, now(), page.validators.etag, page.validators.last_modified)
        pages.save_page(connection, met)
        pages.clear_failure(connection, page.url)
    for failure in answer.failures:
        pages.record_failure(connection, source=way.WAY, url=failure.url, reason=failure.reason, at=now())


def _count(report: Report, answer: Answer) -> None:
    listing = answer.listing
    if listing is None:
        report.unchanged += 1
    elif listing.outcome == "listed":
        report.listed += 1
        report.tools += len(listing.tools)
    else:
        report.misses.append(Miss(server=listing.server, outcome=listing.outcome, reason=listing.reason))


def _remembered(engine: sqlalchemy.Engine, url: str) -> Page | None:
    with engine.begin() as connection:
        met = pages.get_page(connection, url)
    if met is None:
        return None
    return Page(url, digest=met.digest, validators=Validators(met.etag or "", met.last_modified or ""))


async def _all(tasks: list[Coroutine[None, None, None]]) -> None:
    """Await them all; the first failure stops the others and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
    except ExceptionGroup as group:
        known, _ = group.split(ToolcensusError)
        raise (known.exceptions[0] if known else group) from group


def _named(shelved: ModuleType, name: str) -> ModuleType:
    found = {module.__name__.rpartition(".")[2]: module for module in shelf.modules(shelved)}
    if name not in found:
        raise InputError(f"there is no {name!r} on this shelf", advice=f"name one of: {' '.join(found)}")
    return found[name]
