"""Reading the tool definitions that strangers write: one definition, or a whole `tools/list` result.

The shape is the Model Context Protocol's: `{"name", "title"?, "description"?, "inputSchema"?, "outputSchema"?,
"annotations"?}`, and `{"tools": [...], "nextCursor"?}`, bare or as the `result` of a JSON-RPC answer. Reading is strict
about what a label rests on and leaves the rest alone: unknown fields are ignored, and inside a schema anything may
stand, since real schemas are often invalid and a tool is not to vanish from the index for that.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from toolcensus.errors import InputError, LimitError
from toolcensus.records import Tool

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64
MAX_NAME = 1_000
MAX_NODES = 200_000
MAX_TOOLS = 10_000

SURROGATE = re.compile("[\ud800-\udfff]")
KEY_END = re.compile(rb'"[ \t\r\n]*:')
TEXTS = ("title", "description")
OBJECTS = ("inputSchema", "outputSchema", "annotations")
ONE_DEFINITION = 'send one definition, such as {"name": "get_time", "description": "…"}, or a tools/list result'
NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One tool that was read, and the server that it names."""

    tool: Tool
    server: str | None = None


@dataclass(frozen=True, slots=True)
class Definitions:
    """What one document holds, an error for each entry that is no tool.

    `listed` says that it was a `tools/list` result, not a single definition.
    """

    entries: tuple[Entry | InputError, ...]
    listed: bool


def parse(definition: Any) -> Tool:
    """Read one definition that is already decoded; InputError says what is wrong, LimitError what is too much."""
    _measure(definition)
    return _tool(definition)


def decode(document: bytes) -> Any:
    """Decode one JSON document within this module's limits of size, depth and count; InputError where it is none.

    Duplicate keys are refused, since two readers of one definition would see two different tools.
    """
    if len(document) > MAX_BYTES:
        raise too_long(len(document))
    try:
        decoded = msgspec.json.decode(document.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError as error:
        raise _too_deep() from error
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: {error.reason}", advice="send JSON in UTF-8") from error
    except msgspec.MsgspecError as error:
        raise InputError(f"not JSON: {error}", advice=ONE_DEFINITION) from error
    # Every key is a token that ends in a quote and a colon; as many tokens as keys means that none was lost.
    if _measure(decoded) != len(KEY_END.findall(document)):
        json.loads(document.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=_unique)
    return decoded


def read(document: bytes) -> Definitions:
    """Read one document: a definition, a `tools/list` result or the JSON-RPC answer around one.

    InputError where the document is none of these or is a single definition that cannot be used. In a list each bad
    entry carries its own error, so that the others are not lost.
    """
    decoded = decode(document)
    listing = _listing(decoded)
    if listing is None:
        return Definitions((Entry(_tool(decoded), _server(decoded)),), listed=False)
    tools = listing["tools"]
    if not isinstance(tools, list):
        raise InputError(f"tools: an array is needed, not {_kind(tools)}", advice=ONE_DEFINITION)
    if len(tools) > MAX_TOOLS:
        raise LimitError(f"tools: {len(tools):,} entries; at most {MAX_TOOLS:,} are read", advice="send them in pages")
    server = _server(decoded)
    return Definitions(tuple(_entry(tool, server) for tool in tools), listed=True)


def too_long(length: int) -> LimitError:
    """Return the error for a document of so many bytes."""
    return LimitError(
        f"the definition is {length:,} bytes long; at most {MAX_BYTES:,} are read",
        advice="shorten its texts, or send the tools of a list one by one",
    )


def _listing(document: Any) -> dict[str, Any] | None:
    if not isinstance(document, dict) or "name" in document:
        return None
    result = document.get("result")
    if isinstance(result, dict) and "tools" in result:
        return result
    if "tools" in document:
        return document
    if "jsonrpc" in document:
        raise InputError("a JSON-RPC message without a list of tools", advice="send the answer to tools/list")
    return None


def _entry(definition: Any, server: str | None) -> Entry | InputError:
    try:
        return Entry(_tool(definition), _server(definition) or server)
    except InputError as error:
        return error


def _tool(definition: Any) -> Tool:
    if not isinstance(definition, dict):
        raise InputError(f"a tool definition is an object, not {_kind(definition)}", advice=ONE_DEFINITION)
    name = definition.get("name")
    if not isinstance(name, str) or not name:
        given = "missing" if "name" not in definition else "empty" if name == "" else f"not {_kind(name)}"
        raise InputError(f"name: a string that is not empty is needed; it is {given}", advice=ONE_DEFINITION)
    if len(name) > MAX_NAME:
        raise LimitError(f"name: {len(name):,} characters; at most {MAX_NAME:,} are read", advice="shorten the name")
    texts = {key: _field(definition, key, str) for key in TEXTS}
    objects = {key: _field(definition, key, dict) for key in OBJECTS}
    for key in OBJECTS[:2]:
        if not isinstance((objects[key] or {}).get("properties"), dict | None):
            raise InputError(f"{key}/properties: an object is needed", advice="name each parameter: {…: {…}}")
    return Tool(
        name=name,
        title=texts["title"],
        description=texts["description"],
        input_schema=objects["inputSchema"],
        output_schema=objects["outputSchema"],
        annotations=objects["annotations"],
    )


def _field(definition: dict[str, Any], key: str, kind: type) -> Any:
    value = definition.get(key)
    if value is None or isinstance(value, kind):
        return value
    raise InputError(f"{key}: {NAMES[kind]} is needed, not {_kind(value)}", advice=f"correct {key} or leave it out")


def _server(document: Any) -> str | None:
    server = document.get("server")
    return server if isinstance(server, str) else None


def _measure(document: Any) -> int:
    """Count the keys of a decoded document; LimitError where it is too deep, too large, or holds what no text may."""
    keys = nodes = 0
    level: list[Any] = [[document]]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for node in level:
            children = node
            if isinstance(node, dict):
                keys += len(node)
                _check_texts(node)
                children = node.values()
            _check_texts(child for child in children if isinstance(child, str))
            below += [child for child in children if isinstance(child, dict | list)]
            nodes += len(children)
        if nodes > MAX_NODES:
            raise LimitError(f"more than {MAX_NODES:,} values", advice="send the tools of a list one by one")
        if not below:
            return keys
        level = below
    raise _too_deep()


def _check_texts(texts: Iterable[str]) -> None:
    for text in texts:
        if "\0" in text:
            raise LimitError(f"a NUL character in {text[:40]!r}", advice="leave it out: no reader shows it")
        if not text.isascii() and SURROGATE.search(text):
            raise LimitError(f"half of a surrogate pair in {text[:40]!r}", advice="write the whole character")


def _too_deep() -> LimitError:
    return LimitError(f"nested more than {MAX_DEPTH} levels deep", advice="flatten the schema, or use $ref")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) == len(pairs):
        return unique
    twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    raise InputError(f"the key {twice[:80]!r} stands twice in one object", advice="keep one of the two")


def _kind(value: Any) -> str:
    return "null" if value is None else NAMES.get(type(value), type(value).__name__)
