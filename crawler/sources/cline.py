"""Cline's marketplace: one document of all servers that it offers."""

import msgspec

from crawler.json_page import Row, decode, digest_of, rows, said
from crawler.rate import Rate
from crawler.source import Flaw, Reading, Request
from toolcensus.records import Sighting

NAME = "cline"
HOMEPAGE = "https://cline.bot/mcp-marketplace"
LICENCE = "not stated; descriptions are their authors'"
TERMS = "Read by its own clients without a key; no limit is stated."
EXPECTED = (100, 10_000)
PACE = Rate(parallel=1, per_second=1.0)
SERVICES = {"cline": "https://api.cline.bot"}
APIS = ("cline",)
KEY = None
CHANGES = False


class _Server(Row, frozen=True, rename="camel"):
    mcp_id: str
    name: str | None = None
    description: str | None = None
    github_url: str | None = None
    github_stars: int | None = None


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the one document."""
    del since, has_key
    return (Request(service="cline", path="v1/mcp/marketplace"),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read all servers."""
    del request
    flaws: list[Flaw] = []
    found = [_sighting(server, raw, seen) for server, raw in rows(decode(body, list[msgspec.Raw]), _Server, "", flaws)]
    return Reading(sightings=tuple(found), flaws=tuple(flaws))


def _sighting(server: _Server, raw: bytes, seen: str) -> Sighting:
    return Sighting(
        source=NAME,
        source_id=server.mcp_id,
        seen=seen,
        name=said(server.name) or server.mcp_id,
        description=said(server.description),
        repository=said(server.github_url),
        popularity=server.github_stars,
        digest=digest_of(raw),
    )
