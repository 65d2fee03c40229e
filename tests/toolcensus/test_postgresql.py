"""The same index on PostgreSQL: whoever has one names an empty database in TOOLCENSUS_TEST_POSTGRESQL."""

import os
from collections.abc import Iterator

import pytest
import sqlalchemy
from sqlalchemy import text

from toolcensus import agreement, database, history, labels, listings, lookup, reviews, search, store, tally
from toolcensus.canonical import digest
from toolcensus.records import Evidence, Label, Listing, Review, Server, Sighting, Tool

URL = os.environ.get("TOOLCENSUS_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(not URL, reason="TOOLCENSUS_TEST_POSTGRESQL names no database")

KEY = "pkg:pypi/x"
BEFORE, AFTER = Tool(name="kept", description="Reads a file."), Tool(name="kept", description="Runs a file.")
LABEL = Label(
    category="Execute", effects=("code",), bounds=(), risk="critical", confidence=0.5, rationale="It runs.",
    evidence=(Evidence(field="name", start=0, end=4, shows="it"),), review=True,
)  # fmt: skip


@pytest.fixture
def connection() -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(URL)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    engine = database.open_index(URL)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_what_is_written_is_read_back_by_every_question(connection: sqlalchemy.Connection) -> None:
    store.save_sightings(connection, [Sighting(source="starter", source_id="x", seen="2026-01-01T00:00:00Z", name="X")])
    store.save_server(connection, Server(key=KEY, slug="x", name="X"), evidence={("starter", "x"): "package"})
    for day, way, tool in ((1, "static", BEFORE), (2, "static", AFTER), (2, "live", AFTER)):
        at = f"2026-01-0{day}T00:00:00Z"
        listings.save_listing(connection, Listing(server=KEY, way=way, at=at, outcome="listed", tools=(tool,)))  # type: ignore[arg-type]
    labels.save_labels(connection, "v1", [(digest(AFTER), LABEL)], at="x")
    assert lookup.find_server(connection, "X") == KEY
    assert [row.way for row in search.search(connection, search.Query(words="runs")).rows] == ["live"]
    assert tally.count(connection).labels == {"Execute": {"critical": 1}}
    assert [(row.kind, row.risk_after) for row in history.changes_since(connection, "2026-01-02")] == [
        ("description", "critical")
    ]
    assert [one.descriptions for one in agreement.compare_all(connection)] == [1]
    (waiting,) = reviews.waiting(connection, limit=5)
    review = Review(
        server=KEY, tool="kept", digest=waiting.digest, category="Read", effects=(), bounds=(), risk="low",
        reason="It only reads.", reader="a person", at="2026-01-03T00:00:00Z",
    )  # fmt: skip
    reviews.save_reviews(connection, [review])
    assert list(reviews.load_reviews(connection)) == [review]
    assert reviews.waiting(connection, limit=5) == []
