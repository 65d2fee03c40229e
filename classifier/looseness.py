"""Finding what a definition leaves open: no description to speak of, and strings that may hold anything."""

from collections.abc import Iterator
from typing import Any

from classifier.passages import pointer_to
from toolcensus.records import Finding, Tool

MIN_DESCRIPTION = 10
MAX_PARAMETERS = 1_000
MAX_DEPTH = 64
RISKY = {
    word: what
    for what, words in {
        "a command": "command cmd shell bash",
        "commands": "commands",
        "code": "code script javascript python",
        "SQL": "sql",
        "an expression": "expression",
        "an address": "url uri",
        "a path": "path filepath",
        "a file name": "filename",
    }.items()
    for word in words.split()
}
"""Last words of parameter names whose free strings an attacker would fill."""

NARROWING = ("enum", "const", "pattern", "format", "oneOf", "anyOf", "allOf", "$ref")


def find(tool: Tool) -> Iterator[Finding]:
    """Yield `vague` for a missing description, and `unbounded-input` for each risky parameter without a limit."""
    if len((tool.description or "").strip()) < MIN_DESCRIPTION:
        yield _vague(tool)
    for pointer, name, schema in _parameters(tool.input_schema):
        what = RISKY.get(_last_word(name))
        if what and schema.get("type") in ("string", ["string"], ["string", "null"]) and not _narrowed(schema):
            yield _unbounded(pointer, name, what)


def _parameters(schema: dict[str, Any] | None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield pointer, name and schema of each parameter, nested ones too, in the order of the definition."""
    waiting: list[tuple[str, Any, int]] = [("/inputSchema", schema, 0)]
    seen = 0
    while waiting:
        where, node, depth = waiting.pop()
        if not isinstance(node, dict) or depth > MAX_DEPTH:
            continue
        members = node.get("properties")
        below: list[tuple[str, Any, int]] = [(f"{where}/items", node.get("items"), depth + 1)]
        for name, member in members.items() if isinstance(members, dict) else ():
            if isinstance(member, dict) and seen < MAX_PARAMETERS:
                seen += 1
                yield pointer_to(f"{where}/properties", name), name, member
                below.append((pointer_to(f"{where}/properties", name), member, depth + 1))
        waiting += reversed(below)


def _last_word(name: str) -> str:
    return (
        "".join(f"_{letter}" if letter.isupper() else letter for letter in name)
        .lower()
        .replace("-", "_")
        .split("_")[-1]
    )


def _narrowed(schema: dict[str, Any]) -> bool:
    return any(key in schema for key in NARROWING)


def _vague(tool: Tool) -> Finding:
    return Finding(
        kind="vague",
        severity="low",
        field="description" if tool.description else "name",
        start=0,
        end=len(tool.description or tool.name),
        message="Hardly says what the tool does: nobody can tell a wrong call from a right one; ask for a description.",
    )


def _unbounded(pointer: str, name: str, what: str) -> Finding:
    return Finding(
        kind="unbounded-input",
        severity="low",
        field=pointer,
        start=0,
        end=len(name),
        message=f"Takes {what} as any string: what a model is talked into passes; narrow it by an enum or a pattern.",
    )
