"""Servers as identity found them: written by the batch, merged, renamed and retired, with nothing lost."""

from collections.abc import Sequence

import msgspec
import pytest
import sqlalchemy

from toolcensus import grouping, listings, merging, readings, servers, store
from toolcensus.errors import InputError
from toolcensus.records import Listing, Server, Sighting, Tool
from toolcensus.servers import Found, Link, Saved

AT = "2026-02-02T00:00:00Z"


def see(index: sqlalchemy.Connection, *names: str) -> None:
    """Save one sighting of the source `s` a name."""
    seen = "2026-01-01T00:00:00Z"
    store.save_sightings(index, [Sighting(source="s", source_id=name, seen=seen, name=name) for name in names])


def save(index: sqlalchemy.Connection, *groups: Sequence[str], keys: Sequence[Sequence[str]], doubt: str = "") -> Saved:
    """Save what identity found: groups of sightings by name, and the keys of each group."""
    names = [sighting.source_id for sighting in grouping.stream_sightings(index)]
    of = {name: number for number, group in enumerate(groups) for name in group}
    grouping.keep_groups(index, [(of[name], 3) for name in names])
    found = []
    for number, members in grouping.sightings_by_group(index):
        found.append(
            Found(
                group=number,
                server=Server(
                    key=keys[number][0], slug=keys[number][0].replace("/", "-"), name=members[0].sighting.name
                ),
                keys=tuple(keys[number]),
                addresses=tuple(keys[number]),
                links=tuple(
                    Link(
                        source="s",
                        source_id=one.sighting.source_id,
                        evidence=f"kind {one.kind}",
                        server_id=one.server_id,
                    )
                    for one in members
                ),
                origins={"name": (("s", members[0].sighting.source_id),)},
                doubt=doubt,
            )
        )
    return servers.save_found(index, found, AT)


def links(index: sqlalchemy.Connection) -> dict[str, str]:
    rows = index.exec_driver_sql("SELECT source_id, server FROM sightings ORDER BY source_id")
    return {row.source_id: row.server for row in rows}


