"""Smithery: a directory with the tools of the servers that it hosts; its pages, not its API, name the repositories."""

from typing import Final
from urllib.parse import quote, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawler.json_page import NOTHING, Row, decode, digest_of, rows, said, tools
from crawler.rate import Rate
from crawler.source import Flaw, Key, Reading, Request
from toolcensus.errors import InputError
from toolcensus.records import Sighting

NAME = "smithery"
HOMEPAGE = "https://smithery.ai"
LICENCE = "not stated; descriptions are their authors'"
TERMS = "An API for holders of a key; no limit is stated."
EXPECTED = (3_000, 100_000)
PACE = Rate(parallel=2, per_second=2.0)
SERVICES = {"smithery": "https://registry.smithery.ai", "smithery-site": "https://smithery.ai"}
APIS = ("smithery",)
KEY = Key(variable="SMITHERY_API_KEY", service="smithery", needed=True)
CHANGES = False
PAGE_SIZE: Final = "100"
OWN_HOSTS: Final = ("smithery.ai",)


class _Server(Row, frozen=True, rename="camel"):
    qualified_name: str
    display_name: str | None = None
    description: str | None = None
    homepage: str | None = None
    created_at: str | None = None
    is_deployed: bool | None = None
    use_count: int | None = None


class _Pagination(Row, frozen=True, rename="camel"):
    current_page: int
    total_pages: int


class _List(Row, frozen=True):
    servers: list[msgspec.Raw]
    pagination: _Pagination


class _Connection(Row, frozen=True, rename={"deployment_url": "deploymentUrl"}):
    deployment_url: str | None = None


class _Detail(Row, frozen=True, rename={"deployment_url": "deploymentUrl", "qualified_name": "qualifiedName"}):
    qualified_name: str
    description: str | None = None
    deployment_url: str | None = None
    connections: list[_Connection] | None = None
    tools: msgspec.Raw = NOTHING


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the first page of the list."""
    del since, has_key
    return (_page(1),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read a page of the list, a server's detail, or its web page."""
    if request.about is None:
        return _read_list(body, seen)
    if request.service == "smithery":
        return _read_detail(request.about, body)
    return _read_site(request.about, body)


def _read_list(body: bytes, seen: str) -> Reading:
    page = decode(body, _List)
    flaws: list[Flaw] = []
    details = [_detail(server, seen) for server, _ in rows(page.servers, _Server, "/servers", flaws)]
    last = page.pagination.total_pages if page.pagination.current_page == 1 else 0
    return Reading(follow=(*details, *map(_page, range(2, last + 1))), flaws=tuple(flaws))


def _page(number: int) -> Request:
    return Request(service="smithery", path="servers", query=(("page", str(number)), ("pageSize", PAGE_SIZE)))


def _detail(server: _Server, seen: str) -> Request:
    # Uses are counted up every day, and say nothing of the server.
    steady = msgspec.structs.replace(server, use_count=None)
    about = Sighting(
        source=NAME,
        source_id=server.qualified_name,
        seen=seen,
        name=server.qualified_name,
        title=said(server.display_name),
        description=said(server.description),
        website=_elsewhere(server.homepage),
        popularity=server.use_count,
        digest=digest_of(msgspec.json.encode(steady)),
    )
    return Request(service="smithery", path=f"servers/{quote(server.qualified_name, safe='')}", about=about)


def _read_detail(about: Sighting, body: bytes) -> Reading:
    detail = decode(body, _Detail)
    if detail.qualified_name.lower() != about.source_id.lower():
        raise InputError(f"it is about {detail.qualified_name[:80]!r}, not {about.source_id!r}")
    flaws: list[Flaw] = []
    urls = [detail.deployment_url, *(one.deployment_url for one in detail.connections or [])]
    whole = msgspec.structs.replace(
        about,
        description=said(detail.description) or about.description,
        remotes=tuple(dict.fromkeys(url for url in urls if url)),
        tools=tools(detail.tools, "/tools", flaws),
    )
    path = f"server/{quote(about.source_id, safe='@/')}"
    page = Request(service="smithery-site", path=path, about=whole, absent="kept")
    return Reading(follow=(page,), flaws=tuple(flaws))


def _read_site(about: Sighting, body: bytes) -> Reading:
    """Find the repository or home page that a server's web page links to."""
    tree = LexborHTMLParser(body)
    heading = tree.css_first("h1")
    if heading is None or about.source_id not in body.decode(errors="replace"):
        raise InputError("it is not the page of a server")
    links = {link.text(strip=True).lower(): link.attributes.get("href") for link in tree.css("main a[href]")}
    repository = _elsewhere(links.get("source code") or links.get("github") or links.get("repository"))
    website = _elsewhere(links.get("homepage") or links.get("website")) or about.website
    return Reading(sightings=(msgspec.structs.replace(about, repository=repository, website=website),))


def _elsewhere(url: str | None) -> str | None:
    """Return a link that leads away from Smithery, None where it only leads back."""
    if url is None or urlsplit(url).scheme not in {"http", "https"}:
        return None
    host = urlsplit(url).hostname or ""
    return None if host.endswith(OWN_HOSTS) else url
