"""The schedule: which ways are taken, in what order, and when an answer is still fresh."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from crawler.listing import Answer, Known
from crawler.opt_out import OptOut
from interfaces.flows.schedule import Lister, Report, Schedule, all_ways, list_all, schedule
from toolcensus import database, listings, store
from toolcensus.errors import InputError, ToolcensusError
from toolcensus.records import Listing, Outcome, Server, Tool, Way

SERVER = Server(key="github.com/a/b", slug="a-b", name="b")


@dataclass
class FakeWay:
    """A way that answers as it is told, and remembers what it was asked."""

    WAY: Way
    outcome: Outcome
    AGE: timedelta = timedelta(days=1)
    fresh_until: str | None = None
    asks: bool = True
    PARALLEL: int = 2
    COST: int = 1
    STRANGERS: bool = False
    NAMED_ONLY: bool = False
    asked: list[Known | None] = field(default_factory=list)

    def method(self) -> str:
        """Name the code that reads."""
        return "fake 1"

    def can_ask(self, _: Server) -> bool:
        """Say what it was told to say."""
        return self.asks

    async def list_tools(self, server: Server, at: str, _: Any, known: Known | None = None) -> Answer:
        """Answer with the outcome that it was given."""
        self.asked.append(known)
        tools = (Tool(name="get_x"),) if self.outcome == "listed" else ()
        return Answer(
            Listing(
                server=server.key,
                way=self.WAY,
                at=at,
                outcome=self.outcome,
                reason="" if tools else "as it was told",
                method=self.method(),
                tools=tools,
                fresh_until=self.fresh_until,
            )
        )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    engine = database.open_index(str(tmp_path / "index.db"))
    with engine.begin() as connection:
        store.save_server(connection, SERVER, evidence={})
    yield engine
    engine.dispose()


def run(engine: sqlalchemy.Engine, *ways: FakeWay, each: bool = False, max_age: timedelta | None = None) -> Report:
    report = Report()
    lister = Lister(engine, Schedule(ways, each, max_age), lambda _: None, report)  # type: ignore[arg-type]  # fakes
    asyncio.run(list_all(lister, iter([SERVER]), lambda: None))
    return report


def test_the_cheapest_that_lists_ends_the_search(engine: sqlalchemy.Engine) -> None:
    card, live, static = FakeWay("card", "no-source"), FakeWay("live", "listed"), FakeWay("static", "listed")
    report = run(engine, card, live, static)
    assert (report.listed, report.without, report.tools) == (1, 0, 1)
    assert (len(card.asked), len(live.asked), len(static.asked)) == (1, 1, 0)
    assert report.ways == {"card": {"no-source": 1}, "live": {"listed": 1}}
    assert report.misses == []


def test_ways_that_are_named_are_all_taken(engine: sqlalchemy.Engine) -> None:
    live, static = FakeWay("live", "needs-credentials"), FakeWay("static", "listed")
    report = run(engine, live, static, each=True)
    assert len(static.asked) == 1
    assert [(miss.way, miss.outcome, miss.reason) for miss in report.misses] == [
        ("live", "needs-credentials", "as it was told")
    ]


def test_a_server_that_nothing_can_ask_says_so(engine: sqlalchemy.Engine) -> None:
    report = run(engine, FakeWay("live", "listed", asks=False))
    assert report.misses[0].reason == "it has nothing that can be asked by live"
    assert (report.without, report.is_of_use) == (1, False)


def test_an_answer_that_is_young_enough_is_not_asked_for_again(engine: sqlalchemy.Engine) -> None:
    live = FakeWay("live", "listed")
    run(engine, live)
    report = run(engine, live)
    assert (len(live.asked), report.unchanged) == (1, 1)
    assert len(run(engine, live, max_age=timedelta(0)).ways["live"]) == 1
    assert len(live.asked) == 2


def test_an_answer_is_fresh_as_long_as_the_server_says(engine: sqlalchemy.Engine) -> None:
    soon = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    late = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    live = FakeWay("live", "listed", fresh_until=soon)
    run(engine, live)
    live.fresh_until, live.AGE = late, timedelta(0)
    run(engine, live)
    run(engine, live)
    assert len(live.asked) == 2


def test_what_was_unreachable_is_asked_again_at_once(engine: sqlalchemy.Engine) -> None:
    live = FakeWay("live", "unreachable")
    run(engine, live)
    report = run(engine, live)
    assert len(live.asked) == 2
    assert not report.is_of_use


def test_a_kept_answer_of_another_method_is_asked_for_again(engine: sqlalchemy.Engine) -> None:
    live = FakeWay("live", "listed")
    run(engine, live)
    live.method = lambda: "fake 2"  # type: ignore[method-assign]  # the code that reads was changed
    run(engine, live)
    assert len(live.asked) == 2


def test_a_limit_counts_only_those_that_are_really_asked(engine: sqlalchemy.Engine) -> None:
    others = [Server(key=f"github.com/a/{name}", slug=name, name=name) for name in ("c", "d", "e")]
    with engine.begin() as connection:
        for server in others:
            store.save_server(connection, server, evidence={})
    live = FakeWay("live", "listed")
    for asked in (2, 4, 4):
        lister = Lister(engine, Schedule((live,), each=True), lambda _: None, Report(), limit=2)  # type: ignore[arg-type]  # fakes
        asyncio.run(list_all(lister, iter([SERVER, *others]), lambda: None))
        assert len(live.asked) == asked


def test_whoever_asked_not_to_be_asked_is_not(engine: sqlalchemy.Engine) -> None:
    wanted = Server(key="pkg:npm/quiet", slug="quiet", name="quiet", packages=("pkg:npm/quiet@1.0.0",))
    with engine.begin() as connection:
        store.save_server(connection, wanted, evidence={})
    live, report = FakeWay("live", "listed"), Report()
    quiet = OptOut(packages=frozenset({"pkg:npm/quiet"}))
    lister = Lister(engine, Schedule((live,), each=False), lambda _: None, report, opt_out=quiet)  # type: ignore[arg-type]  # fakes
    asyncio.run(list_all(lister, iter([wanted, SERVER]), lambda: None))
    assert len(live.asked) == 1
    assert [(miss.server, miss.outcome) for miss in report.misses] == [("pkg:npm/quiet", "refused")]
    with engine.begin() as connection:
        last = listings.last_listing(connection, "pkg:npm/quiet", "live")
    assert last
    assert "asked not to be asked" in last.reason


def test_each_attempt_leaves_a_listing(engine: sqlalchemy.Engine) -> None:
    run(engine, FakeWay("live", "timed-out"), FakeWay("static", "listed"))
    with engine.begin() as connection:
        last = [listings.last_listing(connection, SERVER.key, way) for way in ("live", "static")]
    assert [one and one.outcome for one in last] == ["timed-out", "listed"]


def test_our_own_failure_stops_all_and_is_raised_as_itself(engine: sqlalchemy.Engine) -> None:
    live = FakeWay("live", "listed")

    async def fail(*_: Any) -> Answer:
        raise ToolcensusError("the disk is full")

    live.list_tools = fail  # type: ignore[method-assign]
    with pytest.raises(ToolcensusError, match="the disk is full"):
        run(engine, live)


def test_no_way_that_runs_strangers_code_is_taken_unless_named() -> None:
    usual = schedule(None, None)
    assert not any(way.NAMED_ONLY for way in usual.ways)
    assert [way.COST for way in usual.ways] == sorted(way.COST for way in usual.ways)
    named = schedule(["static"], None)
    assert (named.each, [way.WAY for way in named.ways]) == (True, ["static"])


def test_an_unknown_way_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="no way 'guess'") as error:
        schedule(["guess"], None)
    assert error.value.advice == "name some of: " + ",".join(("registry", *all_ways()))
