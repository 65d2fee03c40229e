"""The census: networked sources are read page by page into the index, then their sightings are resolved into servers.

What was read within `max_age` is trusted; a reading that was stopped is gone on with; what can be asked only for its
changes is. A source that fails leaves the others alone, and what it did not show stays in the index.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import sqlalchemy

from crawler.fetch import Fetcher
from crawler.manners import Manners
from crawler.opt_out import OptOut
from crawler.pace import Pace
from crawler.robots import Robots
from crawler.source import NetworkedSource, Request
from crawler.walk import Route, Walk
from interfaces.clock import now
from interfaces.flows import brought, named, places
from interfaces.flows.ledger import Account, Ledger, frontier_of, requests_of
from interfaces.flows.places import Place
from interfaces.flows.reach import Reach, opt_out
from interfaces.flows.resolve import Resolved, resolve
from toolcensus import pages, readings
from toolcensus.errors import InputError, ToolcensusError
from toolcensus.readings import SourceReading
from toolcensus.records import Record

USUAL_AGE = timedelta(hours=1)
"""Registries expect to be read hourly at most."""
STALE = timedelta(days=1)
"""A reading that was stopped longer ago begins anew: the cursors may be dead and the list another."""
EVERYTHING_AGAIN = timedelta(days=30)
"""How long only the changes of a source are asked for."""


@dataclass(frozen=True, slots=True)
class CensusOrder:
    """What is asked for: sources by name, services elsewhere, at most so many sightings of each, and trust in age."""

    sources: tuple[str, ...]
    endpoints: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
    max_age: timedelta | None = None
    reach: Reach = field(default_factory=Reach)
    is_all: bool = False


class SourceReport(Record, frozen=True, omit_defaults=False):
    """How the reading of one source went. `outcome` is a reading's, or `fresh`, `needs-key` or `reading`."""

    source: str
    outcome: str
    note: str = ""
    pages: int = 0
    sightings: int = 0
    new: int = 0
    changed: int = 0
    failed: int = 0
    gone: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    expected_pages: int | None = None
    is_unexpected: bool = False
    """Whether a complete reading has far fewer or far more servers than its source states."""


class CensusReport(Record, frozen=True, omit_defaults=False):
    """How a census went: each source, what the sightings were resolved into, and how many servers were retired."""

    sources: tuple[SourceReport, ...]
    resolved: Resolved | None = None
    retired: int = 0
    listings: int = 0

    @property
    def is_of_use(self) -> bool:
        """Whether any source was read, wholly or in part, or was known well enough."""
        return any(one.outcome not in {"failed", "needs-key"} for one in self.sources)

    @property
    def failed(self) -> tuple[SourceReport, ...]:
        """The sources that could not be read, not to their end, or with far fewer or more servers than they have."""
        return tuple(one for one in self.sources if one.outcome in {"failed", "incomplete"} or one.is_unexpected)


Watch = Callable[[SourceReport], None]


async def census(engine: sqlalchemy.Engine, order: CensusOrder, watch: Watch = lambda _: None) -> CensusReport:
    """Read the sources into the index and resolve them; raise ToolcensusError where nothing at all can be done."""
    asked = [source for source in places.named(order.sources) if places.is_networked(source)]
    registries = places.registries_for(asked, order.endpoints)
    found = [places.place(source, order.endpoints, registries) for source in asked]  # type: ignore[arg-type]  # networked, as was asked
    if not order.is_all and found and all(one.missing_key for one in found):
        missing = found[0].missing_key
        raise InputError(f"{found[0].source.NAME} needs a key", advice=f"set {missing} in the environment")
    manners = places.manners(found, order.reach, order.endpoints, registries)
    ledger = Ledger(engine)
    # Sources share the pace of a host, unless it is one's own, which may stand for many.
    paces: dict[str, Pace] | None = {} if order.reach.polite else None
    shared = _Census(ledger, order, manners, paces, opt_out(), watch)
    committing = asyncio.create_task(ledger.commit_often())
    try:
        reports = await _read_all(shared, found)
    finally:
        committing.cancel()
        with suppress(asyncio.CancelledError):
            await committing
        ledger.commit()
    return _conclude(engine, reports)


def _conclude(engine: sqlalchemy.Engine, reports: Sequence[SourceReport]) -> CensusReport:
    at = now()
    with engine.begin() as connection:
        resolved = resolve(connection, at)
        retired = readings.retire(connection, at)
        listings = brought.save_brought(connection)
    return CensusReport(sources=tuple(reports), resolved=resolved, retired=retired, listings=listings)


