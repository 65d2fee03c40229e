"""Made-up remote servers on this machine, honest, sloppy and hostile: `/kind/number` behaves as its kind says.

They speak HTTP/1.1 by hand, since no server library lets itself be used like this.
"""

import asyncio
import gzip
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

TOOL = {"name": "get_time", "description": "Tell the time.", "inputSchema": {"type": "object", "properties": {}}}
CACHE = {"resultType": "complete", "ttlMs": 60_000, "cacheScope": "public"}
JSON = "application/json"
EVENTS = "text/event-stream"
NEVER = 3_600


@dataclass
class Asked:
    """One request: what is asked of which endpoint, and where the answer goes."""

    method: str
    path: str
    message: dict[str, Any]
    writer: asyncio.StreamWriter
    origin: str

    async def answer(self, status: int, body: bytes = b"", kind: str = JSON, **headers: str) -> None:
        """Send a whole answer."""
        lines = {"Content-Type": kind, "Content-Length": str(len(body))} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.writer.write(f"HTTP/1.1 {status} -\r\n{head}\r\n".encode() + body)
        await self.writer.drain()

    async def result(self, result: Any, **headers: str) -> None:
        """Answer with the result of the message."""
        message = {"jsonrpc": "2.0", "id": self.message.get("id"), "result": result}
        await self.answer(200, json.dumps(message).encode(), **headers)

    async def error(self, code: int, message: str) -> None:
        """Answer with an error of the protocol."""
        error = {"code": code, "message": message}
        await self.answer(200, json.dumps({"jsonrpc": "2.0", "id": self.message.get("id"), "error": error}).encode())

    @property
    def asks(self) -> str:
        """The method of the message."""
        return str(self.message.get("method", ""))


def greeting(version: str = "2025-06-18") -> dict[str, Any]:
    """Return the result of `initialize`."""
    about = {"name": "made-up", "version": "1"}
    return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": about, "instructions": "Ask away."}


