"""Glama: a directory of servers by namespace and slug. Its list carries tools where Glama has inspected a server."""

import msgspec

from crawler.json_page import NOTHING, Row, decode, digest_of, rows, said, tools
from crawler.rate import Rate
from crawler.source import Flaw, Key, Reading, Request
from toolcensus.records import Sighting

NAME = "glama"
HOMEPAGE = "https://glama.ai/mcp/servers"
LICENCE = "not stated; descriptions are their authors'"
TERMS = "A public API; no limit is stated, and a key is asked for at times."
EXPECTED = (5_000, 250_000)
PACE = Rate(parallel=1, per_second=2.0)
SERVICES = {"glama": "https://glama.ai"}
APIS = ("glama",)
KEY = Key(variable="GLAMA_API_KEY", service="glama", needed=False)
CHANGES = False


class _Link(Row, frozen=True):
    url: str | None = None


class _Licence(Row, frozen=True):
    name: str | None = None


class _Server(Row, frozen=True, rename={"licence": "spdxLicense"}):
    namespace: str
    slug: str
    name: str | None = None
    description: str | None = None
    repository: _Link | None = None
    licence: _Licence | None = None
    tools: msgspec.Raw = NOTHING


class _PageInfo(Row, frozen=True, rename="camel"):
    end_cursor: str | None = None
    has_next_page: bool = False


class _Page(Row, frozen=True, rename={"page_info": "pageInfo"}):
    servers: list[msgspec.Raw]
    page_info: _PageInfo


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the first hundred."""
    del since, has_key
    return (_page(None),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read one page of servers."""
    del request
    page = decode(body, _Page)
    flaws: list[Flaw] = []
    found = [_sighting(server, raw, seen, flaws) for server, raw in rows(page.servers, _Server, "/servers", flaws)]
    cursor = page.page_info.end_cursor if page.page_info.has_next_page else None
    return Reading(sightings=tuple(found), follow=(_page(cursor),) if cursor else (), flaws=tuple(flaws))


def smaller(request: Request) -> Request | None:
    """Return the request for half as much from the same cursor on, None where there is no half."""
    query = dict(request.query)
    half = int(query["first"]) // 2
    return msgspec.structs.replace(request, query=tuple({**query, "first": str(half)}.items())) if half else None


def _page(cursor: str | None) -> Request:
    query = [("first", "100"), *([("after", cursor)] if cursor else [])]
    return Request(service="glama", path="api/mcp/v1/servers", query=tuple(query))


def _sighting(server: _Server, raw: bytes, seen: str, flaws: list[Flaw]) -> Sighting:
    source_id = f"{server.namespace}/{server.slug}"
    return Sighting(
        source=NAME,
        source_id=source_id,
        seen=seen,
        name=said(server.name) or source_id,
        description=said(server.description),
        repository=said(server.repository.url) if server.repository else None,
        licence=said(server.licence.name) if server.licence else None,
        digest=digest_of(raw),
        tools=tools(server.tools, f"/servers/{source_id}/tools", flaws),
    )
