"""How the index is opened: where it is, its pragmas, its revision, and what a database's errors mean to a person.

On a writable engine a transaction takes SQLite's write lock when it begins, so that it never fails halfway for another
writer; commit before waiting for anything. Readers never block and are never blocked (write-ahead log).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import platformdirs
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import URL, ExceptionContext, make_url

from toolcensus import resources, revision
from toolcensus.errors import IndexUnusableError, ToolcensusError

BUSY_SECONDS = 10
CRAWL_FIRST = "make one: toolcensus crawl"

TROUBLE = {
    sqlite3.SQLITE_BUSY: ("is locked by another program", "wait until it is done, then run this again"),
    sqlite3.SQLITE_LOCKED: ("is locked by another program", "wait until it is done, then run this again"),
    sqlite3.SQLITE_READONLY: ("cannot be written", "make the file and its folder writable, or name another with --db"),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written to its end: the disk is full, over a quota, or failing",
        "free some space and run this again; what was committed is kept",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "is damaged",
        "save what can be had with the sqlite3 command .recover, or delete the file and crawl again",
    ),
    sqlite3.SQLITE_FULL: ("has no space left", "free some space and run this again; what was committed is kept"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "see whether the folder is there and yours to write in"),
    sqlite3.SQLITE_NOTADB: ("is no SQLite database", "name another file with --db; it is left as it is"),
}


def location(url: str | None) -> URL:
    """Return where the index is: `url` (an SQLAlchemy URL or a path), else the checkout's, else the user's.

    Raises IndexUnusableError where it is no URL.
    """
    url = url or os.environ.get("TOOLCENSUS_DB")
    if url and "://" in url:
        try:
            return make_url(url)
        except sqlalchemy.exc.ArgumentError as error:
            raise IndexUnusableError(
                f"{url} is no database URL", advice="write sqlite:///path/to/index.db, or just the path"
            ) from error
    if url:
        path = Path(url).expanduser()
    elif resources.in_checkout():
        path = resources.CHECKOUT / "data" / "index.db"
    else:
        path = platformdirs.user_data_path("toolcensus", appauthor=False) / "index.db"
    return URL.create("sqlite", database=str(path.absolute()))


def open_index(url: str | None, *, read_only: bool = False) -> sqlalchemy.Engine:
    """Open the index, making or upgrading it as needed; raise IndexUnusableError, with advice, where it cannot be."""
    where = location(url)
    if where.get_backend_name() == "sqlite":
        engine = _open_sqlite(where, read_only=read_only)
    else:
        engine = _open_server(where)
        event.listen(engine, "handle_error", _explain)
    try:
        _bring_up(engine, where, read_only=read_only)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(url: str | None) -> Iterator[sqlalchemy.Connection]:
    """Open the index for reading while the block runs; raise as `open_index` does."""
    engine = open_index(url, read_only=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _bring_up(engine: sqlalchemy.Engine, where: URL, *, read_only: bool) -> None:
    """Make or upgrade the tables; a reader of an older index opens it for writing once."""
    with engine.connect() as connection:
        found = revision.current(connection)
    if found == revision.HEAD:
        return
    if not read_only:
        with engine.begin() as connection:
            revision.upgrade(connection)
    elif found is None:
        raise IndexUnusableError(f"there is no index at {where.database} yet", advice=CRAWL_FIRST)
    else:
        open_index(where.render_as_string(hide_password=False)).dispose()


def _open_sqlite(where: URL, *, read_only: bool) -> sqlalchemy.Engine:
    path = where.database or ":memory:"
    if path != ":memory:":
        _check_place(Path(path), read_only=read_only)
    engine = sqlalchemy.create_engine(where.set(query={}), creator=lambda: _connect(path, read_only=read_only))
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    # The driver's own BEGIN comes too late for reads and never takes the write lock at once.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    event.listen(engine, "handle_error", _explain)
    return engine


def _check_place(path: Path, *, read_only: bool) -> None:
    if path.is_dir():
        raise IndexUnusableError(f"{path} is a folder", advice="name a file with --db")
    if read_only and not path.exists():
        raise IndexUnusableError(f"there is no index at {path} yet", advice=CRAWL_FIRST)
    if not read_only:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexUnusableError(
                f"{path.parent} cannot be made: {error.strerror}", advice="name another place with --db"
            ) from error


def _connect(path: str, *, read_only: bool) -> sqlite3.Connection:
    target = "file::memory:" if path == ":memory:" else f"file:{quote(path)}"
    if read_only:
        # Without the right to write beside the file, a reader cannot take part in the write-ahead log.
        alone = not os.access(Path(path).parent, os.W_OK) and not Path(f"{path}-wal").exists()
        target += "?immutable=1" if alone else "?mode=ro"
    try:
        connection = sqlite3.connect(
            target, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise _unusable(error, path) from error
    return connection


def _prepare(connection: sqlite3.Connection, *, read_only: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -32000")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")
    elif _ours(connection):
        connection.execute("PRAGMA journal_mode = WAL")
        # In the write-ahead log this can lose the last commits at a power cut, never at a kill, and never the file.
        connection.execute("PRAGMA synchronous = NORMAL")


def _ours(connection: sqlite3.Connection) -> bool:
    """Say whether the file is an index or empty; another program's database is not changed in the least."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return not names or revision.VERSION_TABLE in names


def _open_server(where: URL) -> sqlalchemy.Engine:
    try:
        return sqlalchemy.create_engine(where)
    except (sqlalchemy.exc.ArgumentError, ModuleNotFoundError) as error:
        raise IndexUnusableError(
            f"{where.drivername} cannot be opened: {error}", advice="install its driver, or use sqlite:///path"
        ) from error


def _explain(context: ExceptionContext) -> None:
    """Turn a database's error into one line; bugs of ours, such as a broken constraint, stay as they are."""
    error = context.original_exception
    database = str(context.engine.url.database) if context.engine else "the index"
    if isinstance(error, ToolcensusError):
        return
    if isinstance(error, sqlite3.Error):
        if _code(error) in TROUBLE:
            raise _unusable(error, database) from error
    elif isinstance(context.sqlalchemy_exception, sqlalchemy.exc.OperationalError):
        raise IndexUnusableError(f"{database} cannot be used: {error}", advice="see the database's own log") from error


def _code(error: sqlite3.Error) -> int:
    # The low byte is the primary code; SQLite's extended ones only say where it happened.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _unusable(error: sqlite3.Error, path: str) -> IndexUnusableError:
    what, advice = TROUBLE.get(_code(error), (f"cannot be used: {error}", "name another file with --db"))
    return IndexUnusableError(f"{path} {what}", advice=advice)
