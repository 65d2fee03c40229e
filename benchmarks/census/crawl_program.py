"""Toolcensus itself, watched.

    python -m benchmarks.census.crawl_program [--any-size] [--record FILE] ARGUMENTS…

--any-size lets every source have any number of servers, as a made-up registry has; --record writes what was asked:
for each source the URLs with their headers, in order, and which of them were details.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.answer import Answered
from crawler.fetch import Fetcher
from crawler.manners import Page
from crawler.source import Request
from interfaces.flows import census, places
from interfaces.flows.ledger import Account
from interfaces.main import main

ANY_SIZE = (0, 10_000_000)


class Recorded(Fetcher):
    """A fetcher that remembers what it is asked for."""

    lists: list[list[tuple[str, dict[str, str]]]] = []  # noqa: RUF012  # one list for all, as is wanted
    began, processor, peak = 0.0, 0.0, 0
    """Processor seconds until the first source and for reading them all; peak memory in KB when all were read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        Recorded.began = Recorded.began or time.process_time()
        super().__init__(*arguments, **options)
        self._own: list[tuple[str, dict[str, str]]] = []
        self.lists.append(self._own)

    async def fetch_bytes(self, url: str, **how: Any) -> Page:
        """Note the URL and its headers, and fetch it."""
        self._own.append((url, {"Accept": how.get("accept", "*/*"), **(how.get("extra") or {})}))
        return await super().fetch_bytes(url, **how)

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__()
        Recorded.processor = time.process_time() - Recorded.began
        Recorded.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Accounted(Account):
    """An account that remembers which answers were of details, and which of these were absent."""

    details: list[str] = []  # noqa: RUF012  # one list for all, as is wanted
    absent: list[str] = []  # noqa: RUF012  # the same

    def keep(self, answered: Answered) -> Sequence[Request]:
        """Note a detail, and keep the answer."""
        if answered.request.about is not None:
            self.details.append(answered.url)
        if answered.is_absent:
            self.absent.append(answered.url)
        return super().keep(answered)


def run() -> None:
    """Take this program's own options off, and be `toolcensus` with the others."""
    arguments = sys.argv[1:]
    if arguments[0] == "--any-size":
        arguments = arguments[1:]
        for source in places.all_sources().values():
            source.EXPECTED = ANY_SIZE
    record = None
    if arguments[0] == "--record":
        record, arguments = Path(arguments[1]), arguments[2:]
        census.Fetcher, census.Account = Recorded, Accounted  # type: ignore[attr-defined]  # to be watched
    sys.argv = ["toolcensus", *arguments]
    try:
        main()
    finally:
        if record:
            told: dict[str, Any] = {
                "asked": Recorded.lists,
                "details": Accounted.details,
                "processor": Recorded.processor,
            }
            told |= {"peak": Recorded.peak, "absent": Accounted.absent}
            record.write_text(json.dumps(told))


if __name__ == "__main__":
    run()
