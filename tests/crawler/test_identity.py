"""Which sightings are one server."""

import pytest

from crawler.identity import merge, slug
from toolcensus.records import Sighting


def sighting(source: str, source_id: str = "x", **more: object) -> Sighting:
    return Sighting(source=source, source_id=source_id, seen="2026-11-24T00:00:00Z", name=source, **more)  # type: ignore[arg-type]


def test_sightings_of_one_package_are_one_server_whatever_its_version() -> None:
    first = sighting("starter", packages=("pkg:npm/%40a/files@1.0.0",), repository="https://github.com/a/files")
    second = sighting("command-line", packages=("pkg:npm/%40a/files@2.0.0",), description="Reads files.")
    (found,) = merge([first, second])
    assert (found.server.key, found.server.slug) == ("pkg:npm/%40a/files", "a-files")
    assert (found.server.name, found.server.description) == ("starter", "Reads files.")
    assert found.server.packages == ("pkg:npm/%40a/files@1.0.0", "pkg:npm/%40a/files@2.0.0")
    assert found.evidence == {("starter", "x"): "the same package", ("command-line", "x"): "the same package"}


def test_server_without_a_package_is_its_repository_else_its_remote() -> None:
    repository = sighting("a", repository="https://github.com/Owner/Repo.git")
    folder = sighting("b", repository="https://github.com/owner/repo/tree/main/servers/one")
    remote = sighting("c", remotes=("https://mcp.example/sse/",))
    container = sighting("d", packages=("pkg:docker/owner/image@1",), remotes=("https://mcp.example/other",))
    assert [found.server.key for found in merge([repository, folder, remote, container])] == [
        "github.com/owner/repo",
        "github.com/owner/repo/tree/main/servers/one",
        "https://mcp.example/other",
        "https://mcp.example/sse",
    ]


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("pkg:npm/%40scope/name", "scope-name"),
        ("pkg:pypi/mcp-server-git", "mcp-server-git"),
        ("github.com/jamesanz/cross-llm-mcp", "jamesanz-cross-llm-mcp"),
        ("https://mcp.example/sse", "mcp-example-sse"),
        ("pkg:npm/Caps", "caps-d8ae9aae"),
        ("github.com/имя/сервер", "536c7f28"),
    ],
)
def test_slug_is_plain_and_gets_digits_where_it_loses_something(key: str, short: str) -> None:
    assert slug(key) == short
