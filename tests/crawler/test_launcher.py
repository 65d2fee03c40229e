"""Packages that only start another one."""

import pytest

from crawler.launcher import imported, kin
from crawler.purl import parse_purl

FILES = {
    "package.json": '{"dependencies": {"@a/never": "1"}}',
    "cli.js": 'const { run } = require("@a/tools"); import("zod/v4"); // @a/only-said',
    "cli.py": "from a_core.cli import main\nimport requests",
}


@pytest.mark.parametrize(
    ("purl", "is_imported"),
    [
        ("pkg:npm/%40a/tools@1.0.0", True),
        ("pkg:npm/zod", True),
        ("pkg:npm/%40a/only-said", False),
        ("pkg:npm/%40a/never", False),
        ("pkg:pypi/a-core", True),
        ("pkg:pypi/b-core", False),
    ],
)
def test_package_counts_as_started_where_code_imports_it(purl: str, is_imported: bool) -> None:
    assert imported(FILES, [purl]) == ((purl,) if is_imported else ())


@pytest.mark.parametrize(
    ("package", "required", "is_kin"),
    [
        ("pkg:npm/%40a/mcp", "pkg:npm/%40a/toolkit", True),
        ("pkg:npm/%40playwright/mcp", "pkg:npm/playwright-core", True),
        ("pkg:npm/mongodb-mcp-server", "pkg:npm/%40mongodb-js/mcp-tools-mongodb", True),
        ("pkg:pypi/mcp-server-git", "pkg:pypi/git-tools", True),
        ("pkg:pypi/mcp-server-git", "pkg:pypi/mcp", False),
        ("pkg:npm/mcp-server-git", "pkg:npm/zod", False),
        ("pkg:npm/%40a/mcp", "pkg:pypi/a-tools", False),
        ("pkg:npm/%40modelcontextprotocol/server-git", "pkg:npm/%40modelcontextprotocol/sdk", False),
    ],
)
def test_family_shares_the_scope_or_the_first_word_that_says_anything(
    package: str, required: str, is_kin: bool
) -> None:
    assert bool(kin(parse_purl(package), [required])) == is_kin


def test_packages_named_after_tools_come_first_and_there_are_few() -> None:
    required = [f"pkg:npm/%40a/part-{number}" for number in range(9)] + ["pkg:npm/%40a/tools"]
    found = kin(parse_purl("pkg:npm/%40a/mcp"), required)
    assert [purl.name for purl in found] == ["tools", "part-0", "part-1", "part-2"]
