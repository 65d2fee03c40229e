"""Go servers: the official SDK and mcp-go, read by following the program from its `main` functions."""

from typing import Final

from crawler.extractor import Extraction
from crawler.go_source.reading import served_tools
from crawler.source_tree import SourceTree

NAME: Final = "go"
VERSION: Final = "1"
SUFFIXES: Final = (".go", "go.mod", ".json", ".md", ".txt")
"""Besides the code: what `//go:embed` puts into a program."""


def extract(tree: SourceTree) -> Extraction:
    """Find the tools that the tree's Go program serves."""
    if next(tree.paths(".go"), None) is None:
        return Extraction()
    tools, unresolved = served_tools(tree.files)
    return Extraction(tools=tuple(tools), unresolved=tuple(unresolved))
