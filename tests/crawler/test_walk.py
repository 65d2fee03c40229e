"""A walk through a source whose pages are written down here: what is asked again, what is lost, what is believed."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crawler.answer import Answered, Remembered, Service
from crawler.fetch import Fetcher
from crawler.manners import Bounds, Manners, Validators
from crawler.opt_out import OptOut
from crawler.rate import UNBOUNDED
from crawler.robots import Robots
from crawler.source import NetworkedSource, Reading, Request
from crawler.sources import glama, mcpso, npm, official, smithery
from crawler.walk import NOBODY, Route, Walk

SEEN = "2026-11-24T00:00:00Z"
QUICK = Manners(
    usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=Bounds(seconds=3.0, first_wait=0.01, attempts=2, longest_wait=1.0)
)
SLOW = replace(QUICK.bounds, first_wait=5.0)
LIST = "/v0.1/servers?limit=100&version=latest"


class Notes:
    """A memory that follows everywhere and remembers what it was told."""

    def __init__(self, known: dict[str, Remembered] | None = None) -> None:
        self.known = known or {}
        self.kept: list[Answered] = []

    def remembered(self, url: str) -> Remembered | None:
        """Return what was known before."""
        return self.known.get(url)

    def keep(self, answered: Answered) -> Sequence[Request]:
        """Follow everywhere."""
        self.kept.append(answered)
        return answered.reading.follow

    @property
    def ids(self) -> list[str]:
        """The ids seen, in order."""
        return [sighting.source_id for answered in self.kept for sighting in answered.reading.sightings]

    @property
    def losses(self) -> list[str]:
        """What was lost, told."""
        return [loss.message for answered in self.kept for loss in answered.losses]


def walk(
    loopback: Any,
    notes: Notes,
    source: Any = official,
    asked: dict[str, str] | None = None,
    *,
    opt_out: OptOut = NOBODY,
    bounds: Bounds = QUICK.bounds,
) -> Notes:
    services = {name: Service(loopback.url) for name in source.SERVICES}

    async def run() -> None:
        async with Fetcher(replace(QUICK, bounds=bounds)) as fetcher:
            route = Route(cast("NetworkedSource", source), services, fetcher, Robots(fetcher), SEEN, opt_out)
            first = source.start(None, has_key=True)
            await asyncio.wait_for(Walk(route, notes).run(first, asked or {}, parallel=2), 20)

    asyncio.run(run())
    return notes


def page(*names: str, cursor: str = "", **fields: Any) -> bytes:
    servers = [{"server": {"name": name, "description": "x", "version": "1"} | fields} for name in names]
    return json.dumps({"servers": servers, "metadata": {"nextCursor": cursor}}).encode()


def test_cursors_are_encoded_and_followed_to_the_end(loopback: Any) -> None:
    loopback.serve(LIST, page("a/1", "a/2", cursor="a/2:1+x"))
    loopback.serve(LIST + "&cursor=a%2F2%3A1%2Bx", page("a/3"))
    notes = walk(loopback, Notes())
    assert (notes.ids, notes.losses) == (["a/1", "a/2", "a/3"], [])


@pytest.mark.parametrize(
    "odd",
    [
        b"<html><h1>502</h1></html>",
        page("a/1")[:-20],
        b"\xff" + page("a/1"),
        page("a/1", description="nul \0 inside"),
        page("a/1").replace(b'"x"', b'"\\ud800"'),
        page("a/1", description="x" * 300_000),
        b'{"servers": [{"server": {"name": 7}}], "metadata": {}}',
        page("a/1", cursor=""),
    ],
    ids=["error page", "cut JSON", "no UTF-8", "NUL", "surrogate", "huge", "bad record", "well"],
)
def test_odd_page_is_asked_for_once_more_and_then_is_as_it_should_be(loopback: Any, odd: bytes) -> None:
    loopback.serve(LIST, odd, page("a/1"))
    notes = walk(loopback, Notes())
    assert (notes.ids, notes.losses) == (["a/1"], [])


def test_page_that_stays_odd_is_kept_as_far_as_it_goes_and_each_bad_record_is_told(loopback: Any) -> None:
    body = json.loads(page("a/1", "a/2", "a/3"))
    body["servers"][1]["server"]["name"] = None
    loopback.serve(LIST, json.dumps(body).encode())
    notes = walk(loopback, Notes())
    assert notes.ids == ["a/1", "a/3"]
    assert [loss.url.partition("#")[2] for answered in notes.kept for loss in answered.losses] == ["/servers/1"]


def test_cursor_that_leads_back_ends_the_walk_and_is_a_loss(loopback: Any) -> None:
    loopback.serve(LIST, page("a/1", cursor="c"))
    loopback.serve(LIST + "&cursor=c", page("a/2", cursor="c"))
    notes = walk(loopback, Notes())
    assert notes.ids == ["a/1", "a/2"]
    assert notes.losses == [f"{loopback.url}{LIST}&cursor=c leads back to a page that was here before"]


def test_page_that_came_twice_is_asked_again(loopback: Any) -> None:
    first = page("a/1", cursor="c")
    loopback.serve(LIST, first)
    loopback.serve(LIST + "&cursor=c", first, page("a/2"))
    notes = walk(loopback, Notes())
    assert (notes.ids, notes.losses) == (["a/1", "a/2"], [])


def test_lost_page_is_gone_around_by_smaller_ones(loopback: Any, reply: Any) -> None:
    loopback.serve(LIST, page("a/1", cursor="c"))
    loopback.serve(LIST + "&cursor=c", reply(b"", 404))
    loopback.serve(LIST.replace("100", "50") + "&cursor=c", page("a/2", cursor="d"))
    loopback.serve(LIST + "&cursor=d", page("a/3"))
    notes = walk(loopback, Notes())
    assert notes.ids == ["a/1", "a/2", "a/3"]
    assert notes.losses == [f"{loopback.url}{LIST}&cursor=c answers 404"]


def test_registry_without_the_newest_interface_is_asked_by_the_one_before(loopback: Any) -> None:
    loopback.serve(LIST.replace("v0.1", "v0"), page("a/1"))
    assert walk(loopback, Notes()).ids == ["a/1"]


def test_robots_txt_is_obeyed_by_who_reads_web_pages(loopback: Any) -> None:
    loopback.serve("/robots.txt", b"User-agent: *\nDisallow: /servers")
    notes = walk(loopback, Notes(), source=mcpso)
    assert notes.ids == []
    assert {loss.reason for answered in notes.kept for loss in answered.losses} == {"robots"}
    assert loopback.paths() == ["/robots.txt"]


def test_interface_made_for_programs_is_under_its_terms_instead(loopback: Any) -> None:
    loopback.serve("/robots.txt", b"User-agent: *\nDisallow: /")
    loopback.serve(LIST, page("a/1"))
    assert walk(loopback, Notes()).ids == ["a/1"]
    assert loopback.paths() == [LIST]


def test_redirect_to_a_private_address_is_a_loss_and_is_not_followed(loopback: Any, reply: Any) -> None:
    loopback.serve(LIST, reply(b"", 302, {"Location": "http://169.254.169.254/latest"}))
    notes = walk(loopback, Notes())
    assert notes.losses[0] == "169.254.169.254 leads to a private address, which a stranger's link may not"


def test_unchanged_page_gives_what_it_gave_before(loopback: Any, reply: Any) -> None:
    loopback.serve(LIST, reply(page("a/1"), headers={"ETag": '"1"'}))
    before = Remembered(Validators('"1"'), Reading(mark="m"), ("a/1",))
    notes = walk(loopback, Notes({loopback.url + LIST: before}))
    assert [(answered.ids, answered.reading.mark) for answered in notes.kept] == [(("a/1",), "m")]


def test_earlier_part_of_a_walk_is_not_asked_again(loopback: Any) -> None:
    notes = walk(loopback, Notes(), asked={"official v0.1/servers?limit=100&version=latest": "sha256:0"})
    assert (notes.kept, loopback.paths()) == ([], [])


def test_detail_that_is_missing_leaves_its_row_as_it_is(loopback: Any) -> None:
    rows = {"servers": [{"qualifiedName": "tea"}], "pagination": {"currentPage": 1, "totalPages": 1}}
    loopback.serve("/servers?page=1&pageSize=100", json.dumps(rows).encode())
    loopback.serve("/servers/tea", b'{"qualifiedName": "tea", "tools": [{"name": "boil"}]}')
    notes = walk(loopback, Notes(), source=smithery)
    assert notes.ids == ["tea"]
    assert [tool.name for answered in notes.kept for one in answered.reading.sightings for tool in one.tools or ()] == [
        "boil"
    ]
    assert notes.losses == []


def test_package_that_is_missing_is_asked_twice_without_a_pause_and_is_gone(loopback: Any) -> None:
    (detail,) = npm.named(["pkg:npm/tea"], SEEN)
    source = SimpleNamespace(SERVICES={"npm": ""}, start=lambda *_, **__: (detail,), read=npm.read)
    began = time.monotonic()
    notes = walk(loopback, Notes(), source=source, bounds=SLOW)
    assert time.monotonic() - began < SLOW.first_wait
    assert loopback.paths()[1:] == ["/tea/latest", "/tea/latest"]
    assert [answered.reading.removed for answered in notes.kept] == [("tea",)]
    assert notes.losses == []


def test_place_that_asked_not_to_be_asked_is_not_asked(loopback: Any) -> None:
    notes = walk(loopback, Notes(), opt_out=OptOut(hosts=frozenset({"127.0.0.1"})))
    assert (notes.ids, loopback.paths()) == ([], [])
    assert notes.losses[0] == f"{loopback.url}{LIST} is of somebody who asked not to be asked"


def test_tools_that_a_registry_has_of_somebody_who_asked_not_to_be_asked_are_left_out(loopback: Any) -> None:
    server = {
        "namespace": "a",
        "slug": "tea",
        "repository": {"url": "https://github.com/a/tea"},
        "tools": [{"name": "boil"}],
    }
    rows = json.dumps({"servers": [server], "pageInfo": {}}).encode()
    loopback.serve("/api/mcp/v1/servers?first=100", rows)
    for listed, tools in ((OptOut(), 1), (OptOut(repositories=frozenset({"github.com/a"})), 0)):
        notes = walk(loopback, Notes(), source=glama, opt_out=listed)
        ((sighting,),) = [answered.reading.sightings for answered in notes.kept]
        assert (sighting.source_id, len(sighting.tools or ())) == ("a/tea", tools)


def test_two_searches_may_find_the_same(loopback: Any) -> None:
    def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
        del since, has_key
        return tuple(Request(service="npm", path="search", query=(("text", text),)) for text in ("a", "b"))

    source = SimpleNamespace(SERVICES={"npm": ""}, start=start, read=official.read)
    for text in ("a", "b"):
        loopback.serve(f"/search?text={text}", page("a/1"))
    notes = walk(loopback, Notes(), source=source)
    assert (notes.ids, notes.losses) == (["a/1", "a/1"], [])


def test_damaged_detail_is_kept_without_a_digest_so_that_it_is_asked_again(loopback: Any) -> None:
    rows = {"servers": [{"qualifiedName": "tea"}], "pagination": {"currentPage": 1, "totalPages": 1}}
    loopback.serve("/servers?page=1&pageSize=100", json.dumps(rows).encode())
    loopback.serve("/servers/tea", b'{"qualifiedName": "tea", "iconUrl": "\\u0000"}')
    notes = walk(loopback, Notes(), source=smithery)
    assert [one.digest for answered in notes.kept for one in answered.reading.sightings] == [""]
    assert notes.losses == [f"{loopback.url}/servers/tea holds NUL, or is no UTF-8"]
