from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

from toolcensus import labels, pages
from toolcensus.canonical import digest
from toolcensus.records import Evidence, Label, Tool

COLUMNS = {
    "catalogue": "server tool title description category risk effects bounds confidence rationale evidence findings"
    " policy way first_seen last_seen",
    "servers": "key slug name title description repository packages remotes sources tools highest_risk way first_seen"
    " last_seen retired",
    "candidates": "key slug name title description repository packages remotes sources tools highest_risk way"
    " first_seen last_seen retired",
    "sightings": "source source_id server evidence seen",
    "aliases": "alias server",
    "funnel": "source way outcome servers",
    "failures": "source url reason attempts first last",
    "changes": "at server tool way kind before after risk_before risk_after",
}
DELETE = Tool(name="delete_file", title="Delete", description="Deletes.", input_schema={"type": "object"})
LABEL = Label(
    category="Write",
    effects=("destructive",),
    bounds=("overwrites",),
    risk="high",
    confidence=0.9,
    rationale="It deletes.",
    evidence=(Evidence(field="name", start=0, end=6, shows="deletes"),),
)


def _all(connection: sqlalchemy.Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(sql)]


@pytest.mark.parametrize("view", COLUMNS)
def test_the_columns_of_the_views_stay(index: sqlalchemy.Connection, view: str) -> None:
    assert list(index.exec_driver_sql(f"SELECT * FROM {view}").keys()) == COLUMNS[view].split()  # noqa: S608  # a constant


def test_an_unlabelled_tool_is_in_the_catalogue_with_nulls(
    index: sqlalchemy.Connection, save: Callable[..., Any]
) -> None:
    save("files", DELETE)
    (row,) = _all(index, "SELECT * FROM catalogue")
    assert row[:4] == ("pkg:npm/files", "delete_file", "Delete", "Deletes.")
    assert row[4:13] == (None,) * 9
    assert row[13:] == ("static", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")


def test_a_labelled_tool_has_its_judgement_as_json_text(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("files", DELETE)
    labels.save_labels(index, "v1", [(digest(DELETE), LABEL)], at="2026-01-02T00:00:00Z")
    labels.save_findings(index, "v1", [("pkg:npm/files", digest(DELETE), ())])
    labels.save_policies(index, [("pkg:npm/files", digest(DELETE), {"limits": []})])
    (row,) = _all(
        index,
        "SELECT category, risk, effects, bounds, confidence, rationale, evidence, findings, policy FROM catalogue",
    )
    assert row == (
        *("Write", "high", '["destructive"]', '["overwrites"]', 0.9, "It deletes."),
        *('[{"field":"name","start":0,"end":6,"shows":"deletes"}]', "[]", '{"limits":[]}'),
    )
    assert _all(index, "SELECT key, sources, tools, highest_risk, way FROM servers") == [
        ("pkg:npm/files", '["starter"]', 1, "high", "static")
    ]


def test_the_catalogue_shows_each_tool_once_as_its_best_founded_way_does(
    index: sqlalchemy.Connection, save: Callable[..., Any]
) -> None:
    save("files", "read", "write", way="static")
    save("files", Tool(name="read", description="live"), way="live", day=2)
    assert _all(index, "SELECT tool, way, description, first_seen FROM catalogue ORDER BY tool") == [
        ("read", "live", "live", "2026-01-01T00:00:00Z"),
        ("write", "static", None, "2026-01-01T00:00:00Z"),
    ]
    assert _all(index, "SELECT tools, way FROM servers") == [(2, "live")]


def test_the_funnel_counts_each_ways_last_answer_and_what_was_not_tried(
    index: sqlalchemy.Connection, save: Callable[..., Any]
) -> None:
    save("files", outcome="crashed", reason="out of memory")
    save("files", "read", day=2)
    save("mail", outcome="no-source", reason="it is empty")
    index.exec_driver_sql("DELETE FROM listing WHERE outcome = 'no-source'")
    assert _all(index, "SELECT * FROM funnel ORDER BY way") == [
        ("starter", None, None, 1),
        ("starter", "static", "listed", 1),
    ]


def test_changes_show_the_risks_of_both_definitions(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("files", DELETE)
    labels.save_labels(index, "v1", [(digest(DELETE), LABEL)], at="2026-01-01T00:00:00Z")
    worse = Tool(name="delete_file", description="Deletes everything.")
    save("files", worse, day=2)
    assert _all(index, "SELECT kind, risk_before, risk_after FROM changes ORDER BY kind")[0][1:] == ("high", None)
    labels.save_labels(
        index, "v1", [(digest(worse), Label(**{**_fields(LABEL), "risk": "critical"}))], at="2026-01-02T00:00:00Z"
    )
    assert {row[1:] for row in _all(index, "SELECT kind, risk_before, risk_after FROM changes")} == {
        ("high", "critical")
    }


def _fields(label: Label) -> dict[str, Any]:
    return {name: getattr(label, name) for name in label.__struct_fields__}


def test_failed_requests_are_counted_by_reason(index: sqlalchemy.Connection) -> None:
    for day in (1, 2):
        pages.record_failure(index, source="npm", url="u", reason="timeout", at=f"2026-01-0{day}T00:00:00Z")
    assert _all(index, "SELECT * FROM failures") == [
        ("npm", "u", "timeout", 2, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    ]
    pages.clear_failure(index, "u")
    assert _all(index, "SELECT * FROM failures") == []
