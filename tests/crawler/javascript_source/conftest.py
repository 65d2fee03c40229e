"""A program of a few lines, and what it is found to serve."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from crawler.extractor import Extraction
from crawler.extractors import javascript
from crawler.source_tree import SourceTree

Read = Callable[..., Extraction]
Served = Callable[..., dict[str, str | None]]

SERVER = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
const server = new McpServer({ name: "demo", version: "1" });
"""


@pytest.fixture
def extract() -> Read:
    """Read files given by path, the first of which is the program; one text alone is `index.js`."""

    def run(source: str | dict[str, str], *, head: str = "") -> Extraction:
        files = {"index.js": head + dedent(source)} if isinstance(source, str) else source
        files = {path: dedent(text) for path, text in files.items()}
        return javascript.extract(SourceTree(files, "demo", "npm", (next(iter(files)),)))

    return run


@pytest.fixture
def served(extract: Read) -> Served:
    """Return each tool's name and its condition, in order of the name."""

    def run(source: str | dict[str, str]) -> dict[str, str | None]:
        tools = extract(source).tools
        return {tool.name: tool.conditional for tool in sorted(tools, key=lambda tool: tool.name)}

    return run


@pytest.fixture
def body(extract: Read) -> Served:
    """Return what lines serve that follow `const server = new McpServer(…)`, as `served` does."""

    def run(source: str) -> dict[str, str | None]:
        tools = extract(source, head=SERVER).tools
        return {tool.name: tool.conditional for tool in sorted(tools, key=lambda tool: tool.name)}

    return run
