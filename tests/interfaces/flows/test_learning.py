"""What there is to learn from comes from labels, an index and a folder; none of it has to be whole."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from interfaces.flows.learning import gather
from toolcensus import database, listings, store
from toolcensus.canonical import digest
from toolcensus.errors import InputError
from toolcensus.label_list import Known, write_labels
from toolcensus.records import Listing, Server, Sighting, Tool

ZAP, VIEW, PLAIN = (
    Tool(name="zap", description="Zaps"),
    Tool(name="view", annotations={"readOnlyHint": True}),
    Tool(name="plain"),
)
AT = "2026-01-01T00:00:00Z"


def known(tool: Tool) -> Known:
    return Known(
        server="labelled-server", tool=tool.name, digest=digest(tool), category="Write", effects=(), bounds=(),
        risk="medium", reason="", vendor="labelled-vendor", reader="r",
    )  # fmt: skip


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    (tmp_path / "labels").mkdir()
    write_labels(tmp_path / "labels" / "a.jsonl", [known(ZAP)])
    return tmp_path / "labels"


def folder(path: Path, **files: list[dict[str, Any]]) -> Path:
    path.mkdir()
    for name in ("labelled", "unlabelled", "annotated"):
        with gzip.open(path / f"{name}.jsonl.gz", "wt") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in files.get(name, []))
    return path


@pytest.fixture
def index(tmp_path: Path) -> str:
    path = str(tmp_path / "index.db")
    engine = database.open_index(path)
    with engine.begin() as connection:
        store.save_sightings(connection, [Sighting(source="starter", source_id="x", seen=AT, name="X")])
        server = Server(key="pkg:npm/%40acme/x", slug="x", name="X")
        store.save_server(connection, server, evidence={("starter", "x"): "package"})
        listing = Listing(server=server.key, way="static", at=AT, outcome="listed", tools=(ZAP, VIEW, PLAIN))
        listings.save_listings(connection, [listing])
    engine.dispose()
    return path


def test_labels_meet_their_definitions_and_hints_stand_alone(labels: Path, index: str) -> None:
    found = {one.tool.name: one for one in gather(None, index, labels)}
    assert set(found) == {"zap", "view"}, "what has neither label nor hint teaches nothing"
    assert (found["zap"].vendor, found["zap"].known) == ("labelled-vendor", known(ZAP))
    assert (found["view"].vendor, found["view"].server, found["view"].known) == ("acme", "pkg:npm/%40acme/x", None)


def test_a_folder_serves_as_well_as_an_index(labels: Path, tmp_path: Path, index: str) -> None:
    gold = folder(
        tmp_path / "gold",
        unlabelled=[{"id": "1", "group": "g", "server": "s", "name": "zap", "description": "Zaps"}],
        annotated=[{"id": "2", "group": "g", "server": "s", "name": "view", "annotations": {"readOnlyHint": True}}],
    )
    of_folder = {(digest(one.tool), one.known) for one in gather(gold, None, labels)}
    assert of_folder == {(digest(one.tool), one.known) for one in gather(None, index, labels)}
    assert len(gather(gold, index, labels)) == 2, "one definition in both counts once"


def test_a_folder_without_its_files_is_named(labels: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"labelled\.jsonl\.gz is not there"):
        gather(tmp_path, None, labels)


def test_a_file_that_is_no_gzip_is_named(labels: Path, tmp_path: Path) -> None:
    gold = folder(tmp_path / "gold")
    (gold / "annotated.jsonl.gz").write_text("plain")
    with pytest.raises(InputError, match=r"annotated\.jsonl\.gz"):
        gather(gold, None, labels)


def test_nothing_to_learn_from_says_what_to_name(labels: Path) -> None:
    with pytest.raises(InputError, match="none of the definitions") as error:
        gather(None, None, labels)
    assert "--db" in str(error.value.advice)
