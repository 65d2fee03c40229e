"""How fast one host is asked: how many at once, how many a second, how often again, and not before it says so."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from aiolimiter import AsyncLimiter

from crawler.rate import Rate

FORBIDDEN = 403
WINDOWS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}
BUDGET = 24.0
EARNED = 0.5


@dataclass
class Pace:
    """One host's pace. `retries_left` is its budget: a host that keeps failing is soon asked only once a page.

    Every answer earns a part of a retry, so that a long walk through a host that fails now and then comes to its end.
    """

    rate: Rate
    retries_left: float = BUDGET
    resume_at: float = 0.0
    _slots: asyncio.Semaphore = field(init=False)
    _visits: asyncio.Semaphore = field(init=False)
    _limiter: AsyncLimiter | None = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.rate.parallel)
        self._visits = asyncio.Semaphore(self.rate.parallel)
        # One at a time out of the bucket: no burst at the start.
        per_second = self.rate.per_second
        self._limiter = AsyncLimiter(1, 1 / per_second) if per_second else None

    def turn(self) -> "Turn":
        """Wait for one's turn, and hold a slot while the block runs."""
        return Turn(self, self._slots)

    async def wait(self) -> None:
        """Wait until the next request may be sent."""
        if self.resume_at and (pause := self.resume_at - time.monotonic()) > 0.0:
            await asyncio.sleep(pause)
        if self._limiter:
            await self._limiter.acquire()

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[None]:
        """Hold one of the host's conversations while the block runs, of several requests that each `wait`.

        A host with hundreds of endpoints has as few at once as other hosts have; one's own host as many as one likes.
        """
        if self.rate.per_second is None:
            yield
            return
        async with self._visits:
            yield

    def hold(self, seconds: float) -> None:
        """Let nobody ask this host for so many seconds: it said `Retry-After`.

        On a host of one's own that is asked without a pause, only the request that was told so waits.
        """
        if self.rate.per_second is not None:
            self.resume_at = max(self.resume_at, time.monotonic() + seconds)

    def take_retry(self) -> bool:
        """Take one retry out of the budget; False where it is spent."""
        self.retries_left = max(-1.0, self.retries_left - 1)
        return self.retries_left >= 0

    def earn_retry(self) -> None:
        """Take note of an answer: the host is well."""
        self.retries_left = min(BUDGET, self.retries_left + EARNED)


class Turn:
    """One's turn at a host, held while the block runs; a class, since every request has one."""

    __slots__ = ("_pace", "_slots")

    def __init__(self, pace: Pace, slots: asyncio.Semaphore) -> None:
        self._pace, self._slots = pace, slots

    async def __aenter__(self) -> None:
        await self._slots.acquire()
        try:
            await self._pace.wait()
        except BaseException:
            self._slots.release()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._slots.release()


def retry_after(header: str, now: float) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, given in seconds or as a date."""
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that an answer asks to wait: by `Retry-After`, else by the end of a window that is used up.

    GitHub gives the window's end in `X-RateLimit-Reset` (seconds since 1970); PulseMCP only says which window it is.
    """
    if (wait := retry_after(headers.get("retry-after", ""), now)) is not None:
        return wait
    end = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and end.isdecimal():
        return max(1.0, float(end) - now)
    used_up = [seconds for window, seconds in WINDOWS.items() if headers.get(f"x-ratelimit-remaining-{window}") == "0"]
    return max(used_up, default=None)


def is_limit(status: int, headers: Mapping[str, str]) -> bool:
    """Say whether a refusal means that a window is used up, as GitHub's 403 may."""
    return status == FORBIDDEN and ("retry-after" in headers or headers.get("x-ratelimit-remaining") == "0")
