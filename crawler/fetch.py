"""Fetches documents and files from strangers: at their pace, within limits, and only from where it may.

The only module that speaks HTTP. One small client a host, since a large pool slows down quadratically.
"""

import asyncio
import contextlib
import hashlib
import logging
import ssl
import time
from collections.abc import Awaitable, Collection, Mapping
from importlib.metadata import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Self
from urllib.parse import urljoin, urlsplit

import certifi
import httpx
import stamina

from crawler.body import InMemory, OnDisk, Sink, Unpacker
from crawler.guard import Resolver, reachable, resolve
from crawler.manners import Manners, Page, PassingError, Saved, StatusError, Traffic, Validators
from crawler.pace import Pace, asked_wait, is_limit
from toolcensus.errors import FetchError

REDIRECTS = {301, 302, 303, 307, 308}
NOT_MODIFIED = 304
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Statuses that another attempt may well not meet again."""

# Retries are counted in Traffic; without a handler the library's note would land on a person's terminal.
logging.getLogger("stamina").addHandler(logging.NullHandler())


def user_agent() -> str:
    """Return the name that every request carries, with the project's address as contact."""
    about = metadata("toolcensus")
    source = next(url for url in about.get_all("Project-URL") or () if url.startswith("Source")).partition(", ")[2]
    return f"Toolcensus/{about['Version']} (+{source})"


