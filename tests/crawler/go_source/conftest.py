"""A program of a few lines, and what it is found to serve."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from crawler.extractor import Extraction
from crawler.extractors import go
from crawler.source_tree import SourceTree

Read = Callable[..., Extraction]
Served = Callable[..., dict[str, str | None]]

MODULE = "module example.com/demo\n"
COMMUNITY = """
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

var s = server.NewMCPServer("demo", "1.0.0")

func add(name string) { s.AddTool(mcp.NewTool(name), nil) }
"""
OFFICIAL = """
package main

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

var s = mcp.NewServer(&mcp.Implementation{Name: "demo"}, nil)
"""


@pytest.fixture
def extract() -> Read:
    """Read files given by path; one text alone is `main.go`, and `go.mod` is there."""

    def run(source: str | dict[str, str], *, head: str = "") -> Extraction:
        files = {"main.go": head + dedent(source)} if isinstance(source, str) else source
        return go.extract(SourceTree({"go.mod": MODULE, **{path: dedent(text) for path, text in files.items()}}))

    return run


@pytest.fixture
def community(extract: Read) -> Served:
    """Return what lines serve that stand in `main` of a program with mcp-go, as name and condition."""

    def run(body: str, rest: str = "") -> dict[str, str | None]:
        found = extract(f"func main() {{\n{body}\n}}\n{rest}", head=COMMUNITY)
        return {tool.name: tool.conditional for tool in sorted(found.tools, key=lambda tool: tool.name)}

    return run


@pytest.fixture
def official(extract: Read) -> Callable[..., Extraction]:
    """Read lines that stand in `main` of a program with the official SDK."""

    def run(body: str, rest: str = "") -> Extraction:
        return extract(f"func main() {{\n{body}\n}}\n{dedent(rest)}", head=OFFICIAL)

    return run
