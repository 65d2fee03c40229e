"""mcp.so: a catalogue that exists as web pages; a list page names servers, a server's own page its repository.

Formats: HTML, and for a server's page the component stream of Next.js, which holds a record after `"currentProject":`.
"""

import json
import re
from urllib.parse import quote, unquote, urlsplit

import msgspec
from selectolax.lexbor import LexborNode

from crawler.addresses import is_web_address, read_address
from crawler.html_page import attribute, html_page, page_text, text_at
from crawler.json_page import UNREADABLE, Row, digest_of, said, tools
from crawler.source import MODEST, Flaw, Reading, Request
from toolcensus.errors import InputError
from toolcensus.records import Sighting

NAME = "mcpso"
HOMEPAGE = "https://mcp.so"
LICENCE = "none stated; descriptions are their authors'"
TERMS = "Its robots.txt lets everybody read the list and the servers' pages; no limit and no licence are stated."
EXPECTED = (5_000, 60_000)
PACE = MODEST
SERVICES = {"mcpso": "https://mcp.so"}
KEY = None
CHANGES = False
AHEAD = 4
"""Pages that are asked for at once: no page says how many there are, and one that is lost must not end the list."""
MARK = "__next_f"
"""What every page of the site has, even an empty list."""
PUSH = "self.__next_f.push([1,"
RECORD = re.compile(r'"currentProject":\s*')


class _Project(Row, frozen=True):
    title: str | None = None
    name: str | None = None
    description: str | None = None
    url: str | None = None
    tools: str | None = None
    sse_url: str | None = None


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the first pages of the list."""
    del since, has_key
    return _list_pages(1)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read a list page or a server's own; raise InputError where it is neither."""
    if request.about is not None:
        return _read_server(request.about, page_text(body))
    paths = {path: card for card in _cards(body) if (path := _path(card))}
    details = (
        Request(
            service="mcpso",
            path=quote(path[1:]),
            headers=(("Rsc", "1"),),
            about=_about(card, path, seen),
            absent="kept",
        )
        for path, card in paths.items()
    )
    return Reading(follow=(*details, *(_list_pages(int(request.context) + 1) if paths else ())))


def _list_pages(first: int) -> tuple[Request, ...]:
    return tuple(
        Request(service="mcpso", path="servers", query=(("page", str(page)),), context=str(page))
        for page in range(first, first + AHEAD)
    )


def _cards(body: bytes) -> list[LexborNode]:
    page = html_page(body)
    if MARK not in (page.html or ""):
        raise InputError("it is no page of the list")
    return page.css('a[href^="/server/"]')


def _path(card: LexborNode) -> str:
    """Return the path of a server's page, with nothing of the query; empty where it leads elsewhere."""
    path = unquote(urlsplit(attribute(card, "href")).path)
    return "" if ".." in path.split("/") or "//" in path else path


def _about(card: LexborNode, path: str, seen: str) -> Sighting:
    title = text_at(card, "h3, h2") or " ".join(card.text().split()) or path.split("/")[2]
    description = text_at(card, "p")
    return Sighting(
        source=NAME,
        source_id=path,
        seen=seen,
        name=path.split("/")[2] or title,
        title=title,
        description=description,
        digest=digest_of(msgspec.json.encode([path, title, description])),
    )


def _read_server(about: Sighting, text: str) -> Reading:
    flaws: list[Flaw] = []
    project = _project(_stream(text))
    address = read_address(project.url)
    remote = said(project.sse_url)
    listed = said(project.tools)
    try:
        # A `$` stands for another part of the stream.
        found = tools(msgspec.Raw(listed.encode()), "/tools", flaws) if listed and listed[0] == "[" else None
    except (InputError, UnicodeEncodeError) as error:
        found = None
        flaws.append(Flaw(where="/tools", reason=str(error)))
    sighting = msgspec.structs.replace(
        about,
        title=said(project.title) or about.title,
        description=said(project.description) or about.description,
        repository=address.repository,
        remotes=(remote,) if remote and is_web_address(remote) else address.remotes,
        website=address.website,
        tools=found,
    )
    return Reading(sightings=(sighting,), flaws=tuple(flaws))


def _stream(text: str) -> str:
    """Return the component stream: the body itself, or what a page of HTML pushes piece by piece."""
    if not text.lstrip().startswith("<"):
        return text
    decoder = json.JSONDecoder()
    try:
        return "".join(str(decoder.raw_decode(piece)[0]) for piece in text.split(PUSH)[1:])
    except ValueError as error:
        raise InputError(f"its component stream cannot be read: {error}") from error


def _project(stream: str) -> _Project:
    start_of_record = RECORD.search(stream)
    if start_of_record is None:
        raise InputError("it is no page of a server")
    try:
        return msgspec.convert(json.JSONDecoder().raw_decode(stream, start_of_record.end())[0], _Project)
    except (*UNREADABLE, ValueError) as error:
        raise InputError(f"its record cannot be read: {error}") from error
