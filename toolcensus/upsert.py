"""Insert rows, or update those that are there already: one statement in either database's own words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy.dialects import postgresql, sqlite

BATCH = 500
"""How many rows go into one statement: enough to be fast, few enough for every database's limit of parameters."""

Item = TypeVar("Item")


def upsert(
    connection: sqlalchemy.Connection,
    table: sqlalchemy.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keep: Iterable[str] = (),
    count: str | None = None,
) -> None:
    """Insert `rows`; where the primary key is taken, update every column but `keep`, and add one to `count`."""
    if rows:
        connection.execute(_statement(connection.dialect.name, table, tuple(rows[0]), tuple(keep), count), rows)


@cache
def _statement(
    dialect: str, table: sqlalchemy.Table, columns: tuple[str, ...], keep: tuple[str, ...], count: str | None
) -> sqlalchemy.Insert:
    """Build the statement, which takes longer than most inserts do."""
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    fixed = {*table.primary_key.columns.keys(), *keep}
    changed: dict[str, Any] = {name: insert.excluded[name] for name in columns if name not in fixed}
    if count:
        changed[count] = table.c[count] + 1
    conflict = list(table.primary_key.columns)
    statement: sqlalchemy.Insert = (
        insert.on_conflict_do_update(index_elements=conflict, set_=changed)
        if changed
        else insert.on_conflict_do_nothing(index_elements=conflict)
    )
    return statement


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Cut `items` into lists of at most `size`."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
