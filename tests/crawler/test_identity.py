"""Which sightings are one server."""

from typing import Any

import pytest

from crawler.identity import Identity, merge, server_key, slug
from toolcensus.records import Sighting, Tool

REPO = "https://github.com/acme/tools"


def seen(source: str, source_id: str = "x", **more: Any) -> Sighting:
    values = {"seen": "2026-11-24T00:00:00Z", "name": source_id} | more
    return Sighting(source=source, source_id=source_id, **values)


def servers(*sightings: Sighting) -> list[list[str]]:
    """Return the sources' ids of each server, servers by key."""
    return [sorted(name for _, name in found.evidence) for found in merge(sightings)]


def test_sightings_of_one_package_are_one_server_whatever_its_version() -> None:
    first = seen("npm", "@a/files", packages=("pkg:npm/%40a/files@2.0.0",), description="Reads files.")
    second = seen("toolsdk", "a.json", packages=("pkg:npm/%40a/files@1.0.0",), title="Files")
    (found,) = merge([second, first])
    assert (found.server.key, found.server.slug) == ("pkg:npm/%40a/files", "a-files")
    assert found.server.packages == ("pkg:npm/%40a/files@2.0.0",)
    assert found.evidence == {
        ("npm", "@a/files"): "the same package pkg:npm/%40a/files as toolsdk a.json",
        ("toolsdk", "a.json"): "the same package pkg:npm/%40a/files as npm @a/files",
    }


def test_each_field_says_which_sighting_it_came_from_and_the_publisher_is_believed_first() -> None:
    listed = seen("mcpso", "m", name="tools", description="copied", repository=f"{REPO}/")
    published = seen(
        "official", "io.acme/tools", description="own words", repository=REPO, remotes=("https://a.example",)
    )
    (found,) = merge([listed, published])
    assert (found.server.name, found.server.description) == ("io.acme/tools", "own words")
    assert found.origins == dict.fromkeys(
        ("repository", "remotes", "name", "description"), (("official", "io.acme/tools"),)
    )


def test_one_repository_in_which_nobody_tells_several_servers_apart_is_one_server() -> None:
    assert servers(
        seen("official", "io.acme/tools", repository=REPO, packages=("pkg:npm/tools",)),
        seen("mcpso", "m", repository="git@github.com:Acme/Tools.git"),
        seen("lists", "l", repository=f"{REPO}/tree/main/packages/server"),
    ) == [["io.acme/tools", "l", "m"]]


def test_a_monorepo_stays_several_servers_and_its_whole_is_only_a_candidate() -> None:
    git, sql = (seen("lists", name, repository=f"{REPO}/tree/main/src/{name}") for name in ("git", "sqlite"))
    whole = seen("mcpso", "tools", repository=REPO)
    found = merge([git, sql, whole])
    assert [one.server.key for one in found] == [
        "github.com/acme/tools",
        "github.com/acme/tools/src/git",
        "github.com/acme/tools/src/sqlite",
    ]
    assert [one.candidate for one in found] == [True, False, False]


def test_of_the_servers_in_a_repository_the_one_of_the_same_name_is_meant() -> None:
    assert servers(
        seen("lists", "git", repository=f"{REPO}/tree/main/src/git"),
        seen("lists", "sqlite", repository=f"{REPO}/tree/main/src/sqlite"),
        seen(
            "npm", "@acme/mcp-server-git", packages=("pkg:npm/%40acme/mcp-server-git",), repository=REPO, mentions=True
        ),
        seen("glama", "acme/sqlite-mcp", name="SQLite MCP", repository=REPO),
    ) == [["acme/sqlite-mcp", "sqlite"], ["@acme/mcp-server-git", "git"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"packages": ("pkg:npm/a",)}, {"packages": ("pkg:npm/b",)}, id="two packages of one repository"),
        pytest.param({"packages": ("pkg:npm/a",)}, {"packages": ("pkg:pypi/b",)}, id="npm and PyPI, two names"),
        pytest.param(
            {"packages": ("pkg:npm/a",), "repository": None}, {"packages": ("pkg:pypi/a",)}, id="npm and PyPI, one name"
        ),
        pytest.param({"remotes": ("https://h.example/a",)}, {"remotes": ("https://h.example/b",)}, id="one host"),
        pytest.param({"repository": "https://github.com/b/tools"}, {}, id="a fork"),
        pytest.param({"repository": None}, {"repository": None}, id="the name alone"),
        pytest.param({"repository": f"{REPO}/tree/x/one"}, {"repository": f"{REPO}/tree/x/two"}, id="two folders"),
    ],
)
def test_kept_apart(one: dict[str, object], other: dict[str, object]) -> None:
    both = [
        seen("glama", f"{number}", **{"name": "tools", "repository": REPO} | more)
        for number, more in ((1, one), (2, other))
    ]
    assert servers(*both) in ([["1"], ["2"]], [["2"], ["1"]])


def test_two_packages_that_one_sighting_names_are_one_server() -> None:
    assert servers(
        seen("official", "io.acme/tools", packages=("pkg:npm/tools", "pkg:pypi/tools")),
        seen("npm", "tools", packages=("pkg:npm/tools@1",), mentions=True),
        seen("pypi", "Tools", packages=("pkg:pypi/Tools@1",), mentions=True),
    ) == [["Tools", "io.acme/tools", "tools"]]


