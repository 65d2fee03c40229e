"""The one clock: pure code is handed the time, and only the top floor asks for it."""

from datetime import UTC, datetime


def now() -> str:
    """Return the time as the index writes it: ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
