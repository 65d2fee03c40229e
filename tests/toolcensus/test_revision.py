import shutil
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from toolcensus import database, revision, store
from toolcensus.errors import IndexUnusableError
from toolcensus.records import Sighting
from toolcensus.schema import metadata

SIGHTING = Sighting(source="s", source_id="1", seen="2026-01-01T00:00:00Z", name="x")

NEXT = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "next", "HEAD"
def upgrade():
    with op.batch_alter_table("sighting") as table:
        table.add_column(sa.Column("mood", sa.Text, server_default="calm", nullable=False))
"""


def test_the_revisions_make_exactly_the_tables_that_the_code_uses(index: sqlalchemy.Connection) -> None:
    context = MigrationContext.configure(index, opts={"version_table": revision.VERSION_TABLE})
    differences = compare_metadata(context, metadata)
    assert [entry for entry in differences if "tool_words" not in str(entry[1])] == []


def test_the_newest_revision_is_the_one_that_opening_looks_for() -> None:
    assert ScriptDirectory(str(revision.MIGRATIONS)).get_heads() == [revision.HEAD]


@pytest.mark.parametrize("read_only", [True, False])
def test_an_older_index_is_brought_up_with_all_it_holds(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_only: bool
) -> None:
    engine = database.open_index(str(path))
    with engine.begin() as connection:
        store.save_sightings(connection, [SIGHTING])
    engine.dispose()
    newer = tmp_path / "migrations"
    shutil.copytree(revision.MIGRATIONS, newer, ignore=shutil.ignore_patterns("__pycache__"))
    (newer / "versions" / "next_mood.py").write_text(NEXT.replace("HEAD", revision.HEAD))
    monkeypatch.setattr(revision, "MIGRATIONS", newer)
    monkeypatch.setattr(revision, "HEAD", "next")
    engine = database.open_index(str(path), read_only=read_only)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT source_id, mood FROM sighting").all() == [("1", "calm")]
        assert connection.exec_driver_sql("SELECT source_id FROM sightings").all() == [("1",)]
    engine.dispose()


@pytest.mark.parametrize("read_only", [True, False])
def test_an_index_of_a_newer_program_is_refused_and_left_as_it_is(path: Path, read_only: bool) -> None:
    engine = database.open_index(str(path))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE index_revision SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(IndexUnusableError, match=r"newer Toolcensus \(its revision is 9999\)") as caught:
        database.open_index(str(path), read_only=read_only)
    assert "upgrade Toolcensus" in caught.value.advice
