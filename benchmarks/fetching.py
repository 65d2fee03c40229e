"""How much time the fetcher's care costs: pages a second against a bare httpx loop, from a server on this machine.

`python -m benchmarks.fetching`
"""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import httpx

from crawler.fetch import Fetcher
from crawler.manners import Manners
from crawler.rate import Rate

PAGES = 500
AT_ONCE = 8
BODY = b"x" * 20_000
ROUNDS = 5


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request on a connection with the same page."""
    head = f'HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\nETag: "1"\r\n\r\n'.encode()
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(head + BODY)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def serve(told: Connection) -> None:
    """Be the server, in a process of its own, and tell the port."""

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def pages_a_second(ask: Callable[[], Awaitable[object]]) -> float:
    """Ask for every page, so many at once."""
    left = iter(range(PAGES))

    async def worker() -> None:
        for _ in left:
            await ask()

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return PAGES / (time.perf_counter() - started)


async def measure(url: str) -> tuple[float, float]:
    """Return pages a second, of a bare loop and of the fetcher: the best of rounds that take turns."""
    own = Manners(usual=Rate(parallel=AT_ONCE, per_second=None), allowed={"127.0.0.1"})
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client, Fetcher(own) as fetcher:
        rounds = [
            (await pages_a_second(lambda: client.get(url)), await pages_a_second(lambda: fetcher.fetch_bytes(url)))
            for _ in range(ROUNDS)
        ]
    return max(bare for bare, _ in rounds), max(ours for _, ours in rounds)


def main() -> None:
    """Print both rates and their ratio."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    server = context.Process(target=serve, args=(tell,), daemon=True)
    server.start()
    bare, ours = asyncio.run(measure(f"http://127.0.0.1:{hear.recv()}/page"))
    server.terminate()
    print(f"bare httpx loop   {bare:8,.0f} pages/s")
    print(f"our fetcher       {ours:8,.0f} pages/s   ({ours / bare:.2f} of the bare loop)")


if __name__ == "__main__":
    main()
