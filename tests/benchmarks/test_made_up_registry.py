"""The registry that the census benchmark makes up: its pages are what the sources expect, its faults what they are."""

from collections import deque
from dataclasses import replace
from typing import Any, cast
from urllib.parse import quote, urlencode

import pytest

from benchmarks.census.made_up_faults import CLASSES, Faults, spoil
from benchmarks.census.made_up_pages import SOURCES, Answer, MadeUp, served_id, served_pairs
from benchmarks.made_up_registry import sightings
from crawler.source import NetworkedSource
from interfaces.flows import places

COUNT = 200
SEEN = "2026-01-01T00:00:00Z"
REGISTRY = MadeUp.of(COUNT)
PAGE = "/official/v0.1/servers?limit=2&version=latest"


def ids_of(name: str, registry: MadeUp = REGISTRY, since: str | None = None) -> set[str]:
    """Walk a source through the registry; return the ids that it shows."""
    source = cast("NetworkedSource", places.all_sources()[name])
    waiting, done, found = deque(source.start(since, has_key=True)), set(), set()
    while waiting:
        request = waiting.popleft()
        target = f"/{request.service}/{request.path}?{urlencode(request.query, quote_via=quote)}"
        if target in done:
            continue
        done.add(target)
        answer = registry.answer(target)
        assert answer.status == 200, target
        reading = source.read(request, answer.body, SEEN)
        assert not reading.flaws
        found |= {one.source_id for one in reading.sightings}
        waiting.extend(reading.follow)
    return found


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"npm", "lists"}))
def test_source_finds_what_is_made_up_for_it_by_its_own_interface(name: str) -> None:
    made = {served_id(one) for one in sightings(COUNT) if one.source == name}
    mentioning = {one for one in made if name != "pypi" or "mcp" in one}
    assert mentioning
    assert ids_of(name) == mentioning


def test_lists_and_searches_show_what_is_made_up_for_them_among_others() -> None:
    assert {served_id(one) for one in sightings(COUNT) if one.source == "lists"} < ids_of("lists")
    assert {name for name in ids_of("npm") if "mcp" not in name} == set()


def test_only_changes_are_shown_since_a_mark() -> None:
    assert 0 < len(ids_of("official", since="2026-01-28T00:00:00Z")) < len(ids_of("official")) / 10


def test_numbered_registry_is_made_as_it_is_read() -> None:
    registry = MadeUp.numbered(2_000_000)
    answer = registry.answer("/official/v0.1/servers?limit=2&version=latest&cursor=999998")
    assert b"server-999999" in answer.body
    assert b"nextCursor" not in answer.body


def test_documents_have_validators_and_labelled_pairs_are_served() -> None:
    first, second = (REGISTRY.answer("/github-raw/MobinX/awesome-mcp-list/HEAD/README.md") for _ in range(2))
    assert first.headers["ETag"] == second.headers["ETag"]
    assert {pair.same for pair in served_pairs(COUNT)} == {True, False}


@pytest.mark.parametrize("fault", CLASSES)
def test_fault_spoils_a_page(fault: str) -> None:
    target = f"{PAGE}&cursor=2"
    well = REGISTRY.answer(target)
    assert spoil(fault, target, well, REGISTRY.answer(PAGE)) != well
    assert spoil(fault, target, Answer(b"none of ours"), None) != Answer(b"none of ours")


def test_faults_hit_an_address_once_and_robots_txt_never() -> None:
    faults = Faults(seed=7, rate=1.0)
    targets = [f"{PAGE}&cursor={number}" for number in range(100)]
    pages = [Answer(target.encode()) for target in targets]
    assert all(faults.spoil(*asked) != asked[1] for asked in zip(targets, pages, strict=True))
    broken = sum(faults.spoil(*asked) != asked[1] for asked in zip(targets, pages, strict=True))
    assert 0 < broken < 20, "a few stay broken"
    assert faults.spoil("/official/robots.txt", pages[0]) == pages[0]
    assert sum(faults.given.values()) == 100 + broken


def test_same_seed_gives_the_same_faults() -> None:
    def given() -> list[Any]:
        faults = Faults(seed=3)
        return [replace(faults.spoil(f"{PAGE}&cursor={number}", Answer(b"x")), body=b"") for number in range(200)]

    assert given() == given()
