"""How fast one host is asked: how many at once, how many a second, how often again, and not before it says so."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from aiolimiter import AsyncLimiter


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests at once, and requests a second (None where the host is one's own)."""

    parallel: int = 1
    per_second: float | None = 1.0


POLITE = Rate()
REGISTRY = Rate(parallel=8, per_second=10.0)
"""Package registries serve whole fleets of build machines from content networks."""
UNBOUNDED = Rate(parallel=16, per_second=None)


@dataclass
class Pace:
    """One host's pace. `retries_left` is its budget: a host that keeps failing is soon asked only once a page."""

    rate: Rate
    retries_left: int = 24
    resume_at: float = 0.0
    _slots: asyncio.Semaphore = field(init=False)
    _limiter: AsyncLimiter | None = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.rate.parallel)
        # One at a time out of the bucket: no burst at the start.
        per_second = self.rate.per_second
        self._limiter = AsyncLimiter(1, 1 / per_second) if per_second else None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and hold a slot while the block runs."""
        async with self._slots:
            await asyncio.sleep(max(0.0, self.resume_at - time.monotonic()))
            if self._limiter:
                await self._limiter.acquire()
            yield

    def hold(self, seconds: float) -> None:
        """Let nobody ask this host for so many seconds: it said `Retry-After`."""
        self.resume_at = max(self.resume_at, time.monotonic() + seconds)

    def take_retry(self) -> bool:
        """Take one retry out of the budget; False where it is spent."""
        self.retries_left -= 1
        return self.retries_left >= 0


def retry_after(header: str, now: float) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, given in seconds or as a date."""
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return None
