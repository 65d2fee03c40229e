"""Agreement: where a server was listed in two ways, how far the less founded list tells what the better one does.

Counted tool by tool, by way and language. The better founded list stands for the truth: what a running server answers,
before what its code seems to say, before what somebody copied into a registry.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import sqlalchemy
from sqlalchemy import text

from toolcensus import listings
from toolcensus.listings import StoredTool
from toolcensus.records import WAYS, Record, Way

LANGUAGES = {
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "JavaScript"),
    **dict.fromkeys((".ts", ".mts", ".cts", ".tsx"), "TypeScript"),
    ".py": "Python",
    ".go": "Go",
}
TWICE_LISTED = """SELECT server.key FROM tool JOIN server ON server.id = tool.server_id
WHERE tool.ended IS NULL AND server.retired IS NULL
GROUP BY server.key HAVING count(DISTINCT tool.way) > 1 ORDER BY server.key"""


class Comparison(Record, frozen=True, omit_defaults=False):
    """One server's lists by two ways.

    `extra` leaves out tools that the way itself says are there only under a condition, which `conditional` counts.
    `descriptions` and `parameters` are how many of the `found` have an equal description, whitespace aside, and the
    same parameter names.
    """

    server: str
    way: Way
    against: Way
    language: str
    tools: int
    found: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    conditional: int
    descriptions: int
    parameters: int


class Agreement(Record, frozen=True, omit_defaults=False):
    """The comparisons of one way with a better founded one, for servers of one language, added up."""

    way: Way
    against: Way
    language: str
    servers: int
    tools: int
    found: int
    missing: int
    extra: int
    conditional: int
    descriptions: int
    parameters: int


def compare_all(connection: sqlalchemy.Connection) -> Iterator[Comparison]:
    """Yield the comparisons of every server that two ways list now, by server."""
    for key in connection.execute(text(TWICE_LISTED)).scalars().all():
        yield from compare(connection, key)


def compare(connection: sqlalchemy.Connection, key: str) -> Iterator[Comparison]:
    """Yield each way of one server compared with the best founded one."""
    lists = {way: listings.load_tools(connection, key, way=way) for way in WAYS}
    shown = [way for way in WAYS if lists[way]]
    for way in shown[1:]:
        yield _compared(key, way, lists[way], shown[0], lists[shown[0]])


def add_up(comparisons: Iterator[Comparison]) -> tuple[Agreement, ...]:
    """Add comparisons up by way, the way that it is compared with, and language."""
    counts: dict[tuple[Way, Way, str], Counter[str]] = {}
    for one in comparisons:
        counted = counts.setdefault((one.way, one.against, one.language), Counter())
        counted.update(
            servers=1,
            tools=one.tools,
            found=one.found,
            missing=len(one.missing),
            extra=len(one.extra),
            conditional=one.conditional,
            descriptions=one.descriptions,
            parameters=one.parameters,
        )
    names = [name for name in Agreement.__struct_fields__ if name not in {"way", "against", "language"}]
    return tuple(
        Agreement(way=way, against=against, language=language, **{name: counted[name] for name in names})
        for (way, against, language), counted in sorted(counts.items())
    )


def _compared(
    key: str, way: Way, told: tuple[StoredTool, ...], against: Way, true: tuple[StoredTool, ...]
) -> Comparison:
    ours, theirs = _by_name(told), _by_name(true)
    both = ours.keys() & theirs.keys()
    extra = ours.keys() - theirs.keys()
    certain = {name for name in extra if not ours[name].tool.conditional}
    return Comparison(
        server=key,
        way=way,
        against=against,
        language=_language(told),
        tools=len(theirs),
        found=len(both),
        missing=tuple(sorted(theirs.keys() - ours.keys())),
        extra=tuple(sorted(certain)),
        conditional=len(extra) - len(certain),
        descriptions=sum(_words(ours[name]) == _words(theirs[name]) for name in both),
        parameters=sum(_parameters(ours[name]) == _parameters(theirs[name]) for name in both),
    )


def _by_name(tools: tuple[StoredTool, ...]) -> Mapping[str, StoredTool]:
    return {stored.tool.name: stored for stored in tools}


def _words(stored: StoredTool) -> list[str]:
    return (stored.tool.description or "").split()


def _parameters(stored: StoredTool) -> frozenset[str]:
    properties = (stored.tool.input_schema or {}).get("properties")
    return frozenset(properties) if isinstance(properties, dict) else frozenset()


def _language(tools: tuple[StoredTool, ...]) -> str:
    """Return the language of most of the places where the tools were found; nothing where no code was read."""
    suffixes = Counter(
        LANGUAGES.get(PurePosixPath(stored.tool.where.rpartition(":")[0]).suffix, "other")
        for stored in tools
        if stored.tool.where
    )
    return suffixes.most_common(1)[0][0] if suffixes else ""
