"""Python servers: FastMCP, MCPServer and the low-level Server, read by following the package's own code."""

from crawler.extractor import Extraction
from crawler.python_source.reading import read
from crawler.source_tree import SourceTree

NAME = "python"
VERSION = "2"
SUFFIXES = (".py", ".json", ".md", ".txt")


def extract(tree: SourceTree) -> Extraction:
    """Find the tools that the tree's Python packages serve."""
    return read(tree) if any(tree.paths(".py")) else Extraction()
