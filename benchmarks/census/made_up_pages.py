"""The made-up registry as pages: each service answers in its own interface, and knows nothing of the network.

Served: `official` (cursors, `updated_since`), `glama` (cursors), `smithery` with `smithery-site` (numbered pages and
details), `mcpso` (web pages), `npm` (search and documents), `pypi` (index and documents), `github-raw` (lists and the
census of endpoints). Documents of npm, PyPI and raw files have validators, as the real ones do.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.census.made_up_rows import (
    TEXT,
    census_table,
    manifest,
    official_row,
    spreadsheet,
    told,
    updated,
    version,
)
from benchmarks.made_up_registry import AT, Pair, pairs, sightings
from crawler.sources import census, lists
from toolcensus.records import Sighting

SOURCES = ("census", "glama", "lists", "mcpso", "npm", "official", "pypi", "smithery")
SERVICES = ("official", "glama", "smithery", "smithery-site", "mcpso", "npm", "pypi", "github-raw")
VALIDATED = {"npm", "pypi", "github-raw"}
CARDS = 30

Query = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """One answer: body, status, content type, further headers; `stall` seconds before it, `cut` in the middle."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    stall: float = 0.0
    cut: bool = False


MISSING = Answer(b'{"error": "Not found"}', 404)


def list_of(url: str) -> str:
    """Return the list that has the entry of this address."""
    return lists.LISTS[zlib.crc32(url.encode()) % len(lists.LISTS)]


def served_id(sighting: Sighting) -> str:
    """Return the id by which a source knows what it is served here."""
    url = sighting.repository or ""
    return f"{list_of(url)}#{url}" if sighting.source == "lists" else sighting.source_id


def served_pairs(count: int) -> Iterator[Pair]:
    """Yield the labelled pairs of which both ends are served, by the ids that the sources give them."""
    ids = {(one.source, one.source_id): served_id(one) for one in sightings(count)}
    for pair in pairs(count):
        if {pair.a[0], pair.b[0]} <= set(SOURCES):
            yield pair._replace(a=(pair.a[0], ids[pair.a]), b=(pair.b[0], ids[pair.b]))


class Numbered(Sequence[Sighting]):
    """As many sightings as are wanted, each made when it is asked for, so that they take no memory."""

    def __init__(self, source: str, count: int) -> None:
        self._source, self._size = source, count

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, at: Any) -> Any:
        return (
            [self._make(number) for number in range(*at.indices(self._size))]
            if isinstance(at, slice)
            else self._make(at)
        )

    def _make(self, number: int) -> Sighting:
        path = f"owner{number // 3}/server-{number}"
        url = f"https://github.com/{path}"
        name = f"io.github.{path}" if self._source == "official" else path
        return Sighting(source=self._source, source_id=name, seen=AT, name=name, repository=url)


