"""Where a package starts: its commands, the one that is the server first."""

import configparser
import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawler.source_tree import SourceTree

SERVER_FILES = ("__main__.py", "server.py", "main.py", "app.py", "mcp_server.py", "run.py")
LEFT_OUT = frozenset(
    {
        "..",
        "_vendor",
        "_vendored",
        "bench",
        "benchmark",
        "benchmarks",
        "conftest",
        "demo",
        "demos",
        "doc",
        "docs",
        "eval",
        "evals",
        "example",
        "examples",
        "fixture",
        "fixtures",
        "node_modules",
        "sample",
        "samples",
        "scripts",
        "template",
        "templates",
        "test",
        "testing",
        "tests",
        "third_party",
        "vendor",
        "vendored",
    }
)
DASHES = re.compile(r"[-_.]+")


@dataclass(frozen=True)
class Start:
    """One way to start a package: a module and the attribute that is called, or a file that is run."""

    command: str
    module: str = ""
    attribute: str = ""
    path: str = ""


def starts(tree: SourceTree) -> list[Start]:
    """Return the ways to start a package, the likeliest server first."""
    named = dict(_named_commands(tree))
    known = set(named.values())
    targets = list(named.items())
    targets += [("", target) for target in tree.entry_points if target not in known]
    found = [start for name, target in targets if (start := _start(tree, name, target)) is not None]
    found.sort(key=lambda start: _rank(start, tree.package))
    return found or [Start(path, path=path) for path in _runnable(tree)]


def is_left_out(path: str) -> bool:
    """Say whether a file belongs to tests, examples, benchmarks or documentation."""
    parts = [part.removesuffix(".py").lower() for part in path.split("/")]
    return any(part in LEFT_OUT for part in parts) or parts[-1].startswith("test_") or parts[-1].endswith("_test")


def _rank(start: Start, package: str) -> tuple[bool, bool, bool, int]:
    plain = DASHES.sub("-", start.command).lower()
    return (plain != DASHES.sub("-", package).lower(), not start.command, "mcp" not in plain, len(plain))


def _start(tree: SourceTree, name: str, target: str) -> Start | None:
    if target.endswith(".py"):
        return Start(name, path=target) if target in tree.files else None
    if "/" in target or target.endswith((".js", ".mjs", ".cjs")):
        return None
    module, _, attribute = target.partition(":")
    return Start(name, module=module.strip(), attribute=attribute.partition("[")[0].strip())


def _named_commands(tree: SourceTree) -> Iterator[tuple[str, str]]:
    for path in sorted(tree.files):
        if path.endswith((".dist-info/entry_points.txt", ".egg-info/entry_points.txt")):
            yield from _ini(tree.files[path])
    project = _toml(tree.files.get("pyproject.toml", ""))
    for table in (_inner(project, "project", "scripts"), _inner(project, "tool", "poetry", "scripts")):
        yield from ((name, target) for name, target in table.items() if isinstance(target, str))


def _ini(text: str) -> Iterator[tuple[str, str]]:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # commands keep their case
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    if parser.has_section("console_scripts"):
        yield from parser.items("console_scripts")


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _inner(table: Any, *names: str) -> dict[str, Any]:
    for name in names:
        table = table.get(name) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def _runnable(tree: SourceTree) -> list[str]:
    """Return the files that are likely run as programs: by their names, else by testing for `__main__`."""
    paths = [path for path in tree.paths(".py") if not is_left_out(path)]
    usual = [path for path in paths if posixpath.basename(path) in SERVER_FILES]
    if not usual:
        usual = [path for path in paths if "__main__" in tree.files[path]]
    return sorted(
        usual,
        key=lambda path: (
            path.count("/"),
            SERVER_FILES.index(name) if (name := posixpath.basename(path)) in SERVER_FILES else 9,
            path,
        ),
    )
