"""Package URLs, as people and registries write them."""

import pytest

from crawler.purl import parse_purl, without_version
from toolcensus.errors import InputError


@pytest.mark.parametrize(
    ("text", "normal", "key"),
    [
        ("pkg:npm/%40scope/name@1.2.3", "pkg:npm/%40scope/name@1.2.3", "pkg:npm/%40scope/name"),
        ("pkg:npm/@scope/name", "pkg:npm/%40scope/name", "pkg:npm/%40scope/name"),
        ("pkg:pypi/MCP_Server.Git@2.0", "pkg:pypi/mcp-server-git@2.0", "pkg:pypi/mcp-server-git"),
        ("pkg:pypi/a?extension=whl#sub", "pkg:pypi/a", "pkg:pypi/a"),
    ],
)
def test_name_is_normalised_as_its_registry_does(text: str, normal: str, key: str) -> None:
    purl = parse_purl(text)
    assert (purl.to_string(), without_version(purl)) == (normal, key)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mcp-server-git", "is no package URL"),
        ("pkg:npm", "is no package URL"),
        ("pkg:cargo/mcp", "is of type cargo; npm and pypi are read"),
        ("pkg:npm/scope/name", "names no npm package"),
        ("pkg:npm/..%2f..%2fetc", "names no npm package"),
        ("pkg:npm/a%20b", "names no npm package"),
    ],
)
def test_what_is_no_package_gets_a_line_and_an_example(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        parse_purl(text)
    assert "pkg:pypi/mcp-server-git" in caught.value.advice
