"""A client for the MCP SDK that a stranger's server cannot turn against its user; the only module that names httpx2.

It connects to checked addresses only, at the host's pace, without proxies, cookies or credentials; it follows no
redirect, takes no packed answer, reads a bounded number of bytes, and sends no other message than those that ask for a
list of tools.
"""

import contextlib
import json
import math
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, cast
from urllib.parse import urljoin

import anyio
import httpcore2
import httpx2

from crawler.fetch import Fetcher, user_agent
from crawler.guard import Backend, Guarded, tls_failure
from crawler.manners import MEBIBYTE, PassingError, StatusError
from crawler.pace import asked_wait
from toolcensus.errors import FetchError

MOST_BYTES: Final = 16 * MEBIBYTE
"""Bytes that one endpoint may send in all its answers together."""
LARGEST_ANSWER: Final = 8 * MEBIBYTE
HEAVY: Final = MEBIBYTE // 4
"""Bytes from which on an endpoint has to wait for its turn, since what is read takes several times the memory."""
LONGEST_CHALLENGE: Final = 4_000
SENT: Final = {
    *("server/discover", "initialize", "notifications/initialized", "notifications/cancelled", "tools/list", None),
}
"""Methods of messages that are sent; an answer to the server's own question has none."""
LOGIN: Final = {401, 402, 403, 407}
FINAL: Final = {*LOGIN, 429}
"""Statuses that asking in another way would not change."""
ACCEPTED: Final = 202
ANSWERS: Final = ("application/json", "text/event-stream")
REFUSALS = (httpcore2.ConnectError, httpcore2.ConnectTimeout)
FAILURES = (
    *(httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol),
    *(httpx2.InvalidURL, ssl.SSLError, UnicodeError),
)


EventError = httpx2.SSEError
"""A stream of events is broken, or one of them is too large."""


class RedirectError(FetchError):
    """The endpoint is elsewhere, it says; `keeps` where it says so of the question too, not only of a page."""

    def __init__(self, url: str, target: str, status: int) -> None:
        super().__init__(f"{url} redirects to {target[:300]}, which is not followed", url=url, reason="redirect")
        self.target = target
        self.keeps = status in {307, 308}


class NotAServerError(FetchError):
    """What answers there speaks another language."""

    def __init__(self, url: str, found: str) -> None:
        super().__init__(f"{url} answers with {found}", url=url, reason="malformed")


@dataclass
class Visit:
    """One conversation with one endpoint: what it may still send, what it said last, and why it was ended, if it was.

    `events` says that it speaks by one stream of events that is asked for (HTTP+SSE), and all of it happens in `scope`,
    whose deadline does not come nearer while the host's pace is waited for.
    """

    url: str
    events: bool = False
    bytes_left: int = MOST_BYTES
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    status: int = 0
    content_type: str = ""
    challenge: str = ""
    failure: FetchError | None = None
    is_heavy: bool = False
    holding: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    def take(self, count: int) -> None:
        """Count bytes that came in; raise FetchError where they are too many."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            self.fail(FetchError(f"{self.url} sends more than {MOST_BYTES} bytes", url=self.url, reason="too-large"))

    def fail(self, error: FetchError) -> NoReturn:
        """End the conversation for this reason, or for the one that it was ended for before."""
        self.failure = self.failure or error
        self.failure.url = self.url
        self.scope.cancel()
        raise self.failure


def open_client(fetcher: Fetcher, visit: Visit, **_: object) -> httpx2.AsyncClient:
    """Return a client for one visit, to be closed after it; what else the SDK's transports ask for is not granted."""
    return httpx2.AsyncClient(
        transport=_Transport(fetcher, visit),
        headers={"User-Agent": user_agent(), "Accept-Encoding": "identity"},
        timeout=httpx2.Timeout(30.0, connect=10.0, pool=None),
        trust_env=False,
    )


