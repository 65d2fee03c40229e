"""A person's own SQL, strictly read-only: one statement, a time limit, a row limit, nothing but reading."""

import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy

from toolcensus.errors import InputError, LimitError
from toolcensus.records import Record

SECONDS = 20.0
ROWS = 10_000
VALUE_BYTES = 64 * 1024 * 1024
STEPS = 50_000
"""Virtual machine instructions between two looks at the clock: about a millisecond."""

ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
TELLING_PRAGMAS = frozenset({"data_version", "index_info", "index_list", "table_info", "table_list", "table_xinfo"})
KEPT_OUT = frozenset({"load_extension", "fts3_tokenizer"})


class Selection(Record, frozen=True, omit_defaults=False):
    """What a statement gave; `capped` says that there are more rows than were read."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    capped: bool


def select(connection: sqlalchemy.Connection, sql: str, *, rows: int = ROWS, seconds: float = SECONDS) -> Selection:
    """Run one reading statement on the index's file, on a connection of its own.

    Raises InputError where it is no single reading statement or SQLite refuses it, LimitError where it takes too long.
    """
    path = connection.engine.url.database
    if connection.dialect.name != "sqlite" or not path or not Path(path).is_file():
        raise InputError("--sql reads SQLite files only", advice="use the database's own client, such as psql")
    reader = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, isolation_level=None)
    try:
        _guard(reader, seconds)
        cursor = reader.execute(sql)
        if cursor.description is None:
            raise InputError("--sql takes one statement that gives rows", advice="begin with SELECT or WITH")
        columns = tuple(column[0] for column in cursor.description)
        read = cursor.fetchmany(rows + 1)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _refused(error, seconds) from error
    finally:
        reader.close()
    return Selection(columns=columns, rows=tuple(read[:rows]), capped=len(read) > rows)


def _guard(reader: sqlite3.Connection, seconds: float) -> None:
    reader.execute("PRAGMA query_only = ON")
    # The full-text table declares itself on its first use, which the authorizer would take for a writing statement.
    reader.execute("SELECT rowid FROM tool_words WHERE tool_words MATCH 'x'").fetchone()
    reader.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES)
    reader.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    reader.set_authorizer(_authorize)
    end = time.monotonic() + seconds
    reader.set_progress_handler(lambda: time.monotonic() > end, STEPS)


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    reads = action in ALLOWED and second not in KEPT_OUT
    tells = action == sqlite3.SQLITE_PRAGMA and first in TELLING_PRAGMAS
    return sqlite3.SQLITE_OK if reads or tells else sqlite3.SQLITE_DENY


def _refused(error: Exception, seconds: float) -> InputError:
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_INTERRUPT:
        return LimitError(
            f"the statement took longer than {seconds:g} seconds", advice="narrow it with WHERE, or use sqlite3 itself"
        )
    if code == sqlite3.SQLITE_AUTH or str(error).startswith("not authorized"):
        return InputError("--sql only reads: the statement would write, attach or configure", advice="use SELECT")
    return InputError(
        f"SQLite refuses the statement: {error}", advice="toolcensus query --help names the views that there are"
    )
