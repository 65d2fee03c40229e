"""zod bundled into a program: what its own constructors are given says what the schema is, however it was renamed."""

from typing import TYPE_CHECKING, Final

from crawler.javascript_source import zod_methods, zod_parts, zod_types
from crawler.javascript_source.iteration import entries, packed
from crawler.javascript_source.native import argument
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    ClassValue,
    FunctionValue,
    ObjectValue,
    Opaque,
    Schema,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

INNER: Final = ("innerType", "schema", "in", "type")
"""Where a schema that wraps another one keeps it."""
KINDS: Final = frozenset(
    [
        "string",
        "number",
        "int",
        "bigint",
        "boolean",
        "date",
        "object",
        "array",
        "tuple",
        "enum",
        "literal",
        "union",
        "record",
        "optional",
        "nullable",
        "default",
        "prefault",
        "nonoptional",
        "readonly",
        "catch",
        "pipe",
        "transform",
        "intersection",
        "lazy",
        "any",
        "unknown",
        "undefined",
        "null",
        "never",
        "void",
        "custom",
        "nativeEnum",
        "discriminatedUnion",
        "effects",
        "branded",
        "pipeline",
        "map",
        "set",
        "promise",
        "file",
        "symbol",
        "nan",
        "success",
        "template_literal",
    ]
)


def schema_from(machine: "Machine", maker: Value, arguments: ArrayValue) -> Schema | None:
    """Return the schema that `new ZodObject({…})` makes, or None if the class is not one of zod's."""
    if len(arguments.items) != 1 or not isinstance(maker, FunctionValue | ClassValue):
        return None
    definition = usual(argument(arguments, 0))
    if not isinstance(definition, ObjectValue):
        return None
    kind = kind_of(maker, definition)
    return make(machine, kind, definition) if kind in KINDS else None


def kind_of(maker: FunctionValue | ClassValue, definition: ObjectValue) -> str:
    """Return which of zod's types a definition is of; version 3 and version 4 write it differently."""
    named = usual(definition.properties.get("typeName", UNDEFINED))
    if isinstance(named, str) and named.startswith("Zod"):
        return named[3:4].lower() + named[4:]
    kind = usual(definition.properties.get("type", UNDEFINED))
    if not isinstance(kind, str) or isinstance(maker, ClassValue):
        return ""
    text = maker.node.text or b""
    return kind if b"_zod" in text and b"deferred" in text else ""


def make(machine: "Machine", kind: str, definition: ObjectValue) -> Schema:
    """Make a schema of its kind and definition."""
    if kind == "object":
        shape = called(machine, machine.get(definition, "shape"))
        parts = {key: packed(part, path) for key, part, path in entries(machine, shape)}
        return zod_parts.object_schema(parts)
    if kind in {"optional", "default", "prefault", "nullable"}:
        return wrapped(machine, kind, definition)
    factory = zod_types.FACTORIES.get(kind)
    if factory is not None and kind in SOURCES:
        found = [source for name in SOURCES[kind] if (source := machine.get(definition, name)) is not UNDEFINED]
        made = factory(machine, UNDEFINED, ArrayValue(found))
    elif factory is not None:
        made = factory(machine, UNDEFINED, ArrayValue())
    else:
        made = inner_of(machine, definition)
    return made if isinstance(made, Schema) else Schema({})


def wrapped(machine: "Machine", kind: str, definition: ObjectValue) -> Schema:
    """Make a schema that may be left out or null."""
    inner = inner_of(machine, definition)
    if kind == "nullable":
        made = zod_methods.nullable(machine, inner, ArrayValue())
    elif kind == "optional":
        made = zod_parts.changed(inner, {}, optional=True)
    else:
        default = called(machine, machine.get(definition, "defaultValue"))
        made = zod_methods.defaulted(machine, inner, ArrayValue([default]))
    return made if isinstance(made, Schema) else inner


def inner_of(machine: "Machine", definition: ObjectValue) -> Schema:
    """Return the schema inside one that wraps it."""
    found = (usual(machine.get(definition, name)) for name in INNER)
    return next((schema for schema in found if isinstance(schema, Schema)), Schema({}))


def called(machine: "Machine", value: Value) -> Value:
    """Return a value that a definition may give as a function."""
    if isinstance(value, FunctionValue):
        return machine.call(value, UNDEFINED, ArrayValue())
    return ObjectValue(open=True) if isinstance(value, Opaque) else value


SOURCES: Final = {
    "array": ("element", "type"),
    "tuple": ("items",),
    "enum": ("entries", "values"),
    "nativeEnum": ("values",),
    "literal": ("values", "value"),
    "union": ("options",),
    "discriminatedUnion": ("options",),
    "record": ("keyType", "valueType"),
    "intersection": ("left", "right"),
    "lazy": ("getter",),
}
