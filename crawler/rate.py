"""How fast a host may be asked, as a number that sources state and the fetcher's pace obeys."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests at once, and requests a second (None where the host is one's own)."""

    parallel: int = 1
    per_second: float | None = 1.0


POLITE = Rate()
REGISTRY = Rate(parallel=8, per_second=10.0)
"""Package registries serve whole fleets of build machines from content networks."""
UNBOUNDED = Rate(parallel=8, per_second=None)
