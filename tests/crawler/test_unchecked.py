"""What the MCP SDK is shown of an answer, and what is kept of it."""

from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCResponse

from crawler.unchecked import Unchecked

CACHE = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}


def shown(result: dict[str, Any]) -> tuple[dict[str, Any], Unchecked]:
    """Return what the SDK would see of a result, and what stands between."""

    @asynccontextmanager
    async def transport() -> Any:
        send, receive = anyio.create_memory_object_stream[Any](1)
        async with send, receive:
            await send.send(SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=1, result=result)))
            yield receive, send

    async def act() -> tuple[dict[str, Any], Unchecked]:
        unchecked = Unchecked(transport())
        async with unchecked as (read, _):
            message = await read.receive()
        return message.message.result, unchecked

    return anyio.run(act)


def test_tools_are_kept_as_they_were_sent_and_the_sdk_sees_none() -> None:
    page = {"tools": [{"name": "a", "inputSchema": {}}], "ttlMs": "soon", "nextCursor": "2"}
    seen, unchecked = shown(page)
    assert seen == {"tools": [], **CACHE}
    assert (unchecked.take(), unchecked.take()) == (page, None)


@pytest.mark.parametrize(
    ("greeting", "about"),
    [
        ({"protocolVersion": "2025-06-18"}, {"name": "", "version": ""}),
        ({"protocolVersion": "2025-06-18", "serverInfo": {"name": "x"}}, {"name": "x", "version": ""}),
        ({"protocolVersion": "2025-06-18", "serverInfo": [], "capabilities": 7}, {"name": "", "version": ""}),
    ],
)
def test_greeting_gets_what_the_sdk_insists_on(greeting: dict[str, Any], about: dict[str, str]) -> None:
    seen, _ = shown(greeting)
    assert (seen["protocolVersion"], seen["serverInfo"], seen["capabilities"]) == ("2025-06-18", about, {})


def test_discovery_without_its_cache_fields_is_understood() -> None:
    seen, _ = shown({"supportedVersions": ["2026-07-28"], "instructions": "Ask."})
    assert seen == {"supportedVersions": ["2026-07-28"], "capabilities": {}, "instructions": "Ask.", **CACHE}


def test_every_other_answer_passes_untouched() -> None:
    assert shown({"prompts": []})[0] == {"prompts": []}
