"""The schedule of listings: which ways a server is asked by, in what order, and when its answer is still fresh.

Where no way is named, the safe ones are tried from the cheapest to the dearest until one lists; ways that a person
names are all tried. Each answer is committed as soon as it is there.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import cast

import sqlalchemy

from crawler import listings as listing_ways
from crawler.listing import SETTLED, Answer, Known, ListingWay, Means
from crawler.opt_out import NOBODY, OptOut
from interfaces.clock import now
from toolcensus import listings, pages, shelf
from toolcensus.errors import InputError, ToolcensusError
from toolcensus.listings import LastListing
from toolcensus.records import Listing, Outcome, Record, Server

ANSWERED = SETTLED | {"needs-credentials", "not-a-server"}
"""Outcomes that are an answer; the others are worth another try at the next crawl."""
UNWANTED = "its people asked not to be asked: it is on the opt-out list"
BROUGHT = "registry"
"""The way that asks nobody: sources bring these lists along, and the index keeps them until it knows whose they are."""
MISSES_KEPT = 10_000
"""How many misses a report holds; the index has them all."""


class Miss(Record, frozen=True):
    """A server of which one way gave no tools, and why."""

    server: str
    way: str
    outcome: str
    reason: str


@dataclass
class Report:
    """What a crawl did: servers wanted, listed anew, unchanged and without tools; new ones' tools; requests, bytes.

    `without` counts servers that no way that was tried shows tools of, `misses` says why, way by way, and `ways` counts
    every answer by way and outcome. `unreadable` are the sources that could not be read, or not to the extent that they
    state, with the reason.
    """

    wanted: int = 0
    listed: int = 0
    unchanged: int = 0
    without: int = 0
    tools: int = 0
    requests: int = 0
    bytes: int = 0
    ways: dict[str, dict[str, int]] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def is_of_use(self) -> bool:
        """Whether anything was learnt: a tool list, that one is unchanged, or for certain that there is none."""
        answers = {outcome for counts in self.ways.values() for outcome in counts}
        return bool(self.listed or self.unchanged or answers - {"unreachable", "timed-out"})


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which ways are taken: all of `ways`, or the first of them that lists; `max_age` overrules what is fresh."""

    ways: tuple[ListingWay, ...]
    each: bool
    max_age: timedelta | None = None


def all_ways() -> Mapping[str, ListingWay]:
    """Return the ways of the shelf by name, the cheapest first."""
    found = sorted((cast("ListingWay", module) for module in shelf.modules(listing_ways)), key=lambda way: way.COST)
    return MappingProxyType({way.WAY: way for way in found})


def schedule(names: Sequence[str] | None, max_age: timedelta | None) -> Schedule:
    """Return the schedule that a person asks for; raise InputError where a way is unknown."""
    known = all_ways()
    if names is None:
        return Schedule(tuple(way for way in known.values() if not way.NAMED_ONLY), each=False, max_age=max_age)
    for name in names:
        if name not in {BROUGHT, *known}:
            raise InputError(
                f"there is no way {name!r} to list tools", advice=f"name some of: {','.join((BROUGHT, *known))}"
            )
    return Schedule(tuple(way for name, way in known.items() if name in names), each=True, max_age=max_age)


