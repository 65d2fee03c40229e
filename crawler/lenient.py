"""Tool definitions as servers really send them: what can be used of each is kept, and what it lacks is said. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from toolcensus import protocol
from toolcensus.canonical import storable
from toolcensus.errors import InputError
from toolcensus.records import Tool, Unresolved

LONGEST_TEXT: Final = 100_000
"""Characters of a description that are kept: no model reads more, and no person."""
LONGEST_FACT: Final = 2_000
FIELDS: Final[dict[str, type]] = {
    "title": str,
    "description": str,
    "inputSchema": dict,
    "outputSchema": dict,
    "annotations": dict,
}


@dataclass(frozen=True, slots=True)
class Page:
    """The tools of one page, and what is wrong with those and with others."""

    tools: tuple[Tool, ...]
    unresolved: tuple[Unresolved, ...]


def read_page(definitions: list[Any], taken: Collection[str] = ()) -> Page:
    """Read the definitions of one page; a name that is `taken` already, or twice on the page, is read once."""
    tools: dict[str, Tool] = {}
    unresolved: list[Unresolved] = []
    for number, definition in enumerate(definitions):
        where = _name(definition) or f"tools/{number}"
        try:
            tool, flaws = _read(definition)
        except InputError as error:
            unresolved.append(Unresolved(where=where, reason=error.message))
            continue
        if tool.name in taken or tool.name in tools:
            unresolved.append(Unresolved(where=where, reason="another tool of the list has the same name"))
            continue
        tools[tool.name] = tool
        unresolved += [Unresolved(where=where, reason=flaw) for flaw in flaws]
    return Page(tuple(tools.values()), tuple(unresolved))


def _name(definition: Any) -> str:
    name = definition.get("name") if isinstance(definition, dict) else None
    return storable(name[:200]) if isinstance(name, str) else ""


def _read(definition: Any) -> tuple[Tool, list[str]]:
    """Read one definition without the fields that are no such thing; raise InputError where nothing can be used."""
    if not isinstance(definition, dict):
        return protocol.parse(definition), []
    usable: dict[str, Any] = {"name": definition.get("name")}
    flaws: list[str] = []
    for field, kind in FIELDS.items():
        value = definition.get(field)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            flaws.append(f"{field}: {len(value):,} characters, of which {LONGEST_TEXT:,} are kept")
            value = value[:LONGEST_TEXT]
        if isinstance(value, kind):
            usable[field] = value
        elif value is not None:
            flaws.append(f"{field}: {protocol.NAMES[kind]} is needed, so it is left out")
    for field in ("inputSchema", "outputSchema"):
        schema = usable.get(field)
        if schema and not isinstance(schema.get("properties"), dict | None):
            flaws.append(f"{field}/properties: an object is needed, so the schema is left out")
            del usable[field]
    if "inputSchema" not in usable:
        flaws.append("inputSchema: there is none")
    elif usable["inputSchema"].get("type") != "object":
        flaws.append('inputSchema: it is not of the type "object", as the protocol asks')
    return protocol.parse(usable), flaws


def kept(facts: dict[str, str]) -> dict[str, str]:
    """Return the facts that say something, short enough and storable."""
    return {name: storable(text[:LONGEST_FACT]) for name, text in facts.items() if text}
