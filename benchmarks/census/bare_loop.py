"""The bare loop that a crawl is measured against: httpx asks the same URLs, as many at once, and throws them away.

    python -m benchmarks.census.bare_loop RECORD

Like the crawl it has one client a source with eight connections, all in one event loop; it reads nothing of what it
gets, keeps nothing, tries nothing twice and checks nothing.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

AT_ONCE = 8
PATIENCE = 60.0

Asked = Sequence[tuple[str, dict[str, str]]]


async def ask(urls: Asked) -> None:
    """Ask for one source's URLs."""
    left = iter(urls)
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(
        limits=limits, trust_env=False, timeout=PATIENCE, headers={"Accept-Encoding": "gzip"}
    ) as client:

        async def work() -> None:
            for url, headers in left:
                await client.get(url, headers=headers)

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def ask_all(sources: Sequence[Asked]) -> None:
    """Ask for the URLs of all sources, side by side."""
    await asyncio.gather(*(ask(urls) for urls in sources))


def main() -> None:
    """Print how many URLs were asked for, and the wall and processor seconds."""
    sources = json.loads(Path(sys.argv[1]).read_text())["asked"]
    started, used = time.perf_counter(), time.process_time()
    asyncio.run(ask_all(sources))
    wall, processor = time.perf_counter() - started, time.process_time() - used
    print(json.dumps({"urls": sum(map(len, sources)), "wall": wall, "processor": processor}))


if __name__ == "__main__":
    main()
