"""Every string of a definition that a model may read, with the field that evidence names it by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from toolcensus.records import Tool

MAX_PASSAGES = 20_000
PLAIN = {"string", "object", "integer", "number", "boolean", "array", "null", ""}


@dataclass(frozen=True, slots=True)
class Passage:
    """One string of a definition; `field` is as in `records.Evidence`."""

    field: str
    text: str


def passages(tool: Tool) -> tuple[Passage, ...]:
    """Return the strings of a definition in reading order, at most 20,000: texts, then schemas, then annotations.

    Names of parameters and of other members count as strings; the words of JSON Schema's types do not.
    """
    found = [Passage("name", tool.name)]
    found += [Passage("title", tool.title)] if tool.title else []
    found += [Passage("description", tool.description)] if tool.description else []
    trees = {
        "/inputSchema": tool.input_schema,
        "/outputSchema": tool.output_schema,
        "/annotations": tool.annotations,
    }
    for pointer, tree in trees.items():
        for passage in _walk(tree, pointer):
            if len(found) >= MAX_PASSAGES:
                return tuple(found)
            found.append(passage)
    return tuple(found)


def whole_text(passages: Iterable[Passage]) -> str:
    """Return all passages as one text, so that a question about a definition is asked once."""
    return "\n\n".join(passage.text for passage in passages)


def pointer_to(parent: str, key: str) -> str:
    """Return the JSON pointer (RFC 6901) of one member."""
    return f"{parent}/{key.replace('~', '~0').replace('/', '~1') if '~' in key or '/' in key else key}"


def _walk(tree: Any, pointer: str) -> Iterator[Passage]:
    waiting = [(pointer, tree)]
    while waiting:
        where, node = waiting.pop()
        if isinstance(node, str):
            if node not in PLAIN:
                yield Passage(where, node)
        elif isinstance(node, dict):
            members = [(pointer_to(where, key), key, value) for key, value in node.items()]
            # The pointer of a member that is no string can only mean the member's name.
            yield from (Passage(at, key) for at, key, value in members if isinstance(value, dict))
            waiting += [(at, value) for at, _, value in reversed(members) if isinstance(value, str | dict | list)]
        elif isinstance(node, list):
            items = [(f"{where}/{number}", item) for number, item in enumerate(node)]
            waiting += [item for item in reversed(items) if isinstance(item[1], str | dict | list)]
