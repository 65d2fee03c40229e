"""How fast one host is asked."""

import asyncio
import time

import pytest

from crawler.pace import Pace, retry_after
from crawler.rate import Rate

NOW = 1_795_500_000.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), ("", None), ("soon", None), ("-1", None), ("Tue, 24 Nov 2026 06:00:30 GMT", 30.0)],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    now = 1_795_500_000.0
    assert retry_after(header, now) == seconds


def test_date_that_has_passed_asks_for_no_wait() -> None:
    assert retry_after("Tue, 24 Nov 2020 06:00:00 GMT", NOW) == 0.0


def test_requests_are_spread_over_time_from_the_first_on() -> None:
    async def run() -> float:
        pace = Pace(Rate(parallel=8, per_second=20.0))

        async def ask() -> None:
            async with pace.turn():
                pass

        started = time.monotonic()
        await asyncio.gather(*(ask() for _ in range(5)))
        return time.monotonic() - started

    assert asyncio.run(run()) >= 4 / 20 * 0.9


def test_no_more_than_so_many_are_under_way_at_once() -> None:
    async def run() -> int:
        pace = Pace(Rate(parallel=2, per_second=None))
        under_way, most = 0, 0

        async def ask() -> None:
            nonlocal under_way, most
            async with pace.turn():
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.01)
                under_way -= 1

        await asyncio.gather(*(ask() for _ in range(6)))
        return most

    assert asyncio.run(run()) == 2


def test_host_that_asks_for_a_pause_gets_it_from_everybody() -> None:
    async def run() -> float:
        pace = Pace(Rate(parallel=4, per_second=None))
        pace.hold(0.2)
        started = time.monotonic()
        async with pace.turn():
            return time.monotonic() - started

    assert asyncio.run(run()) >= 0.19


def test_retries_of_one_host_are_a_budget() -> None:
    pace = Pace(Rate(), retries_left=2)
    assert [pace.take_retry() for _ in range(4)] == [True, True, False, False]