@dataclass(frozen=True, slots=True)
class _Census:
    """What the readings of one census share."""

    ledger: Ledger
    order: CensusOrder
    manners: Manners
    paces: dict[str, Pace] | None
    opt_out: OptOut
    watch: Watch
    others_read: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once every source was read that is not asked for what others name."""


async def _read_all(census: _Census, found: Sequence[Place]) -> list[SourceReport]:
    """Read sources side by side; those that can be asked by name are not ended before the others."""
    readers = [asyncio.ensure_future(_read(census, place)) for place in found]
    others = [reader for reader, place in zip(readers, found, strict=True) if not named.is_asked_by_name(place.source)]

    async def tell() -> None:
        await asyncio.gather(*others)
        census.others_read.set()

    reports, _ = await asyncio.gather(asyncio.gather(*readers), tell())
    return reports


async def _read(census: _Census, place: Place) -> SourceReport:
    """Read one source, whatever happens to it."""
    ledger, order, watch = census.ledger, census.order, census.watch
    name = place.source.NAME
    if place.missing_key:
        return SourceReport(source=name, outcome="needs-key", note=f"set {place.missing_key}")
    last = readings.last(ledger.connection, name)
    if last and _is_fresh(last, place, order.max_age):
        return SourceReport(source=name, outcome="fresh", note=f"read at {last.started}", sightings=last.sightings)
    reading, first, asked = _begin(ledger, place)
    account = Account(ledger, reading, order.limit)
    started = time.monotonic()
    async with Fetcher(census.manners, paces=census.paces) as fetcher:

        def report() -> SourceReport:
            return _report(account, fetcher, time.monotonic() - started, last)

        account.tell = lambda: watch(report())
        robots = Robots(fetcher)
        route = Route(place.source, place.services, fetcher, robots, reading.started, census.opt_out)
        walk = Walk(route, account)
        try:
            await walk.run(first, asked, place.parallel(census.manners))
            if named.is_asked_by_name(place.source):
                await _ask_by_name(census, place, walk, account)
        except ToolcensusError as error:
            account.fail(str(error))
        gone, is_unexpected = _finish(ledger, account, place.source)
        done = msgspec.structs.replace(report(), gone=gone, is_unexpected=is_unexpected)
    watch(done)
    return done


async def _ask_by_name(census: _Census, place: Place, walk: Walk, account: Account) -> None:
    """Ask for what the other sources name; not after losses, when the reading does not know what it would have had."""
    await census.others_read.wait()
    if account.outcome()[0] != "complete":
        return
    census.ledger.commit()
    details = named.details(census.ledger.connection, place.source, account.reading)
    await walk.run(account.lead_to(details), {}, place.parallel(census.manners))


def _begin(ledger: Ledger, place: Place) -> tuple[SourceReading, list[Request], dict[str, str]]:
    """Go on with a reading that was stopped, or start one: for the changes where they can be had, else for all."""
    connection, source = ledger.connection, place.source
    open_reading = readings.unfinished(connection, source.NAME, place.base)
    if open_reading and _age(open_reading.started) < STALE:
        pending, asked = readings.load_frontier(connection, source.NAME)
        return open_reading, requests_of(pending), asked
    since = _mark(connection, place)
    reading = readings.begin(connection, source.NAME, place.base, now(), since)
    first = list(source.start(since, has_key=place.has_key))
    readings.add_to_frontier(connection, source.NAME, frontier_of(first))
    ledger.commit()
    return reading, first, {}


def _mark(connection: sqlalchemy.Connection, place: Place) -> str | None:
    """Return the mark since which changes can be asked for: of the last reading, where all before it is known."""
    source = place.source
    last = readings.last(connection, source.NAME, outcome="complete")
    full = readings.last(connection, source.NAME, outcome="complete", full=True)
    newest = readings.last(connection, source.NAME)
    if not source.CHANGES or last is None or full is None or newest is None:
        return None
    same = last.base == full.base == newest.base == place.base
    return last.mark if same and _age(full.started) < EVERYTHING_AGAIN else None


def _finish(ledger: Ledger, account: Account, source: NetworkedSource) -> tuple[int, bool]:
    """End a reading; return how many sightings it did not show any more, and whether their number is not believed."""
    ledger.commit()
    connection, reading, at = ledger.connection, account.reading, now()
    outcome, note = account.outcome()
    whole, gone, is_unexpected = reading.whole and outcome == "complete", 0, False
    if reading.since is None and outcome == "complete":
        least, most = source.EXPECTED
        seen = readings.count_seen(connection, reading)
        if not least <= seen <= most:
            note, whole = f"{seen:,} servers, where {least:,} to {most:,} are expected: nothing is retired", False
            is_unexpected = True
        elif whole:
            gone = readings.remove_unseen(connection, reading, at)
    if outcome == "complete" and not reading.failed:
        pages.clear_failures(connection, source.NAME)
    mark = (reading.mark or reading.since) if whole else None
    account.reading = msgspec.structs.replace(reading, finished=at, outcome=outcome, note=note, whole=whole, mark=mark)
    readings.clear_frontier(connection, source.NAME)
    ledger.commit()
    ledger.accounts.remove(account)
    return gone, is_unexpected


def _report(account: Account, fetcher: Fetcher, seconds: float, last: SourceReading | None) -> SourceReport:
    reading = account.reading
    return SourceReport(
        source=reading.source,
        outcome=reading.outcome or "reading",
        note=reading.note,
        pages=reading.pages,
        sightings=reading.sightings,
        new=reading.added,
        changed=reading.changed,
        failed=reading.failed,
        requests=fetcher.traffic.requests,
        bytes=fetcher.traffic.bytes,
        seconds=round(seconds, 1),
        expected_pages=last.pages if last and last.outcome == "complete" and last.since == reading.since else None,
    )


def _is_fresh(last: SourceReading, place: Place, max_age: timedelta | None) -> bool:
    age = USUAL_AGE if max_age is None else max_age
    return last.outcome == "complete" and last.base == place.base and _age(last.started) < age


def _age(at: str) -> timedelta:
    return datetime.now(UTC) - datetime.fromisoformat(at)
