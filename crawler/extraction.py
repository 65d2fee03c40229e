"""Runs every extractor of the shelf over one source tree and merges what they find. Pure."""

import posixpath
from collections.abc import Sequence
from typing import cast

from msgspec import structs

from crawler import extractors, nested
from crawler.extractor import Extraction, Extractor
from crawler.source_tree import SourceTree
from toolcensus import shelf
from toolcensus.records import Tool, Unresolved


def shelf_of_extractors() -> tuple[Extractor, ...]:
    """Return the extractors, sorted by name."""
    return tuple(cast("Extractor", module) for module in shelf.modules(extractors))


def method() -> str:
    """Return the extractors and their versions, such as `javascript 3, python 2`: another one may answer otherwise."""
    return ", ".join(f"{extractor.NAME} {extractor.VERSION}" for extractor in shelf_of_extractors())


def suffixes() -> tuple[str, ...]:
    """Return the file endings that any extractor reads, sorted."""
    return tuple(sorted({suffix for extractor in shelf_of_extractors() for suffix in extractor.SUFFIXES}))


def extract(tree: SourceTree, shelved: Sequence[Extractor] | None = None) -> Extraction:
    """Return the tree's tools, one a name, and the registrations that could not be read, in order of file and line.

    Where a tree holds several servers, those of the likeliest are unconditional.
    """
    held = [(folder, _whole(part, shelved)) for folder, part in nested.parts(tree)]
    if not held:
        return _whole(tree, shelved)
    tools: list[Tool] = []
    unresolved: list[Unresolved] = []
    for folder, found in held:
        condition = f"the server in {folder} is the one that is meant" if tools else None
        tools += [_placed(tool, folder, condition) for tool in found.tools]
        unresolved += [structs.replace(each, where=_path(folder, each.where)) for each in found.unresolved]
    return Extraction(
        tools=_one_a_name(tools), unresolved=tuple(sorted(set(unresolved), key=lambda each: place(each.where)))
    )


def _placed(tool: Tool, folder: str, condition: str | None) -> Tool:
    told = " and ".join(text for text in (condition, tool.conditional) if text) or None
    return structs.replace(tool, where=_path(folder, tool.where), conditional=told)


def _path(folder: str, where: str | None) -> str:
    return posixpath.normpath(posixpath.join(folder, where or ""))


def _whole(tree: SourceTree, shelved: Sequence[Extractor] | None) -> Extraction:
    """Read a tree as one package."""
    tools: list[Tool] = []
    unresolved: list[Unresolved] = []
    for extractor in shelf_of_extractors() if shelved is None else shelved:
        if any(tree.paths(*extractor.SUFFIXES)):
            found = _run(extractor, tree)
            tools += found.tools
            unresolved += found.unresolved
    return Extraction(
        tools=_one_a_name(tools), unresolved=tuple(sorted(set(unresolved), key=lambda item: place(item.where)))
    )


def place(where: str | None) -> tuple[str, int]:
    """Return `path:line` as something that sorts by path, then by line as a number."""
    path, _, line = (where or "").rpartition(":")
    return (path, int(line)) if line.isdecimal() and line.isascii() else (where or "", 0)


def _run(extractor: Extractor, tree: SourceTree) -> Extraction:
    try:
        return extractor.extract(tree)
    except RecursionError:
        reason = f"nested deeper than the {extractor.NAME} extractor can follow"
        return Extraction(unresolved=(Unresolved(where=tree.package or "package", reason=reason),))


def _one_a_name(tools: list[Tool]) -> tuple[Tool, ...]:
    """Keep one tool a name, since a server cannot serve two: the unconditional one, then the first by place."""
    best: dict[str, Tool] = {}
    for tool in sorted(tools, key=lambda tool: (tool.conditional is not None, place(tool.where))):
        best.setdefault(tool.name, tool)
    return tuple(sorted(best.values(), key=lambda tool: place(tool.where)))
