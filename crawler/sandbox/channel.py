"""The channel between the official SDK and a jailed process: its lines become messages, its noise is passed over."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import mcp_types
import msgspec
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage

from crawler.sandbox.jailed import Jailed

Streams = tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]
"""What the SDK takes for a transport: whence it reads, and where it writes to."""


@dataclass
class Channel:
    """A transport for the SDK's client; `spoke` says that the server has said a word of the protocol."""

    jailed: Jailed
    spoke: bool = False

    @asynccontextmanager
    async def transport(self) -> AsyncIterator[Streams]:
        """Yield the two streams that the SDK reads from and writes to."""
        to_sdk, read_stream = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        write_stream, from_sdk = anyio.create_memory_object_stream[SessionMessage](0)
        async with anyio.create_task_group() as tasks, read_stream, write_stream, to_sdk, from_sdk:
            tasks.start_soon(self._hear, to_sdk)
            tasks.start_soon(self._say, from_sdk)
            try:
                yield read_stream, write_stream
            finally:
                tasks.cancel_scope.cancel()

    def understand(self, line: bytes) -> dict[str, Any] | None:
        """Return the message that a line holds, or None for noise."""
        try:
            message = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            message = None
        if not isinstance(message, dict) or not (message.keys() & {"jsonrpc", "id", "method"}):
            self.jailed.hear_noise(line)
            return None
        self.spoke = True
        return message

    async def _hear(self, to_sdk: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        async with to_sdk:
            async for line in self.jailed.lines():
                if self.understand(line) is None:
                    continue
                # What is no message, or comes when the SDK has stopped listening, is nothing that it misses.
                with contextlib.suppress(ValueError, anyio.BrokenResourceError, anyio.ClosedResourceError):
                    read = mcp_types.jsonrpc_message_adapter.validate_json(line, by_name=False)
                    await to_sdk.send(SessionMessage(read))

    async def _say(self, from_sdk: MemoryObjectReceiveStream[SessionMessage]) -> None:
        async with from_sdk:
            async for item in from_sdk:
                message = item.message.model_dump(by_alias=True, exclude_unset=True, mode="json")
                # Who listens no more may have answered already.
                with contextlib.suppress(ConnectionError):
                    await self.jailed.send(msgspec.json.encode(message))
