"""What places ask of robots, and that one which does not answer holds up no other."""

import asyncio
import socket
from typing import Any

import pytest

from crawler.fetch import Fetcher
from crawler.manners import Bounds, Manners
from crawler.rate import UNBOUNDED
from crawler.robots import Robots
from toolcensus.errors import FetchError

OWN = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=Bounds(seconds=0.5, attempts=1))


def test_rules_are_obeyed_and_asked_for_once(loopback: Any) -> None:
    loopback.serve("/robots.txt", b"User-agent: *\nDisallow: /private\n")

    async def act() -> None:
        async with Fetcher(OWN) as fetcher:
            robots = Robots(fetcher)
            await asyncio.gather(*(robots.check(f"{loopback.url}/open/{number}") for number in range(3)))
            with pytest.raises(FetchError, match="does not want robots to read"):
                await robots.check(f"{loopback.url}/private/x")

    asyncio.run(act())
    assert loopback.paths() == ["/robots.txt"]


def test_place_that_does_not_answer_holds_up_no_other(loopback: Any) -> None:
    async def act() -> list[str]:
        ended: list[str] = []

        async def check(robots: Robots, url: str) -> None:
            try:
                await robots.check(url)
                ended.append("read")
            except FetchError as error:
                ended.append(error.reason)

        with socket.create_server(("127.0.0.1", 0)) as silent:
            async with Fetcher(OWN) as fetcher:
                robots = Robots(fetcher)
                slow = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
                await asyncio.gather(check(robots, slow), check(robots, loopback.url + "/x"))
        return ended

    assert asyncio.run(act()) == ["read", "timeout"]
