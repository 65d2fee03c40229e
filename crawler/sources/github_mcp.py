"""GitHub's MCP registry: a selection that GitHub curates, in the official registry's interface."""

from crawler.rate import Rate
from crawler.registry_page import first_page, read_page, smaller
from crawler.source import Reading, Request

NAME = "github-mcp"
HOMEPAGE = "https://github.com/mcp"
LICENCE = "not stated; descriptions are their publishers'"
TERMS = "Read by clients without a key; no limit is stated."
EXPECTED = (20, 5_000)
PACE = Rate(parallel=1, per_second=1.0)
SERVICES = {"github-mcp": "https://api.mcp.github.com"}
APIS = ("github-mcp",)
KEY = None
CHANGES = False


__all__ = ["smaller"]


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the latest versions."""
    del since, has_key
    return (first_page("github-mcp", None),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read one page of servers."""
    return read_page(NAME, request, body, seen)
