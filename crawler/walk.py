"""Walks one source: asks its pages, a few at once, reads them, and goes where they lead, until there is nothing left.

Whatever is odd about a page is asked for once more before it is believed: an answer that is no such page, a record that
cannot be read, a page that was here before, a cursor that leads back. What stays so is a loss, with its reason.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from crawler.bounded_text import bounded, is_usable_id
from crawler.fetch import Fetcher
from crawler.manners import Page, StatusError, Validators
from crawler.robots import Robots
from crawler.source import Flaw, NetworkedSource, Reading, Request
from toolcensus.errors import FetchError, InputError
from toolcensus.records import Sighting

JSON = "application/json, */*;q=0.5"
MISSING = {404, 410}
FORBIDDEN = {401, 403, 451}
PAGING = {"page", "p", "from", "offset", "cursor", "after"}
"""Parameters that only choose one page of a list."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a source has and that could not be had: its URL, a closed reason, and the whole story."""

    url: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A page as it was read before: what to ask by whether it changed, what it said, and the ids that it showed."""

    validators: Validators
    reading: Reading
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What one request came to. `ids` are those of an unchanged page, whose sightings are as they were.

    `is_lost` where there is no answer at all; `is_odd` where it is worth asking once more.
    """

    request: Request
    url: str
    reading: Reading = Reading()
    losses: tuple[Loss, ...] = ()
    ids: tuple[str, ...] = ()
    digest: str = ""
    validators: Validators = Validators()
    is_lost: bool = False
    is_odd: bool = False


class Memory(Protocol):
    """What a walk remembers from one day, and one kill, to the next."""

    def remembered(self, url: str) -> Remembered | None:
        """Return what is known of a page that may be unchanged."""
        ...

    def keep(self, answered: Answered) -> Sequence[Request]:
        """Keep an answer, and return which of the requests that it leads to are to be made; none to stop the walk."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is reached, and the headers (a key) that only it is sent."""

    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def url_of(request: Request, services: Mapping[str, Service]) -> str:
    """Return the URL of a request."""
    query = urlencode(request.query, quote_via=quote)
    return f"{services[request.service].base.rstrip('/')}/{request.path}{'?' if query else ''}{query}"


def key_of(request: Request) -> str:
    """Return what makes a request the same as another."""
    return f"{request.service} {request.path}?{urlencode(request.query)}"


def is_neighbour(key: str, other: str | None) -> bool:
    """Say whether two requests are for two pages of one list, which cannot be the same: only a number or cursor differs.

    Two searches may well find the same.
    """
    if other is None or key == other:
        return False
    (path, _, query), (other_path, _, other_query) = key.partition("?"), other.partition("?")
    pairs, other_pairs = dict(parse_qsl(query)), dict(parse_qsl(other_query))
    differing = {name for name in pairs.keys() | other_pairs.keys() if pairs.get(name) != other_pairs.get(name)}
    return path == other_path and differing <= PAGING


