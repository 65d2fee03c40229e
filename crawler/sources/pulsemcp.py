"""PulseMCP: a directory that adds its own to the official registry, in the same interface, with a key."""

from crawler.rate import Rate
from crawler.registry_page import first_page, read_page, smaller
from crawler.source import Key, Reading, Request

NAME = "pulsemcp"
HOMEPAGE = "https://www.pulsemcp.com/api"
LICENCE = "not stated; for holders of a key"
TERMS = "Holders of a key may ask 200 times a minute, 5,000 an hour, 10,000 a day (its API's documentation)."
EXPECTED = (1_500, 100_000)
PACE = Rate(parallel=1, per_second=1.0)
SERVICES = {"pulsemcp": "https://api.pulsemcp.com"}
APIS = ("pulsemcp",)
KEY = Key(variable="PULSEMCP_API_KEY", service="pulsemcp", needed=True, header="X-API-Key", scheme="")
CHANGES = True


__all__ = ["smaller"]


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the latest versions, or for those that changed, the deleted ones included."""
    del has_key
    return (first_page("pulsemcp", since),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read one page of servers."""
    return read_page(NAME, request, body, seen)
