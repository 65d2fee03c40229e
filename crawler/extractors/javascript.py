"""Tools that JavaScript and TypeScript programs serve, found by following the program from its entry points."""

from typing import Final

from crawler.extractor import Extraction
from crawler.javascript_source.served import served_tools
from crawler.source_tree import SourceTree

NAME: Final = "javascript"
VERSION: Final = "2"
CODE: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
SUFFIXES: Final = (*CODE, ".json")
"""JSON is read since programs build tools from it, and since `package.json` says where they start."""


def extract(tree: SourceTree) -> Extraction:
    """Find the tools that the tree serves."""
    if next(tree.paths(*CODE), None) is None:
        return Extraction()
    tools, unresolved = served_tools(tree.files, tree.entry_points)
    return Extraction(tools=tuple(tools), unresolved=tuple(unresolved))