class MadeUp:
    """Sightings by source, and the pages that show them."""

    def __init__(self, by_source: Mapping[str, Sequence[Sighting]]) -> None:
        self.rows = by_source
        self.by_id = {
            source: {one.source_id: one for one in by_source.get(source, ())}
            for source in ("smithery", "mcpso", "npm", "pypi")
        }
        self._services: dict[str, Callable[[str, Query], Answer]] = {
            "official": self._official,
            "glama": self._glama,
            "smithery": self._smithery,
            "smithery-site": self._site,
            "mcpso": self._mcpso,
            "npm": self._npm,
            "pypi": self._pypi,
            "github-raw": self._raw,
        }

    @classmethod
    def of(cls, count: int) -> "MadeUp":
        """Make the registry of the labelled pairs, with at least `count` sightings, some of sources not served here."""
        by_source: dict[str, list[Sighting]] = {source: [] for source in SOURCES}
        for sighting in sightings(count):
            by_source.setdefault(sighting.source, []).append(sighting)
        return cls(by_source)

    @classmethod
    def numbered(cls, count: int) -> "MadeUp":
        """Make a registry of list pages only, two sources of half of `count` each that show the same servers."""
        return cls({source: Numbered(source, count // 2) for source in ("official", "glama")})

    def answer(self, target: str) -> Answer:
        """Answer the path and query of a request: `/service/path?query`."""
        parts = urlsplit(target)
        _, _, rest = parts.path.partition("/")
        service, _, path = rest.partition("/")
        if path == "robots.txt" or rest == "robots.txt":
            return Answer(b"User-agent: *\nAllow: /\n", kind="text/plain")
        if service not in self._services:
            return MISSING
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        found = self._services[service](unquote(path), query)
        if service not in VALIDATED or found.status != 200:  # noqa: PLR2004  # OK
            return found
        return Answer(found.body, kind=found.kind, headers={"ETag": f'"{zlib.crc32(found.body):08x}"'})

    def _official(self, path: str, query: Query) -> Answer:
        if path != "v0.1/servers":
            return MISSING
        rows: Sequence[Sighting] = self.rows["official"]
        since = query.get("updated_since", "")
        numbers: Sequence[int] = range(len(rows))
        if since:
            numbers = [number for number in numbers if updated(number) >= since]
        start, size = int(query.get("cursor", "0")), int(query["limit"])
        shown = numbers[start : start + size]
        more = {"nextCursor": str(start + size)} if start + size < len(numbers) else {}
        servers = [official_row(rows[number], updated(number)) for number in shown]
        return _json({"servers": servers, "metadata": {"count": len(shown), **more}})

    def _glama(self, _: str, query: Query) -> Answer:
        rows, start, size = self.rows["glama"], int(query.get("after", "0")), int(query["first"])
        servers = [
            {
                "namespace": one.source_id.partition("/")[0],
                "slug": one.source_id.partition("/")[2],
                "description": told(one),
                "repository": {"url": one.repository},
            }
            for one in rows[start : start + size]
        ]
        has_more = start + size < len(rows)
        return _json({"servers": servers, "pageInfo": {"endCursor": str(start + size), "hasNextPage": has_more}})

    def _smithery(self, path: str, query: Query) -> Answer:
        if path == "servers":
            rows, page, size = self.rows["smithery"], int(query["page"]), int(query["pageSize"])
            servers = [
                {"qualifiedName": one.source_id, "description": told(one)}
                for one in rows[(page - 1) * size : page * size]
            ]
            last = -(-len(rows) // size)
            return _json({"servers": servers, "pagination": {"currentPage": page, "totalPages": last}})
        name = path.removeprefix("servers/")
        if name not in self.by_id["smithery"]:
            return MISSING
        tools = [
            {"name": f"{verb}_item", "description": f"{verb} an item of {name}", "inputSchema": {"type": "object"}}
            for verb in ("read", "delete")
        ]
        return _json({"qualifiedName": name, "description": told(self.by_id["smithery"][name]), "tools": tools})

    def _site(self, path: str, _: Query) -> Answer:
        one = self.by_id["smithery"].get(path.removeprefix("server/"))
        if one is None:
            return MISSING
        return _html(f'<h1>{one.source_id}</h1><main><a href="{one.repository}">Source Code</a></main>')

    def _mcpso(self, path: str, query: Query) -> Answer:
        if path == "servers":
            start = (int(query["page"]) - 1) * CARDS
            cards = (
                f'<a href="{one.source_id}"><h3>{one.name}</h3><p>{told(one)}</p></a>'
                for one in self.rows["mcpso"][start : start + CARDS]
            )
            return _html(f"<script>self.__next_f=[]</script>{''.join(cards)}")
        one = self.by_id["mcpso"].get(f"/{path}")
        if one is None:
            return MISSING
        project = json.dumps({"title": one.name, "description": told(one), "url": one.repository})
        return Answer(f'1:{{"currentProject":{project}}}\n'.encode(), kind="text/x-component")

    def _npm(self, path: str, query: Query) -> Answer:
        known = self.by_id["npm"]
        if path == "-/v1/search":
            names = [name for name in known if "mcp" in name]
            start, size = int(query["from"]), int(query["size"])
            objects = [{"package": manifest(known[name])} for name in names[:1_000][start : start + size]]
            return _json({"objects": objects, "total": len(names)})
        name = path.removesuffix("/latest")
        return _json(manifest(known[name])) if name in known else MISSING

    def _pypi(self, path: str, _: Query) -> Answer:
        known = self.by_id["pypi"]
        if path == "simple/":
            projects = [{"name": name, "_last-serial": at} for at, name in enumerate(known)]
            return _json({"meta": {"api-version": "1.1"}, "projects": projects})
        name = path.removeprefix("pypi/").removesuffix("/json")
        if name not in known:
            return MISSING
        return _json({"info": {"name": name, "version": version(known[name]), "summary": told(known[name])}})

    def _raw(self, path: str, _: Query) -> Answer:
        if path == census.FILE:
            return Answer(census_table(self.rows["census"]), kind="text/csv")
        if path in lists.SPREADSHEETS:
            return Answer(spreadsheet(), kind="application/zip")
        repository = path.removesuffix("/HEAD/README.md")
        if repository not in lists.LISTS:
            return MISSING
        urls = [
            one.repository for one in self.rows["lists"] if one.repository and list_of(one.repository) == repository
        ]
        entries = "".join(
            f"- [{url.rpartition('/')[2]}]({url}) - {TEXT}\n"
            for url in [*urls, f"https://github.com/every/{repository[:5]}"]
        )
        return Answer(f"# A list\n\n## Servers\n\n{entries}".encode(), kind="text/plain")


def _json(document: Any) -> Answer:
    return Answer(json.dumps(document).encode())


def _html(body: str) -> Answer:
    return Answer(f"<!doctype html><html><body>{body}</body></html>".encode(), kind="text/html")
