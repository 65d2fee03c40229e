"""From Go types to JSON schemas, as the SDKs derive them from the struct that a tool's handler is given.

Format: the tags `json` and `jsonschema`, the latter a description as a whole or comma-separated `keyword=value` parts.
"""

import re
from typing import TYPE_CHECKING, Any, Final

from crawler.go_source.documents import TAG
from crawler.go_source.limits import SCHEMA_DEPTH
from crawler.go_source.syntax import fields_of, parameter_types
from crawler.go_source.types import resolve
from crawler.go_source.values import External, Function, Named, TypeRef, Value, target, text_of

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

BASIC: Final = {"string": "string", "bool": "boolean", "float32": "number", "float64": "number", "error": "string"}
INTEGERS: Final = re.compile(r"u?int(?:8|16|32|64|ptr)?|byte|rune")
OUTSIDE: Final = {"Time": "string", "Duration": "integer", "Number": "number", "UUID": "string", "URL": "string"}
PARTS: Final = re.compile(
    r"^(?:required|description=|title=|enum=|default=|example=|minimum=|maximum=|format=|pattern=)"
)
WRAPPED: Final = frozenset({"CallToolParamsFor", "ServerRequest"})
ARGUMENTS_AT: Final = 2


def of_handler(machine: "Machine", handler: Value) -> dict[str, Any] | None:
    """Return the schema of the arguments that a typed handler takes, or None where it takes a bare request."""
    kind = argument_type(handler)
    schema = of_type(machine, kind, ()) if kind is not None else None
    return schema if schema is not None and schema.get("type") == "object" else None


def argument_type(handler: Value) -> TypeRef | None:
    """Return the type of the arguments of a typed handler: its struct, or what its request is made for."""
    known = target(handler)
    if not isinstance(known, Function):
        return None
    kinds = list(parameter_types(known.node))
    last = kinds[-1] if kinds else None
    if last is None:
        return None
    while last.type in {"pointer_type", "parenthesized_type"}:
        last = last.named_children[0]
    if last.type == "generic_type" and text_of(last.child_by_field_name("type")).rpartition(".")[2] in WRAPPED:
        arguments = last.child_by_field_name("type_arguments")
        last = arguments.named_children[0] if arguments is not None else last
    elif len(kinds) <= ARGUMENTS_AT and text_of(last).rpartition(".")[2] in {
        "CallToolRequest",
        "CallToolParams",
        "Context",
    }:
        return None
    return TypeRef(last, known.package, known.scope)


def of_named(machine: "Machine", kind: Any) -> dict[str, Any] | None:
    """Return the schema of a struct that is a value: the type that it has."""
    if isinstance(kind, TypeRef):
        return of_type(machine, kind, ())
    declared = kind.package.types[kind.name].node.child_by_field_name("type") if isinstance(kind, Named) else None
    return of_type(machine, TypeRef(declared, kind.package, kind.bound), ()) if declared is not None else None