class Pinned(httpx.AsyncBaseTransport):
    """Connects to the address that was checked, and to no other that the name may have a moment later."""

    def __init__(self, inner: httpx.AsyncBaseTransport, resolver: Resolver, allowed: Collection[str]) -> None:
        self.inner, self.resolver, self.allowed = inner, resolver, allowed
        self.addresses: tuple[str, ...] = ()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the first checked address that takes it; the name stays in `Host` and in TLS."""
        url = request.url
        if not self.addresses:
            port = url.port or (443 if url.scheme == "https" else 80)
            self.addresses = await reachable(str(url), url.host, port, self.resolver, self.allowed)
        for address in self.addresses[:-1]:
            try:
                return await self._send(request, address)
            except httpx.ConnectError:
                continue
        try:
            return await self._send(request, self.addresses[-1])
        except httpx.ConnectError:
            # Another attempt asks for the addresses again, and checks them again.
            self.addresses = ()
            raise

    async def _send(self, request: httpx.Request, address: str) -> httpx.Response:
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address.partition("%")[0]),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return await self.inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()


class Fetcher:
    """An open fetcher; use it as `async with Fetcher(manners) as fetcher`. `traffic` counts what it did.

    Fetchers that share their `paces` (host → pace) ask a host no faster together than one alone.
    """

    def __init__(self, manners: Manners, resolver: Resolver = resolve, paces: dict[str, Pace] | None = None) -> None:
        self.manners = manners
        self.traffic = Traffic()
        self._resolver = resolver
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._paces: dict[str, Pace] = {} if paces is None else paces
        self._closing = contextlib.AsyncExitStack()
        self._tls = ssl.create_default_context()
        for path in (certifi.where(), *manners.certificates):
            self._tls.load_verify_locations(path)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._closing.aclose()

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
        if answer.status_code == NOT_MODIFIED:
            return Page(str(answer.url), unchanged=True, validators=validators or Validators())
        body = sink.body()
        given = Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
        return Page(str(answer.url), body, f"sha256:{hashlib.sha256(body).hexdigest()}", validators=given)

    async def download(self, url: str, path: Path, *, integrity: str = "", linked_from: str = "") -> Saved:
        """Write the file at `url` to `path`; its digest must be `integrity` where one is given.

        `linked_from` is the document that named it, which it may leave only as a redirect might.
        Raises FetchError, and ToolcensusError where the disk is full.
        """
        if linked_from:
            _check_hop(linked_from, url)
        sink = OnDisk(path, integrity)
        await self._get(url, {"Accept-Encoding": "identity"}, sink, self.manners.bounds.file_bytes)
        return Saved(sink.size, f"sha256:{sink.own_digest.hexdigest()}")

    async def _get(
        self, url: str, headers: Mapping[str, str], sink: Sink, limit: int, extra: Mapping[str, str] = NO_HEADERS
    ) -> httpx.Response:
        bounds = self.manners.bounds
        async for attempt in stamina.retry_context(
            on=self._wait_before_another,
            attempts=bounds.attempts,
            timeout=None,
            wait_initial=bounds.first_wait,
            wait_jitter=bounds.first_wait,
            wait_max=30.0,
        ):
            with attempt:
                self.traffic.retries += attempt.num > 1
                return await self._follow(url, headers, sink, limit, extra)
        raise AssertionError("the last attempt returns or raises")

    def _wait_before_another(self, error: Exception) -> bool | float:
        """Say whether a failure is worth another attempt, or after how many seconds."""
        if not isinstance(error, PassingError) or (error.wait or 0.0) > self.manners.bounds.longest_wait:
            return False
        pace = self._pace(_host(error.url))
        if error.wait:
            pace.hold(error.wait)
        if not pace.take_retry():
            return False
        return True if error.wait is None else error.wait

    async def _follow(
        self, url: str, headers: Mapping[str, str], sink: Sink, limit: int, extra: Mapping[str, str]
    ) -> httpx.Response:
        origin = _origin(url)
        for _ in range(self.manners.bounds.redirects + 1):
            async with self._pace(_host(url)).turn():
                sent = {**headers, **extra} if _origin(url) == origin else headers
                answer = await self._in_time(url, self._one(url, sent, sink, limit))
            self._pace(_host(url)).earn_retry()
            if answer.status_code not in REDIRECTS:
                return answer
            target = urljoin(url, answer.headers.get("location", ""))
            _check_hop(url, target)
            url = target
        raise FetchError(f"{url} redirects more than {self.manners.bounds.redirects} times", url=url, reason="redirect")

    async def _in_time(self, url: str, request: Awaitable[httpx.Response]) -> httpx.Response:
        seconds = self.manners.bounds.seconds
        try:
            async with asyncio.timeout(seconds):
                return await request
        except TimeoutError as error:
            raise PassingError(f"{url} took more than {seconds:g} seconds", url=url, reason="timeout") from error
        except httpx.TransportError as error:
            raise _explained(url, error) from error
        except httpx.InvalidURL as error:
            raise FetchError(f"{url} is no URL: {error}", url=url, reason="malformed") from error

    async def _one(self, url: str, headers: Mapping[str, str], sink: Sink, limit: int) -> httpx.Response:
        client = self._client(url)
        self.traffic.requests += 1
        answer = await client.send(client.build_request("GET", url, headers=headers), stream=True)
        try:
            if answer.status_code in REDIRECTS or answer.status_code == NOT_MODIFIED:
                return answer
            if answer.status_code in PASSING or is_limit(answer.status_code, answer.headers):
                wait = asked_wait(answer.headers, time.time())
                raise PassingError(f"{url} answers {answer.status_code}", url=url, reason="status", wait=wait)
            if not answer.is_success:
                raise StatusError(url, answer.status_code)
            await self._receive(answer, url, sink, limit)
            return answer
        finally:
            await answer.aclose()

    async def _receive(self, answer: httpx.Response, url: str, sink: Sink, limit: int) -> None:
        too_large = FetchError(f"{url} has more than {limit} bytes", url=url, reason="too-large")
        declared = answer.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise too_large
        unpacker = Unpacker(answer.headers.get("content-encoding", "").lower(), url)
        received = 0
        sink.begin()
        with contextlib.closing(sink):
            async for packed in answer.aiter_raw():
                self.traffic.bytes += len(packed)
                for piece in unpacker.pieces(packed):
                    received += len(piece)
                    if received > limit:
                        raise too_large
                    sink.write(piece)
            if not unpacker.complete:
                raise PassingError(f"the answer of {url} was cut off", url=url, reason="malformed")
            sink.end(url)

    def _client(self, url: str) -> httpx.AsyncClient:
        parts, origin = urlsplit(url), _origin(url)
        if origin not in self._clients:
            self._clients[origin] = self._new_client(parts.netloc.rpartition("@")[2], _host(url))
            self._closing.push_async_callback(self._clients[origin].aclose)
        return self._clients[origin]

    def _new_client(self, place: str, host: str) -> httpx.AsyncClient:
        parallel = self._pace(host).rate.parallel
        limits = httpx.Limits(max_connections=parallel, max_keepalive_connections=parallel, keepalive_expiry=30.0)
        inner = httpx.AsyncHTTPTransport(verify=self._tls, limits=limits, trust_env=False)
        headers = {"User-Agent": user_agent()}
        if authorization := self.manners.authorizations.get(place):
            headers["Authorization"] = authorization
        return httpx.AsyncClient(
            transport=Pinned(inner, self._resolver, self.manners.allowed),
            headers=headers,
            timeout=httpx.Timeout(30.0, connect=10.0, pool=None),
            trust_env=False,
        )

    def _pace(self, host: str) -> Pace:
        if host not in self._paces:
            self._paces[host] = Pace(self.manners.rates.get(host, self.manners.usual))
        return self._paces[host]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _check_hop(origin: str, target: str) -> None:
    """Refuse a link or redirect that leaves the web, or leaves encryption."""
    scheme = urlsplit(target).scheme
    if scheme not in {"http", "https"} or (urlsplit(origin).scheme == "https" and scheme == "http"):
        raise FetchError(f"{origin} leads to {target[:300]}, which is less safe", url=target, reason="redirect")


def _explained(url: str, error: httpx.TransportError) -> FetchError:
    host = _host(url)
    if isinstance(error, httpx.TimeoutException):
        return PassingError(f"{host} did not answer in time", url=url, reason="timeout")
    if _proves_nothing(error):
        return FetchError(
            f"{host} cannot prove who it is: {error}",
            url=url,
            reason="tls",
            advice="if a company's proxy signs its own certificates, name their file in SSL_CERT_FILE",
        )
    if isinstance(error, httpx.ConnectError):
        return PassingError(f"{host} cannot be connected to: {error}", url=url, reason="connect")
    return PassingError(f"the answer of {url} was cut off: {error}", url=url, reason="malformed")


def _proves_nothing(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
