from collections.abc import Callable
from typing import Any

import sqlalchemy

from toolcensus import labels, tally
from toolcensus.canonical import digest
from toolcensus.records import Label, Tool

LABEL = Label(
    category="Write", effects=("destructive", "bulk"), bounds=(), risk="critical", confidence=1.0, rationale="x",
    evidence=(),
)  # fmt: skip


def test_an_empty_index_counts_nothing(index: sqlalchemy.Connection) -> None:
    assert not tally.has_tools(index)
    counted = tally.count(index)
    assert (counted.servers, counted.tools, counted.labels, counted.funnel) == (0, 0, {}, ())
    assert set(counted.effects.values()) == {0}


def test_the_tally_counts_every_tool_once(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("a", "drop", "other")
    save("a", "drop", way="live")
    save("b", "drop")
    save("c", outcome="crashed", reason="out of memory")
    labels.save_labels(index, "v1", [(digest(Tool(name="drop")), LABEL)], at="2026-01-01T00:00:00Z")
    counted = tally.count(index)
    assert (counted.servers, counted.listed, counted.tools, counted.labelled) == (3, 2, 3, 2)
    assert counted.labels == {"Write": {"critical": 2}}
    assert {effect: number for effect, number in counted.effects.items() if number} == {"destructive": 2, "bulk": 2}
    assert counted.outcomes == {"live": {"listed": 1}, "static": {"crashed": 1, "listed": 2}}
    assert [(row.way, row.outcome, row.servers) for row in counted.funnel] == [
        ("live", "listed", 1),
        ("static", "crashed", 1),
        ("static", "listed", 2),
    ]
