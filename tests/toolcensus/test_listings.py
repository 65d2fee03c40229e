from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

from toolcensus import listings, store
from toolcensus.canonical import digest
from toolcensus.errors import InputError
from toolcensus.records import Change, Listing, Server, Tool, Unresolved

Save = Callable[..., tuple[Change, ...]]
READ = Tool(name="read", description="Reads.", input_schema={"type": "object", "a": 1, "b": 2}, annotations={"x": True})


def _said(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.tool, change.kind) for change in changes]


def test_a_first_listing_changes_nothing(save: Save) -> None:
    assert save("s", READ) == ()


def test_tools_that_come_and_go_are_changes(save: Save) -> None:
    save("s", "a", "b")
    changes = save("s", "b", "c", day=2)
    assert changes == (
        Change(
            at="2026-01-02T00:00:00Z", server="pkg:npm/s", tool="a", way="static", kind="removed",
            before=digest(Tool(name="a")), after=None,
        ),
        Change(
            at="2026-01-02T00:00:00Z", server="pkg:npm/s", tool="c", way="static", kind="added",
            before=None, after=digest(Tool(name="c")),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"description": "Reads all."}, ["description"]),
        ({"title": "Read"}, ["description"]),
        ({"input_schema": {"type": "object"}}, ["schema"]),
        ({"output_schema": {"type": "object"}}, ["schema"]),
        ({"input_schema": {"type": "object", "a": True, "b": 2}}, ["schema"]),
        ({"annotations": {"x": False}}, ["annotations"]),
        ({"annotations": None, "description": None}, ["description", "annotations"]),
        ({"input_schema": {"b": 2, "a": 1, "type": "object"}, "description": "New."}, ["description"]),
        ({"input_schema": {"b": 2, "a": 1, "type": "object"}}, []),
        ({"conditional": "--flag", "where": "a.py:3"}, []),
    ],
)
def test_a_changed_definition_says_what_is_different(save: Save, fields: dict[str, Any], kinds: list[str]) -> None:
    save("s", READ)
    before = {name: getattr(READ, name) for name in READ.__struct_fields__}
    assert [change.kind for change in save("s", Tool(**{**before, **fields}), day=2)] == kinds


def test_what_a_listing_tells_beside_the_definition_is_renewed(index: sqlalchemy.Connection, save: Save) -> None:
    save("s", Tool(name="a", where="a.py:1"))
    save("s", Tool(name="a", where="a.py:9", conditional="--flag"), day=2)
    (stored,) = listings.load_tools(index, "pkg:npm/s")
    assert (stored.tool.where, stored.tool.conditional, stored.last_seen) == (
        "a.py:9",
        "--flag",
        "2026-01-02T00:00:00Z",
    )


def test_two_ways_are_never_compared(save: Save) -> None:
    save("s", "a", way="static")
    assert save("s", "b", way="live", day=2) == ()
    assert _said(save("s", "c", way="live", day=3)) == [("b", "removed"), ("c", "added")]


def test_a_failed_attempt_leaves_the_tools_and_compares_with_the_last_that_gave_some(
    index: sqlalchemy.Connection, save: Save
) -> None:
    save("s", "a")
    assert save("s", outcome="unreachable", reason="no answer", day=2) == ()
    assert [stored.tool.name for stored in listings.load_tools(index, "pkg:npm/s")] == ["a"]
    last = listings.last_listing(index, "pkg:npm/s", "static")
    assert last is not None
    assert (last.outcome, last.reason, last.at, last.tools) == ("unreachable", "no answer", "2026-01-02T00:00:00Z", 0)
    assert _said(save("s", "b", day=3)) == [("a", "removed"), ("b", "added")]


def test_other_code_that_reads_the_same_subject_changes_nothing(save: Save) -> None:
    save("s", "a", subject_digest="sha256:1", method="python 1")
    assert save("s", "b", subject_digest="sha256:1", method="python 2", day=2) == ()
    assert _said(save("s", "c", subject_digest="sha256:2", method="python 2", day=3)) == [
        ("b", "removed"),
        ("c", "added"),
    ]


