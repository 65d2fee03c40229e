"""GitHub's topics: repositories that mention MCP, and how a search of too many is cut."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.source import Request
from crawler.sources import github
from toolcensus.errors import InputError

SAVED = Path(__file__).parents[2] / "sources" / "github"
SEEN = "2026-11-24T00:00:00Z"
PAGE = (SAVED / "search.json").read_bytes()
FIRST, SECOND, *_ = github.start(None, has_key=False)


def query(request: Request) -> str:
    return dict(request.query)["q"]


def cuts(part: str) -> list[str]:
    page = json.dumps({"total_count": 5_000, "items": []}).encode()
    found = github.read(github._search("topic:mcp", part), page, SEEN)
    return [query(request).removeprefix("topic:mcp ") for request in found.follow if "page" not in dict(request.query)]


def test_repository_is_a_mention_with_its_number_that_outlives_renames() -> None:
    found = github.read(FIRST, PAGE, SEEN)
    kite, tea = found.sightings
    assert (kite.source_id, kite.name, kite.repository_id) == ("ada/kite-mcp", "kite-mcp", "github:7")
    assert (kite.licence, kite.popularity, kite.status, kite.mentions) == ("MIT", 42, "deprecated", True)
    assert (tea.licence, tea.website, tea.status) == (None, None, "active")
    assert [flaw.where for flaw in found.flaws] == ["/items/2"]


def test_topics_are_asked_for_without_those_before_and_pages_are_followed_from_the_first() -> None:
    assert [query(request) for request in (FIRST, SECOND)] == ["topic:mcp-server", "topic:mcp -topic:mcp-server"]
    further = github.read(FIRST, PAGE, SEEN).follow
    assert [dict(request.query)["page"] for request in further] == ["2", "3"]
    assert github.read(further[0], PAGE, SEEN).follow == ()


@pytest.mark.parametrize(
    ("part", "halves"),
    [
        ("", ["created:2008-01-01..2024-10-31", "created:2024-11-01..2039-12-31"]),
        ("created:2024-11-01..2039-12-31", ["created:2024-11-01..2024-12-31", "created:2025-01-01..2039-12-31"]),
        ("created:2026-01-01..2039-12-31", ["created:2026-01-01..2026-05-31", "created:2026-06-01..2039-12-31"]),
        ("created:2026-11-01..2039-12-31", ["created:2026-11-01..2026-11-15", "created:2026-11-16..2039-12-31"]),
        ("created:2025-01-01..2025-02-28", ["created:2025-01-01..2025-01-31", "created:2025-02-01..2025-02-28"]),
        ("created:2025-02-27..2025-02-28", ["created:2025-02-27..2025-02-27", "created:2025-02-28..2025-02-28"]),
        (
            "created:2025-02-28..2025-02-28",
            ["created:2025-02-28..2025-02-28 stars:0", "created:2025-02-28..2025-02-28 stars:>=1"],
        ),
    ],
)
def test_search_of_over_a_thousand_is_cut_in_two_without_a_gap(part: str, halves: list[str]) -> None:
    assert cuts(part) == halves


def test_search_that_cannot_be_cut_or_ran_out_of_time_is_not_whole() -> None:
    many = json.dumps({"total_count": 5_000, "items": []}).encode()
    assert not github.read(github._search("topic:mcp", "created:2025-02-28..2025-02-28 stars:0"), many, SEEN).whole
    assert github.read(FIRST, many, SEEN).whole
    assert not github.read(
        FIRST, PAGE.replace(b'"incomplete_results": false', b'"incomplete_results": true'), SEEN
    ).whole


def test_every_day_is_in_exactly_one_part_however_often_it_is_cut() -> None:
    parts = [""]
    for _ in range(6):
        parts = [half for part in parts for half in cuts(part)]
    days = [part.removeprefix("created:").split("..") for part in parts]
    assert (days[0][0], days[-1][1]) == (github.FIRST_DAY, github.LAST_DAY)
    assert all(github._after(end) == start for (_, end), (start, _) in pairwise(days))


def test_what_is_no_page_of_results_is_refused() -> None:
    with pytest.raises(InputError):
        github.read(FIRST, b'{"message": "API rate limit exceeded"}', SEEN)
