from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy

from toolcensus import lookup, store
from toolcensus.errors import InputError
from toolcensus.records import Server

FILES = Server(
    key="pkg:npm/%40org/server-files", slug="org-server-files", name="Files",
    packages=("pkg:npm/%40org/server-files@1.0.0", "pkg:pypi/files-mcp@2"), remotes=("https://files.example/mcp",),
)  # fmt: skip


@pytest.fixture
def three(index: sqlalchemy.Connection) -> sqlalchemy.Connection:
    """Three servers, two of which begin alike and share a package."""
    store.save_server(index, FILES, evidence={}, aliases=["github.com/org/servers"])
    for name in ("git-one", "git-two"):
        packages = (f"pkg:npm/{name}@1", "pkg:npm/shared@1")
        store.save_server(index, Server(key=f"pkg:npm/{name}", slug=name, name=name, packages=packages), evidence={})
    return index


@pytest.mark.parametrize(
    "word",
    [
        "pkg:npm/%40org/server-files",
        "github.com/org/servers",
        "org-server-files",
        "ORG-Server-Files",
        "org",
        "@org/server-files",
        "@org/server-files@1.2.3",
        "files-mcp",
        "pkg:pypi/files-mcp@9",
        "https://files.example/mcp",
    ],
)
def test_a_server_is_found_by_key_alias_slug_package_remote_or_a_unique_beginning(
    three: sqlalchemy.Connection, word: str
) -> None:
    assert lookup.find_server(three, word) == FILES.key


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("git", "did you mean pkg:npm/git-one, pkg:npm/git-two?"),
        ("server-files", "did you mean pkg:npm/%40org/server-files?"),
        ("got-one", "did you mean pkg:npm/git-one, pkg:npm/git-two?"),
        ("%", "did you mean pkg:npm/%40org/server-files?"),
        ("zzz", "list the servers"),
        ("shared", "list the servers"),
    ],
)
def test_a_word_that_names_none_or_several_gets_the_nearest_keys(
    three: sqlalchemy.Connection, word: str, advice: str
) -> None:
    with pytest.raises(InputError, match="no server in the index is called") as caught:
        lookup.find_server(three, word)
    assert advice in caught.value.advice


def test_the_facts_tell_how_every_way_ended_last(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("s", "a")
    save("s", outcome="crashed", reason="it ran out of memory", way="sandbox", day=2)
    facts = lookup.server_facts(index, "pkg:npm/s")
    assert (facts.tools, facts.sources, facts.candidate) == (1, ["starter"], False)
    assert [(answer.way, answer.outcome, answer.reason, answer.tools) for answer in facts.listings] == [
        ("sandbox", "crashed", "it ran out of memory", 0),
        ("static", "listed", "", 1),
    ]


def test_a_candidate_has_facts_too(index: sqlalchemy.Connection) -> None:
    store.save_server(index, FILES, evidence={}, candidate=True)
    assert lookup.server_facts(index, FILES.key).candidate
