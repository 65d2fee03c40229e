"""What an extractor is: a reader of source code that finds the tools which it serves, without running it."""

from typing import Protocol

from crawler.source_tree import SourceTree
from toolcensus.records import Record, Tool, Unresolved


class Extraction(Record, frozen=True):
    """What one extractor found: tools in order of path and line, and registrations it could not resolve."""

    tools: tuple[Tool, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


class Extractor(Protocol):
    """A module of `crawler/extractors/`. It is pure: no network, no database, no process, no clock."""

    NAME: str
    VERSION: str
    """Raised when the same source may give another answer, so that old listings are read again."""
    SUFFIXES: tuple[str, ...]
    """The file endings that it reads."""

    def extract(self, tree: SourceTree) -> Extraction:
        """Find the tools that the tree serves."""
        ...
