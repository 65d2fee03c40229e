"""npm's search: packages that mention MCP, and how a search that has too many results is narrowed."""

import json
from pathlib import Path

import pytest

from crawler.sources import npm
from toolcensus.errors import InputError

SAVED = Path(__file__).parents[2] / "sources" / "npm"
SEEN = "2026-11-24T00:00:00Z"
PAGE = (SAVED / "search.json").read_bytes()


def test_package_is_a_mention_with_its_repository_and_nobodys_address() -> None:
    found = npm.read(npm._search("mcp", 0, 0), PAGE, SEEN)
    kite, tea = found.sightings
    assert (kite.source_id, kite.packages, kite.mentions) == ("@ada/kite-mcp", ("pkg:npm/%40ada/kite-mcp@1.2.0",), True)
    assert (kite.repository, kite.website) == ("git+https://github.com/ada/kite-mcp.git", "https://kite.example.org")
    assert (kite.licence, kite.popularity) == ("MIT", 70)
    assert tea.repository == "https://github.com/dan/tea#readme"
    assert "someone@example.com" not in repr(found)
    assert [flaw.where for flaw in found.flaws] == ["/objects/2"]


def test_first_page_leads_to_the_others_and_says_that_all_is_there() -> None:
    found = npm.read(npm._search("mcp", 0, 0), PAGE, SEEN)
    assert [dict(request.query)["from"] for request in found.follow] == ["250", "500"]
    assert found.whole
    assert npm.read(npm._search("mcp", 0, 250), PAGE, SEEN).follow == ()


def test_search_with_more_results_than_are_given_is_narrowed_by_their_words_twice_at_most() -> None:
    packages = [
        f"mcp-{word}-{number}" for word, number in (("kite", 1), ("kite", 2), ("tea", 3), ("radio", 4), ("fish", 5))
    ]
    page = json.dumps({"total": 9_000, "objects": [{"package": {"name": name}} for name in packages]}).encode()
    found = npm.read(npm._search("mcp", 0, 0), page, SEEN)
    narrower = [dict(request.query)["text"] for request in found.follow if dict(request.query)["text"] != "mcp"]
    assert narrower == ["mcp kite", "mcp tea", "mcp radio", "mcp fish"]
    assert not found.whole
    twice = npm.read(npm._search("mcp kite tea", 2, 0), page, SEEN)
    assert {dict(request.query)["text"] for request in twice.follow} == {"mcp kite tea"}


def test_what_is_no_page_of_results_is_refused() -> None:
    with pytest.raises(InputError):
        npm.read(npm._search("mcp", 0, 0), b'{"error": "text is required"}', SEEN)


def test_package_that_another_source_names_is_asked_for_by_its_name() -> None:
    (tea,) = npm.named(["pkg:pypi/kite", "pkg:npm/%40dan/tea"], SEEN)
    assert (tea.path, tea.absent) == ("@dan%2Ftea/latest", "gone")
    release = {
        "name": "@dan/tea",
        "version": "1.0.0",
        "license": {"type": "MIT"},
        "homepage": ["odd"],
        "repository": {"type": "git", "url": "git+https://github.com/dan/tea.git"},
        "author": {"email": "someone@example.com"},
    }
    (sighting,) = npm.read(tea, json.dumps(release).encode(), SEEN).sightings
    assert (sighting.packages, sighting.licence, sighting.mentions) == (("pkg:npm/%40dan/tea@1.0.0",), "MIT", True)
    assert sighting.repository == "git+https://github.com/dan/tea.git"
    assert "someone@example.com" not in repr(sighting)
    assert tea.about
    assert sighting.digest == tea.about.digest
