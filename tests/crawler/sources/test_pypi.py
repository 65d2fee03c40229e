"""PyPI: names out of the index of all, and what a project's document says."""

from pathlib import Path

import pytest

from crawler.sources import pypi
from toolcensus.errors import InputError

SAVED = Path(__file__).parents[2] / "sources" / "pypi"
SEEN = "2026-11-24T00:00:00Z"
INDEX, PROJECT = (SAVED / "index.json").read_bytes(), (SAVED / "project.json").read_bytes()
(REQUEST,) = pypi.start(None, has_key=False)


def test_index_leads_to_the_projects_whose_names_speak_of_mcp() -> None:
    found = pypi.read(REQUEST, INDEX, SEEN)
    assert [request.path for request in found.follow] == ["pypi/Kite_MCP/json", "pypi/modelcontextprotocol-tea/json"]
    assert {request.absent for request in found.follow} == {"gone"}
    assert [flaw.where for flaw in found.flaws] == ["/projects/3"]


def test_serial_alone_says_whether_a_project_is_asked_for_again() -> None:
    before = [request.about for request in pypi.read(REQUEST, INDEX, SEEN).follow]
    after = [request.about for request in pypi.read(REQUEST, INDEX.replace(b": 7", b": 12"), SEEN).follow]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True]


def test_project_is_a_mention_with_the_repository_that_its_links_name() -> None:
    kite, _ = pypi.read(REQUEST, INDEX, SEEN).follow
    (sighting,) = pypi.read(kite, PROJECT, SEEN).sightings
    assert (sighting.source_id, sighting.packages) == ("Kite_MCP", ("pkg:pypi/kite-mcp@1.2.0",))
    assert (sighting.repository, sighting.website) == ("https://github.com/ada/kite-mcp", "https://kite.example.org")
    assert (sighting.description, sighting.licence, sighting.mentions) == ("Flies kites.", "MIT", True)
    assert kite.about
    assert sighting.digest == kite.about.digest


def test_what_is_no_index_and_no_project_is_refused() -> None:
    kite, _ = pypi.read(REQUEST, INDEX, SEEN).follow
    for request in (REQUEST, kite):
        with pytest.raises(InputError):
            pypi.read(request, b'{"message": "Not Found"}', SEEN)


def test_project_that_another_source_names_is_asked_for_once_a_month() -> None:
    (tea,) = pypi.named(["pkg:npm/kite", "pkg:pypi/tea"], SEEN)
    assert (tea.path, tea.absent) == ("pypi/tea/json", "gone")
    digests = [
        one.about and one.about.digest
        for day in ("11-30", "12-01")
        for one in pypi.named(["pkg:pypi/tea"], f"2026-{day}")
    ]
    assert tea.about
    assert [digest == tea.about.digest for digest in digests] == [True, False]
