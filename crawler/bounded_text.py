"""Makes a stranger's texts safe to keep: no NUL, no lone surrogates, nothing longer than anybody would write."""

import re
from typing import Final

import msgspec

from toolcensus.canonical import storable
from toolcensus.records import Sighting, Tool

LONGEST: Final = {"name": 500, "title": 500, "version": 200, "licence": 200, "description": 20_000}
"""Characters that are kept of a text; the rest is cut off."""
LONGEST_ADDRESS = 2_000
"""An address that is longer is left out: cut off, it would be another address."""
MOST_ADDRESSES = 200
MOST_TOOLS = 5_000
LONGEST_TOOL_TEXT = 100_000
LONGEST_ID = 1_000
UNSAFE: Final = re.compile("[\0\ud800-\udfff]")


def bounded(sighting: Sighting) -> tuple[Sighting, str]:
    """Return the sighting with its texts made safe, and which of them were not; an empty word where all were."""
    changed: dict[str, object] = {}
    for field, longest in LONGEST.items():
        text = getattr(sighting, field)
        if text is not None and (safe := _bounded(text, longest)) is not text:
            changed[field] = safe
    for field in ("repository", "website", "fork_of", "repository_id"):
        text = getattr(sighting, field)
        if text is not None and not _is_address(text):
            changed[field] = None
    for field in ("packages", "remotes", "same_as"):
        addresses = getattr(sighting, field)
        if len(addresses) > MOST_ADDRESSES or not all(map(_is_address, addresses)):
            changed[field] = tuple(filter(_is_address, addresses))[:MOST_ADDRESSES]
    if sighting.tools is not None and (tools := _tools(sighting.tools)) is not sighting.tools:
        changed["tools"] = tools
    if not changed:
        return sighting, ""
    return msgspec.structs.replace(sighting, **changed), ", ".join(changed)


def is_usable_id(source_id: str) -> bool:
    """Say whether something can be called by this id."""
    return bool(source_id.strip()) and len(source_id) <= LONGEST_ID and storable(source_id) == source_id


def _bounded(text: str, longest: int) -> str:
    safe = storable(text) if UNSAFE.search(text) else text
    return safe if len(safe) <= longest else safe[:longest]


def _is_address(text: str) -> bool:
    return len(text) <= LONGEST_ADDRESS and text.isprintable()


def _tools(tools: tuple[Tool, ...]) -> tuple[Tool, ...]:
    """Leave out tools that are no definitions that anybody could use: unnamed, or longer than a book."""
    kept = tuple(tool for tool in tools[:MOST_TOOLS] if is_usable_id(tool.name) and _is_readable(tool))
    return tools if len(kept) == len(tools) else kept


def _is_readable(tool: Tool) -> bool:
    return len(tool.description or "") + len(tool.title or "") <= LONGEST_TOOL_TEXT
