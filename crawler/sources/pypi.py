"""PyPI: it has no search, so the index of all names is filtered, and each project that is left is asked for its JSON.

Projects that other sources name are asked for too. Every one is a candidate: a name with MCP in it proves nothing.
"""

import re
from collections.abc import Iterable
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

NAME = "pypi"
HOMEPAGE = "https://warehouse.pypa.io/api-reference/"
LICENCE = "registry metadata; each project its own"
TERMS = "The index's public interface, without a limit at its edge; it asks for a User-Agent and a modest pace."
EXPECTED = (5_000, 200_000)
PACE = Rate(parallel=2, per_second=5.0)
SERVICES = {"pypi": ""}
APIS = ("pypi",)
KEY = None
CHANGES = False
SIMPLE = "application/vnd.pypi.simple.v1+json"
ABOUT_MCP = re.compile(r"mcp|model[-_.]?context[-_.]?protocol", re.IGNORECASE)
CODE = re.compile(r"(?i)\b(?:source|code|repo(?:sitory)?|git(?:hub|lab)?)\b")


class _Project(Row, frozen=True):
    name: str
    serial: int | None = msgspec.field(name="_last-serial", default=None)


class _Index(Row, frozen=True):
    projects: list[msgspec.Raw]


class _Info(Row, frozen=True):
    name: str
    version: str | None = None
    summary: str | None = None
    home_page: str | None = None
    project_urls: dict[str, str | None] | None = None
    license_expression: str | None = None


class _Document(Row, frozen=True):
    info: _Info


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the index of all names."""
    del since, has_key
    return (Request(service="pypi", path="simple/", headers=(("Accept", SIMPLE),)),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read the index, or one project's document."""
    if request.about is not None:
        return Reading(sightings=(_described(request.about, decode(body, _Document).info),))
    flaws: list[Flaw] = []
    listed = rows(decode(body, _Index).projects, _Project, "/projects", flaws)
    named = [project for project, _ in listed if ABOUT_MCP.search(project.name)]
    details = [_detail(about) for project in named if (about := _about(project, seen))]
    return Reading(follow=tuple(details), flaws=tuple(flaws))


def named(purls: Iterable[str], seen: str) -> tuple[Request, ...]:
    """Ask for the projects that other sources name; outside of the index there is no serial, so once a month."""
    projects = [_Project(name=parse_purl(purl).name) for purl in purls if purl.startswith("pkg:pypi/")]
    return tuple(_detail(about) for project in projects if (about := _about(project, seen, month=seen[:7])))


def _about(project: _Project, seen: str, month: str = "") -> Sighting | None:
    """Return what the index says: a name, and a serial that grows with every change."""
    purl = package_purl("pypi", project.name)
    if purl is None:
        return None
    return Sighting(
        source=NAME,
        source_id=project.name,
        seen=seen,
        name=project.name,
        packages=(purl,),
        digest=digest_of(f"{project.name} {month or project.serial}".encode()),
        mentions=True,
    )


def _detail(about: Sighting) -> Request:
    """Ask for the document; a project that lost all its files has none."""
    return Request(service="pypi", path=f"pypi/{quote(about.source_id)}/json", about=about, absent="gone")


def _described(about: Sighting, info: _Info) -> Sighting:
    purl = package_purl("pypi", about.source_id, info.version)
    links = {label: url for label, url in (info.project_urls or {}).items() if url and is_web_address(url)}
    code = [url for label, url in links.items() if CODE.search(label)]
    places = [url for url in (*code, info.home_page, *links.values()) if url and read_place(url)]
    pages = [url for url in (info.home_page, *links.values()) if url and is_web_address(url) and url not in places]
    return msgspec.structs.replace(
        about,
        description=said(info.summary),
        repository=places[0] if places else None,
        packages=(purl,) if purl else about.packages,
        version=said(info.version),
        licence=said(info.license_expression),
        website=pages[0] if pages else None,
    )
