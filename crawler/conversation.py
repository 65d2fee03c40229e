"""One conversation with a remote server: greeted in the newest way it knows, asked for its list of tools, page by page.

The official MCP SDK speaks: streamable HTTP in both protocol eras, or the older HTTP+SSE. Nothing else is ever asked.
"""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import anyio
import anyio.lowlevel
from mcp import Client, MCPError
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CONNECTION_CLOSED, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR, REQUEST_TIMEOUT, Implementation

from crawler.fetch import Fetcher
from crawler.lenient import kept, read_page
from crawler.protected import LARGEST_ANSWER, LOGIN, EventError, NotAServerError, Visit, open_client
from crawler.release import OUTCOME_OF_FAILURE
from crawler.unchecked import Unchecked
from toolcensus import __version__
from toolcensus.errors import FetchError
from toolcensus.protocol import MAX_TOOLS
from toolcensus.records import Outcome, Tool, Unresolved

MOST_PAGES: Final = 60
LONGEST_WORDS: Final = 300
LOGIN_WORDS: Final = re.compile(
    r"(?i)\b(?:unauthori[sz]ed|unauthenticated|not authenticated|authenticat\w+|api[ _-]?key|access token|bearer|"
    r"log ?in|sign ?in|forbidden|credentials?)\b"
)
OUTCOME_OF_CODE: Final[dict[int, tuple[Outcome, str]]] = {
    INVALID_REQUEST: ("not-a-server", "knows no greeting of the protocol"),
    CONNECTION_CLOSED: ("unreachable", "ends the connection before it answers"),
    METHOD_NOT_FOUND: ("not-a-server", "knows no greeting of the protocol"),
}

# What a stranger's server does wrong is said in the listing; the SDK's own notes would land on a person's terminal.
for name in ("mcp", "client"):
    logging.getLogger(name).addHandler(logging.NullHandler())


@dataclass
class Heard:
    """What came of a conversation; `ttl` is how many milliseconds the server says that its list holds."""

    outcome: Outcome = "timed-out"
    reason: str = ""
    tools: list[Tool] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    protocol: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    ttl: int | None = None
    status: int = 0
    challenge: str = ""
    failure: FetchError | None = None


