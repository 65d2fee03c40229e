"""Asking a jailed server for its tools over stdio: by the official SDK in both protocol eras, then leniently.

Each manner gets a fresh process, since old servers crash on the newer era's first question. No tool is ever called.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Literal

import msgspec
from mcp import Client, MCPError
from mcp_types import METHOD_NOT_FOUND, Implementation

from crawler.lenient import kept, read_page
from crawler.sandbox import reason
from crawler.sandbox.channel import Channel
from crawler.sandbox.jail import Jail
from crawler.sandbox.jailed import Jailed, started
from crawler.sandbox.limits import Limits
from crawler.sandbox.watchdog import Verdict
from crawler.unchecked import Unchecked
from toolcensus.records import Outcome, Tool, Unresolved

Manner = Literal["auto", "legacy", "lenient"]
MANNERS: tuple[Manner, ...] = ("auto", "legacy", "lenient")
LENIENT_VERSION = "2025-06-18"
SPARE_SECONDS = 5.0
"""How much longer than the server the conversation may take: the watchdog is to end it first, and says why."""
CLIENT = Implementation(name="toolcensus", version=version("toolcensus"))


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one start: the tools, or the outcome with its reason; `words` is what it said beside the protocol.

    `spoke` says that it said a word of the protocol, `answered` that it answered `tools/list`, were it with nothing.
    """

    outcome: Outcome
    reason: str = ""
    tools: tuple[Tool, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    protocol: str | None = None
    words: str = ""
    seconds: float = 0.0
    spoke: bool = False
    answered: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


class _RefusedError(Exception):
    """The server answered a request with an error."""


async def ask(jail: Jail, command: Sequence[str], limits: Limits) -> Heard:
    """Start the server and ask it in each manner until it answers; raise ToolcensusError where there is no sandbox."""
    heard = Heard("crashed")
    for manner in MANNERS:
        heard = await ask_once(jail, command, limits, manner)
        if heard.answered or heard.outcome in {"refused", "not-a-server"}:
            break
        silent = heard.outcome == "timed-out"
        if (manner == "legacy" and (silent or not heard.spoke)) or (silent and not heard.spoke):
            # Another way of asking does not help where there is nobody to ask.
            break
    return heard


async def ask_once(jail: Jail, command: Sequence[str], limits: Limits, manner: Manner) -> Heard:
    """Start the server in a fresh process and ask it in one manner."""
    began = time.monotonic()
    said = _Said()
    async with started(jail, command, limits) as jailed:
        channel = Channel(jailed)
        try:
            async with asyncio.timeout(limits.seconds + SPARE_SECONDS):
                await (_ask_leniently(channel, said) if manner == "lenient" else _ask_by_sdk(channel, said, manner))
        except Exception as error:  # noqa: BLE001  # a stranger may break the SDK in any way; the reason is kept
            said.failure = _sentence(error)
            logging.getLogger(__name__).debug("%s: %r", manner, error)
        seconds = round(time.monotonic() - began, 3)
        words = "" if said.complete else await jailed.last_words()
        return _heard(channel, said, words, seconds)


@dataclass
class _Said:
    """What the conversation has brought so far: pages as the server sent them, whole when `complete`."""

    pages: list[list[Any]] = field(default_factory=list)
    protocol: str | None = None
    complete: bool = False
    failure: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def keep(self, page: Mapping[str, Any], jailed: Jailed) -> str | None:
        """Keep a page and return where the next one is; a list that is too long ends the server."""
        tools, cursor = page.get("tools"), page.get("nextCursor")
        self.pages.append(tools if isinstance(tools, list) else [])
        if sum(map(len, self.pages)) > jailed.limits.tools:
            why = f"over the limit of output: it lists more than {jailed.limits.tools:,} tools"
            jailed.end(Verdict("refused", why))
            return None
        return cursor if isinstance(cursor, str) and cursor else None


async def _ask_by_sdk(channel: Channel, said: _Said, manner: Manner) -> None:
    """Page through `tools/list` with the official SDK, and take each page as the server sent it."""
    unchecked = Unchecked(channel.transport())
    transport: Any = unchecked
    seconds = channel.jailed.limits.seconds
    async with Client(transport, mode=manner, cache=None, client_info=CLIENT, read_timeout_seconds=seconds) as client:
        said.protocol = client.protocol_version
        said.facts |= _about(client)
        cursor: str | None = None
        seen: set[str | None] = set()
        while cursor not in seen:
            seen.add(cursor)
            try:
                await client.list_tools(cursor=cursor)
            except MCPError as error:
                if error.code != METHOD_NOT_FOUND:
                    raise
            cursor = said.keep(unchecked.take() or {}, channel.jailed)
        said.complete = channel.jailed.verdict is None


async def _ask_leniently(channel: Channel, said: _Said) -> None:
    """Speak the older protocol line by line, and take the tools whatever else is wrong with the answers."""
    lines = channel.jailed.lines()
    about = {"name": CLIENT.name, "version": CLIENT.version}
    hello = {"protocolVersion": LENIENT_VERSION, "capabilities": {}, "clientInfo": about}
    result = await _call(channel, lines, 1, "initialize", hello)
    said.protocol = str(result.get("protocolVersion", LENIENT_VERSION))[:100]
    said.facts["lenient"] = "the official SDK cannot talk to this server"
    await channel.jailed.send(_message({"method": "notifications/initialized"}))
    cursor: str | None = None
    seen: set[str | None] = set()
    while cursor not in seen:
        seen.add(cursor)
        params = {} if cursor is None else {"cursor": cursor}
        cursor = said.keep(await _call(channel, lines, len(seen) + 1, "tools/list", params), channel.jailed)
    said.complete = channel.jailed.verdict is None


async def _call(
    channel: Channel, lines: AsyncIterator[bytes], number: int, method: str, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Send a request and return its result; lines that are no protocol are passed over."""
    await channel.jailed.send(_message({"id": number, "method": method, "params": params}))
    async for line in lines:
        message = channel.understand(line)
        if message and "method" not in message and message.get("id") == number:
            if isinstance(message.get("result"), dict):
                return dict(message["result"])
            raise _RefusedError(f"it refuses {method}: {_said_in(message.get('error'))}")
    raise _RefusedError(f"it ended before it answered {method}")


def _heard(channel: Channel, said: _Said, words: str, seconds: float) -> Heard:
    jailed = channel.jailed
    read = read_page([tool for page in said.pages for tool in page] if said.complete else [])
    outcome, why = _outcome(jailed, channel, said, words, found=bool(read.tools))
    facts = said.facts | ({"noise": f"{jailed.noise} lines on stdout are no protocol"} if jailed.noise else {})
    return Heard(
        outcome=outcome,
        reason=why,
        tools=read.tools if outcome == "listed" else (),
        unresolved=read.unresolved,
        protocol=said.protocol,
        words=words,
        seconds=seconds,
        spoke=channel.spoke,
        answered=said.complete,
        facts=facts,
    )


def _outcome(jailed: Jailed, channel: Channel, said: _Said, words: str, *, found: bool) -> tuple[Outcome, str]:
    if jailed.verdict:
        heard = [reason.telling_line(words)] if words and jailed.verdict.outcome == "timed-out" else []
        return jailed.verdict.outcome, "; ".join([jailed.verdict.reason, *heard])
    if found:
        return "listed", ""
    if said.complete:
        return "no-source", "it starts, and lists no tools"
    told = "\n".join(part for part in (said.failure if channel.spoke else "", words) if part)
    status = jailed.process.returncode
    return reason.ending(status, told or (said.failure if status is None else ""), spoke=channel.spoke)


def _about(client: Client) -> dict[str, str]:
    """Return what the server calls itself."""
    info = client.server_info
    named = {"server": info.name, "version": info.version, "title": info.title or ""} if info else {}
    return kept(named | {"instructions": client.instructions or ""})


def _message(message: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode({"jsonrpc": "2.0", **message})


def _said_in(error: Any) -> str:
    return str(error.get("message", ""))[:300] if isinstance(error, dict) else str(error)[:300]


def _sentence(error: BaseException) -> str:
    """Return the innermost error's first words."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__
