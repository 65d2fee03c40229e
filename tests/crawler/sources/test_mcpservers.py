"""mcpservers.org: cards of both markups, sponsors' cards, and a server's own page."""

from pathlib import Path

import pytest

from crawler.sources import mcpservers
from toolcensus.errors import InputError

SAVED = Path(__file__).parents[2] / "sources" / "mcpservers"
SEEN = "2026-11-24T00:00:00Z"
NEWER, OLDER, SERVER = ((SAVED / name).read_bytes() for name in ("newer.html", "older.html", "server.html"))
(FIRST,) = mcpservers.start(None, has_key=False)


def test_newer_card_says_where_the_server_is_and_a_sponsor_is_left_for_its_own_place() -> None:
    found = mcpservers.read(FIRST, NEWER, SEEN).sightings
    assert [
        (one.source_id, one.name, one.description, one.popularity, one.repository, one.website) for one in found
    ] == [
        ("ada/kite-mcp", "Kite", "Flies kites.", 42, "https://github.com/ada/kite-mcp/tree/main/server", None),
        ("dan/tea", "Tea", "Brews tea.", None, None, "https://tea.example.org"),
    ]


def test_first_page_leads_to_all_others_and_no_other_does() -> None:
    further = mcpservers.read(FIRST, NEWER, SEEN).follow
    assert [request.query for request in further] == [(("page", "2"),), (("page", "3"),)]
    assert mcpservers.read(further[0], NEWER, SEEN).follow == ()


def test_older_card_leads_to_the_page_that_says_where_the_server_is() -> None:
    found = mcpservers.read(mcpservers._list_page(2), OLDER, SEEN)
    (detail,) = found.follow
    assert (found.sightings, detail.path, detail.absent) == ((), "servers/ben/fish", "kept")
    (sighting,) = mcpservers.read(detail, SERVER, SEEN).sightings
    assert (sighting.name, sighting.repository) == ("Fish", "https://github.com/ben/fish")
    assert detail.about
    assert sighting.digest == detail.about.digest


def test_list_ends_where_no_servers_are_found() -> None:
    assert mcpservers.read(FIRST, b"<html><main><p>No servers found</p></main></html>", SEEN).follow == ()


@pytest.mark.parametrize("body", [b"<html><h1>Service unavailable</h1></html>", b"<p>\xff</p>", b""])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    (detail,) = mcpservers.read(mcpservers._list_page(2), OLDER, SEEN).follow
    for request in (FIRST, detail):
        with pytest.raises(InputError):
            mcpservers.read(request, body, SEEN)
