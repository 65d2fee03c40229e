import msgspec
import pytest
import sqlalchemy

from toolcensus import store
from toolcensus.errors import InputError
from toolcensus.records import Server, Sighting, Tool

GIT = Server(key="pkg:pypi/mcp-server-git", slug="git", name="Git", packages=("pkg:pypi/mcp-server-git@1.0",))
SEEN = Sighting(source="starter", source_id="git", seen="2026-01-01T00:00:00Z", name="Git", popularity=2**40)


def test_a_sighting_is_read_back_as_it_was_without_the_tools_it_brought(index: sqlalchemy.Connection) -> None:
    store.save_sightings(index, [msgspec.structs.replace(SEEN, tools=(Tool(name="t"),))])
    assert list(store.load_sightings(index, source="starter")) == [SEEN]
    assert list(store.load_sightings(index, source="npm")) == []


def test_seeing_a_server_again_keeps_when_it_was_first_seen(index: sqlalchemy.Connection) -> None:
    store.save_sightings(index, [SEEN])
    store.save_server(index, GIT, evidence={("starter", "git"): "package"})
    again = msgspec.structs.replace(SEEN, seen="2026-01-05T00:00:00Z")
    assert store.save_sightings(index, [again]) == 1
    assert index.exec_driver_sql("SELECT server, evidence, seen FROM sightings").all() == [
        (GIT.key, "package", "2026-01-05T00:00:00Z")
    ]
    assert index.exec_driver_sql("SELECT first_seen, last_seen FROM servers").one() == (SEEN.seen, again.seen)


def test_a_server_is_read_back_as_it_was_and_updated_in_place(index: sqlalchemy.Connection) -> None:
    store.save_server(index, GIT, evidence={})
    better = msgspec.structs.replace(GIT, title="Git", remotes=("https://git.example/mcp",))
    assert store.save_server(index, better, evidence={}) == "git"
    assert list(store.load_servers(index)) == [better]


def test_a_slug_that_is_taken_gets_the_keys_digest(index: sqlalchemy.Connection) -> None:
    store.save_server(index, GIT, evidence={})
    other = Server(key="pkg:npm/git", slug="git", name="Git")
    slug = store.save_server(index, other, evidence={})
    assert slug.startswith("git-")
    assert len(slug) == len("git-") + 8
    assert store.save_server(index, other, evidence={}) == slug


def test_a_candidate_becomes_a_server_and_never_the_other_way_round(index: sqlalchemy.Connection) -> None:
    store.save_server(index, GIT, evidence={}, candidate=True)
    assert list(store.load_servers(index)) == []
    assert index.exec_driver_sql("SELECT count(*) FROM candidates").scalar() == 1
    store.save_server(index, GIT, evidence={})
    store.save_server(index, GIT, evidence={}, candidate=True)
    assert list(store.load_servers(index)) == [GIT]


def test_a_better_key_takes_over_and_the_old_one_leads_to_it(index: sqlalchemy.Connection) -> None:
    old = msgspec.structs.replace(GIT, key="github.com/o/r")
    store.save_server(index, old, evidence={}, aliases=["https://git.example/mcp"])
    store.rename_server(index, "github.com/o/r", GIT.key)
    assert index.exec_driver_sql("SELECT alias, server FROM aliases ORDER BY alias").all() == [
        ("github.com/o/r", GIT.key),
        ("https://git.example/mcp", GIT.key),
    ]
    store.save_server(index, old, evidence={})
    assert [server.key for server in store.load_servers(index, keys=["github.com/o/r"])] == [GIT.key]


def test_a_key_is_never_given_to_another_server(index: sqlalchemy.Connection) -> None:
    store.save_server(index, GIT, evidence={})
    store.save_server(index, Server(key="pkg:npm/git", slug="g", name="Git"), evidence={}, aliases=["a"])
    for taken in ("pkg:npm/git", "a"):
        with pytest.raises(InputError, match="is another server's key already"):
            store.save_alias(index, taken, GIT.key)
    with pytest.raises(InputError, match="there is no server nobody"):
        store.save_alias(index, "b", "nobody")


def test_a_retired_server_stays_with_its_date_until_it_is_seen_again(index: sqlalchemy.Connection) -> None:
    store.save_server(index, GIT, evidence={})
    store.retire_servers(index, [GIT.key], "2026-02-01T00:00:00Z")
    assert list(store.load_servers(index)) == []
    assert index.exec_driver_sql("SELECT retired FROM servers").scalar() == "2026-02-01T00:00:00Z"
    store.save_server(index, GIT, evidence={})
    assert index.exec_driver_sql("SELECT retired FROM servers").scalar() is None


def test_strange_text_is_stored_with_replacements(index: sqlalchemy.Connection) -> None:
    store.save_sightings(index, [msgspec.structs.replace(SEEN, name="a\0\ud800")])
    store.save_server(index, msgspec.structs.replace(GIT, name="a\0\ud800"), evidence={})
    assert index.exec_driver_sql("SELECT name FROM servers").scalar() == "a��"


@pytest.mark.parametrize(
    ("purl", "bare"),
    [
        ("pkg:npm/%40scope/name@1.2.3", "pkg:npm/%40scope/name"),
        ("pkg:npm/@scope/name", "pkg:npm/@scope/name"),
        ("pkg:pypi/name@1.0?arch=x#sub", "pkg:pypi/name"),
        ("pkg:pypi/name", "pkg:pypi/name"),
    ],
)
def test_a_bare_purl_is_the_package_itself(purl: str, bare: str) -> None:
    assert store.bare_purl(purl) == bare