def test_npm_and_pypi_packages_of_one_name_that_both_come_from_one_repository_are_one_server() -> None:
    assert servers(
        seen("npm", "@acme/tools", packages=("pkg:npm/%40acme/tools",), repository=REPO),
        seen("pypi", "Tools", packages=("pkg:pypi/tools",), repository=REPO),
    ) == [["@acme/tools", "Tools"]]


def test_one_remote_is_one_server_unless_its_code_is_unrelated() -> None:
    remote = ("https://mcp.acme.example/mcp/",)
    census = seen("census", "c", remotes=("http://mcp.acme.example:80/mcp",))
    own = seen("official", "io.acme/tools", remotes=remote, repository=REPO)
    copy = seen("official", "io.other/copy", remotes=remote, repository="https://github.com/other/copy")
    assert servers(census, own, copy) == [["c", "io.acme/tools"], ["io.other/copy"]]


def test_what_unrelated_servers_share_tells_nothing() -> None:
    proxy = ("pkg:npm/a-proxy",)
    rows = [seen("official", f"io.{name}/mcp", packages=proxy) for name in ("a", "b", "c")]
    assert [found.server.key for found in merge(rows)] == [
        "official/io.a/mcp",
        "official/io.b/mcp",
        "official/io.c/mcp",
    ]


def test_a_family_of_remotes_that_a_source_lists_one_by_one_is_not_one_server() -> None:
    family = seen("official", "io.acme/all", remotes=tuple(f"https://{name}.acme.example/mcp" for name in "abc"))
    single = [seen("docker", name, remotes=(f"https://{name}.acme.example/mcp",)) for name in "abc"]
    assert servers(family, *single) == [["a"], ["b"], ["c"], ["io.acme/all"]]


def test_a_catalogues_word_for_a_fork_under_the_origins_package_joins_no_repositories() -> None:
    assert servers(
        seen("official", "io.acme/tools", packages=("pkg:npm/tools",), repository=REPO),
        seen("toolsdk", "t", packages=("pkg:npm/tools",), repository="https://github.com/fork/tools"),
        seen("mcpso", "fork", repository="https://github.com/fork/tools"),
    ) == [["fork"], ["io.acme/tools", "t"]]


def test_a_renamed_repository_is_one_where_its_number_or_its_source_says_so() -> None:
    numbered = {"repository_id": "github:7"}
    assert servers(
        seen("official", "io.acme/tools", repository="https://github.com/acme/tools", **numbered),
        seen("github", "acme/toolbox", repository="https://github.com/acme/toolbox", mentions=True, **numbered),
        seen("mcpso", "old", repository="https://github.com/old/tools"),
        seen("glama", "told", repository="https://github.com/acme/toolbox", same_as=("https://github.com/old/tools",)),
        seen("mcpso", "liar", repository="https://github.com/liar/other", **numbered),
    ) == [["acme/toolbox", "io.acme/tools", "old", "told"], ["liar"]]


def test_the_sources_own_word_and_a_registrys_name_join() -> None:
    assert servers(
        seen("official", "io.acme/tools"),
        seen("pulsemcp", "io.acme/tools"),
        seen("toolsdk", "t", same_as=("official:io.acme/tools",)),
        seen("glama", "io.acme/tools2", name="io.acme/tools"),
    ) == [["io.acme/tools2"], ["io.acme/tools", "io.acme/tools", "t"]]


def doubt(*sightings: Sighting) -> bool:
    (found,) = merge(sightings)
    return found.candidate


def test_what_only_mentions_mcp_is_a_candidate_until_something_shows_a_server() -> None:
    package = seen("npm", "tools", packages=("pkg:npm/tools",), repository=REPO, mentions=True)
    topic = seen("github", "acme/tools", repository=REPO, mentions=True)
    says_so = seen("github", "acme/tools", repository=REPO, mentions=True, description="An MCP server for tools")
    assert doubt(package)
    assert doubt(topic)
    assert doubt(package, topic)
    assert not doubt(package, says_so)
    assert not doubt(package, seen("mcpso", "m", repository=REPO))
    assert not doubt(seen("npm", "tools", mentions=True, tools=(Tool(name="t"),)))


def test_the_order_of_the_sightings_changes_nothing() -> None:
    sightings = [
        seen("official", "io.acme/tools", repository=REPO, packages=("pkg:npm/tools",)),
        seen("lists", "a", repository=f"{REPO}/tree/main/a"),
        seen("lists", "b", repository=f"{REPO}/tree/main/b"),
        seen("mcpso", "tools", repository=REPO),
    ]

    def drawn(found: tuple[Identity, ...]) -> list[tuple[object, object]]:
        return [(one.server, dict(one.evidence)) for one in found]

    assert drawn(merge(sightings)) == drawn(merge(reversed(sightings)))


def test_the_key_is_the_package_else_the_folder_else_the_remote_else_the_image_else_the_id() -> None:
    everything: dict[str, Any] = {"repository": f"{REPO}/tree/x/one", "remotes": ("https://a.example/mcp",)}
    assert server_key(seen("s", packages=("pkg:docker/a/b", "pkg:pypi/A_b@1"), **everything)) == "pkg:pypi/a-b"
    assert server_key(seen("s", packages=("pkg:docker/a/b",), **everything)) == "github.com/acme/tools/one"
    assert (
        server_key(seen("s", packages=("pkg:docker/a/b",), remotes=("https://a.example/mcp",)))
        == "https://a.example/mcp"
    )
    assert server_key(seen("s", packages=("pkg:docker/a/b@1",), remotes=("http://localhost/",))) == "pkg:docker/a/b"
    assert server_key(seen("s", "an id")) == "s/an id"


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