class _UnusableError(Exception):
    """The list was given, and is of no use."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


async def converse(fetcher: Fetcher, url: str, *, events: bool, seconds: float) -> Heard:
    """Ask the endpoint for its tools, over HTTP+SSE where `events` says so; whatever happens is said in the answer."""
    visit, heard = Visit(url, events), Heard()
    problem: Exception | None = None
    with anyio.move_on_after(seconds) as visit.scope:
        try:
            await _talk(fetcher, visit, heard, seconds)
        except Exception as error:  # noqa: BLE001  # the SDK raises whatever a stranger's server provokes
            problem = error
    heard.status, heard.challenge = visit.status, visit.challenge
    if heard.outcome == "listed":
        return heard
    heard.outcome, heard.reason = _ending(visit, problem, seconds)
    heard.failure = visit.failure
    heard.tools, heard.unresolved = [], []
    return heard


async def _talk(fetcher: Fetcher, visit: Visit, heard: Heard, seconds: float) -> None:
    unchecked = Unchecked(_transport(fetcher, visit))
    about = Implementation(name="toolcensus", version=__version__)
    mode = "legacy" if visit.events else "auto"
    transport: Any = unchecked
    async with Client(transport, mode=mode, cache=None, client_info=about, read_timeout_seconds=seconds) as client:
        heard.protocol, heard.facts = client.protocol_version, _facts(client, visit)
        await _list(client, unchecked, heard)


@asynccontextmanager
async def _transport(fetcher: Fetcher, visit: Visit) -> AsyncIterator[Any]:
    if visit.events:
        async with sse_client(visit.url, httpx_client_factory=partial(open_client, fetcher, visit)) as streams:
            yield streams
        return
    async with (
        open_client(fetcher, visit) as web,
        streamable_http_client(visit.url, http_client=web, max_sse_event_size=LARGEST_ANSWER) as streams,
    ):
        yield streams


async def _list(client: Client, unchecked: Unchecked, heard: Heard) -> None:
    """Read the list page by page; what has come of it so far counts only when it is complete."""
    cursors: set[str] = set()
    cursor: str | None = None
    names: set[str] = set()
    while cursor not in cursors:
        if cursor:
            cursors.add(cursor)
        page = await _page(client, unchecked, cursor, heard)
        if page is None:
            return
        if len(cursors) >= MOST_PAGES or len(heard.tools) + len(page["tools"]) > MAX_TOOLS:
            raise _UnusableError(
                "refused", f"it lists more than {MAX_TOOLS:,} tools, or on more than {MOST_PAGES} pages"
            )
        read = read_page(page["tools"], names)
        names.update(tool.name for tool in read.tools)
        heard.tools += read.tools
        heard.unresolved += read.unresolved
        ttl, cursor = page.get("ttlMs"), page.get("nextCursor")
        if isinstance(ttl, int) and ttl > 0:
            heard.ttl = min(ttl, heard.ttl or ttl)
        if not isinstance(cursor, str) or not cursor:
            break
        await anyio.lowlevel.checkpoint()
    if not heard.tools and heard.unresolved:
        first = heard.unresolved[0]
        reason = f"none of its {len(heard.unresolved)} definitions can be read; the first: {first.reason}"
        raise _UnusableError("not-a-server", reason)
    heard.outcome, heard.reason = "listed", "" if heard.tools else "its list of tools is empty"


async def _page(client: Client, unchecked: Unchecked, cursor: str | None, heard: Heard) -> dict[str, Any] | None:
    """Return one page as it was sent; None where the server says that it has no tools at all."""
    try:
        await client.list_tools(cursor=cursor)
    except MCPError as error:
        if error.code != METHOD_NOT_FOUND or cursor:
            raise
        heard.outcome, heard.reason = "listed", "it says that it has no tools"
        return None
    page = unchecked.take()
    if page is None:
        raise _UnusableError("not-a-server", "it answers tools/list without a list of tools")
    return page


def _facts(client: Client, visit: Visit) -> dict[str, str]:
    info: Implementation | None = client.server_info
    return kept(
        {
            "server": info.name if info else "",
            "version": info.version if info else "",
            "title": (info.title or "") if info else "",
            "instructions": client.instructions or "",
            "transport": "sse" if visit.events else "streamable-http",
        }
    )


def _ending(visit: Visit, problem: BaseException | None, seconds: float) -> tuple[Outcome, str]:
    """Say why a conversation brought no list: by what ended it, else by the last status, else by the last error."""
    if failure := visit.failure:
        if visit.status in LOGIN and failure.reason == "status":
            return "needs-credentials", failure.message
        message = f"{failure.message}; {failure.advice}" if failure.advice else failure.message
        if isinstance(failure, NotAServerError):
            return "not-a-server", message
        return OUTCOME_OF_FAILURE.get(failure.reason, "unreachable"), message
    if problem is None:
        return "timed-out", f"{visit.url} gave no list of tools in {seconds:g} seconds"
    if visit.status >= 400:  # noqa: PLR2004  # the statuses that mean failure
        return "unreachable", f"{visit.url} answers {visit.status}"
    return _of_error(_cause(problem), visit.url)


def _of_error(error: BaseException, url: str) -> tuple[Outcome, str]:
    if isinstance(error, _UnusableError):
        return error.outcome, error.reason
    if isinstance(error, EventError):
        return "refused", f"{url} sends an event that is larger than what is read: {_words(str(error))}"
    if not isinstance(error, MCPError):
        return "not-a-server", f"{url} does not speak the protocol: {_words(str(error)) or type(error).__name__}"
    return _of_answer(error, url)


def _of_answer(error: MCPError, url: str) -> tuple[Outcome, str]:
    """Say what an error means that the server answered with, or the SDK in its place."""
    if error.code == PARSE_ERROR:
        return "not-a-server", f"{url} answers with what is no message of the protocol"
    words = _words(error.message)
    if LOGIN_WORDS.search(words):
        return "needs-credentials", f"{url} refuses: {words}"
    if error.code == REQUEST_TIMEOUT and "timed out" in words.lower():
        return "timed-out", f"{url} does not answer: {words}"
    outcome, what = OUTCOME_OF_CODE.get(error.code, ("crashed", f"answers with the error {error.code}"))
    return outcome, f"{url} {what}: {words}"


def _cause(problem: BaseException) -> BaseException:
    """Return the first error of what several tasks raised together."""
    while isinstance(problem, BaseExceptionGroup):
        problem = problem.exceptions[0]
    return problem


def _words(text: str) -> str:
    return kept({"words": " ".join(text[: 4 * LONGEST_WORDS].split())[:LONGEST_WORDS]}).get("words", "")
