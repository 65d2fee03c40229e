"""Stands between a transport of the MCP SDK and its client, and keeps each page of tools as the server sent it.

The SDK refuses a whole page for one tool whose schema lacks a `type`, and a greeting for one missing field. Here it
sees an answer that is as the protocol says, and holds the conversation; what the server really said is kept aside.
"""

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Self

from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCResponse

CACHE_FIELDS = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
"""What an answer of 2026-07-28 must have, and servers leave out."""


class Unchecked:
    """A transport over another; `page` is the newest result of `tools/list`, None where it has none."""

    def __init__(self, transport: AbstractAsyncContextManager[Any]) -> None:
        self.transport = transport
        self.page: dict[str, Any] | None = None

    async def __aenter__(self) -> tuple[Any, Any]:
        read, write = await self.transport.__aenter__()
        return _Reader(read, self), write

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self.transport.__aexit__(kind, error, trace)

    def take(self) -> dict[str, Any] | None:
        """Return the newest page, once."""
        page, self.page = self.page, None
        return page

    def look(self, item: Any) -> Any:
        """Take the tools out of a message, where it is one with tools, and complete a greeting."""
        message = item.message if isinstance(item, SessionMessage) else None
        if isinstance(message, JSONRPCResponse):
            result = message.result
            if isinstance(result.get("tools"), list):
                self.page = result
                message.result = {"tools": [], **CACHE_FIELDS}
            elif "supportedVersions" in result or "protocolVersion" in result:
                message.result = _completed(result)
        return item


def _completed(greeting: dict[str, Any]) -> dict[str, Any]:
    """Return a greeting with the fields that the SDK insists on."""
    about = greeting.get("serverInfo")
    words: dict[str, Any] = {"name": "", "version": ""}
    if isinstance(about, dict):
        words |= {key: about[key] for key in ("name", "title", "version") if isinstance(about.get(key), str)}
    capabilities, instructions = greeting.get("capabilities"), greeting.get("instructions")
    complete: dict[str, Any] = {
        **{key: greeting[key] for key in ("protocolVersion", "supportedVersions", "_meta") if key in greeting},
        "capabilities": capabilities if isinstance(capabilities, dict) else {},
        "instructions": instructions if isinstance(instructions, str) else None,
    }
    if "supportedVersions" in greeting:
        return complete | CACHE_FIELDS
    return complete | {"serverInfo": words}


class _Reader:
    """The stream that the SDK reads from; every message passes by `look`."""

    def __init__(self, stream: Any, unchecked: Unchecked) -> None:
        self.stream, self.unchecked = stream, unchecked
        self.aclose = stream.aclose

    @property
    def last_context(self) -> Any:
        return getattr(self.stream, "last_context", None)

    async def receive(self) -> Any:
        return self.unchecked.look(await self.stream.receive())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        return self.unchecked.look(await self.stream.__anext__())

    async def __aenter__(self) -> Self:
        await self.stream.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> bool | None:
        return bool(await self.stream.__aexit__(*error))
