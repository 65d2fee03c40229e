"""The census benchmark on a tiny registry: a crawl, its table, and what a comparison of two indexes tells."""

from pathlib import Path

import pytest

from benchmarks.census import measures
from benchmarks.census.comparison import compare_rows, compare_sightings, load
from benchmarks.census.crawling import Target
from benchmarks.census.made_up_pages import served_pairs
from benchmarks.census.made_up_server import Wanted, served
from toolcensus import database, readings
from toolcensus.records import Sighting

SEEN = "2026-01-01T00:00:00Z"


@pytest.mark.slow
def test_table_of_a_tiny_registry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with served(Wanted(60), tmp_path) as endpoints:
        target = Target(endpoints, ("official", "census"), is_made_up=True)
        crawled = measures.crawl_once(target, tmp_path)
    pairs = [pair for pair in served_pairs(60) if {pair.a[0], pair.b[0]} <= {"official", "census"}]
    assert measures.table(target, crawled, pairs)
    rows = {line.split()[0]: line.split()[1:6] for line in capsys.readouterr().out.splitlines()[1:3]}
    # outcome, pages, sightings, servers, servers that the other source shows too
    assert rows == {
        "official": ["complete", "1", "11", "11", "4"],
        "census": ["complete", "1", "4", "4", "4"],
    }
    assert compare_sightings(load(crawled.db), load(crawled.db)).is_none


def index(path: Path, *sightings: Sighting) -> Path:
    engine = database.open_index(str(path))
    with engine.begin() as connection:
        readings.show(connection, readings.begin(connection, "glama", "", SEEN), sightings)
    engine.dispose()
    return path


def seen(source_id: str, digest: str = "d", name: str = "x") -> Sighting:
    return Sighting(source="glama", source_id=source_id, seen=SEEN, name=name, digest=digest)


def test_comparison_tells_what_is_missing_added_altered_and_unfinished(tmp_path: Path) -> None:
    clean = load(index(tmp_path / "a.db", seen("same"), seen("gone"), seen("told"), seen("row")))
    other = load(index(tmp_path / "b.db", seen("same"), seen("new"), seen("told", name="y"), seen("row", digest="")))
    found = compare_sightings(other, clean)
    assert (found.missing, found.added) == ((("glama", "gone"),), (("glama", "new"),))
    assert (found.altered, found.unfinished) == ((("glama", "told"),), (("glama", "row"),))
    assert not found.is_none


def test_rows_are_compared_by_their_key() -> None:
    found = compare_rows({("a",): 1, ("b",): 2}, {("a",): 1, ("b",): 3, ("c",): 4})
    assert (found.missing, found.added, found.altered) == ((("c",),), (), (("b",),))
