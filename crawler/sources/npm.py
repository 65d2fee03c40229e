"""npm: the registry's search for packages that have to do with MCP. Each is a candidate: a word proves nothing.

A search gives 1,000 results and no more, so one that has more is narrowed by the words of its own results. Packages
that other sources name are asked for by their names.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import msgspec

from crawler.addresses import is_web_address
from crawler.json_page import Row, decode, digest_of, rows, said
from crawler.package_names import package_purl
from crawler.purl import parse_purl
from crawler.rate import Rate
from crawler.repository import read_place
from crawler.source import Flaw, Reading, Request
from toolcensus.records import Sighting

NAME = "npm"
HOMEPAGE = "https://github.com/npm/registry"
LICENCE = "registry metadata; each package its own"
TERMS = "The registry's public interface: metadata may be read and mirrored at a modest pace, personal data left out."
EXPECTED = (1_000, 60_000)
PACE = Rate(parallel=2, per_second=2.0)
SERVICES = {"npm": ""}
APIS = ("npm",)
KEY = None
CHANGES = False
SEARCHES = (
    "keywords:mcp-server",
    "keywords:mcp",
    "keywords:model-context-protocol,modelcontextprotocol",
    "mcp",
    "modelcontextprotocol",
    "model context protocol",
)
PAGE_SIZE = 250
DEEPEST = 1_000
NARROWINGS = (120, 8)
"""How many words narrow a search, and how many a search that was narrowed once."""
WORD = re.compile(r"[a-z][a-z0-9]{2,19}")


class _Links(Row, frozen=True):
    homepage: str | None = None
    repository: str | None = None


class _Package(Row, frozen=True):
    name: str
    version: str | None = None
    description: str | None = None
    keywords: list[str] | None = None
    license: str | None = None
    links: _Links = _Links()


class _Downloads(Row, frozen=True):
    monthly: int | None = None


class _Found(Row, frozen=True):
    package: _Package
    downloads: _Downloads = _Downloads()


class _Page(Row, frozen=True):
    objects: list[msgspec.Raw]
    total: int


class _Release(Row, frozen=True):
    """The newest version's manifest, as its author wrote it: what is no text is often an object."""

    name: str
    version: str
    description: Any = None
    license: Any = None
    homepage: Any = None
    repository: Any = None


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the first page of every search."""
    del since, has_key
    return tuple(_search(text, 0, 0) for text in SEARCHES)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read a page of results, or the newest version of one package."""
    if request.about is not None:
        return Reading(sightings=(_described(request.about, decode(body, _Release)),))
    page = decode(body, _Page)
    flaws: list[Flaw] = []
    found = [one for one, _ in rows(page.objects, _Found, "/objects", flaws)]
    asked = dict(request.query)
    follow: list[Request] = []
    if asked["from"] == "0":
        narrowed = int(request.context)
        further = range(PAGE_SIZE, min(page.total, DEEPEST), PAGE_SIZE)
        follow.extend(_search(asked["text"], narrowed, offset) for offset in further)
        if page.total > DEEPEST and narrowed < len(NARROWINGS):
            words = _words(found, asked["text"], NARROWINGS[narrowed])
            follow.extend(_search(f"{asked['text']} {word}", narrowed + 1, 0) for word in words)
    sightings = tuple(sighting for one in found if (sighting := _sighting(one, seen)))
    return Reading(sightings=sightings, follow=tuple(follow), flaws=tuple(flaws), whole=page.total <= DEEPEST)


def named(purls: Iterable[str], seen: str) -> tuple[Request, ...]:
    """Ask for the packages that other sources name, each once a month, and then whether it changed."""
    places = [parse_purl(purl) for purl in purls if purl.startswith("pkg:npm/")]
    names = [f"{place.namespace}/{place.name}" if place.namespace else place.name for place in places]
    return tuple(_detail(name, purl, seen) for name in names if (purl := package_purl("npm", name)))


def _detail(name: str, purl: str, seen: str) -> Request:
    digest = digest_of(f"{name} {seen[:7]}".encode())
    about = Sighting(source=NAME, source_id=name, seen=seen, name=name, packages=(purl,), digest=digest, mentions=True)
    return Request(service="npm", path=f"{quote(name, safe='@')}/latest", about=about, absent="gone")


def _described(about: Sighting, release: _Release) -> Sighting:
    found = _Package(
        name=about.source_id,
        version=release.version,
        description=_text(release.description),
        license=_text(release.license, "type"),
        links=_Links(homepage=_text(release.homepage, "url"), repository=_text(release.repository, "url")),
    )
    sighting = _sighting(_Found(found), about.seen)
    return msgspec.structs.replace(sighting, digest=about.digest) if sighting else about


def _text(value: Any, field: str = "") -> str | None:
    """Return a text, or that field of an object which holds it."""
    text = value.get(field) if isinstance(value, dict) else value
    return text if isinstance(text, str) else None


def _search(text: str, narrowed: int, offset: int) -> Request:
    query = (("text", text), ("size", str(PAGE_SIZE)), ("from", str(offset)))
    return Request(service="npm", path="-/v1/search", query=query, context=str(narrowed))


def _words(found: list[_Found], text: str, most: int) -> list[str]:
    """Return the scopes and the words that most results have; of those that the same results have, one."""
    holders: dict[str, list[int]] = {}
    for number, one in enumerate(found):
        package = one.package
        told = " ".join([package.name, package.description or "", *(package.keywords or ())])
        words = set(WORD.findall(told[:2_000].lower()))
        if package.name.startswith("@"):
            words.add(f"scope:{package.name[1:].partition('/')[0]}")
        for word in words:
            holders.setdefault(word, []).append(number)
    # A word that nearly all results have would narrow nothing.
    narrowing = {
        tuple(held): word for word, held in sorted(holders.items()) if len(held) * 2 < len(found) and word not in text
    }
    return [narrowing[held] for held in sorted(narrowing, key=lambda held: (-len(held), held))][:most]


def _sighting(found: _Found, seen: str) -> Sighting | None:
    package = found.package
    purl = package_purl("npm", package.name, package.version)
    if purl is None:
        return None
    homepage = said(package.links.homepage)
    repository = said(package.links.repository)
    facts = [package.version, package.description, package.license, homepage, repository]
    return Sighting(
        source=NAME,
        source_id=package.name,
        seen=seen,
        name=package.name,
        description=said(package.description),
        repository=repository or (homepage if read_place(homepage) else None),
        packages=(purl,),
        version=said(package.version),
        licence=said(package.license),
        popularity=found.downloads.monthly,
        digest=digest_of(msgspec.json.encode(facts)),
        website=homepage if homepage and is_web_address(homepage) else None,
        mentions=True,
    )