class _Transport(httpx2.AsyncBaseTransport):
    """Sends what may be sent and judges the head of every answer; the visit keeps what it found."""

    def __init__(self, fetcher: Fetcher, visit: Visit) -> None:
        self.fetcher, self.visit = fetcher, visit
        self.pool = httpcore2.AsyncConnectionPool(
            ssl_context=fetcher.tls,
            max_connections=4,
            max_keepalive_connections=2,
            keepalive_expiry=10.0,
            network_backend=cast(
                "httpcore2.AsyncNetworkBackend",
                Guarded(fetcher.guard, cast("Backend", httpcore2.AnyIOBackend()), REFUSALS, self._take),
            ),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; raise FetchError where the visit is over, by this answer or by an earlier one."""
        if self.visit.failure:
            raise self.visit.failure
        if request.method == "GET" and not self.visit.events:
            # A stream for what the server might say of its own accord is of no use to us.
            return httpx2.Response(405)
        message = _message(await request.aread())
        await self._wait(request.url.host)
        self.fetcher.traffic.requests += 1
        if request.method == "DELETE":
            # A goodbye, whose answer changes nothing.
            goodbye = await self.pool.handle_async_request(_plain(request))
            await goodbye.aclose()
            return httpx2.Response(goodbye.status)
        with self._explained():
            answer = await self.pool.handle_async_request(_plain(request))
        headers = httpx2.Headers(answer.headers)
        if request.method == "GET" or (message and "method" in message and "id" in message):
            try:
                self._judge(answer.status, headers, is_question=not self.visit.events or request.method == "GET")
            except FetchError:
                await answer.aclose()
                raise
        return httpx2.Response(answer.status, headers=headers, stream=_Body(self, answer))

    async def aclose(self) -> None:
        """Close the connections."""
        await self.visit.holding.aclose()
        await self.pool.aclose()

    async def pieces(self, answer: httpcore2.Response) -> AsyncIterator[bytes]:
        """Yield the body of an answer; where the visit becomes heavy, wait for its turn."""
        received = 0
        with self._explained():
            async for piece in answer.aiter_stream():
                received += len(piece)
                if received > LARGEST_ANSWER:
                    error = f"{self.visit.url} sends an answer of more than {LARGEST_ANSWER} bytes"
                    self.visit.fail(FetchError(error, url=self.visit.url, reason="too-large"))
                if self.visit.bytes_left < MOST_BYTES - HEAVY and not self.visit.is_heavy:
                    self.visit.is_heavy = True
                    await self.visit.holding.enter_async_context(self.fetcher.heavy)
                yield piece

    async def _wait(self, host: str) -> None:
        scope = self.visit.scope
        left = scope.deadline - anyio.current_time()
        scope.deadline = math.inf
        await self.fetcher.pace(host).wait()
        scope.deadline = min(scope.deadline, anyio.current_time() + left)

    def _take(self, count: int) -> None:
        self.fetcher.traffic.bytes += count
        self.visit.take(count)

    def _judge(self, status: int, headers: Mapping[str, str], *, is_question: bool) -> None:
        visit, url = self.visit, self.visit.url
        visit.status, visit.content_type = status, headers.get("content-type", "").partition(";")[0].strip().lower()
        visit.challenge = headers.get("www-authenticate", "")[:LONGEST_CHALLENGE]
        wait = asked_wait(headers, time.time())
        if wait and wait <= self.fetcher.manners.bounds.longest_wait:
            self.fetcher.pace(httpx2.URL(url).host).hold(wait)
        if headers.get("content-encoding", "identity").lower() != "identity":
            error = f"{url} packs its answer, which was not asked for"
            visit.fail(FetchError(error, url=url, reason="refused"))
        if 300 <= status < 400 and "location" in headers:  # noqa: PLR2004  # the statuses that lead elsewhere
            visit.fail(RedirectError(url, _target(url, headers["location"]), status))
        if status in FINAL:
            visit.fail(StatusError(url, status))
        if is_question and 200 <= status < 300 and status != ACCEPTED and visit.content_type not in ANSWERS:  # noqa: PLR2004  # the statuses that mean success
            visit.fail(NotAServerError(url, visit.content_type[:100] or "nothing that says what it is"))

    @contextlib.contextmanager
    def _explained(self) -> Any:
        url = self.visit.url
        try:
            yield
        except FetchError as error:
            self.visit.fail(error)
        except FAILURES as error:
            self.visit.fail(_failure(url, error))


class _Body(httpx2.AsyncByteStream):
    """The body of an answer, in pieces."""

    def __init__(self, transport: _Transport, answer: httpcore2.Response) -> None:
        self.transport, self.answer = transport, answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with contextlib.aclosing(self.transport.pieces(self.answer)) as pieces:  # type: ignore[type-var]  # it is a generator
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self.answer.aclose()


def _message(body: bytes) -> dict[str, Any] | None:
    """Return the message that is to be sent; raise ValueError where it asks for more than a list of tools."""
    if not body:
        return None
    message: dict[str, Any] = json.loads(body)
    if message.get("method") not in SENT:
        raise ValueError(f"{message.get('method')} is never sent")
    return message


def _plain(request: httpx2.Request) -> httpcore2.Request:
    url = request.url
    extensions = dict(request.extensions)
    if request.method == "DELETE":
        extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), 3.0)
    return httpcore2.Request(
        method=request.method,
        url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=[
            (name, value) for name, value in request.headers.raw if name.lower() not in {b"authorization", b"cookie"}
        ],
        content=request.content,
        extensions=extensions,
    )


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _failure(url: str, error: Exception) -> FetchError:
    host = httpx2.URL(url).host
    if isinstance(error, httpcore2.TimeoutException):
        return PassingError(f"{host} did not answer in time", url=url, reason="timeout")
    if failure := tls_failure(url, host, error):
        return failure
    if isinstance(error, httpcore2.ConnectError):
        return PassingError(f"{host} cannot be connected to: {error}", url=url, reason="connect")
    return PassingError(f"the answer of {url} was cut off: {error}", url=url, reason="malformed")