def tools(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Return so many tools."""
    return [TOOL | {"name": f"tool_{number}"} for number in range(first, first + count)]


async def modern(asked: Asked) -> None:
    """Speak the protocol of 2026-07-28."""
    if asked.asks == "server/discover":
        await asked.result({"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, **CACHE})
    elif asked.asks == "tools/list":
        await asked.result({"tools": tools(3), **CACHE})
    else:
        await asked.answer(400)


def handshake(*pages: Any, session: str = "") -> Callable[[Asked], Awaitable[None]]:
    """Speak the older protocol, with these results of `tools/list` one after the other."""

    async def speak(asked: Asked) -> None:
        if asked.asks == "initialize":
            await asked.result(greeting(), **({"Mcp-Session-Id": session} if session else {}))
        elif asked.asks == "tools/list":
            number = int((asked.message.get("params") or {}).get("cursor", 0))
            more = {"nextCursor": str(number + 1)} if number + 1 < len(pages) else {}
            await asked.result({"tools": pages[number]} | more)
        elif asked.asks.startswith("notifications/"):
            await asked.answer(202)
        elif asked.method == "POST":
            await asked.error(-32601, "Method not found")
        else:
            await asked.answer(405)

    return speak


async def streamed(asked: Asked) -> None:
    """Speak the older protocol, every answer a stream of one event."""
    results = {"initialize": greeting("2025-11-25"), "tools/list": {"tools": tools(3)}}
    if asked.asks not in results:
        await asked.answer(202 if asked.asks.startswith("notifications/") else 400)
        return
    message = json.dumps({"jsonrpc": "2.0", "id": asked.message.get("id"), "result": results[asked.asks]})
    await asked.answer(200, f": hello\n\nevent: message\ndata: {message}\n\n".encode(), EVENTS)


async def endless(asked: Asked) -> None:
    """Give one page after the other, and never the last."""
    number = int((asked.message.get("params") or {}).get("cursor", 0))
    if asked.asks == "tools/list":
        await asked.result({"tools": tools(1, number), "nextCursor": str(number + 1), **CACHE})
    else:
        await modern(asked)


async def no_tools(asked: Asked) -> None:
    """Know no list of tools."""
    await (asked.error(-32601, "Method not found") if asked.asks == "tools/list" else handshake([])(asked))


async def login(asked: Asked) -> None:
    """Want a login, and say which."""
    metadata = f"{asked.origin}/metadata"
    await asked.answer(401, WWW_Authenticate=f'Bearer error="invalid_token", resource_metadata="{metadata}"')


async def refusing(asked: Asked) -> None:
    """Greet everybody, and list nothing without a login."""
    await (asked.error(-32001, "Authentication required") if asked.asks == "tools/list" else handshake([])(asked))


async def stall(asked: Asked) -> None:  # noqa: ARG001  # it answers nobody
    """Say nothing."""
    await asyncio.sleep(NEVER)


async def trickle(asked: Asked) -> None:
    """Send an answer byte by byte, slowly."""
    asked.writer.write(b"HTTP/1.1 200 -\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while True:
        asked.writer.write(b" ")
        await asked.writer.drain()
        await asyncio.sleep(0.5)


async def chatter(asked: Asked) -> None:
    """Open a stream and send comments for ever."""
    asked.writer.write(f"HTTP/1.1 200 -\r\nContent-Type: {EVENTS}\r\nConnection: close\r\n\r\n".encode())
    while True:
        asked.writer.write(b": still here\n\n")
        await asked.writer.drain()
        await asyncio.sleep(0.5)


async def flood(asked: Asked) -> None:
    """Send 50 MB."""
    asked.writer.write(b"HTTP/1.1 200 -\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n\r\n")
    for _ in range(500):
        asked.writer.write(b'"' + b"x" * 99_999)
        await asked.writer.drain()


async def reset(asked: Asked) -> None:
    """Break the connection off."""
    plug = asked.writer.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    asked.writer.close()


def always(status: int, body: bytes = b"", kind: str = JSON, **headers: str) -> Callable[[Asked], Awaitable[None]]:
    """Give everybody the same answer."""

    async def give(asked: Asked) -> None:
        await asked.answer(status, body, kind, **{name: value.format(asked.origin) for name, value in headers.items()})

    return give


SLOPPY = [{"name": "a", "inputSchema": {}}, {"name": "b", "description": 7}, {"title": "no name"}, "no tool", TOOL]
BOMB = gzip.compress(bytes(10_000_000))
METADATA = {"resource": "x", "authorization_servers": ["https://login.example"], "scopes_supported": ["read"]}
PAGE = b"<!doctype html><title>Welcome</title>"
ANSWERS: dict[str, Callable[[Asked], Awaitable[None]]] = {
    "modern": modern,
    "handshake": handshake(tools(3), session="s1"),
    "streamed": streamed,
    "paged": handshake(*(tools(3, 3 * number) for number in range(5))),
    "sloppy": handshake(SLOPPY),
    "wordy": handshake([TOOL | {"description": "x" * 3_000_000}]),
    "empty": handshake([]),
    "no-tools": no_tools,
    "login": login,
    "refusing": refusing,
    "forbidden": always(403),
    "html": always(200, PAGE, "text/html; charset=utf-8"),
    "missing": always(404, PAGE, "text/html"),
    "not-allowed": always(405),
    "failing": always(500),
    "busy": always(429, Retry_After="3600"),
    "garbage": always(200, b"{]"),
    "other-json": always(200, b'{"hello": "world"}'),
    "accepting": always(202),
    "stall": stall,
    "trickle": trickle,
    "chatter": chatter,
    "endless": endless,
    "giant": handshake(tools(20_000)),
    "flood": flood,
    "bomb": always(200, BOMB, JSON, Content_Encoding="gzip"),
    "moved": always(307, Location="{}/modern/moved"),
    "to-private": always(307, Location="http://10.0.0.1/mcp"),
    "to-metadata": always(302, Location="http://169.254.169.254/latest/meta-data"),
    "to-file": always(307, Location="file:///etc/passwd"),
    "in-circles": always(307, Location="{}/in-circles/again"),
    "reset": reset,
    "metadata": always(200, json.dumps(METADATA).encode()),
}


class Remotes:
    """All of them behind one port, and the streams of those that speak HTTP+SSE."""

    def __init__(self) -> None:
        self.streams: dict[str, asyncio.StreamWriter] = {}

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests."""
        host, port = writer.get_extra_info("sockname")[:2]
        try:
            async for method, path, body in _requests(reader):
                message = json.loads(body) if body else {}
                await self.answer(Asked(method, path, message, writer, f"http://{host}:{port}"))
        except (ConnectionError, asyncio.IncompleteReadError):
            # They hang up as they like.
            pass
        finally:
            writer.close()

    async def answer(self, asked: Asked) -> None:
        """Answer as the first part of the path says."""
        kind = asked.path.split("/")[1]
        if kind in {"events", "events-only"}:
            await self._events(asked)
        else:
            await ANSWERS.get(kind, always(404))(asked)

    async def _events(self, asked: Asked) -> None:
        """Speak HTTP+SSE: a stream is asked for, and its messages are sent where it says."""
        where = asked.path.removesuffix("/said")
        if asked.method == "GET":
            self.streams[where] = asked.writer
            head = f"HTTP/1.1 200 -\r\nContent-Type: {EVENTS}\r\nConnection: close\r\n\r\n"
            asked.writer.write(f"{head}event: endpoint\ndata: {where}/said\n\n".encode())
            await asyncio.sleep(NEVER)
        if where == asked.path:
            await asked.answer(405)
            return
        await asked.answer(202)
        results = {"initialize": greeting("2024-11-05"), "tools/list": {"tools": tools(3)}}
        if asked.asks in results:
            message = json.dumps({"jsonrpc": "2.0", "id": asked.message["id"], "result": results[asked.asks]})
            self.streams[where].write(f"event: message\ndata: {message}\n\n".encode())
            await self.streams[where].drain()


async def _requests(reader: asyncio.StreamReader) -> AsyncIterator[tuple[str, str, bytes]]:
    # What comes encrypted, or is no request, is not answered.
    while (first := await reader.read(1)).isalpha():
        method, path, _ = (first + await reader.readline()).decode("latin-1").split(" ", 2)
        length = 0
        while (header := await reader.readline()).strip():
            name, _, value = header.decode("latin-1").partition(":")
            length = int(value) if name.lower() == "content-length" else length
        yield method, path, await reader.readexactly(length)


def serve(told: Connection) -> None:
    """Be all of them, in a process of its own, and tell the port."""

    async def run() -> None:
        server = await asyncio.start_server(Remotes().connected, "127.0.0.1", 0, backlog=1_000)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())
