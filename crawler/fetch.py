"""Fetches documents and files from strangers: at their pace, within limits, and only from where it may.

The only module that speaks HTTP for the crawler's own requests. It uses the connections below httpx directly: a client
above them costs as much again, for cookies, logins and redirects that are refused here anyway. One small pool a host,
since a large one slows down quadratically.
"""

import asyncio
import contextlib
import copy
import hashlib
import logging
import re
import ssl
import time
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Self, cast
from urllib.parse import urlsplit

import certifi
import httpcore
import httpx
import stamina

from crawler.body import InMemory, OnDisk, Sink, Unpacker
from crawler.guard import Backend, Guard, Guarded, Resolver, resolve, tls_failure
from crawler.hop import check_hop, checked, host_of, next_hop, origin_of
from crawler.manners import Bounds, Manners, Page, PassingError, Saved, StatusError, Traffic, Validators
from crawler.pace import Pace, asked_wait, is_limit
from toolcensus.errors import FetchError

REDIRECTS = {301, 302, 303, 307, 308}
NOT_MODIFIED = 304
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Statuses that another attempt may well not meet again."""
PLAIN = re.compile(
    r"(?:/(?:[\w~@+:=,-](?:[\w~@+:=,.-]|%[0-9A-F]{2})*)?)+(?:\?(?:[\w~@+:=&,./-]|%[0-9A-F]{2})+)?", re.ASCII
)
"""Paths and queries that are sent as they stand; all others are normalised first."""
PATIENCE = {"timeout": {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": None}}
"""Seconds, as httpcore takes them."""
MOST_PLACES = 256
"""Origins whose connections are kept open."""
HEAVY_AT_ONCE = 4
"""Conversations with large answers that are held in memory at once."""
REFUSALS = (httpcore.ConnectError, httpcore.ConnectTimeout)
NO_URL = (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeEncodeError)
FAILURES = (*NO_URL, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError)

# Retries are counted in Traffic; without a handler the library's note would land on a person's terminal.
logging.getLogger("stamina").addHandler(logging.NullHandler())


@cache
def user_agent() -> str:
    """Return the name that every request carries, with the project's address as contact."""
    about = metadata("toolcensus")
    source = next(url for url in about.get_all("Project-URL") or () if url.startswith("Source")).partition(", ")[2]
    return f"Toolcensus/{about['Version']} (+{source})"


