"""The house itself: what stands where, and the few numbers that keep it readable."""

import ast
import subprocess
from pathlib import Path

import pytest

import crawler.extractors
import crawler.listings
import crawler.packages
import crawler.sources
import gateway.clients
import gateway.launchers
import interfaces.commands
import toolcensus.exporters
from toolcensus import shelf

ROOT = Path(__file__).parent.parent
PACKAGES = ("toolcensus", "crawler", "classifier", "gateway", "interfaces")
TOP_LEVEL = {
    *PACKAGES,
    *("data", "notebooks", "benchmarks", "tests", "docs", ".ci"),
    *("pyproject.toml", "requirements.lock", "Makefile", ".gitignore"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"),
}
SOURCE_FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FILE = 350
LONGEST_FUNCTION = 50


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name]


def test_the_top_level_holds_what_the_design_names_and_nothing_else() -> None:
    assert {name.split("/")[0] for name in _tracked()} <= TOP_LEVEL


def test_every_shelf_shows_its_things_in_order() -> None:
    shelves = {
        "sources": crawler.sources,
        "packages": crawler.packages,
        "listings": crawler.listings,
        "extractors": crawler.extractors,
        "exporters": toolcensus.exporters,
        "clients": gateway.clients,
        "launchers": gateway.launchers,
        "commands": interfaces.commands,
    }
    shown = {name: [module.__name__.rsplit(".", 1)[1] for module in shelf.modules(it)] for name, it in shelves.items()}
    for name, things in shown.items():
        assert things == sorted(things), name
    assert {"npm", "pypi"} == set(shown["packages"])
    assert {"python", "javascript"} <= set(shown["extractors"])
    assert {"json", "jsonl"} <= set(shown["exporters"])


@pytest.mark.parametrize("path", SOURCE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_fit_a_reader(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_every_source_has_a_saved_page() -> None:
    for module in shelf.modules(crawler.sources):
        name = module.__name__.rsplit(".", 1)[1]
        saved = ROOT / "tests" / "sources" / name
        assert saved.is_dir(), f"{name} has no folder of saved pages under tests/sources/"
        assert any(saved.iterdir()), f"tests/sources/{name} is empty"