def test_servers_are_written_with_their_sightings_evidence_and_origins(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b", "c")
    assert save(index, "ab", "c", keys=[["github.com/o/r"], ["s/c"]]) == Saved(servers=2, candidates=0, new=2, merged=0)
    assert index.exec_driver_sql("SELECT source_id, server, evidence FROM sightings").all() == [
        ("a", "github.com/o/r", "kind 3"),
        ("b", "github.com/o/r", "kind 3"),
        ("c", "s/c", "kind 3"),
    ]
    assert index.exec_driver_sql("SELECT origins_json FROM server WHERE key = 's/c'").scalar() == '{"name":[["s","c"]]}'
    again = save(index, "ab", "c", keys=[["github.com/o/r"], ["s/c"]])
    assert again == Saved(servers=2, candidates=0, new=0, merged=0)


def test_many_more_than_a_batch_are_all_written(index: sqlalchemy.Connection) -> None:
    names = [f"n{number:04}" for number in range(1_203)]
    see(index, *names)
    saved = save(index, *([name] for name in names), keys=[[f"s/{name}"] for name in names])
    assert saved.new == len(names)
    assert links(index) == {name: f"s/{name}" for name in names}


def test_a_better_key_takes_over_and_the_old_one_leads_to_it(index: sqlalchemy.Connection) -> None:
    see(index, "a")
    save(index, "a", keys=[["github.com/o/r"]])
    saved = save(index, "a", keys=[["pkg:npm/r", "github.com/o/r"]])
    assert saved.new == saved.merged == 0
    assert index.exec_driver_sql("SELECT key, slug FROM servers").all() == [("pkg:npm/r", "github.com-o-r")]
    assert index.exec_driver_sql("SELECT alias, server FROM aliases").all() == [("github.com/o/r", "pkg:npm/r")]


def test_two_servers_that_turn_out_to_be_one_keep_both_keys_and_histories(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b")
    save(index, "a", "b", keys=[["s/a"], ["pkg:npm/r"]])
    for key, tool in (("s/a", "old"), ("pkg:npm/r", "new")):
        listings.save_listing(
            index,
            Listing(server=key, way="static", at=AT, outcome="listed", tools=(Tool(name=tool), Tool(name="both"))),
        )
    assert save(index, "ab", keys=[["pkg:npm/r", "s/a"]]) == Saved(servers=1, candidates=0, new=0, merged=1)
    assert links(index) == {"a": "pkg:npm/r", "b": "pkg:npm/r"}
    assert index.exec_driver_sql("SELECT alias, server FROM aliases").all() == [("s/a", "pkg:npm/r")]
    assert index.exec_driver_sql("SELECT tool FROM catalogue ORDER BY tool").scalars().all() == ["both", "new"]
    assert index.exec_driver_sql("SELECT count(*) FROM listing").scalar() == 2
    assert index.exec_driver_sql("SELECT count(*) FROM tool WHERE ended IS NOT NULL").scalar() == 2


def test_one_server_that_turns_out_to_be_two_keeps_its_key_where_it_belongs(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b", "c")
    save(index, "abc", keys=[["pkg:npm/r", "github.com/o/r"]])
    save(index, "a", "bc", keys=[["pkg:npm/r"], ["github.com/o/r"]])
    assert links(index) == {"a": "pkg:npm/r", "b": "github.com/o/r", "c": "github.com/o/r"}


def test_a_key_that_was_issued_is_never_given_to_another_server(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b")
    save(index, "a", "b", keys=[["s/a"], ["github.com/o/r"]])
    save(index, "ab", keys=[["s/a", "github.com/o/r"]])
    save(index, "a", "b", keys=[["s/a"], ["github.com/o/r", "s/b"]])
    assert links(index) == {"a": "s/a", "b": "s/b"}
    assert index.exec_driver_sql("SELECT alias, server FROM aliases").all() == [("github.com/o/r", "s/a")]


def test_a_candidate_that_showed_tools_is_a_server_whatever_the_doubt(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b")
    doubted = save(index, "a", "b", keys=[["s/a"], ["s/b"]], doubt="it only mentions MCP")
    assert (doubted.servers, doubted.candidates) == (0, 2)
    listings.save_listing(index, Listing(server="s/a", way="static", at=AT, outcome="listed", tools=(Tool(name="t"),)))
    again = save(index, "a", "b", keys=[["s/a"], ["s/b"]], doubt="it only mentions MCP")
    assert (again.servers, again.candidates) == (1, 1)
    assert index.exec_driver_sql("SELECT key FROM servers").scalars().all() == ["s/a"]


def test_a_server_is_retired_when_no_source_shows_it_and_comes_back(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b")
    save(index, "a", "b", keys=[["s/a"], ["s/b"]])
    index.exec_driver_sql("UPDATE sighting SET gone = '2026-02-01T00:00:00Z' WHERE source_id = 'a'")
    assert readings.retire(index, AT) == 1
    assert readings.retire(index, "2026-03-03T00:00:00Z") == 0
    retired = index.exec_driver_sql("SELECT key, retired FROM servers ORDER BY key").all()
    assert retired == [("s/a", AT), ("s/b", None)]
    see(index, "a")
    readings.retire(index, AT)
    assert index.exec_driver_sql("SELECT count(*) FROM servers WHERE retired IS NULL").scalar() == 2


def test_merging_by_hand_says_which_key_is_unknown(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b")
    save(index, "a", "b", keys=[["s/a"], ["s/b"]])
    merging.merge_servers(index, "s/a", "s/b", AT)
    merging.merge_servers(index, "s/a", "s/b", AT)
    assert links(index) == {"a": "s/b", "b": "s/b"}
    with pytest.raises(InputError, match="no server s/c"):
        merging.merge_servers(index, "s/c", "s/b", AT)


def test_sightings_that_are_gone_are_dealt_out_no_more(index: sqlalchemy.Connection) -> None:
    see(index, "a", "b")
    index.exec_driver_sql("UPDATE sighting SET gone = '2026-02-01T00:00:00Z' WHERE source_id = 'a'")
    assert [sighting.source_id for sighting in grouping.stream_sightings(index)] == ["b"]
    save(index, "b", keys=[["s/b"]])
    assert links(index) == {"a": None, "b": "s/b"}
    assert msgspec.json.decode(index.exec_driver_sql("SELECT sources FROM servers").scalar() or "") == ["s"]
