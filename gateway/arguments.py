"""What an input schema says of the arguments that bound a call: a choice of actions, a flag that makes it safe."""

from collections.abc import Iterator, Mapping
from typing import Any

from toolcensus.records import Tool

PREVIEWS = frozenset({"dryrun", "simulate", "simulateonly", "previewonly", "validateonly", "checkonly"})
"""Names, without their separators, of flags under which a call only shows what it would do."""

READ_ONLY = "readonly"
LANGUAGE_WORDS = ("query", "queries", "statement", "transaction", "sql", "cypher")
"""A `read_only` flag keeps a query from writing; elsewhere it is a property of the thing that the call creates."""

MOST_PROPERTIES = 1_000


def choosing(tool: Tool, values: set[str]) -> str | None:
    """Return the one top-level parameter whose enumeration holds all `values`, or None."""
    found = [name for name, schema in _parameters(tool) if values <= _enumeration(schema)]
    return found[0] if len(found) == 1 else None


def harmless_flag(tool: Tool) -> str | None:
    """Return the first boolean parameter that, when true, keeps the call from changing anything."""
    for name, schema in _parameters(tool):
        word = name.replace("_", "").replace("-", "").lower()
        text = str(schema.get("description", "")).lower()
        reads = word == READ_ONLY and any(language in text for language in LANGUAGE_WORDS)
        if schema.get("type") == "boolean" and (reads or word in PREVIEWS):
            return name
    return None


def _parameters(tool: Tool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the top-level parameters that a condition's path can name, references resolved."""
    schema = tool.input_schema or {}
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    for name in sorted(properties)[:MOST_PROPERTIES]:
        found = _resolved(properties[name], schema)
        if name and "." not in name and isinstance(found, dict):
            yield name, found


def _resolved(part: Any, schema: Mapping[str, Any]) -> Any:
    """Follow one reference to the schema's own definitions; anything further is not followed."""
    reference = part.get("$ref") if isinstance(part, dict) else None
    if not isinstance(reference, str):
        return part
    for holder in ("$defs", "definitions"):
        definitions = schema.get(holder)
        if isinstance(definitions, dict) and reference.startswith(f"#/{holder}/"):
            return definitions.get(reference.removeprefix(f"#/{holder}/"))
    return None


def _enumeration(schema: Mapping[str, Any]) -> set[str]:
    """Return the strings that a parameter may be; empty where it may be any."""
    values: list[Any] = []
    if isinstance(listed := schema.get("enum"), list):
        values += listed
    for key in ("anyOf", "oneOf"):
        options = schema.get(key)
        for option in options if isinstance(options, list) else ():
            if isinstance(option, dict):
                values += option["enum"] if isinstance(option.get("enum"), list) else [option.get("const")]
    return {value for value in values if isinstance(value, str)}
