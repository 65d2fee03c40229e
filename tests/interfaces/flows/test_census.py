"""A census of registries on this machine: what is read, asked again, gone on with, retired, and never retired."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from crawler.rate import Rate
from crawler.sources import github, glama, npm, official, smithery
from interfaces.flows import places
from interfaces.flows.census import CensusOrder, CensusReport, SourceReport, census
from interfaces.flows.reach import Reach
from toolcensus import database
from toolcensus.errors import InputError

LIST = "/v0.1/servers?limit=100&version=latest"
Census = Callable[..., CensusReport]


@pytest.fixture
def index(tmp_path: Path) -> str:
    """Give the path of an index."""
    return str(tmp_path / "index.db")


@pytest.fixture
def run(loopback: Any, index: str, monkeypatch: pytest.MonkeyPatch) -> Census:
    """Give a census of sources that are all asked at the loopback, where any number of servers is expected."""
    for source in (official, glama, smithery, npm):
        monkeypatch.setattr(source, "EXPECTED", (0, 100))
    monkeypatch.setattr(places, "PATIENCE", places.Bounds(seconds=3.0, first_wait=0.01, attempts=2, longest_wait=1.0))

    def take(*sources: str, watch: Callable[[SourceReport], None] = lambda _: None, **order: Any) -> CensusReport:
        engine = database.open_index(index)
        elsewhere = dict.fromkeys(("official", "glama", "smithery", "smithery-site", "npm"), loopback.url)
        asked = CensusOrder(
            sources or ("official",), elsewhere, reach=Reach(polite=False), **{"max_age": timedelta(0)} | order
        )
        try:
            return asyncio.run(census(engine, asked, watch))
        finally:
            engine.dispose()

    return take


def ask(index: str, query: str) -> list[tuple[Any, ...]]:
    with database.reading(index) as connection:
        return [tuple(row) for row in connection.execute(sqlalchemy.text(query))]


def page(*servers: tuple[str, str], cursor: str = "", status: str = "active") -> bytes:
    """Write a page of servers, each with its name and when it was changed."""
    rows = [
        {
            "server": {"name": name, "description": "x", "packages": [{"registryType": "npm", "identifier": name[2:]}]},
            "_meta": {"x": {"status": status, "updatedAt": updated, "isLatest": True}},
        }
        for name, updated in servers
    ]
    return json.dumps({"servers": rows, "metadata": {"nextCursor": cursor}}).encode()


def test_second_census_asks_only_for_changes_and_retires_what_was_deleted(
    loopback: Any, run: Census, index: str
) -> None:
    loopback.serve(LIST, page(("a/one", "2026-01-01"), cursor="c"))
    loopback.serve(LIST + "&cursor=c", page(("a/two", "2026-01-02")))
    (first,) = run().sources
    assert (first.outcome, first.pages, first.new, first.failed) == ("complete", 2, 2, 0)
    assert ask(index, "SELECT key FROM servers ORDER BY key") == [("pkg:npm/one",), ("pkg:npm/two",)]
    loopback.asked.clear()
    changes = f"{LIST}&updated_since=2026-01-02"
    loopback.serve(changes, page(("a/one", "2026-02-01"), status="deleted"))
    report = run()
    assert [path for path in loopback.paths() if path != "/robots.txt"] == [changes]
    assert report.retired == 1
    assert ask(index, "SELECT key, retired IS NULL FROM servers ORDER BY key") == [
        ("pkg:npm/one", 0),
        ("pkg:npm/two", 1),
    ]


def glama_page(*slugs: str, cursor: str = "") -> bytes:
    servers = [
        {"namespace": "a", "slug": slug, "repository": {"url": f"https://github.com/a/{slug}"}} for slug in slugs
    ]
    return json.dumps({"servers": servers, "pageInfo": {"endCursor": cursor, "hasNextPage": bool(cursor)}}).encode()


GLAMA = "/api/mcp/v1/servers?first=100"


def test_server_that_a_complete_reading_shows_no_more_is_retired_and_comes_back(
    loopback: Any, run: Census, index: str
) -> None:
    loopback.serve(GLAMA, glama_page("one", "two"), glama_page("one"), glama_page("one", "two"))
    state = "SELECT name FROM servers WHERE retired IS NULL ORDER BY name"
    run("glama")
    assert len(ask(index, state)) == 2
    assert run("glama").sources[0].gone == 1
    assert len(ask(index, state)) == 1
    run("glama")
    assert len(ask(index, state)) == 2


def test_incomplete_reading_retires_nothing_and_the_next_one_heals_it(loopback: Any, run: Census, index: str) -> None:
    first, last = glama_page("one", cursor="c"), glama_page("two")
    loopback.serve(GLAMA, first)
    loopback.serve(GLAMA + "&after=c", last, b"<html>", b"<html>", last)
    run("glama")
    broken = run("glama")
    assert broken.sources[0].outcome == "incomplete"
    assert [one.source for one in broken.failed] == ["glama"]
    assert ask(index, "SELECT count(*) FROM servers WHERE retired IS NULL") == [(2,)]
    lost = {url.partition("?")[2] for (url,) in ask(index, "SELECT url FROM failures")}
    assert lost == {f"first={count}&after=c" for count in (100, 50, 25, 12, 6, 3, 1)}
    assert run("glama").sources[0].outcome == "complete"
    assert ask(index, "SELECT * FROM failures") == []


def test_reading_far_outside_of_what_is_expected_is_told_and_retires_nothing(
    loopback: Any, run: Census, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.serve(GLAMA, glama_page("one", "two"), glama_page("one"))
    run("glama")
    monkeypatch.setattr(glama, "EXPECTED", (2, 9))
    census = run("glama")
    (report,) = census.sources
    assert (report.gone, report.note) == (0, "1 servers, where 2 to 9 are expected: nothing is retired")
    assert (report.outcome, [one.source for one in census.failed]) == ("complete", ["glama"])
    assert ask(index, "SELECT count(*) FROM servers WHERE retired IS NULL") == [(2,)]


def test_damaged_row_does_not_take_the_place_of_a_sound_one(loopback: Any, run: Census, index: str) -> None:
    sound = glama_page("one")
    loopback.serve(GLAMA, sound, *[sound.replace(b'"slug"', b'"description": "\\u0000", "slug"')] * 2, sound)
    digest = "SELECT digest, gone FROM sighting"
    run("glama")
    before = ask(index, digest)
    damaged = run("glama").sources[0]
    assert (damaged.failed > 0, damaged.changed) == (True, 0)
    assert ask(index, digest) == before
    assert run("glama").sources[0].failed == 0


class StoppedError(Exception):
    """A kill, for the test."""


def test_stopped_census_goes_on_where_it_was(loopback: Any, run: Census, index: str) -> None:
    loopback.serve(GLAMA, glama_page("one", cursor="c"))
    loopback.serve(GLAMA + "&after=c", glama_page("two", cursor="d"))
    loopback.serve(GLAMA + "&after=d", glama_page("three"))

    def stop(report: SourceReport) -> None:
        if report.pages == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        run("glama", watch=stop)
    loopback.asked.clear()
    (report,) = run("glama").sources
    assert [path for path in loopback.paths() if path != "/robots.txt"] == [GLAMA + "&after=d"]
    assert (report.outcome, report.pages, report.sightings, report.new) == ("complete", 3, 3, 3)
    assert ask(index, "SELECT count(*) FROM servers WHERE retired IS NULL") == [(3,)]


def smithery_list(*rows: tuple[str, int, str]) -> bytes:
    servers = [{"qualifiedName": name, "useCount": uses, "description": text} for name, uses, text in rows]
    return json.dumps({"servers": servers, "pagination": {"currentPage": 1, "totalPages": 1}}).encode()


def test_detail_is_asked_only_where_its_row_says_something_else(
    loopback: Any, run: Census, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMITHERY_API_KEY", "secret")
    loopback.serve(
        "/servers?page=1&pageSize=100",
        smithery_list(("a", 1, "x"), ("b", 1, "x")),
        smithery_list(("a", 2, "x"), ("b", 1, "y")),
    )
    for name in ("a", "b"):
        loopback.serve(f"/server/{name}", f"<h1>{name}</h1>".encode())
        loopback.serve(
            f"/servers/{name}", json.dumps({"qualifiedName": name, "tools": [{"name": f"do_{name}"}]}).encode()
        )
    first = run("smithery")
    assert (first.listings, first.sources[0].new) == (2, 2)
    assert ask(index, "SELECT tool, way FROM catalogue ORDER BY tool") == [("do_a", "registry"), ("do_b", "registry")]
    loopback.asked.clear()
    run("smithery")
    details = [path for path in loopback.paths() if path.startswith(("/servers/", "/server/"))]
    assert set(details) == {"/servers/b", "/server/b"}


def test_absent_detail_is_believed_once_a_second_reading_is_told_so(
    loopback: Any, run: Census, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMITHERY_API_KEY", "secret")
    loopback.serve("/servers?page=1&pageSize=100", smithery_list(("a", 1, "x")))
    loopback.serve("/servers/a", b'{"qualifiedName": "a"}')
    for failures, asked in ((1, True), (0, True), (0, False)):
        loopback.asked.clear()
        run("smithery")
        assert ask(index, "SELECT count(*) FROM failures") == [(failures,)]
        assert ("/server/a" in loopback.paths()) is asked
    assert ask(index, "SELECT count(*) FROM sightings") == [(1,)]


def test_key_goes_to_its_own_service_alone(loopback: Any, run: Census, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMITHERY_API_KEY", "secret")
    loopback.serve("/servers?page=1&pageSize=100", smithery_list(("a", 1, "x")))
    loopback.serve("/servers/a", b'{"qualifiedName": "a"}')
    run("smithery")
    sent = {path: headers.get("authorization") for path, headers in loopback.asked}
    assert sent["/servers/a"] == "Bearer secret"
    assert (sent["/server/a"], sent["/robots.txt"]) == (None, None)


def test_source_without_its_key_says_which_it_needs(run: Census, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMITHERY_API_KEY", raising=False)
    with pytest.raises(InputError, match="smithery needs a key") as raised:
        run("smithery")
    assert raised.value.advice == "set SMITHERY_API_KEY in the environment"
    (report,) = run("smithery", is_all=True).sources
    assert (report.outcome, report.note) == ("needs-key", "set SMITHERY_API_KEY")


def test_page_that_says_that_it_is_unchanged_keeps_its_sightings(
    loopback: Any, run: Census, index: str, reply: Any
) -> None:
    loopback.serve(GLAMA, reply(glama_page("one"), headers={"ETag": '"1"'}))
    run("glama")
    before = loopback.asked.copy()
    (report,) = run("glama").sources
    assert loopback.asked[len(before) :][-1][1]["if-none-match"] == '"1"'
    assert (report.outcome, report.sightings, report.new, report.gone) == ("complete", 1, 0, 0)
    assert ask(index, "SELECT count(*) FROM servers WHERE retired IS NULL") == [(1,)]


def test_what_was_read_a_moment_ago_is_trusted(loopback: Any, run: Census) -> None:
    loopback.serve(GLAMA, glama_page("one"))
    run("glama")
    loopback.asked.clear()
    assert run("glama", max_age=None).sources[0].outcome == "fresh"
    assert loopback.asked == []


def test_limit_stops_early_and_retires_nothing(loopback: Any, run: Census, index: str) -> None:
    loopback.serve(GLAMA, glama_page("one", "two"), glama_page("one", cursor="c"))
    run("glama")
    assert run("glama", limit=1).sources[0].outcome == "stopped"
    assert ask(index, "SELECT count(*) FROM servers WHERE retired IS NULL") == [(2,)]


def test_packages_that_other_sources_name_are_asked_for_once_and_stay(
    loopback: Any, run: Census, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npm, "SEARCHES", ("mcp",))
    found = {"objects": [{"package": {"name": "found", "version": "1.0.0"}}], "total": 1}
    loopback.serve("/-/v1/search?text=mcp&size=250&from=0", json.dumps(found).encode())
    loopback.serve("/tea/latest", b'{"name": "tea", "version": "1.0.0"}')
    loopback.serve(LIST, page(("a/found", "2026-01-01"), ("a/tea", "2026-01-01"), ("a/lost", "2026-01-01")))
    first = run("npm", "official")
    assert (first.sources[0].source, first.sources[0].new) == ("npm", 2)
    shown = "SELECT source_id FROM sighting WHERE source = 'npm' AND gone IS NULL ORDER BY source_id"
    assert ask(index, shown) == [("found",), ("tea",)]
    assert {"/tea/latest", "/lost/latest"} <= set(loopback.paths())
    assert "/found/latest" not in loopback.paths()
    loopback.asked.clear()
    assert run("npm", "official").sources[0].outcome == "complete"
    assert [path for path in loopback.paths() if path.endswith("/latest")] == []
    assert ask(index, shown) == [("found",), ("tea",)]


def test_of_what_asked_not_to_be_asked_the_row_stays_and_no_more(
    loopback: Any, run: Census, index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "opt_out.toml"
    own.write_text('packages = ["pkg:npm/tea"]')
    monkeypatch.setenv("TOOLCENSUS_OPT_OUT", str(own))
    monkeypatch.setattr(npm, "SEARCHES", ())
    loopback.serve("/kite/latest", b'{"name": "kite", "version": "1.0.0"}')
    loopback.serve("/tea/latest", b'{"name": "tea", "version": "1.0.0"}')
    loopback.serve(LIST, page(("a/tea", "2026-01-01"), ("a/kite", "2026-01-01")))
    run("npm", "official")
    assert [path for path in loopback.paths() if path.endswith("/latest")] == ["/kite/latest"]
    assert ask(index, "SELECT count(*) FROM servers") == [(2,)]
    assert ask(index, "SELECT * FROM failures") == []


@pytest.mark.parametrize(("token", "pace"), [("", Rate(1, 0.16)), ("secret", Rate(2, 0.5))])
def test_source_is_asked_more_slowly_without_its_key(token: str, pace: Rate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    found = places.place(github, {"github-api": "https://github.example"}, {})
    manners = places.manners([found], Reach(), {}, {})
    assert manners.rates == {"github.example": pace}