def of_type(machine: "Machine", kind: TypeRef, inside: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the schema of a type; None where nothing is known of it."""
    machine.step()
    node = kind.node
    if len(inside) > SCHEMA_DEPTH:
        return {}
    if node.type in {"type_elem", "parenthesized_type", "pointer_type"}:
        found = of_type(machine, TypeRef(node.named_children[0], kind.package, kind.bound), inside)
        return nullable(found) if inside and found and node.type == "pointer_type" else found
    if node.type in {"slice_type", "array_type"}:
        return of_list(machine, kind, inside)
    if node.type == "map_type":
        return of_map(machine, kind, inside)
    return of_struct(machine, kind, inside) if node.type == "struct_type" else of_name(machine, kind, inside)


def of_map(machine: "Machine", kind: TypeRef, inside: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of a map."""
    value = kind.node.child_by_field_name("value")
    inner = of_type(machine, TypeRef(value, kind.package, kind.bound), (*inside, "map")) if value is not None else None
    return {"type": "object", "additionalProperties": inner or {}}


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that allows null as well."""
    kind = schema.get("type")
    return {**schema, "type": ["null", kind]} if isinstance(kind, str) else schema


def of_list(machine: "Machine", kind: TypeRef, inside: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of a slice or array."""
    element = kind.node.child_by_field_name("element")
    if element is not None and text_of(element) == "byte":
        return {"type": "string"}
    inner = of_type(machine, TypeRef(element, kind.package, kind.bound), (*inside, "list")) if element else {}
    kind_of_list: Any = ["null", "array"] if kind.node.type == "slice_type" else "array"
    return {"type": kind_of_list, "items": inner or {}}


def of_name(machine: "Machine", kind: TypeRef, inside: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the schema of a type that is written by its name."""
    resolved = resolve(machine, kind)
    if isinstance(resolved, TypeRef):
        return of_type(machine, resolved, inside)
    if isinstance(resolved, str):
        return {"type": basic} if (basic := basic_type(resolved)) else {}
    if isinstance(resolved, External):
        outside = OUTSIDE.get(resolved.name.rpartition(".")[2])
        return {"type": outside} if outside else {}
    if not isinstance(resolved, Named):
        return {}
    declared = resolved.package.types[resolved.name].node.child_by_field_name("type")
    mark = f"{resolved.package.folder}.{resolved.name}"
    if declared is None or mark in inside:
        return {"type": "object"}
    return of_type(machine, TypeRef(declared, resolved.package, resolved.bound), (*inside, mark))


def basic_type(name: str) -> str:
    """Return the JSON type of one of Go's own types, or nothing."""
    return "integer" if INTEGERS.fullmatch(name) else BASIC.get(name, "")


def of_struct(machine: "Machine", kind: TypeRef, inside: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of a struct by its fields and their tags."""
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    required: list[str] = []
    for declaration in fields_of(kind.node):
        tags = dict(TAG.findall(text_of(declaration.child_by_field_name("tag"))))
        written = declaration.child_by_field_name("type")
        if written is None:
            continue
        inner = TypeRef(written, kind.package, kind.bound)
        names = [text_of(name) for name in declaration.children_by_field_name("name")]
        key, _, rest = tags.get("json", "").partition(",")
        if not names and not key:
            embed(machine, inner, inside, schema, required)
            continue
        for name in names or [text_of(written)]:
            if not name[:1].isupper() or key == "-":
                continue
            part, needed = tagged(of_type(machine, inner, (*inside, name)) or {}, tags, optional="omit" in rest)
            schema["properties"][key or name] = part
            required += [key or name] if needed else []
    schema["additionalProperties"] = False
    return {**schema, "required": required} if required else schema


def embed(
    machine: "Machine", kind: TypeRef, inside: tuple[str, ...], schema: dict[str, Any], required: list[str]
) -> None:
    """Add the fields of an embedded struct."""
    inner = of_type(machine, kind, inside) or {}
    for name, part in inner.get("properties", {}).items():
        schema["properties"].setdefault(name, part)
    required += [name for name in inner.get("required", ()) if name not in required]


def tagged(schema: dict[str, Any], tags: dict[str, str], *, optional: bool) -> tuple[dict[str, Any], bool]:
    """Return a field's schema with what its tags say, and whether it is required."""
    text = unescaped(tags.get("jsonschema") or tags.get("jsonschema_description") or "")
    if "jsonschema_description" in tags:
        schema = {**schema, "description": unescaped(tags["jsonschema_description"])}
    if not PARTS.match(text):
        return ({**schema, "description": text} if text else schema), not optional
    needed = not optional
    for part in re.split(r"(?<!\\),", text):
        key, given, value = part.replace("\\,", ",").partition("=")
        if key == "required":
            needed = True
        elif key == "enum" and given:
            schema = {**schema, "enum": [*schema.get("enum", []), value]}
        elif key in {"description", "title", "format", "pattern", "default"} and given:
            schema = {**schema, key: value}
    return schema, needed


def unescaped(text: str) -> str:
    """Return a tag's value without its backslashes."""
    return text.replace('\\"', '"').replace("\\\\", "\\")
