import multiprocessing
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from toolcensus import database, resources, store
from toolcensus.errors import IndexUnusableError
from toolcensus.records import Sighting

SIGHTINGS = [Sighting(source="s", source_id=str(n), seen="2026-01-01T00:00:00Z", name="x" * 500) for n in range(4000)]


def _rows(path: Path) -> int:
    with database.reading(str(path)) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM sightings").scalar_one())


def test_a_url_a_path_and_the_environment_name_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLCENSUS_DB", "from-environment.db")
    assert database.location("sqlite:////abc/x.db").database == "/abc/x.db"
    assert database.location("x.db").database == str(Path.cwd() / "x.db")
    assert database.location(None).database == str(Path.cwd() / "from-environment.db")


def test_without_a_name_it_is_in_the_checkout_else_in_the_users_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TOOLCENSUS_DB", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert database.location(None).database == str(resources.CHECKOUT / "data" / "index.db")
    monkeypatch.setattr(resources, "in_checkout", lambda: False)
    assert database.location(None).database == str(tmp_path / "toolcensus" / "index.db")


def test_a_new_index_has_the_write_ahead_log_and_checks_foreign_keys(path: Path) -> None:
    engine = database.open_index(str(path))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_reader_cannot_write(path: Path) -> None:
    database.open_index(str(path)).dispose()
    with database.reading(str(path)) as connection, pytest.raises(IndexUnusableError, match="cannot be written"):
        store.save_sightings(connection, SIGHTINGS[:1])


def _make_folder(path: Path) -> None:
    path.mkdir()


def _make_text(path: Path) -> None:
    path.write_text("these are shopping notes, and long enough for a header" * 20)


def _make_other_database(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.commit()
    other.close()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_make_folder, "is a folder"),
        (_make_text, "is no SQLite database"),
        (_make_other_database, "is a database, but not a Toolcensus index"),
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_no_index_is_refused_and_left_as_it_is(
    path: Path, make: Callable[[Path], None], message: str, read_only: bool
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(IndexUnusableError, match=message) as caught:
        database.open_index(str(path), read_only=read_only)
    assert "--db" in caught.value.advice
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize("content", [None, b""])
def test_reading_what_is_not_there_yet_says_to_crawl(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexUnusableError, match="there is no index at") as caught:
        database.open_index(str(path), read_only=True)
    assert "toolcensus crawl" in caught.value.advice
    assert path.exists() == (content is not None)


def test_a_url_that_is_none_and_a_driver_that_is_missing_are_one_line_each() -> None:
    with pytest.raises(IndexUnusableError, match="is no database URL"):
        database.open_index("://")
    with pytest.raises(IndexUnusableError, match="cannot be opened"):
        database.open_index("nosuchdatabase://host/name")


def test_an_index_that_another_program_writes_can_be_read_and_not_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.open_index(str(path)).dispose()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert _rows(path) == 0
    engine = database.open_index(str(path), read_only=True)
    engine.dispose()
    with pytest.raises(IndexUnusableError, match="is locked by another program") as caught:
        database.open_index(str(path)).begin().__enter__()
    assert "wait" in caught.value.advice
    other.close()


def test_a_full_disk_loses_nothing_that_was_committed(path: Path) -> None:
    engine = database.open_index(str(path))
    with engine.begin() as connection:
        store.save_sightings(connection, SIGHTINGS[:10])
    with pytest.raises(IndexUnusableError, match="has no space left"), engine.connect() as connection:  # noqa: PT012
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
        store.save_sightings(connection, SIGHTINGS)
    engine.dispose()
    assert _rows(path) == 10


def _write_under_a_quota(path: str) -> None:
    engine = database.open_index(path)
    with engine.begin() as connection:
        store.save_sightings(connection, SIGHTINGS[:10])
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
    try:
        with engine.begin() as connection:
            store.save_sightings(connection, SIGHTINGS)
    except IndexUnusableError:
        os._exit(7)


def test_a_file_over_a_quota_loses_nothing_that_was_committed(path: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=_write_under_a_quota, args=(str(path),))
    process.start()
    process.join()
    assert process.exitcode == 7
    assert _rows(path) == 10


WRITER = """
import sys
from toolcensus import database, listings, store
from toolcensus.records import Listing, Server, Tool
engine = database.open_index(sys.argv[1])
for n in range(100_000):
    with engine.begin() as connection:
        key = f"pkg:npm/s{n}"
        store.save_server(connection, Server(key=key, slug=f"s{n}", name="s"), evidence={})
        tools = tuple(Tool(name=f"tool_{n}_{i}", description="d" * 300) for i in range(20))
        listing = Listing(server=key, way="live", at="2026-01-01T00:00:00Z", outcome="listed", tools=tools)
        listings.save_listing(connection, listing)
    print(n, flush=True)
"""


def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_committed(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        committed = [int(next(writer.stdout)) for _ in range(15)]
        writer.kill()
        committed += [int(line) for line in writer.stdout if line.endswith("\n")]
    with database.reading(str(path)) as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        servers = connection.exec_driver_sql("SELECT tools FROM servers").scalars().all()
        words = connection.exec_driver_sql("SELECT count(*) FROM tool_words WHERE tool_words MATCH 'tool'").scalar()
    assert len(servers) in {len(committed), len(committed) + 1}
    assert set(servers) == {20}
    assert words == 20 * len(servers)
    engine = database.open_index(str(path))
    engine.dispose()


def test_a_damaged_index_says_so(path: Path) -> None:
    engine = database.open_index(str(path))
    with engine.begin() as connection:
        store.save_sightings(connection, SIGHTINGS)
    engine.dispose()
    with path.open("r+b") as file:
        file.seek(40_000)
        file.write(b"\xff" * (path.stat().st_size - 40_000))
    with pytest.raises(IndexUnusableError, match="is damaged") as caught, database.reading(str(path)) as connection:
        connection.exec_driver_sql("SELECT record_json FROM sighting ORDER BY record_json").all()
    assert ".recover" in caught.value.advice


def _open(path: str) -> None:
    database.open_index(path).dispose()


def test_programs_that_start_together_make_one_index(path: Path) -> None:
    started = [multiprocessing.get_context("fork").Process(target=_open, args=(str(path),)) for _ in range(4)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0, 0, 0, 0]


def _read_as_nobody(path: str) -> None:
    if os.geteuid() == 0:
        os.setuid(65534)  # root may write everywhere
    os._exit(_rows(Path(path)) + 7)


def test_an_index_in_a_folder_that_cannot_be_written_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.db"
        database.open_index(str(path)).dispose()
        path.parent.chmod(0o555)
        process = multiprocessing.get_context("fork").Process(target=_read_as_nobody, args=(str(path),))
        process.start()
        process.join()
        path.parent.chmod(0o755)
    assert process.exitcode == 7
