"""Ask 500 made-up remotes of mixed behaviour side by side: outcomes against those expected, seconds, peak memory.

`python -m benchmarks.live`. The remotes run in a process of their own; each round in a fresh one, for its peak memory.
"""

import asyncio
import multiprocessing
import resource
import socket
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.made_up_remotes import serve
from crawler.confined import Failure, Reading
from crawler.fetch import Fetcher
from crawler.listing import Means
from crawler.listings import live
from crawler.manners import Manners
from crawler.rate import UNBOUNDED
from toolcensus.records import Listing, Outcome, Server

AT = "2026-11-24T00:00:00Z"
ROUNDS = (100, 500)
AT_ONCE = 256
HERE = "127.0.0.1"
EXPECTED: dict[str, tuple[Outcome, int]] = {
    **dict.fromkeys(("modern", "handshake", "streamed", "events", "events-only", "moved", "sloppy"), ("listed", 3)),
    "paged": ("listed", 15),
    "wordy": ("listed", 1),
    **dict.fromkeys(("empty", "no-tools"), ("listed", 0)),
    **dict.fromkeys(("login", "refusing", "forbidden"), ("needs-credentials", 0)),
    **dict.fromkeys(("html", "garbage", "other-json", "accepting"), ("not-a-server", 0)),
    **dict.fromkeys(("missing", "not-allowed", "failing", "busy", "reset"), ("unreachable", 0)),
    **dict.fromkeys(("closed", "nameless", "unencrypted"), ("unreachable", 0)),
    **dict.fromkeys(("stall", "trickle", "chatter"), ("timed-out", 0)),
    **dict.fromkeys(("endless", "giant", "flood", "bomb"), ("refused", 0)),
    **dict.fromkeys(("to-private", "to-metadata", "to-file", "in-circles", "rebinding"), ("refused", 0)),
}
"""Each kind of remote, how asking it has to end, and with how many tools."""


class Names:
    """Looks names up: here, nowhere, or here only after having been elsewhere (DNS rebinding)."""

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return the addresses of a host."""
        if host.startswith("nameless"):
            raise OSError(f"no address for {host}:{port}")
        return ("203.0.113.9", HERE) if host.startswith("rebinding") else (host,)


def remotes(count: int, port: int, closed: int) -> Iterator[tuple[str, str]]:
    """Yield so many kinds and addresses, each kind in its turn."""
    kinds = list(EXPECTED)
    elsewhere = {
        "closed": f"http://{HERE}:{closed}/mcp",
        "unencrypted": f"https://{HERE}:{port}/modern",
        "nameless": "https://nameless.example/mcp",
        "rebinding": f"http://rebinding.example:{port}/modern",
        "events": f"http://{HERE}:{port}/events/{{}}/sse",
    }
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield kind, elsewhere.get(kind, f"http://{HERE}:{port}/{kind}/{{}}").format(number)


async def ask_all(count: int, port: int, closed: int) -> list[tuple[str, Listing]]:
    """Ask them all, so many side by side."""
    places = asyncio.Semaphore(AT_ONCE)

    async def nothing(_: Path) -> Reading | Failure:
        raise AssertionError("no package is read here")

    async with Fetcher(Manners(usual=UNBOUNDED, allowed={HERE}), Names().resolve) as fetcher:
        means = Means(fetcher, {}, nothing)

        async def ask(kind: str, url: str) -> tuple[str, Listing]:
            async with places:
                answer = await live.list_tools(Server(key=url, slug=kind, name=kind, remotes=(url,)), AT, means)
            assert answer.listing
            return kind, answer.listing

        return await asyncio.gather(*(ask(kind, url) for kind, url in remotes(count, port, closed)))


def measure(count: int, port: int, closed: int, told: Connection) -> None:
    """Tell the seconds, the peak memory in megabytes, and how each kind ended."""
    started = time.monotonic()
    heard = asyncio.run(ask_all(count, port, closed))
    seconds = time.monotonic() - started
    got = Counter((kind, listing.outcome, len(listing.tools)) for kind, listing in heard)
    reasons = {kind: listing.reason for kind, listing in heard}
    told.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, got, reasons))


def in_own_process(
    count: int, port: int, closed: int
) -> tuple[float, float, Counter[tuple[str, str, int]], dict[str, str]]:
    """Measure one round in a fresh process."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    asker = context.Process(target=measure, args=(count, port, closed, tell))
    asker.start()
    found: tuple[float, float, Counter[tuple[str, str, int]], dict[str, str]] = hear.recv()
    asker.join()
    return found


def main() -> None:
    """Print how every kind ended, the time, and the memory of both rounds."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    server = context.Process(target=serve, args=(tell,), daemon=True)
    server.start()
    port = hear.recv()
    with socket.create_server((HERE, 0)) as unused:
        closed = unused.getsockname()[1]
    rounds = [(count, *in_own_process(count, port, closed)) for count in ROUNDS]
    server.terminate()
    _, _, _, got, reasons = rounds[-1]
    wrong = 0
    for kind, expected in EXPECTED.items():
        ends = {(outcome, tools): times for (name, outcome, tools), times in got.items() if name == kind}
        right = set(ends) == {expected}
        wrong += sum(times for end, times in ends.items() if end != expected)
        ended = ", ".join(f"{outcome} {tools} ×{times}" for (outcome, tools), times in ends.items())
        print(f"{'ok   ' if right else 'WRONG'} {kind:12} {ended:28} {reasons[kind][:110]}")
    for count, seconds, megabytes, _, _ in rounds:
        print(f"{count} endpoints: {seconds:.1f} s, peak memory {megabytes:.0f} MB")
    print(f"{wrong} outcomes of {ROUNDS[-1]} are wrong")


if __name__ == "__main__":
    main()
