"""The functions of zod that make a schema: `z.object`, `z.enum` and their kin."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from crawler.javascript_source.iteration import entries, packed
from crawler.javascript_source.native import argument, from_json
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    ObjectValue,
    Opaque,
    Schema,
    Value,
)
from crawler.javascript_source.zod_methods import METHODS
from crawler.javascript_source.zod_parts import FORMATS, Json, Method, json_of, object_schema, plain

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def make_object(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.object(shape)`."""
    shape = argument(arguments, 0)
    if isinstance(usual(shape), Opaque):
        return Schema({"type": "object"}, {})
    return object_schema({key: packed(value, path) for key, value, path in entries(machine, shape)})


def make_array(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.array(items)`."""
    return Schema({"type": "array", "items": json_of(argument(arguments, 0))})


def make_tuple(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.tuple(items)`."""
    return Schema(
        {"type": "array", "prefixItems": [json_of(item) for item, _ in machine.items(argument(arguments, 0))]}
    )


def make_enum(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.enum(values)` and `z.nativeEnum(enum)`."""
    source = usual(argument(arguments, 0))
    if isinstance(source, ObjectValue):
        held = [usual(value) for key, value, _path in entries(machine, source) if not key.isdecimal()]
    else:
        held = [usual(item) for item, _path in machine.items(source)]
    values = [value for value in held if isinstance(value, str | int | float)]
    kind: Json = {"type": "string"} if all(isinstance(value, str) for value in values) else {}
    if all(isinstance(value, int | float) for value in values):
        kind = {"type": "number"}
    made = Schema({**kind, "enum": values})
    made.shape = {str(value): value for value in values}
    return made


def make_literal(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.literal(value)`."""
    value = usual(argument(arguments, 0))
    if isinstance(value, ArrayValue) and len(value.items) == 1:
        value = usual(value.items[0])
    if isinstance(value, ArrayValue):
        return Schema({"enum": [plain(item) for item, _path in machine.items(value)]})
    kinds = {bool: "boolean", str: "string", int: "number", float: "number"}
    kind: Json = {"type": kinds[type(value)]} if type(value) in kinds else {}
    return Schema({**kind, "const": plain(value)})


def make_union(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.union(options)` and `z.discriminatedUnion(key, options)`."""
    options = argument(arguments, len(arguments.items) - 1)
    if len(arguments.items) > 1 and isinstance(argument(arguments, 0), ArrayValue):
        options = argument(arguments, 0)
    elif len(arguments.items) > 1:
        options = argument(arguments, 1)
    return Schema({"anyOf": [json_of(option) for option, _path in machine.items(options)]})


def make_record(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.record(keys, values)` and `z.record(values)`."""
    values = argument(arguments, 1) if len(arguments.items) > 1 else argument(arguments, 0)
    return Schema({"type": "object", "additionalProperties": json_of(values)})


def make_all(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.intersection(left, right)`."""
    return Schema({"allOf": [json_of(item) for item in arguments.items]})


def make_lazy(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.lazy(function)`; a schema that holds itself is cut."""
    function = argument(arguments, 0)
    if machine.running[getattr(getattr(function, "node", None), "id", 0)]:
        return Schema({})
    made = machine.call(function, UNDEFINED, ArrayValue())
    return made if isinstance(made, Schema) else Schema({})


def make_second(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `z.preprocess(function, schema)`."""
    schema = argument(arguments, 1)
    return schema if isinstance(schema, Schema) else Schema({})


def make_changed(name: str) -> Method:
    """Make the function form of a method: `z.optional(schema)`."""

    def run(machine: "Machine", _this: Schema, arguments: ArrayValue) -> Value:
        schema = argument(arguments, 0)
        held = schema if isinstance(schema, Schema) else Schema({})
        return METHODS[name].run(machine, held, ArrayValue(arguments.items[1:]))

    return run


def simple(json: Json) -> Method:
    """Make a factory whose schema is always the same."""
    return lambda _machine, _this, _arguments: Schema(dict(json))


def written(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `zodToJsonSchema(schema)` and `z.toJSONSchema(schema)`."""
    schema = usual(argument(arguments, 0))
    return from_json(schema.json) if isinstance(schema, Schema) else Opaque("zodToJsonSchema")


FACTORIES: Final[dict[str, Callable[["Machine", Any, ArrayValue], Value]]] = {
    "object": make_object,
    "strictObject": make_object,
    "looseObject": make_object,
    "interface": make_object,
    "array": make_array,
    "set": make_array,
    "tuple": make_tuple,
    "enum": make_enum,
    "nativeEnum": make_enum,
    "literal": make_literal,
    "union": make_union,
    "discriminatedUnion": make_union,
    "xor": make_union,
    "record": make_record,
    "partialRecord": make_record,
    "intersection": make_all,
    "lazy": make_lazy,
    "preprocess": make_second,
    "toJSONSchema": written,
    "string": simple({"type": "string"}),
    "number": simple({"type": "number"}),
    "bigint": simple({"type": "integer"}),
    "int": simple({"type": "integer"}),
    "boolean": simple({"type": "boolean"}),
    "stringbool": simple({"type": "string"}),
    "null": simple({"type": "null"}),
    "date": simple({"type": "string", "format": "date-time"}),
    **{
        name: simple({})
        for name in ("any", "unknown", "undefined", "void", "never", "custom", "instanceof", "json", "file")
    },
    **{name: simple({"type": "string", "format": form}) for name, form in FORMATS.items() if name != "date"},
    **{name: make_changed(name) for name in ("optional", "nullable", "nullish")},
}