def test_history_is_kept_and_a_tool_that_returns_keeps_its_first_day(index: sqlalchemy.Connection, save: Save) -> None:
    save("s", Tool(name="a", description="1"))
    save("s", Tool(name="a", description="2"), day=2)
    save("s", day=3)
    save("s", Tool(name="a", description="1"), day=4)
    days = "substr(first_seen, 9, 2), substr(since, 9, 2), substr(last_seen, 9, 2), substr(ended, 9, 2)"
    spells = index.exec_driver_sql(
        f"SELECT description, {days} FROM tool JOIN definition ON definition.id = definition_id ORDER BY tool.id"  # noqa: S608  # a constant
    ).all()
    assert spells == [("1", "01", "01", "01", "02"), ("2", "01", "02", "02", "03"), ("1", "01", "04", "04", None)]
    assert index.exec_driver_sql("SELECT count(*) FROM definition").scalar() == 2


def test_one_definition_on_many_servers_is_stored_once(index: sqlalchemy.Connection, save: Save) -> None:
    save("s", READ)
    save("t", READ)
    assert index.exec_driver_sql("SELECT count(*) FROM definition").scalar() == 1
    assert index.exec_driver_sql("SELECT count(*) FROM catalogue").scalar() == 2


def test_a_tool_is_read_back_as_it_was(index: sqlalchemy.Connection, save: Save) -> None:
    tool = Tool(
        name="r", title="", description="d", input_schema={"maximum": 2**63 - 1, "x": [1.5, None]}, output_schema={},
        annotations={"readOnlyHint": True}, conditional="--all", where="a.py:1",
    )  # fmt: skip
    save("s", tool)
    assert listings.load_tools(index, "pkg:npm/s")[0].tool == tool


def test_a_name_that_comes_twice_is_stored_once_and_unconditional(index: sqlalchemy.Connection, save: Save) -> None:
    save("s", Tool(name="a", conditional="--x"), Tool(name="a", description="free"), Tool(name="a", description="late"))
    assert [stored.tool.description for stored in listings.load_tools(index, "pkg:npm/s")] == ["free"]


def test_a_definition_too_deep_to_digest_is_unresolved_and_the_rest_is_stored(
    index: sqlalchemy.Connection, save: Save
) -> None:
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"a": deep}
    save("s", "fine", Tool(name="deep", input_schema=deep, where="a.py:1"))
    assert [stored.tool.name for stored in listings.load_tools(index, "pkg:npm/s")] == ["fine"]
    assert index.exec_driver_sql("SELECT place, reason FROM unresolved").all() == [
        ("a.py:1", "a tool definition nests deeper than 64 levels")
    ]


def test_a_listing_of_a_server_that_is_not_in_the_index_is_refused(index: sqlalchemy.Connection) -> None:
    with pytest.raises(InputError, match="there is no server nobody"):
        listings.save_listing(index, Listing(server="nobody", way="live", at="2026-01-01T00:00:00Z", outcome="listed"))


def test_many_listings_at_once_are_the_same_as_one_by_one(index: sqlalchemy.Connection) -> None:
    many = [
        Listing(
            server=f"pkg:npm/s{n % 250}", way="live", at=f"2026-01-0{1 + n // 250}T00:00:00Z", outcome="listed",
            tools=(Tool(name="a", description=str(n // 250)),), unresolved=(Unresolved(where="x", reason="y"),),
        )
        for n in range(500)
    ]  # fmt: skip
    for n in range(250):
        store.save_server(index, Server(key=f"pkg:npm/s{n}", slug=f"s{n}", name="s"), evidence={})
    changes = listings.save_listings(index, many)
    assert [change.kind for change in changes] == ["description"] * 250
    assert changes[0].server == "pkg:npm/s0"
    assert index.exec_driver_sql("SELECT count(*) FROM unresolved").scalar() == 500


def test_a_candidate_that_shows_tools_is_a_server(index: sqlalchemy.Connection) -> None:
    store.save_server(index, Server(key="k", slug="k", name="k"), evidence={}, candidate=True)
    listing = Listing(server="k", way="live", at="2026-01-01T00:00:00Z", outcome="listed", tools=(Tool(name="t"),))
    listings.save_listing(index, listing)
    assert index.exec_driver_sql("SELECT key FROM servers").scalar() == "k"


def test_asking_again_without_news_moves_only_when_the_tools_were_last_seen(
    index: sqlalchemy.Connection, save: Save
) -> None:
    save("s", "a")
    listings.confirm_listing(index, "pkg:npm/s", "static", "2026-01-09T00:00:00Z")
    assert index.exec_driver_sql("SELECT first_seen, last_seen FROM catalogue").one() == (
        "2026-01-01T00:00:00Z",
        "2026-01-09T00:00:00Z",
    )
    assert listings.last_listing(index, "pkg:npm/s", "live") is None
