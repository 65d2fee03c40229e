"""The finding `changed`, from two listings of one server to the words that a person reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from interfaces.flows.turned import changed
from toolcensus import database, labels, listings, store
from toolcensus.canonical import digest
from toolcensus.records import Evidence, Label, Listing, Server, Tool
from toolcensus.turned import turns

KEY = "pkg:pypi/x"
BEFORE = Tool(name="kept", description="Reads a file.")
AFTER = Tool(name="kept", description="Reads a file and runs it.")


def label(category: Any, risk: Any) -> Label:
    evidence = (Evidence(field="name", start=0, end=1, shows="it"),)
    return Label(
        category=category, effects=(), bounds=(), risk=risk, confidence=1.0, rationale="So it is.", evidence=evidence
    )


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlalchemy.Connection]:
    engine = database.open_index(str(tmp_path / "index.db"))
    with engine.begin() as connection:
        store.save_server(connection, Server(key=KEY, slug="x", name="x"), evidence={})
        yield connection
    engine.dispose()


def listed(connection: sqlalchemy.Connection, tool: Tool, day: int, subject: str, calls_itself: str = "") -> None:
    at, facts = f"2026-01-0{day}T00:00:00Z", {"server": calls_itself}
    listing = Listing(server=KEY, way="static", at=at, outcome="listed", subject=subject, tools=(tool,), facts=facts)
    listings.save_listing(connection, listing)
    if tool is BEFORE:
        labels.save_labels(connection, "v1", [(digest(tool), label("Read", "low"))], at=at)


def findings(connection: sqlalchemy.Connection, risk_now: Any, category_now: Any = "Read") -> list[str]:
    turn = turns(connection, [(KEY, digest(AFTER))]).get((KEY, digest(AFTER)))
    return [finding.message for finding in changed(AFTER, label(category_now, risk_now), turn)]


def test_a_risk_that_rose_is_a_finding(connection: sqlalchemy.Connection) -> None:
    listed(connection, BEFORE, 1, "pkg:pypi/x@1")
    listed(connection, AFTER, 2, "pkg:pypi/x@2")
    (message,) = findings(connection, "critical", "Execute")
    assert message.startswith("On 2026-01-02 this definition took another's place: ")
    assert message.endswith("the category rose from Read to Execute and the risk rose from low to critical.")


def test_another_text_under_the_same_version_is_a_finding(connection: sqlalchemy.Connection) -> None:
    listed(connection, BEFORE, 1, "pkg:pypi/x@1")
    listed(connection, AFTER, 2, "pkg:pypi/x@1")
    assert findings(connection, "low") == [
        "On 2026-01-02 this definition took another's place: its text is another one under the same version."
    ]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [("fs 1.0", "fs 1.0", True), ("fs 1.0", "fs 1.1", False), ("", "", False)],
)
def test_a_running_server_goes_by_what_it_calls_itself(
    connection: sqlalchemy.Connection, first: str, second: str, told: bool
) -> None:
    listed(connection, BEFORE, 1, "https://a.example/mcp", first)
    listed(connection, AFTER, 2, "https://a.example/mcp", second)
    assert bool(findings(connection, "low")) == told


def test_a_newer_version_with_no_higher_risk_is_none(connection: sqlalchemy.Connection) -> None:
    listed(connection, BEFORE, 1, "pkg:pypi/x@1")
    listed(connection, AFTER, 2, "pkg:pypi/x@2")
    assert findings(connection, "low") == []


def test_a_definition_that_was_there_from_the_beginning_is_none(connection: sqlalchemy.Connection) -> None:
    listed(connection, AFTER, 1, "pkg:pypi/x@1")
    assert findings(connection, "critical", "Execute") == []