@dataclass(slots=True)
class _Place:
    """One origin: its connections, the headers that every request there carries, and how many requests it has now.

    `start` is what its plain URLs start with, up to the path.
    """

    pool: httpcore.AsyncConnectionPool
    headers: list[tuple[bytes, bytes]]
    start: str
    base: httpx.URL
    busy: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """The head of an answer, header names in small letters, and the body that is still to come."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: httpcore.Response


class Fetcher:
    """An open fetcher; use it as `async with Fetcher(manners) as fetcher`. `traffic` counts what it did.

    Fetchers that share their `paces` (host → pace) ask a host no faster together than one alone.
    """

    def __init__(self, manners: Manners, resolver: Resolver = resolve, paces: dict[str, Pace] | None = None) -> None:
        self.manners = manners
        self.traffic = Traffic()
        self.guard = Guard(resolver, manners.allowed)
        self.tls = ssl.create_default_context()
        for path in (certifi.where(), *manners.certificates):
            self.tls.load_verify_locations(path)
        self.heavy = asyncio.Semaphore(HEAVY_AT_ONCE)
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._paces: dict[str, Pace] = {} if paces is None else paces

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for place in self._places.values():
            await place.pool.aclose()

    def within(self, bounds: Bounds) -> Self:
        """Return this fetcher with other bounds: the same connections, paces and traffic."""
        other = copy.copy(self)
        other.manners = replace(self.manners, bounds=bounds)
        return other

    def pace(self, host: str) -> Pace:
        """Return the pace of a host, which all who ask it share."""
        if host not in self._paces:
            self._paces[host] = Pace(self.manners.rates.get(host, self.manners.usual))
        return self._paces[host]

    async def fetch_bytes(
        self,
        url: str,
        *,
        accept: str = "*/*",
        validators: Validators | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Page:
        """Return the document at `url`; with `validators`, perhaps only that it is unchanged. Raises FetchError.

        `extra` headers (a key, say) go to the origin of `url` alone: a redirect elsewhere does not carry them.
        """
        headers = {"Accept": accept, "Accept-Encoding": "gzip"}
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        sink = InMemory()
        answer = await self._get(url, headers, sink, self.manners.bounds.document_bytes, extra or {})
        if answer.status == NOT_MODIFIED:
            return Page(answer.url, unchanged=True, validators=validators or Validators())
        body = sink.body()
        given = Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
        return Page(answer.url, body, f"sha256:{hashlib.sha256(body).hexdigest()}", validators=given)

    async def download(self, url: str, path: Path, *, integrity: str = "", linked_from: str = "") -> Saved:
        """Write the file at `url` to `path`; its digest must be `integrity` where one is given.

        `linked_from` is the document that named it, which it may leave only as a redirect might.
        Raises FetchError, and ToolcensusError where the disk is full.
        """
        if linked_from:
            check_hop(linked_from, url)
        sink = OnDisk(path, integrity)
        await self._get(url, {"Accept": "*/*", "Accept-Encoding": "identity"}, sink, self.manners.bounds.file_bytes)
        return Saved(sink.size, f"sha256:{sink.own_digest.hexdigest()}")

    async def _get(
        self, url: str, headers: Mapping[str, str], sink: Sink, limit: int, extra: Mapping[str, str] = NO_HEADERS
    ) -> _Answer:
        bounds = self.manners.bounds
        # What goes well needs no retries, whose context costs a good part of a request.
        try:
            return await self._follow(url, headers, sink, limit, extra)
        except PassingError as error:
            first = error
        async for attempt in stamina.retry_context(
            on=self._wait_before_another,
            attempts=bounds.attempts,
            timeout=None,
            wait_initial=bounds.first_wait,
            wait_jitter=bounds.first_wait,
            wait_max=30.0,
        ):
            with attempt:
                if attempt.num == 1:
                    raise first
                self.traffic.retries += 1
                return await self._follow(url, headers, sink, limit, extra)
        raise AssertionError("the last attempt returns or raises")

    def _wait_before_another(self, error: Exception) -> bool | float:
        """Say whether a failure is worth another attempt, or after how many seconds."""
        if not isinstance(error, PassingError) or (error.wait or 0.0) > self.manners.bounds.longest_wait:
            return False
        pace = self.pace(host_of(error.url))
        if error.wait:
            pace.hold(error.wait)
        if not pace.take_retry():
            return False
        return True if error.wait is None else error.wait

    async def _follow(
        self, url: str, headers: Mapping[str, str], sink: Sink, limit: int, extra: Mapping[str, str]
    ) -> _Answer:
        origin = origin_of(checked(url))
        for _ in range(self.manners.bounds.redirects + 1):
            if self.manners.opt_out.covers(url):
                told = f"{url} is of somebody who asked not to be asked"
                raise FetchError(told, url=url, reason="refused", advice="see the opt-out list")
            pace = self.pace(host_of(url))
            async with pace.turn():
                sent = {**headers, **extra} if origin_of(url) == origin else headers
                answer = await self._in_time(url, self._one(url, sent, sink, limit))
            pace.earn_retry()
            if answer.status not in REDIRECTS:
                return answer
            url = next_hop(url, answer.headers.get("location", ""))
        raise FetchError(f"{url} redirects more than {self.manners.bounds.redirects} times", url=url, reason="redirect")

    async def _in_time(self, url: str, request: Awaitable[_Answer]) -> _Answer:
        seconds = self.manners.bounds.seconds
        try:
            async with asyncio.timeout(seconds):
                return await request
        except TimeoutError as error:
            raise PassingError(f"{url} took more than {seconds:g} seconds", url=url, reason="timeout") from error
        except FetchError as error:
            # The guard behind the connections knows only the host.
            error.url = url
            raise
        except FAILURES as error:
            raise _explained(url, error) from error

    async def _one(self, url: str, headers: Mapping[str, str], sink: Sink, limit: int) -> _Answer:
        place = await self._place(url)
        self.traffic.requests += 1
        place.busy += 1
        try:
            answer = await _ask(url, headers, place)
            try:
                return await self._take(answer, sink, limit)
            finally:
                await answer.body.aclose()
        finally:
            place.busy -= 1

    async def _take(self, answer: _Answer, sink: Sink, limit: int) -> _Answer:
        url, status = answer.url, answer.status
        if status in REDIRECTS or status == NOT_MODIFIED:
            return answer
        if status in PASSING or is_limit(status, answer.headers):
            wait = asked_wait(answer.headers, time.time())
            raise PassingError(f"{url} answers {status}", url=url, reason="status", wait=wait)
        if not 200 <= status < 300:  # noqa: PLR2004  # the statuses that mean success
            raise StatusError(url, status)
        await self._receive(answer, url, sink, limit)
        return answer

    async def _receive(self, answer: _Answer, url: str, sink: Sink, limit: int) -> None:
        too_large = FetchError(f"{url} has more than {limit} bytes", url=url, reason="too-large")
        declared = answer.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise too_large
        unpacker = Unpacker(answer.headers.get("content-encoding", "").lower(), url)
        received = 0
        sink.begin()
        with contextlib.closing(sink):
            async for packed in answer.body.aiter_stream():
                self.traffic.bytes += len(packed)
                for piece in unpacker.pieces(packed):
                    received += len(piece)
                    if received > limit:
                        raise too_large
                    sink.write(piece)
            if not unpacker.complete:
                raise PassingError(f"the answer of {url} was cut off", url=url, reason="malformed")
            sink.end(url)

    async def _place(self, url: str) -> _Place:
        origin = origin_of(url)
        if origin not in self._places:
            idle = [name for name, place in self._places.items() if not place.busy]
            for oldest in idle[: max(0, len(self._places) + 1 - MOST_PLACES)]:
                await self._places.pop(oldest).pool.aclose()
            self._places[origin] = self._new_place(url)
        self._places.move_to_end(origin)
        return self._places[origin]

    def _new_place(self, url: str) -> _Place:
        parallel = self.pace(host_of(url)).rate.parallel
        backend = Guarded(self.guard, cast("Backend", httpcore.AnyIOBackend()), REFUSALS)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=self.tls,
            max_connections=parallel,
            max_keepalive_connections=parallel,
            keepalive_expiry=30.0,
            network_backend=cast("httpcore.AsyncNetworkBackend", backend),
        )
        where = httpx.URL(url)
        headers = [(b"Host", where.netloc), (b"User-Agent", user_agent().encode())]
        if authorization := self.manners.authorizations.get(urlsplit(url).netloc.rpartition("@")[2]):
            headers.append((b"Authorization", authorization.encode()))
        base = where.copy_with(raw_path=b"", fragment=None)
        return _Place(pool, headers, str(base), base)


async def _ask(url: str, headers: Mapping[str, str], place: _Place) -> _Answer:
    spelt, path = url, url.removeprefix(place.start)
    if path == url or not PLAIN.fullmatch(path):
        where = httpx.URL(url)
        spelt, path = str(where), where.raw_path.decode("ascii")
    base = place.base
    target = httpcore.URL(scheme=base.raw_scheme, host=base.raw_host, port=base.port, target=path.encode())
    sent = place.headers + [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await place.pool.handle_async_request(httpcore.Request(b"GET", target, headers=sent, extensions=PATIENCE))
    return _Answer(spelt, answer.status, _readable(answer.headers), answer)


def _readable(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers as text, several of one name joined by commas as the standard means them."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _explained(url: str, error: Exception) -> FetchError:
    host = host_of(url)
    if isinstance(error, NO_URL):
        return FetchError(f"{url[:300]} is no URL: {error}", url=url, reason="malformed")
    if isinstance(error, httpcore.TimeoutException):
        return PassingError(f"{host} did not answer in time", url=url, reason="timeout")
    return tls_failure(url, host, error) or (
        PassingError(f"{host} cannot be connected to: {error}", url=url, reason="connect")
        if isinstance(error, httpcore.ConnectError)
        else PassingError(f"the answer of {url} was cut off: {error}", url=url, reason="malformed")
    )
