"""Makes a stranger's texts safe to keep: no NUL, no lone surrogates, nothing longer than anybody would write."""

import re
from typing import Final

import msgspec

from toolcensus.canonical import storable
from toolcensus.records import Sighting, Tool

LONGEST: Final = {"name": 500, "title": 500, "version": 200, "licence": 200, "description": 20_000}
"""Characters that are kept of a text; the rest is cut off."""
FIELDS: Final = (*LONGEST, "repository", "website", "fork_of", "repository_id", "packages", "remotes", "same_as")
HUGE: Final = 200_000
LONGEST_ADDRESS = 2_000
"""An address that is longer is left out: cut off, it would be another address."""
MOST_ADDRESSES = 200
MOST_TOOLS = 5_000
LONGEST_TOOL_TEXT = 100_000
LONGEST_ID = 1_000
UNSAFE: Final = re.compile("[\0\ud800-\udfff]")


def bounded(sighting: Sighting) -> tuple[Sighting, str]:
    """Return the sighting with its texts made safe, and which of them were damaged; an empty word where none was.

    A text that is merely long is cut off without a word; one with a NUL, or longer than any book, is damaged.
    """
    changed: dict[str, object] = {}
    damaged: list[str] = []
    for field in FIELDS:
        value = getattr(sighting, field)
        if not value:
            continue
        texts = (value,) if isinstance(value, str) else value
        safe: object = (
            _cut(value, LONGEST[field]) if field in LONGEST else tuple(filter(_is_address, texts))[:MOST_ADDRESSES]
        )
        if isinstance(value, str) and field not in LONGEST:
            safe = value if safe else None
        if safe != value:
            changed[field] = safe
            damaged += [field] if any(map(_is_damaged, texts)) else []
    if sighting.tools:
        kept = tuple(tool for tool in sighting.tools[:MOST_TOOLS] if is_usable_id(tool.name) and _is_readable(tool))
        if len(kept) < len(sighting.tools):
            changed["tools"] = kept
            damaged.append("tools")
    return (msgspec.structs.replace(sighting, **changed) if changed else sighting), ", ".join(damaged)


def is_usable_id(source_id: str) -> bool:
    """Say whether something can be called by this id."""
    return bool(source_id.strip()) and len(source_id) <= LONGEST_ID and storable(source_id) == source_id


def _cut(text: str, longest: int) -> str:
    return (storable(text[:longest]) if UNSAFE.search(text) else text)[:longest]


def _is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and text.isprintable()


def _is_damaged(text: str) -> bool:
    return len(text) > HUGE or UNSAFE.search(text) is not None


def _is_readable(tool: Tool) -> bool:
    """Say whether a tool is a definition that anybody could use, rather than longer than a book."""
    return len(tool.description or "") + len(tool.title or "") <= LONGEST_TOOL_TEXT
