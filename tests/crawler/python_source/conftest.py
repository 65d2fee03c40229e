"""A package of a few lines, and what it is found to serve."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from crawler.extractor import Extraction
from crawler.python_source.reading import read
from crawler.source_tree import SourceTree

Read = Callable[..., Extraction]


@pytest.fixture
def extract() -> Read:
    """Read files given by path; `start` is the package's command, and one text alone is `pkg/server.py`."""

    def run(source: str | dict[str, str], start: str = "pkg.server:main", **more: str) -> Extraction:
        files = {"pkg/server.py": source} if isinstance(source, str) else source
        if "pkg/__init__.py" not in files:
            files = {**files, "pkg/__init__.py": ""}
        starts = (start,) if start else ()
        return read(SourceTree({path: dedent(text) for path, text in {**files, **more}.items()}, "pkg", "pypi", starts))

    return run


@pytest.fixture
def served(extract: Read) -> Callable[..., dict[str, str | None]]:
    """Return each tool's name and its condition, in order of the name."""

    def run(*arguments: object, **named: str) -> dict[str, str | None]:
        tools = extract(*arguments, **named).tools
        return {tool.name: tool.conditional for tool in sorted(tools, key=lambda tool: tool.name)}

    return run
