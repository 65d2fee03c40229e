"""Walks one source: asks its pages, a few at once, reads them, and goes where they lead, until there is nothing left.

Whatever is odd about a page is asked for once more before it is believed: an answer that is no such page, a record that
cannot be read, a page that was here before, a cursor that leads back. What stays so is a loss, with its reason.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from crawler.answer import (
    Answered,
    Loss,
    Memory,
    Remembered,
    Service,
    doubtful,
    is_damaged,
    is_neighbour,
    key_of,
    request_of,
    safe,
    safe_details,
    url_of,
)
from crawler.fetch import Fetcher
from crawler.manners import Page, StatusError
from crawler.opt_out import NOBODY, OptOut
from crawler.robots import DISALLOWED, Robots
from crawler.source import NetworkedSource, Reading, Request
from toolcensus.errors import FetchError, InputError
from toolcensus.records import Sighting

JSON: Final = "application/json, */*;q=0.5"
MISSING: Final = {404, 410}
FINAL_STATUSES: Final = {401, 403, 451}
FINAL_REASONS: Final = {"dns", "tls", "refused", DISALLOWED}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a walk goes: the source, the places of its services, by what it asks, and the time of the reading.

    Of what `opt_out` covers no detail is asked: its row stands, without tools.
    """

    source: NetworkedSource
    services: Mapping[str, Service]
    fetcher: Fetcher
    robots: Robots
    seen: str
    opt_out: OptOut = NOBODY


