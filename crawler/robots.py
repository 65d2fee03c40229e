"""What a place asks of robots (RFC 9309): read once an origin, and obeyed."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from crawler.fetch import Fetcher
from crawler.manners import StatusError
from toolcensus.errors import FetchError

WHO = "toolcensus"
DISALLOWED: Final = "robots"
SERVER_ERROR = 500
LARGEST = 500 * 1024
"""Bytes of a robots.txt that are read, as the standard asks at least."""


class Robots:
    """Remembers what each origin's robots.txt says."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, Protego | None] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def check(self, url: str) -> None:
        """Raise FetchError where the origin of `url` does not want it to be read, or cannot be asked."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._asking.setdefault(origin, asyncio.Lock()):
            if origin not in self._rules:
                self._rules[origin] = await self._read(f"{origin}/robots.txt")
        rules = self._rules[origin]
        if rules and not rules.can_fetch(url, WHO):
            raise FetchError(f"{parts.netloc} does not want robots to read {url}", url=url, reason=DISALLOWED)

    async def _read(self, url: str) -> Protego | None:
        """Return the rules, None where there are none: a refusal to show them is no rule, a failure is no answer."""
        try:
            page = await self._fetcher.fetch_bytes(url, accept="text/plain")
        except StatusError as error:
            if error.status >= SERVER_ERROR:
                raise
            return None
        return Protego.parse(page.body[:LARGEST].decode(errors="replace"))
