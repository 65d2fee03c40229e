"""Serves the made-up registry from a process of its own on this machine, with faults or without."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.census.made_up_faults import Faults
from benchmarks.census.made_up_pages import SERVICES, Answer, MadeUp

WELL = "/__well"
"""Asking for this ends all faults."""


@dataclass(frozen=True)
class Wanted:
    """Which registry: at least so many sightings, `numbered` for list pages alone, and the seed of its faults."""

    count: int
    numbered: bool = False
    faults: int | None = None


class Server:
    """A minimal HTTP/1.1 server: GET, connections kept, validators by ETag."""

    def __init__(self, wanted: Wanted) -> None:
        self.registry = MadeUp.numbered(wanted.count) if wanted.numbered else MadeUp.of(wanted.count)
        self.faults = None if wanted.faults is None else Faults(wanted.faults)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer request after request on one connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                request, *lines = head.split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                answer = self._answer(request.split(" ")[1], headers.get("if-none-match"))
                await asyncio.sleep(answer.stall)
                writer.write(_written(answer))
                await writer.drain()
                if answer.cut:
                    break
        writer.close()

    def _answer(self, target: str, known: str | None) -> Answer:
        if target == WELL:
            self.faults = None
            return Answer()
        answer = self.registry.answer(target)
        if self.faults:
            answer = self.faults.spoil(target, answer)
        if known and answer.headers.get("ETag") == known:
            return Answer(status=304, headers=answer.headers)
        return answer


def _written(answer: Answer) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} -",
        f"Content-Type: {answer.kind}",
        f"Content-Length: {len(answer.body)}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    body = answer.body[: len(answer.body) // 2] if answer.cut else answer.body
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _serve(told: Connection, wanted: Wanted) -> None:
    """Be the server, and tell the port."""

    async def run() -> None:
        server = await asyncio.start_server(Server(wanted).converse, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def served(wanted: Wanted, folder: Path) -> Iterator[Path]:
    """Serve while the block runs; yield an endpoints file for it, written into `folder`."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(tell, wanted), daemon=True)
    process.start()
    try:
        base = f"http://127.0.0.1:{hear.recv()}"
        path = folder / f"endpoints-{process.pid}.toml"
        path.write_text("".join(f'{service} = "{base}/{service}"\n' for service in SERVICES))
        yield path
    finally:
        process.terminate()
        process.join()