class Walk:
    """One walk through `source`; `asked` are the list pages of an earlier part of it, each with its body's digest."""

    def __init__(
        self,
        source: NetworkedSource,
        services: Mapping[str, Service],
        fetcher: Fetcher,
        robots: Robots,
        memory: Memory,
        seen: str,
    ) -> None:
        self.source, self.services, self.memory, self.seen = source, services, memory, seen
        self._fetcher, self._robots = fetcher, robots
        self._queue: asyncio.LifoQueue[Request] = asyncio.LifoQueue()
        self._known: set[str] = set()
        self._bodies: dict[str, str] = {}

    async def run(self, first: Iterable[Request], asked: Mapping[str, str], parallel: int) -> None:
        """Ask the `first` requests and all that they lead to; every answer goes to the memory."""
        self._known.update(asked)
        self._bodies.update((digest, key) for key, digest in asked.items())
        self._add(first)
        workers = [asyncio.create_task(self._work()) for _ in range(parallel)]
        done = asyncio.create_task(self._queue.join())
        try:
            await asyncio.wait([done, *workers], return_when=asyncio.FIRST_COMPLETED)
            for worker in workers:
                if worker.done():
                    worker.result()
        finally:
            for task in (done, *workers):
                task.cancel()
            await asyncio.gather(done, *workers, return_exceptions=True)

    def _add(self, requests: Iterable[Request]) -> None:
        # The queue gives the last first: details before the next page, so that little waits at any time.
        for request in sorted(reversed(list(requests)), key=lambda request: request.about is not None):
            if request.about is None:
                if (key := key_of(request)) in self._known:
                    continue
                self._known.add(key)
            self._queue.put_nowait(request)

    async def _work(self) -> None:
        while True:
            request = await self._queue.get()
            answered = await self._answer(request)
            self._add(self.memory.keep(answered))
            self._queue.task_done()

    async def _answer(self, request: Request) -> Answered:
        first = await self._ask(request)
        if first.is_odd:
            await asyncio.sleep(self._fetcher.manners.bounds.first_wait)
            again = await self._ask(request)
            first = first if again.is_lost and not first.is_lost else again
        if request.about is None and first.digest:
            self._bodies.setdefault(first.digest, key_of(request))
        return first

    async def _ask(self, request: Request) -> Answered:
        url = url_of(request, self.services)
        known = self.memory.remembered(url)
        try:
            page = await self._fetch(request, url, known)
        except FetchError as error:
            return _failed(request, url, error)
        if page.unchanged and known:
            return Answered(request, url, known.reading, ids=known.ids, validators=known.validators)
        try:
            reading = self.source.read(request, page.body, self.seen)
        except InputError as error:
            loss = Loss(url, "malformed", f"{url}: {error.message}")
            return Answered(request, url, losses=(loss,), is_lost=True, is_odd=True)
        return self._checked(Answered(request, url, reading, digest=page.digest, validators=page.validators))

    async def _fetch(self, request: Request, url: str, known: Remembered | None) -> Page:
        await self._robots.check(url)
        headers = dict(request.headers)
        accept = headers.pop("Accept", JSON)
        headers |= self.services[request.service].headers
        validators = known.validators if known else None
        return await self._fetcher.fetch_bytes(url, accept=accept, validators=validators, extra=headers)

    def _checked(self, answered: Answered) -> Answered:
        """Make the texts safe, and say what is odd about the page."""
        sightings, flaws = safe(answered.reading.sightings)
        follow, more_flaws = _safe_details(answered.reading.follow)
        flaws = [*answered.reading.flaws, *flaws, *more_flaws]
        losses = [
            Loss(f"{answered.url}#{flaw.where}", "malformed", f"{answered.url} {flaw.where}: {flaw.reason}")
            for flaw in flaws
        ]
        if answered.request.about is None:
            further = [key_of(request) for request in follow if request.about is None]
            if len(further) == 1 and further[0] in self._known:
                losses.append(Loss(answered.url, "malformed", f"{answered.url} leads back to a page that was here before"))
                follow = tuple(request for request in follow if request.about is not None)
            elif (sightings or follow) and is_neighbour(key_of(answered.request), self._bodies.get(answered.digest)):
                losses.append(Loss(answered.url, "malformed", f"{answered.url} is the same as another page"))
        reading = msgspec.structs.replace(answered.reading, sightings=sightings, follow=follow)
        return replace(answered, reading=reading, losses=tuple(losses), is_odd=bool(losses))


def safe(sightings: Collection[Sighting]) -> tuple[tuple[Sighting, ...], list[Flaw]]:
    """Return the sightings that can be kept, their texts made safe, and what was wrong with them."""
    kept: list[Sighting] = []
    flaws: list[Flaw] = []
    for sighting in sightings:
        if not is_usable_id(sighting.source_id):
            flaws.append(Flaw(where=f"/{sighting.source_id[:80]!r}", reason="this is no id"))
            continue
        sound, wrong = bounded(sighting)
        if wrong:
            flaws.append(Flaw(where=f"/{sighting.source_id}", reason=f"not as anybody would write it: {wrong}"))
        kept.append(sound)
    return tuple(kept), flaws


def _safe_details(requests: Collection[Request]) -> tuple[tuple[Request, ...], list[Flaw]]:
    about, flaws = safe([request.about for request in requests if request.about is not None])
    sound = iter(about)
    kept = []
    for request in requests:
        if request.about is None:
            kept.append(request)
        elif is_usable_id(request.about.source_id):
            kept.append(msgspec.structs.replace(request, about=next(sound)))
    return tuple(kept), flaws


def _failed(request: Request, url: str, error: FetchError) -> Answered:
    """Say what a request that failed for good means for what it is about."""
    status = error.status if isinstance(error, StatusError) else 0
    if request.about is not None and status in MISSING and request.absent != "lost":
        stands = (request.about,) if request.absent == "kept" else ()
        removed = () if request.absent == "kept" else (request.about.source_id,)
        return Answered(request, url, Reading(sightings=stands, removed=removed), is_odd=True)
    final = status in FORBIDDEN or error.reason in {"dns", "tls"} or "robots.txt" in error.message
    return Answered(
        request, url, losses=(Loss(url, error.reason, error.message),), is_lost=True, is_odd=not final
    )
