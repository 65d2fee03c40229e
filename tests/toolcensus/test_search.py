from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

from toolcensus import labels, store
from toolcensus.canonical import digest
from toolcensus.errors import InputError
from toolcensus.records import Label, Sighting, Tool
from toolcensus.search import Query, _contained, search

DELETE = Tool(name="deleteFile", description="Removes it for good.")
DROP = Tool(name="drop", description="Will delete the file of a table.")
LIST = Tool(name="list_files", description="Lists.")


def _label(category: Any, risk: Any, *effects: Any) -> Label:
    return Label(
        category=category, effects=effects, bounds=(), risk=risk, confidence=0.5, rationale="Because.", evidence=()
    )


@pytest.fixture
def filled(index: sqlalchemy.Connection, save: Callable[..., Any]) -> sqlalchemy.Connection:
    """Two servers; on the second one tool is not labelled."""
    save("files", DELETE, LIST)
    save("tables", DROP, "unknown")
    given = [
        (DELETE, _label("Write", "high", "destructive", "filesystem")),
        (LIST, _label("Read", "low")),
        (DROP, _label("Write", "critical", "destructive", "bulk")),
    ]
    labels.save_labels(index, "v1", [(digest(tool), label) for tool, label in given], at="2026-01-01T00:00:00Z")
    store.save_sightings(index, [Sighting(source="npm", source_id="files", seen="2026-01-01T00:00:00Z", name="files")])
    index.exec_driver_sql("UPDATE sighting SET server_id = 1 WHERE source = 'npm'")
    return index


def _names(connection: sqlalchemy.Connection, **asked: Any) -> list[str]:
    return [row.tool for row in search(connection, Query(**asked)).rows]


@pytest.mark.parametrize(
    ("asked", "tools"),
    [
        ({"words": "delete"}, ["deleteFile", "drop"]),
        ({"words": "delete file"}, ["deleteFile", "drop"]),
        ({"words": "files"}, ["list_files", "deleteFile", "drop"]),
        ({"words": "delet*"}, ["deleteFile", "drop"]),
        ({"words": "deletefile"}, ["deleteFile"]),
        ({"words": "removing"}, ["deleteFile"]),
        ({"words": "nothing"}, []),
        ({}, ["drop", "deleteFile", "list_files", "unknown"]),
        ({"risk": frozenset({"high", "low"})}, ["deleteFile", "list_files"]),
        ({"category": frozenset({"Write"}), "effect": frozenset({"bulk", "code"})}, ["drop"]),
        ({"effect": frozenset({"destructive"}), "server": "files"}, ["deleteFile"]),
        ({"source": frozenset({"npm"})}, ["deleteFile", "list_files"]),
        ({"source": frozenset({"npm", "starter"}), "words": "delete"}, ["deleteFile", "drop"]),
    ],
)
def test_a_query_finds_these_tools_best_first(
    filled: sqlalchemy.Connection, asked: dict[str, Any], tools: list[str]
) -> None:
    assert _names(filled, **asked) == tools


def test_pages_follow_each_other_and_the_total_stays(filled: sqlalchemy.Connection) -> None:
    pages = [search(filled, Query(limit=3, offset=offset)) for offset in (0, 3, 6)]
    assert [len(page.rows) for page in pages] == [3, 1, 0]
    assert {page.total for page in pages} == {4}


def test_a_row_is_the_catalogues_with_its_json_read(filled: sqlalchemy.Connection) -> None:
    (row,) = search(filled, Query(words="removes")).rows
    assert (row.server, row.slug, row.category, row.risk) == ("pkg:npm/files", "files", "Write", "high")
    assert (row.effects, row.bounds, row.findings, row.policy) == (["destructive", "filesystem"], [], None, None)


def test_a_tool_that_is_gone_is_not_found(filled: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("files", LIST, day=2)
    assert _names(filled, words="delete") == ["drop"]


def test_an_unknown_server_is_an_error_and_not_an_empty_answer(filled: sqlalchemy.Connection) -> None:
    with pytest.raises(InputError, match="no server in the index is called nobody"):
        search(filled, Query(server="nobody"))


def test_a_database_without_full_text_looks_for_the_words_inside(filled: sqlalchemy.Connection) -> None:
    values: dict[str, Any] = {}
    where = " AND ".join(_contained("deleteFile", values))
    found = filled.execute(sqlalchemy.text(f"SELECT name FROM definition WHERE {where} ORDER BY name"), values)  # noqa: S608  # our own conditions
    assert found.scalars().all() == ["deleteFile", "drop"]