class Walk:
    """One walk along a route; what it finds goes to the memory, which also says what it need not ask."""

    def __init__(self, route: Route, memory: Memory) -> None:
        self.route, self.memory = route, memory
        self._queue: asyncio.LifoQueue[Request] = asyncio.LifoQueue()
        self._known: set[str] = set()
        self._bodies: dict[str, Request] = {}

    async def run(self, first: Iterable[Request], asked: Mapping[str, str], parallel: int) -> None:
        """Ask the `first` requests and all that they lead to, so many at once.

        `asked` are the list pages of an earlier part of this walk, key → digest of the body.
        """
        self._known.update(asked)
        self._bodies.update((digest, request_of(key)) for key, digest in asked.items() if digest)
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
        pages = [request for request in requests if request.about is None]
        details = [request for request in requests if request.about is not None]
        for request in (*reversed(pages), *reversed(details)):
            if request.about is None:
                if (key := key_of(request)) in self._known:
                    continue
                self._known.add(key)
            self._queue.put_nowait(request)

    async def _work(self) -> None:
        while True:
            request = await self._queue.get()
            self._add(self.memory.keep(await self._answer(request)))
            self._queue.task_done()

    async def _answer(self, request: Request) -> Answered:
        answered = await self._ask(request)
        if answered.is_odd:
            # A place that has no such thing is not unwell: it is only asked whether it means it.
            await asyncio.sleep(0 if answered.is_absent else self.route.fetcher.manners.bounds.first_wait)
            again = await self._ask(request)
            answered = answered if again.is_lost and not answered.is_lost else again
        if request.about is not None:
            return answered
        if answered.is_lost and (smaller := _smaller(self.route.source, request)):
            return replace(answered, reading=Reading(follow=(smaller,)))
        if answered.repeats:
            answered = await self._settle(answered)
        if answered.digest and not answered.repeats:
            self._bodies[answered.digest] = request
        return answered

    async def _settle(self, answered: Answered) -> Answered:
        """Find out to which of two pages a body belongs: perhaps the other one was given it by mistake."""
        other = self._bodies[answered.digest]
        check = await self._ask(other)
        if not check.is_lost and check.digest != answered.digest:
            self._add(self.memory.keep(check))
            return replace(answered, repeats=False)
        if not check.is_lost and not is_neighbour(answered.request, other):
            return replace(answered, repeats=False)
        loss = Loss(answered.url, "malformed", f"{answered.url} is the same as another page")
        return replace(answered, losses=(*answered.losses, loss))

    async def _ask(self, request: Request) -> Answered:
        url = url_of(request, self.route.services)
        if request.about is not None and self._is_opted_out(request.about):
            return Answered(request, url, Reading(sightings=(msgspec.structs.replace(request.about, tools=None),)))
        known = self.memory.remembered(url)
        try:
            page = await self._fetch(request, url, known)
        except FetchError as error:
            return _failed(request, url, error)
        if page.unchanged and known:
            return Answered(request, url, known.reading, ids=known.ids, validators=known.validators)
        try:
            reading = self.route.source.read(request, page.body, self.route.seen)
        except InputError as error:
            loss = Loss(url, "malformed", f"{url}: {error.message}")
            return Answered(request, url, losses=(loss,), is_lost=True, is_odd=True)
        answered = Answered(request, url, reading, digest=page.digest, validators=page.validators)
        if is_damaged(page.body):
            answered = replace(answered, losses=(Loss(url, "malformed", f"{url} holds NUL, or is no UTF-8"),))
        return self._checked(answered)

    def _is_opted_out(self, sighting: Sighting) -> bool:
        places = (sighting.repository, sighting.website, *sighting.packages, *sighting.remotes)
        return self.route.opt_out.covers_any(places)

    async def _fetch(self, request: Request, url: str, known: Remembered | None) -> Page:
        if self.route.opt_out.covers(url):
            raise FetchError(f"{url} is of somebody who asked not to be asked", url=url, reason="refused")
        if request.service not in getattr(self.route.source, "APIS", ()):
            await self.route.robots.check(url)
        headers = dict(request.headers)
        accept = headers.pop("Accept", JSON)
        headers |= self.route.services[request.service].headers
        validators = known.validators if known else None
        return await self.route.fetcher.fetch_bytes(url, accept=accept, validators=validators, extra=headers)

    def _checked(self, answered: Answered) -> Answered:
        """Make the texts safe, and say what is odd about the page."""
        sightings, flaws = safe(answered.reading.sightings)
        sightings = tuple(
            msgspec.structs.replace(one, tools=None) if one.tools and self._is_opted_out(one) else one
            for one in sightings
        )
        follow, more_flaws = safe_details(answered.reading.follow)
        losses = [
            *answered.losses,
            *(
                Loss(f"{answered.url}#{flaw.where}", "malformed", f"{answered.url} {flaw.where}: {flaw.reason}")
                for flaw in (*answered.reading.flaws, *flaws, *more_flaws)
            ),
        ]
        if answered.request.about is not None and losses:
            sightings, follow = doubtful(sightings, follow)
        repeats = False
        if answered.request.about is None:
            further = [key_of(request) for request in follow if request.about is None]
            if len(further) == 1 and further[0] in self._known:
                told = f"{answered.url} leads back to a page that was here before"
                losses.append(Loss(answered.url, "malformed", told))
                follow = tuple(request for request in follow if request.about is not None)
            owner = self._bodies.get(answered.digest)
            repeats = bool(sightings or follow) and owner is not None and key_of(owner) != key_of(answered.request)
        reading = msgspec.structs.replace(answered.reading, sightings=sightings, follow=follow)
        is_odd = bool(losses) or repeats
        return replace(answered, reading=reading, losses=tuple(losses), is_odd=is_odd, repeats=repeats)


def _smaller(source: NetworkedSource, request: Request) -> Request | None:
    """Return the request for a smaller page in the place of a lost one, where the source knows how to ask for it."""
    halve = getattr(source, "smaller", None)
    found: Request | None = halve(request) if halve else None
    return found


def _failed(request: Request, url: str, error: FetchError) -> Answered:
    """Say what a request that failed for good means for what it is about."""
    status = error.status if isinstance(error, StatusError) else 0
    if request.about is not None and status in MISSING and request.absent != "lost":
        stands = (request.about,) if request.absent == "kept" else ()
        removed = () if request.absent == "kept" else (request.about.source_id,)
        return Answered(request, url, Reading(sightings=stands, removed=removed), is_absent=True, is_odd=True)
    final = status in FINAL_STATUSES or error.reason in FINAL_REASONS
    loss = Loss(url, error.reason, error.message)
    return Answered(request, url, losses=(loss,), is_lost=True, is_odd=not final)
