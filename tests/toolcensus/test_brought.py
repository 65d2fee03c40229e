"""Tool lists that sources bring along: each is listed for the server that its sighting turns out to be."""

import sqlalchemy

from interfaces.flows.brought import save_brought
from interfaces.flows.resolve import resolve
from toolcensus import readings
from toolcensus.records import Sighting, Tool

SEEN = "2026-01-01T00:00:00Z"
TOOLS = "SELECT server, tool FROM catalogue ORDER BY server, tool"


def seen(source: str, source_id: str, repository: str, *tools: str, digest: str = "1") -> Sighting:
    return Sighting(
        source=source,
        source_id=source_id,
        seen=SEEN,
        name=source_id,
        repository=f"https://github.com/{repository}",
        tools=tuple(map(Tool, tools)) or None,
        digest=f"{digest}{repository}{tools}",
    )


def census(index: sqlalchemy.Connection, *sightings: Sighting) -> int:
    """Show sightings, resolve the whole index, and save what was brought; return how many listings are new."""
    for source in sorted({one.source for one in sightings}):
        reading = readings.begin(index, source, "", SEEN)
        readings.show(index, reading, [one for one in sightings if one.source == source])
    resolve(index, SEEN)
    return save_brought(index)


def rows(index: sqlalchemy.Connection) -> list[tuple[str, str]]:
    return [tuple(row) for row in index.exec_driver_sql(TOOLS)]


def test_best_list_of_a_server_is_its_listing_and_is_not_saved_again(index: sqlalchemy.Connection) -> None:
    lists = seen("glama", "a/tea", "a/tea", "pour"), seen("docker", "tea", "a/tea", "boil")
    assert census(index, *lists) == 1
    assert rows(index) == [("github.com/a/tea", "boil")]
    assert census(index, *lists) == 0


def test_list_goes_where_its_sighting_goes(index: sqlalchemy.Connection) -> None:
    """What a fault told of a sighting leaves nothing behind: the list moves, and another takes its place."""
    tea, kite = seen("glama", "a/tea", "a/tea", "pour"), seen("smithery", "kite", "a/tea", "fly")
    census(index, tea, kite)
    assert rows(index) == [("github.com/a/tea", "fly")]
    census(index, seen("smithery", "kite", "a/kite", "fly"))
    assert rows(index) == [("github.com/a/kite", "fly"), ("github.com/a/tea", "pour")]


def test_server_that_its_only_list_leaves_keeps_nothing_of_it(index: sqlalchemy.Connection) -> None:
    census(index, seen("mcpso", "/server/tea/a", "a/tea"), seen("smithery", "kite", "a/tea", "fly"))
    census(index, seen("smithery", "kite", "a/kite", "fly"))
    assert rows(index) == [("github.com/a/kite", "fly")]
    told = index.exec_driver_sql("SELECT outcome, reason FROM listing ORDER BY id").all()
    assert ("no-source", "the registry's list turned out to be of another server") in [tuple(row) for row in told]


def test_sighting_that_brings_no_list_any_more_loses_it(index: sqlalchemy.Connection) -> None:
    census(index, seen("smithery", "tea", "a/tea", "fly"), seen("glama", "a/tea", "a/tea", "pour"))
    census(index, seen("smithery", "tea", "a/tea"))
    assert rows(index) == [("github.com/a/tea", "pour")]
