"""From Go values to the JSON that `encoding/json` would make of them, without the parts that are not known."""

import json
import re
from typing import Any, Final

from crawler.go_source.limits import SCHEMA_DEPTH, TEXT
from crawler.go_source.syntax import fields_of
from crawler.go_source.values import (
    MapValue,
    Named,
    Nil,
    RawJson,
    Slice,
    Struct,
    TypeRef,
    Value,
    target,
    text_of,
)

TAG: Final = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')
KEYWORDS: Final = {
    "ID": "$id",
    "Schema": "$schema",
    "Ref": "$ref",
    "Defs": "$defs",
    "Comment": "$comment",
    "Types": "type",
}
"""Fields of schema structs whose JSON name is not their own name in lower camel case."""
ALWAYS: Final = {"properties"}
NOTHING: Final = object()


def of_json(text: Value) -> Any:
    """Return the document of a JSON text, or None where it is none."""
    known = target(text)
    known = target(known.text) if isinstance(known, RawJson) else known
    if not isinstance(known, str) or len(known) > TEXT:
        return None
    try:
        return json.loads(known)
    except (ValueError, RecursionError):
        return None


def of_value(value: Value, depth: int = 0) -> Any:
    """Return the document of a value; parts that are not known are left out, and nothing known is None."""
    found = _document(value, depth)
    return None if found is NOTHING else found


def _document(value: Value, depth: int) -> Any:
    known = target(value)
    if isinstance(known, str | bool | int | float):
        return known
    if isinstance(known, Nil | RawJson):
        return of_json(known) if isinstance(known, RawJson) else None
    if depth > SCHEMA_DEPTH:
        return NOTHING
    if isinstance(known, Slice | MapValue):
        return _collection(known, depth)
    return _struct(known, depth) if isinstance(known, Struct) else NOTHING


def _collection(known: Slice | MapValue, depth: int) -> Any:
    if isinstance(known, Slice):
        parts = (_document(item.value, depth + 1) for item in known.items)
        return [part for part in parts if part is not NOTHING]
    pairs = ((str(key), _document(item.value, depth + 1)) for key, item in known.entries.items())
    return {key: part for key, part in pairs if part is not NOTHING and not key.startswith("\0")}


def _struct(struct: Struct, depth: int) -> dict[str, Any]:
    document: dict[str, Any] = {}
    named = tags(struct)
    for name, cell in struct.fields.items():
        key, omits = named.get(name, (json_name(name), True))
        part = _document(cell.value, depth + 1)
        if part is NOTHING or part is None or key == "-":
            continue
        is_empty = part in ("", [], {})
        if name == "Extra" and isinstance(part, dict):
            document.update(part)
        elif not is_empty or not omits or key in ALWAYS:
            document[key] = part
    return document


def tags(struct: Struct) -> dict[str, tuple[str, bool]]:
    """Return for each field of the program's own struct its JSON name, and whether an empty value is left out."""
    node = None
    if isinstance(struct.type, Named):
        declared = struct.type.package.types.get(struct.type.name)
        node = declared.node.child_by_field_name("type") if declared is not None else None
    elif isinstance(struct.type, TypeRef):
        node = struct.type.node
    found: dict[str, tuple[str, bool]] = {}
    for declaration in fields_of(node) if node is not None else ():
        written = dict(TAG.findall(text_of(declaration.child_by_field_name("tag")))).get("json", "")
        key, _, rest = written.partition(",")
        for name in declaration.children_by_field_name("name"):
            found[text_of(name)] = (key or text_of(name), "omit" in rest)
    return found


def json_name(field: str) -> str:
    """Return the JSON name of a field of an SDK's struct."""
    return KEYWORDS.get(field, field[:1].lower() + field[1:])