class Lister:
    """Asks servers by a schedule, as many side by side as each way allows, and counts in `report`."""

    def __init__(
        self,
        engine: sqlalchemy.Engine,
        plan: Schedule,
        means: Callable[[ListingWay], Means],
        report: Report,
        *,
        opt_out: OptOut = NOBODY,
        limit: int | None = None,
    ) -> None:
        self.engine, self.plan, self.means, self.report, self.opt_out = engine, plan, means, report, opt_out
        self.places_left = limit
        self._slots = {way.WAY: asyncio.Semaphore(way.PARALLEL) for way in plan.ways}

    @property
    def at_once(self) -> int:
        """How many servers may be on their way through the schedule at the same time."""
        return sum(way.PARALLEL for way in self.plan.ways) or 1

    async def list_server(self, server: Server) -> None:
        """Ask one server by the ways that it can be asked by, and count what came of it.

        With a limit, servers whose answers are still good take no place, and those beyond it are left alone.
        """
        misses: list[Miss] = []
        new = unchanged = admitted = False
        for way in (way for way in self.plan.ways if way.can_ask(server)):
            last = self._last(server, way)
            if last and self._is_fresh(way, last):
                answer, outcome = Answer(None), last.outcome
            elif admitted := admitted or self._admit():
                async with self._slots[way.WAY]:
                    answer, outcome = await self._ask(server, way, last)
            else:
                return
            self._count(way, answer)
            if answer.listing and outcome != "listed":
                misses.append(Miss(server.key, way.WAY, answer.listing.outcome, answer.listing.reason))
            new |= answer.listing is not None and outcome == "listed"
            unchanged |= answer.listing is None
            if outcome == "listed" and not self.plan.each:
                break
        else:
            if not (new or unchanged or misses):
                names = ", ".join(way.WAY for way in self.plan.ways)
                misses.append(Miss(server.key, "", "no-source", f"it has nothing that can be asked by {names}"))
        self._sum_up(misses, new=new, unchanged=unchanged)

    def _admit(self) -> bool:
        """Take one of the places that the limit leaves; False where none is left."""
        if self.places_left is None:
            return True
        self.places_left -= 1
        return self.places_left >= 0

    def _last(self, server: Server, way: ListingWay) -> LastListing | None:
        with self.engine.begin() as connection:
            return listings.last_listing(connection, server.key, way.WAY)

    async def _ask(self, server: Server, way: ListingWay, last: LastListing | None) -> tuple[Answer, Outcome]:
        """Ask, write the answer, and return it with the outcome that holds now."""
        if self.opt_out.covers_any((server.repository, *server.packages, *server.remotes)):
            return self._left_alone(server, way), "refused"
        known = Known(last.outcome, last.subject, last.subject_digest, last.method) if last else None
        answer = await way.list_tools(server, now(), self.means(way), None if self.plan.max_age is not None else known)
        with self.engine.begin() as connection:
            _save(connection, server, way, answer)
        if answer.listing:
            return answer, answer.listing.outcome
        return answer, last.outcome if last else "no-source"

    def _left_alone(self, server: Server, way: ListingWay) -> Answer:
        """Note that nothing is asked of a server whose people do not want it."""
        refused = Listing(
            server=server.key, way=way.WAY, at=now(), outcome="refused", reason=UNWANTED, method=way.method()
        )
        with self.engine.begin() as connection:
            listings.save_listing(connection, refused)
        return Answer(refused)

    def _is_fresh(self, way: ListingWay, last: LastListing) -> bool:
        """Say whether the last answer needs no other: by the server's own word, else by its age."""
        if last.method != way.method() or last.outcome not in ANSWERED:
            return False
        at = datetime.now(UTC)
        if self.plan.max_age is None and last.fresh_until:
            return at < datetime.fromisoformat(last.fresh_until)
        age = way.AGE if self.plan.max_age is None else self.plan.max_age
        return at - datetime.fromisoformat(last.at) < age

    def _count(self, way: ListingWay, answer: Answer) -> None:
        counts = self.report.ways.setdefault(way.WAY, {})
        outcome = answer.listing.outcome if answer.listing else "unchanged"
        counts[outcome] = counts.get(outcome, 0) + 1
        if answer.listing:
            self.report.tools += len(answer.listing.tools)

    def _sum_up(self, misses: list[Miss], *, new: bool, unchanged: bool) -> None:
        report = self.report
        report.listed += new
        report.unchanged += unchanged and not new
        report.without += not (new or unchanged)
        if not (new or unchanged) or self.plan.each:
            report.misses += misses[: MISSES_KEPT - len(report.misses)]


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


async def list_all(lister: Lister, servers: Iterator[Server], done: Callable[[], None]) -> None:
    """Send servers through the lister, never more at once than its ways take; the first error stops them all."""

    async def work() -> None:
        for server in servers:
            await lister.list_server(server)
            done()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(lister.at_once):
                group.create_task(work())
    except ExceptionGroup as group:
        known, _ = group.split(ToolcensusError)
        raise (known.exceptions[0] if known else group) from group
