"""Curated lists of servers, as people keep them in repositories: a README, pages of categories, or a spreadsheet."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from crawler.addresses import Address, read_address
from crawler.html_page import page_text
from crawler.json_page import digest_of
from crawler.markdown_links import Entry, entries, huge_lines
from crawler.rate import Rate
from crawler.repository import read_place, with_folder
from crawler.source import Flaw, Reading, Request
from crawler.spreadsheet import sheet_rows
from toolcensus.errors import InputError
from toolcensus.records import Sighting

NAME = "lists"
HOMEPAGE = "https://github.com/topics/awesome-mcp-servers"
LICENCE = "each list its own: MIT, Apache-2.0, CC0 or CC-BY-SA-4.0, or none stated"
TERMS = "Public repositories; each entry is kept with the list that has it, and the lists' texts are not passed on."
EXPECTED = (8_000, 80_000)
PACE = Rate(parallel=4, per_second=4.0)
SERVICES = {"github-raw": "https://raw.githubusercontent.com"}
APIS = ("github-raw",)
KEY = None
CHANGES = False
README = "README.md"
LISTS = (
    "MobinX/awesome-mcp-list",
    "appcypher/awesome-mcp-servers",
    "wong2/awesome-mcp-servers",
    "collabnix/awesome-mcp-lists",
    "jaw9c/awesome-remote-mcp-servers",
    "rohitg00/awesome-devops-mcp-servers",
    "yzfly/Awesome-MCP-ZH",
    "AgentSeal/awesome-mcp-security",
    "modelcontextprotocol/servers",
    "TensorBlock/awesome-mcp-servers",
    "YuzeHao2023/Awesome-MCP-Servers",
)
IN_PAGES = {"TensorBlock/awesome-mcp-servers": re.compile(r"docs/[\w-]+\.md", re.ASCII)}
"""Lists whose README leads to one page a category."""
SPREADSHEETS = ("YuzeHao2023/Awesome-MCP-Servers/HEAD/Full-List-of-MCP-Servers.xlsx",)
NOT_SERVERS = re.compile(
    r"(?i)\b(?:clients?|frameworks?|sdks?|librar(?:y|ies)|templates?|tutorials?|articles?|blogs?|videos?|guides?|docs"
    r"|documentation|resources|reading|papers?|community|communities|discussions?|related|sponsors?|contribut\w+"
    r"|licen[cs]e|acknowledge?ments?|install\w*|getting started|faqs?)\b"
    r"|客户端|框架|教程|社区|资源|文章|视频|学习|开发包|入门|指南|社群|目录"
)
"""Headings of what has to do with servers and is none."""
SERVERS = re.compile(r"(?i)\bservers?\b|服务器")
SDK = re.compile(r"\bSDK\b")


class _Columns(msgspec.Struct, frozen=True):
    """The letters of a spreadsheet's columns."""

    url: str
    name: str
    origin: str
    licence: str


COLUMNS = {"MCP-servers-URL": "url", "MCP-name": "name", "Open-Source-MCP-URL": "origin", "License": "licence"}
"""The spreadsheet's own headings: each row is a copy and where it was copied from."""


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for every list; what is unchanged is not sent again."""
    del since, has_key
    return tuple(_file(f"{repository}/HEAD/{README}") for repository in LISTS) + tuple(map(_file, SPREADSHEETS))


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read a list; raise InputError where it has no entry at all."""
    owner, name, _, file = request.path.split("/", 3)
    repository = f"{owner}/{name}"
    place = repository if file == README else f"{repository}/{file}"
    if request.path in SPREADSHEETS:
        return Reading(sightings=tuple(_from_rows(sheet_rows(body), place, seen)))
    text = page_text(body)
    listed = tuple(entries(text))
    if not listed:
        raise InputError("it is no list: it has no bullet or table row with a link")
    pages = IN_PAGES.get(repository)
    further = tuple(
        _file(f"{repository}/HEAD/{url}")
        for url in dict.fromkeys(entry.url for entry in listed)
        if pages and pages.fullmatch(url)
    )
    found: dict[str, Sighting] = {}
    for entry in listed:
        sighting = _sighting(entry, repository, place, seen)
        if sighting:
            found.setdefault(sighting.source_id, sighting)
    flaws = tuple(Flaw(where=f"/line {number}", reason="it is too long for a list") for number in huge_lines(text))
    return Reading(sightings=tuple(found.values()), follow=further, flaws=flaws)


def _file(path: str) -> Request:
    return Request(service="github-raw", path=quote(path), headers=(("Accept", "text/plain, */*;q=0.5"),))


def _sighting(entry: Entry, repository: str, place: str, seen: str) -> Sighting | None:
    """Return an entry; None where it is no server. One that only may be a server is a mention."""
    address = _address(entry, repository)
    is_other = any(NOT_SERVERS.search(title) and not SERVERS.search(title) for title in entry.headings)
    if address == Address() or (is_other and address.repository is None):
        return None
    name = entry.name or entry.url.rstrip("/").rpartition("/")[2]
    return Sighting(
        source=NAME,
        source_id=f"{place}#{entry.url}",
        seen=seen,
        name=name,
        description=entry.description,
        repository=address.repository,
        remotes=address.remotes,
        website=address.website,
        digest=digest_of(msgspec.json.encode([entry.name, entry.url, entry.description, is_other])),
        mentions=is_other or address.website is not None or SDK.search(name) is not None,
    )


def _address(entry: Entry, repository: str) -> Address:
    """Return where an entry leads: its own folder for a relative link, and nowhere for one to the list itself."""
    if re.fullmatch(r"[\w-]+(?:/[\w-]+)*/?", entry.url, re.ASCII):
        return Address(repository=with_folder(f"https://github.com/{repository}", entry.url))
    found = read_place(entry.url)
    if found and found.key == f"github.com/{repository}".lower():
        return Address()
    return read_address(entry.url, is_endpoint=entry.is_address)


def _from_rows(table: Iterator[dict[str, str]], place: str, seen: str) -> Iterator[Sighting]:
    """Yield both repositories that a row names: the copy, and the one that it was copied from."""
    letters = {COLUMNS[title]: letter for letter, title in next(table, {}).items() if title in COLUMNS}
    if len(letters) < len(COLUMNS):
        raise InputError(f"the spreadsheet has not the columns {', '.join(COLUMNS)}")
    columns = _Columns(**letters)
    known: set[str] = set()
    for row in table:
        url, origin = row.get(columns.url, ""), row.get(columns.origin, "")
        for one, copied_from in ((url, origin or None), (origin, None)):
            address = read_address(one)
            if address.repository is None or one in known:
                continue
            known.add(one)
            name = row.get(columns.name) if one == url else None
            yield Sighting(
                source=NAME,
                source_id=f"{place}#{one}",
                seen=seen,
                name=name or one.rstrip("/").rpartition("/")[2],
                repository=one,
                licence=row.get(columns.licence),
                digest=digest_of(msgspec.json.encode(row, order="sorted")),
                fork_of=copied_from,
            )
