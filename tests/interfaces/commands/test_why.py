"""The command `why`: what was merged by which evidence, where fields came from, what was kept apart."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interfaces.flows.resolve import Resolved, resolve
from toolcensus import database, store
from toolcensus.records import Sighting

Run = Callable[..., Any]
AT = "2026-01-01T00:00:00Z"
REPO = "https://github.com/acme/tools"
SIGHTINGS = (
    Sighting(source="official", source_id="io.acme/git", seen=AT, name="io.acme/git", description="Git, [bold]safely",
             repository=f"{REPO}/tree/HEAD/git", packages=("pkg:npm/acme-git@2.0.0",)),
    Sighting(source="npm", source_id="acme-git", seen=AT, name="acme-git", mentions=True,
             packages=("pkg:npm/acme-git@2.0.1",)),
    Sighting(source="lists", source_id="l", seen=AT, name="Git", title="Git", repository=f"{REPO}/tree/main/git"),
    Sighting(source="lists", source_id="m", seen=AT, name="SQL", repository=f"{REPO}/tree/main/sql"),
    Sighting(source="pypi", source_id="acme-git", seen=AT, name="acme-git", mentions=True,
             packages=("pkg:pypi/acme-git@1",)),
)  # fmt: skip


@pytest.fixture
def resolved(tmp_path: Path) -> str:
    """Make an index of two servers of one repository, and a candidate."""
    path = str(tmp_path / "index.db")
    engine = database.open_index(path)
    with engine.begin() as connection:
        store.save_sightings(connection, SIGHTINGS)
        assert resolve(connection, AT) == Resolved(sightings=5, servers=2, candidates=1, new=3, merged=0)
        again = resolve(connection, AT)
        assert (again.servers, again.new, again.merged) == (2, 0, 0)
    engine.dispose()
    return path


def test_why_as_json(run: Run, resolved: str) -> None:
    answer = json.loads(run("why", "github.com/acme/tools/git", "--json", "--db", resolved).out)
    assert answer["server"] == "pkg:npm/acme-git"
    assert (answer["candidate"], answer["doubt"], answer["aliases"]) == (False, "", [])
    assert [(one["source"], one["evidence"]) for one in answer["sightings"]] == [
        ("lists", "the same folder github.com/acme/tools/git as official io.acme/git"),
        ("npm", "the same package pkg:npm/acme-git as official io.acme/git"),
        ("official", "the same package pkg:npm/acme-git as npm acme-git"),
    ]
    assert [(one["field"], one["value"], one["source"]) for one in answer["fields"]] == [
        ("name", "io.acme/git", "official"),
        ("title", "Git", "lists"),
        ("description", "Git, [bold]safely", "official"),
        ("repository", f"{REPO}/tree/HEAD/git", "official"),
        ("packages", "pkg:npm/acme-git@2.0.0", "official"),
    ]
    assert answer["apart"] == [
        {
            "server": "github.com/acme/tools/sql",
            "reason": "another folder of github.com/acme/tools: git here, sql there",
        },
        {
            "server": "pkg:pypi/acme-git",
            "reason": "pkg:npm/acme-git and pkg:pypi/acme-git have the name in common, "
            "and no source says that they are one server",
        },
    ]


def test_why_for_people_prints_strangers_words_as_they_are(run: Run, resolved: str) -> None:
    answer = run("why", "pkg:npm/acme-git", "--db", resolved)
    assert answer.code == 0
    assert "Git, [bold]safely" in answer.out
    titles = {"Sightings", "Fields", "Kept apart"}
    assert titles <= {line.strip() for line in answer.out.splitlines()}


def test_why_says_what_is_only_a_candidate(run: Run, resolved: str) -> None:
    answer = run("why", "pkg:pypi/acme-git", "--db", resolved)
    assert "only a candidate: it only mentions MCP; nothing shows yet that it serves tools" in answer.out


def test_why_of_an_unknown_server_names_the_nearest(run: Run, resolved: str) -> None:
    answer = run("why", "acme-gti", "--db", resolved)
    assert answer.code == 2
    assert "no server in the index is called acme-gti" in answer.err
