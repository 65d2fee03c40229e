import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolcensus import database, labels, listings, store
from toolcensus.canonical import digest
from toolcensus.records import Evidence, Label, Listing, Server, Tool

Run = Callable[..., Any]
KEY = "pkg:pypi/x"
GONE, KEPT = Tool(name="gone", description="Goes."), Tool(name="kept", description="Reads a file.")
TURNED = Tool(name="kept", description="Reads a file, then [bold]runs[/bold] it.")
NEW = Tool(name="new", description="Is new.")


def label(category: Any, risk: Any) -> Label:
    evidence = (Evidence(field="name", start=0, end=1, shows="it"),)
    return Label(
        category=category, effects=(), bounds=(), risk=risk, confidence=1.0, rationale="So it is.", evidence=evidence
    )


@pytest.fixture
def changed(tmp_path: Path) -> str:
    """Make an index of one server whose second listing lost a tool, turned one and gained one."""
    path = str(tmp_path / "index.db")
    engine = database.open_index(path)
    with engine.begin() as connection:
        store.save_server(connection, Server(key=KEY, slug="x", name="x"), evidence={})
        for at, tools in (("2026-01-01T00:00:00Z", (GONE, KEPT)), ("2026-02-01T00:00:00Z", (TURNED, NEW))):
            listings.save_listing(connection, Listing(server=KEY, way="live", at=at, outcome="listed", tools=tools))
        judged = [(GONE, "Read", "low"), (KEPT, "Read", "low"), (TURNED, "Execute", "critical"), (NEW, "Write", "high")]
        labels.save_labels(
            connection, "v1", [(digest(tool), label(category, risk)) for tool, category, risk in judged], at="x"
        )
    engine.dispose()
    return path


def test_changes_come_with_the_risen_risk_first_and_what_is_gone_last(run: Run, changed: str) -> None:
    rows = json.loads(run("changes", "--since", "2026-01-15", "--json", "--db", changed).out)
    assert [(row["tool"], row["kind"], row["risk_before"], row["risk_after"]) for row in rows] == [
        ("kept", "description", "low", "critical"),
        ("new", "added", None, "high"),
        ("gone", "removed", "low", None),
    ]
    assert rows[0]["before"] == digest(KEPT)
    assert rows[0]["after"] == digest(TURNED)


def test_changes_are_a_table_and_with_v_show_what_was_said(run: Run, changed: str) -> None:
    answer = run("changes", "--since", "2026-01-15", "-v", "--server", "x", "--db", changed, columns=160)
    assert "low → critical" in answer.out
    assert "- description: Reads a file.\n" in answer.out
    assert "+ description: Reads a file, then [bold]runs[/bold] it.\n" in answer.out


def test_a_limit_says_how_many_more_there_are(run: Run, changed: str) -> None:
    answer = run("changes", "--since", "2026-01-15", "--limit", "1", "--db", changed)
    assert "2 more changes since 2026-01-15T00:00:00Z" in answer.err


@pytest.mark.parametrize("since", ["2026-02-02", "2026-02-01T00:00:01Z", "2026-02-01T01:00:01+01:00"])
def test_changes_before_the_moment_are_left_out(run: Run, changed: str, since: str) -> None:
    answer = run("changes", "--since", since, "--db", changed)
    assert (answer.code, answer.out) == (0, "")
    assert "Nothing changed since" in answer.err


def test_a_moment_that_is_none_gets_one_line_and_exit_2(run: Run, changed: str) -> None:
    answer = run("changes", "--since", "yesterday", "--db", changed)
    assert (answer.code, answer.out) == (2, "")
    assert "'yesterday' is no time" in answer.err
