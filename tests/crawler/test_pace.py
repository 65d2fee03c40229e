"""How fast one host is asked."""

import asyncio
import time

import pytest

from crawler.pace import Pace, asked_wait, is_limit, retry_after
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


@pytest.mark.parametrize(("per_second", "least", "most"), [(1000.0, 0.19, 9.0), (None, 0.0, 0.1)])
def test_host_that_asks_for_a_pause_gets_it_from_everybody_unless_it_is_ones_own(
    per_second: float | None, least: float, most: float
) -> None:
    async def run() -> float:
        pace = Pace(Rate(parallel=4, per_second=per_second))
        pace.hold(0.2)
        started = time.monotonic()
        async with pace.turn():
            return time.monotonic() - started

    assert least <= asyncio.run(run()) <= most


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7", "x-ratelimit-remaining-minute": "0"}, 7.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 40)}, 40.0),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": str(int(NOW) + 40)}, None),
        ({"x-ratelimit-remaining-minute": "0", "x-ratelimit-remaining-hour": "17"}, 60.0),
        ({}, None),
    ],
)
def test_wait_is_until_the_window_that_is_used_up_ends(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, NOW) == seconds


def test_refusal_is_a_limit_only_where_it_says_so() -> None:
    assert is_limit(403, {"x-ratelimit-remaining": "0"})
    assert not is_limit(403, {"x-ratelimit-remaining": "9"})
    assert not is_limit(404, {"retry-after": "1"})


def test_answers_earn_retries_back_up_to_the_budget() -> None:
    pace = Pace(Rate(), retries_left=0)
    for _ in range(2):
        pace.earn_retry()
    assert [pace.take_retry() for _ in range(2)] == [True, False]


def test_retries_of_one_host_are_a_budget() -> None:
    pace = Pace(Rate(), retries_left=2)
    assert [pace.take_retry() for _ in range(4)] == [True, True, False, False]


def test_conversations_with_one_host_take_turns_and_their_requests_keep_its_pace() -> None:
    held: list[str] = []

    async def talk(pace: Pace, name: str) -> None:
        async with pace.visit():
            for _ in range(2):
                await pace.wait()
                held.append(name)

    async def act(rate: Rate) -> float:
        pace = Pace(rate)
        started = time.monotonic()
        await asyncio.gather(talk(pace, "a"), talk(pace, "b"))
        return time.monotonic() - started

    assert asyncio.run(act(Rate(parallel=1, per_second=50.0))) >= 3 / 50
    assert held == ["a", "a", "b", "b"]


def test_conversations_with_ones_own_host_are_held_side_by_side() -> None:
    async def act() -> int:
        pace, met = Pace(Rate(parallel=1, per_second=None)), asyncio.Barrier(3)

        async def talk() -> None:
            async with pace.visit():
                await met.wait()

        await asyncio.wait_for(asyncio.gather(*(talk() for _ in range(3))), 5)
        return met.n_waiting

    assert asyncio.run(act()) == 0
