"""A small index that every asking command can be tried on, and how to run a command in this process."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from gateway.recommend import recommend
from interfaces.main import main
from toolcensus import database, labels, listings, store
from toolcensus.canonical import digest
from toolcensus.records import Evidence, Finding, Label, Listing, Server, Sighting, Tool, Unresolved

AT = "2026-01-01T00:00:00Z"
KEY = "pkg:npm/%40org/server-files"

DELETE = Tool(
    name="deleteFile",
    description="Delete a file.\n\nForever.",
    input_schema={"type": "object", "properties": {"path": {"type": "string", "description": "Which file"}}},
    conditional="--write",
    where="src/index.ts:12",
)
RUN = Tool(name="run_command", description="Run any command [bold]now[/bold]\x1b[31m")
LIST = Tool(name="list_files")
LABELS = (
    (DELETE, Label(
        category="Write", effects=("destructive", "filesystem"), bounds=(), risk="high", confidence=0.93,
        rationale="It deletes the file that the caller names.",
        evidence=(
            Evidence(field="name", start=0, end=6, shows="deletes"),
            Evidence(field="/inputSchema/properties/path", start=0, end=4, shows="a path of the caller's choice"),
            Evidence(field="/inputSchema/properties/path/description", start=6, end=10, shows="a file"),
        ),
    )),
    (RUN, Label(
        category="Execute", effects=("code",), bounds=("unlimited",), risk="critical", confidence=0.99,
        rationale="It runs any command.", evidence=(Evidence(field="name", start=0, end=3, shows="runs"),),
    )),
)  # fmt: skip
VAGUE = Finding(kind="vague", severity="low", field="description", start=0, end=0, message="It says too little.")


class Answer(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """Make an index with nothing in it."""
    path = str(tmp_path / "empty.db")
    database.open_index(path).dispose()
    return path


@pytest.fixture
def census(tmp_path: Path) -> str:
    """Make an index: a server with two labelled tools and one that is not, and a server that could not be listed."""
    path = str(tmp_path / "index.db")
    engine = database.open_index(path)
    with engine.begin() as connection:
        for key, slug, name in ((KEY, "org-server-files", "Files"), ("pkg:pypi/mail", "mail", "Mail")):
            sighting = Sighting(source="starter", source_id=slug, seen=AT, name=name)
            store.save_sightings(connection, [sighting])
            server = Server(key=key, slug=slug, name=name, packages=(f"{key}@1.0.0",))
            store.save_server(connection, server, evidence={("starter", slug): "package"})
        unresolved = (Unresolved(where="src/more.ts:3", reason="its name is computed"),)
        listings.save_listings(
            connection,
            [
                Listing(
                    server=KEY, way="static", at=AT, outcome="listed", subject=f"{KEY}@1.0.0",
                    tools=(DELETE, RUN, LIST), unresolved=unresolved,
                ),
                Listing(server="pkg:pypi/mail", way="static", at=AT, outcome="no-source", reason="it holds no code"),
            ],
        )  # fmt: skip
        for tool, label in LABELS:
            pair = (KEY, digest(tool))
            labels.save_labels(connection, "v1", [(pair[1], label)], at=AT)
            labels.save_findings(connection, "v1", [(*pair, [VAGUE] if tool is RUN else [])])
            labels.save_policies(connection, [(*pair, msgspec.to_builtins(recommend(tool, label).entry))])
    engine.dispose()
    return path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Run `toolcensus` with these arguments on a terminal of 100 columns."""

    def run(*arguments: str, columns: int = 100) -> Answer:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["toolcensus", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        written = capfd.readouterr()
        return Answer(code, written.out, written.err)

    return run
