"""Why servers that have something in common are kept apart."""

from typing import Any

import pytest

from crawler.apart import reason
from toolcensus.records import Sighting

REPO = "https://github.com/acme/tools"
FORK = "https://github.com/fork/tools"


def seen(name: str = "a", **more: Any) -> list[Sighting]:
    return [Sighting(source="s", source_id="x", seen="2026-11-24T00:00:00Z", name=name, **more)]


def official(name: str) -> list[Sighting]:
    return [Sighting(source="official", source_id=name, seen="2026-11-24T00:00:00Z", name=name, repository=REPO)]


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        (
            seen(repository=f"{REPO}/tree/main/a"),
            seen(repository=f"{REPO}/tree/main/b"),
            "another folder of github.com/acme/tools: a here, b there",
        ),
        (
            seen(repository=REPO, packages=("pkg:npm/a",)),
            seen(repository=REPO, packages=("pkg:npm/b",)),
            (
                "another package of github.com/acme/tools, and no source says that the two are one server: "
                "pkg:npm/a here, pkg:npm/b there"
            ),
        ),
        (
            official("io.acme/a"),
            official("io.acme/b"),
            "another name in the registry for github.com/acme/tools: io.acme/a here, io.acme/b there",
        ),
        (
            seen(repository=REPO, remotes=("https://a.example/x",)),
            seen(repository=REPO, remotes=("https://a.example/y",)),
            "another remote of github.com/acme/tools: https://a.example/x here, https://a.example/y there",
        ),
        (
            seen(repository=REPO),
            seen(repository=f"{REPO}/tree/main/b"),
            "github.com/acme/tools holds several servers, and nothing says which of them is meant",
        ),
        (
            seen(packages=("pkg:npm/a",)),
            seen(packages=("pkg:pypi/a",)),
            "pkg:npm/a and pkg:pypi/a have the name in common, and no source says that they are one server",
        ),
        (
            seen(packages=("pkg:npm/proxy@1",)),
            seen(packages=("pkg:npm/proxy@2",)),
            "so many servers name pkg:npm/proxy that it tells nothing: it serves something else for each",
        ),
        (
            seen(repository=REPO, remotes=("https://a.example/mcp",)),
            seen(repository="https://github.com/b/other", remotes=("https://a.example/mcp/",)),
            (
                "both name https://a.example/mcp, but their code is unrelated: "
                "github.com/acme/tools here, github.com/b/other there"
            ),
        ),
        (
            seen(remotes=("https://a.example/mcp",)),
            seen(remotes=("https://a.example/mcp", "https://b.example/mcp")),
            "one of them names https://a.example/mcp among the remotes of several servers",
        ),
        (
            seen(remotes=("https://a.example/x",)),
            seen(remotes=("https://a.example/y",)),
            "another address on a.example: https://a.example/x here, https://a.example/y there",
        ),
        (
            seen(repository=REPO),
            seen(repository=FORK),
            "only the name is the same, a, and a name alone joins nothing",
        ),
        (
            seen(repository=FORK, fork_of=REPO),
            seen(repository=REPO),
            "it is a fork of github.com/acme/tools, and a fork is a server of its own",
        ),
        (
            seen(repository=REPO),
            seen(repository=FORK, fork_of=REPO),
            "github.com/fork/tools was copied from this repository, and a fork is a server of its own",
        ),
        (seen("a", repository=REPO), seen("b", repository=FORK), None),
    ],
)
def test_the_reason(mine: list[Sighting], theirs: list[Sighting], why: str | None) -> None:
    assert reason(mine, theirs) == why
