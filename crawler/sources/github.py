"""GitHub: repositories by the topics that authors give them. Each is a candidate: clients and demos carry them too.

A search gives 1,000 results and no more, so one that has more is cut in two by the day a repository was made, down to
one day, and then by its stars. The cuts are the same every time, so that answers can be compared by their validators.
"""

import calendar
import math

import msgspec

from crawler.addresses import is_web_address
from crawler.json_page import Row, decode, digest_of, rows, said
from crawler.rate import Rate
from crawler.source import Flaw, Key, Reading, Request
from toolcensus.records import Sighting

NAME = "github"
HOMEPAGE = "https://github.com/topics/mcp-server"
LICENCE = "each repository its own"
TERMS = "GitHub's terms let public data be read through its interface, at 10 searches a minute, 30 with a token."
EXPECTED = (8_000, 200_000)
PACE = Rate(parallel=2, per_second=0.5)
PACE_WITHOUT_KEY = Rate(parallel=1, per_second=0.16)
"""Thirty searches a minute with a token, ten without: GitHub's limits of its search."""
SERVICES = {"github-api": "https://api.github.com"}
APIS = ("github-api",)
KEY = Key(variable="GITHUB_TOKEN", service="github-api", needed=False)
CHANGES = False
TOPICS = ("mcp-server", "mcp", "model-context-protocol", "mcp-servers", "modelcontextprotocol")
PAGE_SIZE = 100
DEEPEST = 1_000
FIRST_DAY = "2008-01-01"
LAST_DAY = "2039-12-31"
"""An end that is open, so that a search is the same tomorrow."""
EARLY = "2024-10-31"
"""The month before the protocol was announced: little is older, so that the first cut is there."""
DECEMBER = 12


class _Licence(Row, frozen=True):
    spdx_id: str | None = None


class _Repository(Row, frozen=True):
    id: int
    full_name: str
    html_url: str
    description: str | None = None
    homepage: str | None = None
    archived: bool = False
    stargazers_count: int | None = None
    license: _Licence | None = None


class _Page(Row, frozen=True):
    total_count: int
    items: list[msgspec.Raw]
    incomplete_results: bool = False


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for every topic, each without those before it."""
    del since, has_key
    return tuple(
        _search(" ".join([f"topic:{topic}", *(f"-topic:{earlier}" for earlier in TOPICS[:at])]), "")
        for at, topic in enumerate(TOPICS)
    )


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read a page of results; GitHub itself says where a search ran out of time."""
    page = decode(body, _Page)
    flaws: list[Flaw] = []
    sightings = [_sighting(one, seen) for one, _ in rows(page.items, _Repository, "/items", flaws)]
    follow: tuple[Request, ...] = ()
    is_cut_off = False
    if "page" not in dict(request.query):
        narrower = _narrower(request.context, seen) if page.total_count > DEEPEST else ()
        is_cut_off = page.total_count > DEEPEST and not narrower
        follow = tuple(_search(_topic(request), part) for part in narrower) or _further(request, page.total_count)
    whole = not page.incomplete_results and not is_cut_off
    return Reading(sightings=tuple(sightings), follow=follow, flaws=tuple(flaws), whole=whole)


def _search(topic: str, part: str, page: int = 1) -> Request:
    query = [("q", f"{topic} {part}".strip()), ("sort", "updated"), ("per_page", str(PAGE_SIZE))]
    if page > 1:
        query.append(("page", str(page)))
    headers = (("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28"))
    return Request(service="github-api", path="search/repositories", query=tuple(query), headers=headers, context=part)


def _topic(request: Request) -> str:
    return dict(request.query)["q"].removesuffix(request.context).strip()


def _further(request: Request, total: int) -> tuple[Request, ...]:
    pages = math.ceil(min(total, DEEPEST) / PAGE_SIZE)
    return tuple(_search(_topic(request), request.context, page) for page in range(2, pages + 1))


def _narrower(part: str, seen: str) -> tuple[str, ...]:
    """Cut a search in two: `created:FROM..TO` by days, one day by `stars:`; return nothing at the end of that."""
    if not part:
        return (f"created:{FIRST_DAY}..{EARLY}", f"created:{_after(EARLY)}..{LAST_DAY}")
    days, _, stars = part.removeprefix("created:").partition(" ")
    first, _, last = days.partition("..")
    if first != last:
        middle = _middle(first, min(last, _month_end(seen[:7])))
        return (f"created:{first}..{middle}", f"created:{_after(middle)}..{last}")
    return () if stars else (f"{part} stars:0", f"{part} stars:>=1")


def _middle(first: str, last: str) -> str:
    """Return the last day of the first half: of years or months where there are several, else of days."""
    year, month, day = map(int, first.split("-"))
    last_year, last_month, last_day = map(int, last.split("-"))
    if last_year > year:
        return f"{(year + last_year - 1) // 2}-12-31"
    if last_month > month:
        return _month_end(f"{year}-{(month + last_month - 1) // 2:02}")
    return f"{first[:8]}{(day + last_day) // 2:02}"


def _month_end(month: str) -> str:
    """Return the last day of a month, `2024-11`."""
    return f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:]))[1]:02}"


def _after(date: str) -> str:
    """Return the next day."""
    year, month, day = map(int, date.split("-"))
    if day < calendar.monthrange(year, month)[1]:
        return f"{year}-{month:02}-{day + 1:02}"
    return f"{year}-{month + 1:02}-01" if month < DECEMBER else f"{year + 1}-01-01"


def _sighting(repository: _Repository, seen: str) -> Sighting:
    spdx = said(repository.license.spdx_id) if repository.license else None
    homepage = said(repository.homepage)
    facts = [repository.description, homepage, repository.archived, spdx, repository.id]
    return Sighting(
        source=NAME,
        source_id=repository.full_name,
        seen=seen,
        name=repository.full_name.rpartition("/")[2],
        description=said(repository.description),
        repository=repository.html_url,
        repository_id=f"github:{repository.id}",
        licence=None if spdx == "NOASSERTION" else spdx,
        popularity=repository.stargazers_count,
        digest=digest_of(msgspec.json.encode(facts)),
        website=homepage if homepage and is_web_address(homepage) else None,
        status="deprecated" if repository.archived else "active",
        mentions=True,
    )
