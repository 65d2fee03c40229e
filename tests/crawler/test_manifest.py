"""What a package says about itself."""

import pytest

from crawler.manifest import About, describe


def test_npm_package_starts_its_command_first_then_what_it_exports() -> None:
    manifest = """{"name": "@a/b", "bin": {"b": "./cli.js"}, "main": "lib", "module": "./esm/index.mjs",
        "exports": {".": {"types": "./x.js", "import": {"default": "./esm/index.mjs"}, "require": "./lib/index.js"}},
        "dependencies": {"zod": "^4", "@a/core": "1.2.3", "x": "npm:y@1", "..": "1"}}"""
    code = dict.fromkeys(["cli.js", "lib/index.js", "esm/index.mjs", "x.js"], "")
    assert describe({"package.json": manifest, **code}) == About(
        package="@a/b",
        ecosystem="npm",
        entry_points=("cli.js", "lib/index.js", "esm/index.mjs"),
        requires=("pkg:npm/zod", "pkg:npm/%40a/core@1.2.3", "pkg:npm/x"),
    )


def test_command_may_be_named_without_its_ending() -> None:
    assert describe({"package.json": '{"bin": "./bin/run"}', "bin/run.js": ""}).entry_points == ("bin/run.js",)


def test_wheel_starts_its_scripts_and_can_be_run_as_a_module() -> None:
    about = describe(
        {
            "b-1.0.dist-info/METADATA": "Name: B\n"
            "Requires-Dist: mcp>=2\nRequires-Dist: a_core[x] (==2.0) ; extra\n\nText",
            "b-1.0.dist-info/entry_points.txt": "[console_scripts]\nB = b.server:main\n[other]\nx = y:z\n",
            "b/__main__.py": "",
            "b/deep/__main__.py": "",
        }
    )
    assert about == About(
        package="B",
        ecosystem="pypi",
        entry_points=("b.server:main", "b/__main__.py"),
        requires=("pkg:pypi/mcp", "pkg:pypi/a-core@2.0"),
    )


STANDARD = """
[project]
name = "b"
dependencies = ["mcp>=2"]
[project.scripts]
b = "b.cli:run"
"""
POETRY = """
[tool.poetry]
name = "b"
[tool.poetry.dependencies]
mcp = "*"
[tool.poetry.scripts]
b = "b.cli:run"
"""


@pytest.mark.parametrize("text", [STANDARD, POETRY])
def test_project_folder_says_it_in_pyproject(text: str) -> None:
    about = About(package="b", ecosystem="pypi", entry_points=("b.cli:run",), requires=("pkg:pypi/mcp",))
    assert describe({"pyproject.toml": text}) == about


def test_old_project_says_it_in_setup_cfg() -> None:
    text = "[options.entry_points]\nconsole_scripts =\n    b = b.cli:run\n    c = b.cli:other\n"
    assert describe({"setup.cfg": text}).entry_points == ("b.cli:run", "b.cli:other")


def test_repository_of_two_halves_is_a_folder_that_starts_both() -> None:
    about = describe(
        {
            "package.json": '{"name": "web", "main": "index.js"}',
            "index.js": "",
            "pyproject.toml": '[project]\nname = "api"\n[project.scripts]\napi = "api:main"\n',
        }
    )
    assert (about.package, about.ecosystem, about.entry_points) == ("api", "folder", ("api:main", "index.js"))


def test_folder_without_a_manifest_is_just_a_folder() -> None:
    assert describe({"server.py": ""}) == About()


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": "{broken"},
        {"package.json": '["a list"]'},
        {"package.json": "[" * 100_000},
        {"package.json": '{"name": 7, "bin": 7, "dependencies": [], "exports": {"a": [1]}}'},
        {"pyproject.toml": "= broken", "setup.cfg": "broken"},
        {"pyproject.toml": "project = 7"},
        {"pyproject.toml": "a = " + "[" * 100_000},
    ],
)
def test_malformed_manifest_says_nothing_and_stops_nothing(files: dict[str, str]) -> None:
    assert (describe(files).package, describe(files).entry_points) == ("", ())
