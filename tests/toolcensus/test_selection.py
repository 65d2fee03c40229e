from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from toolcensus import database, selection
from toolcensus.errors import InputError, LimitError

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def reader(save: Callable[..., Any], path: Path) -> Any:
    """Read an index with one server of three tools."""
    save("s", "a", "b", "c")
    with database.reading(str(path)) as connection:
        yield connection


def test_a_statement_gives_columns_and_rows(reader: sqlalchemy.Connection) -> None:
    made = selection.select(reader, "SELECT tool, way FROM catalogue ORDER BY tool DESC LIMIT 2;")
    assert made == selection.Selection(columns=("tool", "way"), rows=(("c", "static"), ("b", "static")), capped=False)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM tool_words WHERE tool_words MATCH 'a'",
        "WITH x AS (SELECT 1 AS y) SELECT y FROM x",
        "PRAGMA table_info(tool)",
        "EXPLAIN QUERY PLAN SELECT 1",
        "VALUES (1)",
    ],
)
def test_every_kind_of_reading_is_allowed(reader: sqlalchemy.Connection, sql: str) -> None:
    assert selection.select(reader, sql).rows


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("DELETE FROM tool", "only reads"),
        ("INSERT INTO page VALUES ('u', NULL, NULL, 'd', 'f') RETURNING url", "only reads"),
        ("DROP VIEW catalogue", "only reads"),
        ("CREATE TEMP TABLE t (x)", "only reads"),
        ("ATTACH '/tmp/x.db' AS x", "only reads"),
        ("VACUUM INTO '/tmp/x.db'", "only reads"),
        ("PRAGMA query_only = OFF", "only reads"),
        ("PRAGMA journal_mode = DELETE", "only reads"),
        ("SELECT load_extension('x')", "only reads"),
        ("BEGIN", "only reads"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT x FROM nowhere", "no such table: nowhere"),
        ("SELEKT 1", "syntax error"),
        ("SELECT '\0'", "null character"),
        ("", "one statement that gives rows"),
        ("SELECT zeroblob(1000000000)", "too big"),
    ],
)
def test_everything_else_is_refused_in_one_line(reader: sqlalchemy.Connection, sql: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        selection.select(reader, sql)
    assert reader.exec_driver_sql("SELECT count(*) FROM catalogue").scalar() == 3


def test_a_statement_that_takes_too_long_is_stopped(reader: sqlalchemy.Connection) -> None:
    with pytest.raises(LimitError, match=r"longer than 0\.05 seconds"):
        selection.select(reader, FOREVER, seconds=0.05)


def test_rows_beyond_the_cap_are_left_out_and_announced(reader: sqlalchemy.Connection) -> None:
    assert selection.select(reader, "SELECT tool FROM catalogue ORDER BY tool", rows=2).capped
    assert not selection.select(reader, "SELECT tool FROM catalogue", rows=3).capped
