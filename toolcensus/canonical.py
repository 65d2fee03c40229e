"""A tool definition as canonical bytes (RFC 8785, the JSON Canonicalization Scheme), and their digest.

RFC 8785 covers I-JSON only. What lies outside becomes a tagged string, `NUL kind : text`, so that different definitions
never share their bytes: integers beyond ±(2^53-1), NaN and infinities, strings with lone surrogates, and, so that no
stranger's string passes for a tag, strings that themselves begin with NUL.
"""

import hashlib
import json
import math
import re
from typing import Any

import msgspec
import rfc8785

from toolcensus.errors import InputError, LimitError
from toolcensus.records import Tool

MAX_DEPTH = 64
"""Levels of nesting; a definition from a person or a schema generator has fewer than twenty."""

MAX_SAFE_INTEGER = 2**53 - 1

NOT_PLAIN = re.compile(r"[:,\[]-?[0-9]+(?:[.eE]|(?<=[0-9]{16}))|\\u0000|[\U00010000-\U0010ffff]")
"""What may make canonical bytes differ from those of `json`: floats, long integers, NUL, and characters in keys that
UTF-16 sorts elsewhere. It may be found inside a string too, which only costs time."""


def definition_bytes(tool: Tool) -> bytes:
    """Return the canonical bytes of what the server serves: absent fields are left out, `conditional` and `where` too.

    Raises LimitError where it nests deeper than MAX_DEPTH, InputError where it holds what JSON cannot.
    """
    fields = {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": tool.input_schema,
        "outputSchema": tool.output_schema,
        "annotations": tool.annotations,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return _plain_bytes(given) or rfc8785.dumps(_tagged(given, 0))


def digest(tool: Tool) -> str:
    """Return `sha256:` and the hexadecimal digest of the canonical bytes; raises as `definition_bytes` does."""
    return f"sha256:{hashlib.sha256(definition_bytes(tool)).hexdigest()}"


def storable(text: str) -> str:
    """Return `text` with NUL and lone surrogates as U+FFFD, one for one, so that offsets stay true in any database."""
    if text.isascii() and "\0" not in text:
        return text
    return "".join("�" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)


def json_text(value: Any) -> str:
    """Return `value` as JSON text for the index; numbers keep all their digits, NaN and infinities become null."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_storable_tree(msgspec.to_builtins(value))).decode()


def _plain_bytes(value: Any) -> bytes | None:
    """Return what `json` writes, ten times as fast, where that is canonical already; None where it may not be."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
        shallow = text.count("{") + text.count("[") <= MAX_DEPTH
        return None if NOT_PLAIN.search(text) or not (shallow or _is_shallow(value)) else text.encode()
    except (TypeError, ValueError, RecursionError):
        return None


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list | tuple)
        ]
        if not level:
            return True
    return False


def _tagged(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH and isinstance(value, dict | list | tuple):
        raise LimitError(f"a tool definition nests deeper than {MAX_DEPTH} levels")
    match value:
        case None | bool():
            return value
        case str():
            return _tagged_text(value)
        case int():
            return value if abs(value) <= MAX_SAFE_INTEGER else f"\0number:{value}"
        case float():
            return value if math.isfinite(value) else f"\0number:{value}"
        case dict():
            return {_tagged_text(_key(key)): _tagged(item, depth + 1) for key, item in value.items()}
        case list() | tuple():
            return [_tagged(item, depth + 1) for item in value]
    raise InputError(f"a tool definition holds a {type(value).__name__}, which JSON does not have")


def _tagged_text(text: str) -> str:
    if text.startswith("\0"):
        return f"\0text:{text}" if _encodable(text) else f"\0escaped:{json.dumps(text)}"
    return text if text.isascii() or _encodable(text) else f"\0escaped:{json.dumps(text)}"


def _key(key: Any) -> str:
    """Return a key as `json` would write it."""
    return key if isinstance(key, str) else json.dumps(key)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _storable_tree(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(key): _storable_tree(item) for key, item in value.items()}
        case list() | tuple():
            return [_storable_tree(item) for item in value]
    return value
