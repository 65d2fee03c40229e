"""The official MCP registry: what its authors publish there, one row a server's latest version."""

from crawler.rate import Rate
from crawler.registry_page import first_page, read_page, smaller
from crawler.source import Reading, Request

NAME = "official"
HOMEPAGE = "https://registry.modelcontextprotocol.io"
LICENCE = "not stated; descriptions are their publishers'"
TERMS = "Open to aggregators, which are to read it about once an hour and keep what they read (its aggregators' guide)."
EXPECTED = (8_000, 100_000)
PACE = Rate(parallel=2, per_second=2.0)
SERVICES = {"official": "https://registry.modelcontextprotocol.io"}
APIS = ("official",)
KEY = None
CHANGES = True


__all__ = ["smaller"]


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the latest versions, or for those that changed, the deleted ones included."""
    del has_key
    return (first_page("official", since),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read one page of servers."""
    return read_page(NAME, request, body, seen)
