"""Repository URLs, however they are written."""

import pytest

from crawler.repository import Place, read_place, with_folder

SAME = [
    "https://github.com/Acme/Tools",
    "https://www.github.com/acme/tools/",
    "http://github.com/acme/tools.git",
    "git+https://github.com/acme/tools.git#main",
    "git+ssh://git@github.com/acme/tools.git",
    "ssh://git@github.com:22/acme/tools",
    "git@github.com:acme/tools.git",
    "git://github.com/acme/tools",
    "github.com/acme/tools?tab=readme-ov-file#usage",
    "github:acme/tools",
    "acme/tools",
    "https://github.com/acme/tools/tree/main",
    "https://github.com/acme/tools/blob/main/README.md",
    "https://github.com/acme/tools/issues/7",
    "https://api.github.com/repos/acme/tools",
    "https://raw.githubusercontent.com/acme/tools/refs/heads/main/server.json",
]


@pytest.mark.parametrize("written", SAME)
def test_one_repository_has_one_spelling(written: str) -> None:
    assert read_place(written) == Place("github.com/acme/tools")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("https://github.com/a/b/tree/main/src/Git/", "github.com/a/b/src/Git"),
        ("https://github.com/a/b/blob/main/src/git/README.md", "github.com/a/b/src/git"),
        ("https://github.com/a/b/blob/main/src/git", "github.com/a/b/src/git"),
        ("https://github.com/a/b/blob/main/prompts/github.md", "github.com/a/b/prompts/github.md"),
        ("https://gitlab.com/group/sub/b/-/tree/main/src", "gitlab.com/group/sub/b/src"),
        ("https://bitbucket.org/a/b/src/main/src", "bitbucket.org/a/b/src"),
        ("https://codeberg.org/a/b/src/branch/main/src", "codeberg.org/a/b/src"),
        ("https://git.acme.example/a/B.git", "git.acme.example/a/B"),
        ("https://huggingface.co/spaces/a/b", "huggingface.co/spaces/a/b"),
    ],
)
def test_a_folder_is_a_place_of_its_own_at_every_forge(written: str, key: str) -> None:
    place = read_place(written)
    assert place is not None
    assert place.key == key


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "https://github.com",
        "https://github.com/acme",
        "https://github.com/orgs/acme/discussions",
        "https://github.com/search?q=mcp",
        "https://acme.example/docs/mcp",
        "https://[",
        "https://github.com/../..",
        "https://github.com/a/b" + "c" * 3_000,
    ],
)
def test_what_names_no_repository_is_none(written: str | None) -> None:
    assert read_place(written) is None


def test_a_folder_that_a_registry_names_beside_the_url_goes_into_it() -> None:
    assert with_folder("https://github.com/a/b.git", "./src/git/") == "https://github.com/a/b/tree/HEAD/src/git"
    assert with_folder("https://github.com/a/b", ".") == "https://github.com/a/b"
    assert with_folder("https://github.com/a/b", "../../etc") == "https://github.com/a/b"
    assert with_folder("https://github.com/a/b/tree/main/x", "y") == "https://github.com/a/b/tree/main/x"
