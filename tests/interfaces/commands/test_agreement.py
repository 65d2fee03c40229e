import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolcensus import database, listings, store
from toolcensus.records import Listing, Server, Tool

Run = Callable[..., Any]
AT = "2026-01-01T00:00:00Z"


def tool(name: str, description: str, *parameters: str, **more: Any) -> Tool:
    schema = {"type": "object", "properties": {each: {"type": "string"} for each in parameters}}
    return Tool(name=name, description=description, input_schema=schema, **more)


@pytest.fixture
def twice(tmp_path: Path) -> str:
    """Make an index with one server that answers live and whose Python code was read."""
    path = str(tmp_path / "index.db")
    engine = database.open_index(path)
    live = (tool("read", "Reads\na file.", "path"), tool("write", "Writes.", "path", "text"), tool("move", "Moves."))
    static = (
        tool("read", "Reads a file.", "path", where="a.py:3"),
        tool("write", "Writes it.", "path", where="a.py:9"),
        tool("drop", "Drops.", where="a.py:12"),
        tool("admin", "Rules.", where="a.py:15", conditional="--admin"),
    )
    with engine.begin() as connection:
        store.save_server(connection, Server(key="pkg:pypi/x", slug="x", name="x"), evidence={})
        listings.save_listings(
            connection,
            [
                Listing(server="pkg:pypi/x", way="static", at=AT, outcome="listed", tools=static),
                Listing(server="pkg:pypi/x", way="live", at=AT, outcome="listed", tools=live),
            ],
        )
    engine.dispose()
    return path


def test_agreement_counts_names_descriptions_and_parameters(run: Run, twice: str) -> None:
    answer = json.loads(run("agreement", "--json", "--db", twice).out)
    assert answer["agreement"] == [
        {
            "way": "static", "against": "live", "language": "Python", "servers": 1, "tools": 3, "found": 2,
            "missing": 1, "extra": 1, "conditional": 1, "descriptions": 1, "parameters": 1,
        }
    ]  # fmt: skip
    assert answer["servers"] == []


def test_one_server_shows_the_names_that_differ(run: Run, twice: str) -> None:
    answer = run("agreement", "--server", "x", "--db", twice, columns=200)
    assert answer.code == 0
    lines = [line.split() for line in answer.out.splitlines()]
    assert [
        "static",
        "live",
        "Python",
        "1",
        "3",
        "2",
        "(66.7%)",
        "1",
        "1",
        "1",
        "1",
        "(50.0%)",
        "1",
        "(50.0%)",
    ] in lines
    assert ["pkg:pypi/x", "static", "move", "drop"] in lines


def test_the_catalogue_shows_the_better_founded_list_and_keeps_both(run: Run, twice: str) -> None:
    rows = run("query", "--db", twice, "--sql", "SELECT tool, way FROM catalogue ORDER BY tool", "--json").out
    shown = {row["tool"]: row["way"] for row in json.loads(rows)}
    assert shown == {"admin": "static", "drop": "static", "move": "live", "read": "live", "write": "live"}


def test_without_two_ways_the_next_step_is_named(run: Run, census: str) -> None:
    answer = run("agreement", "--db", census)
    assert (answer.code, answer.out) == (0, "")
    assert "--listings live,static" in answer.err
