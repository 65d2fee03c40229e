"""The methods of zod schemas: what each says more about the schema."""

from typing import TYPE_CHECKING, Final

from crawler.javascript_source.iteration import entries, unpacked
from crawler.javascript_source.native import argument
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    RegularExpression,
    Schema,
    Setting,
    Value,
)
from crawler.javascript_source.zod_parts import FORMATS, Json, Method, changed, json_of, object_schema, plain

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def described(_machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `describe(text)`, and `meta({description})`."""
    text = usual(argument(arguments, 0))
    if isinstance(text, ObjectValue):
        text = usual(text.properties.get("description", UNDEFINED))
    return changed(this, {"description": text}) if isinstance(text, str) else this


def defaulted(_machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `default(value)`."""
    value = argument(arguments, 0)
    held = plain(value)
    made = changed(this, {} if held is None else {"default": held}, optional=True)
    made.default = usual(value)
    return made


def nullable(_machine: "Machine", this: Schema, _arguments: ArrayValue) -> Value:
    """Answer `nullable()`."""
    kind = this.json.get("type")
    return changed(this, {"type": [kind, "null"]} if isinstance(kind, str) else {})


def limit(lower: str, upper: str | None = None) -> Method:
    """Make `min`, `max` and `length`, which count characters, items or the number itself."""

    def run(_machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
        bound = usual(argument(arguments, 0))
        if not isinstance(bound, int | float):
            return this
        kind = this.json.get("type")
        names = {"string": "Length", "array": "Items"}
        ending = names.get(kind, "") if isinstance(kind, str) else ""
        keys = [key + ending if ending else key + "imum" for key in (lower, upper) if key]
        return changed(this, dict.fromkeys(keys, bound))

    return run


def fixed(extra: Json) -> Method:
    """Make a method that always says the same."""
    return lambda _machine, this, _arguments: changed(this, extra)


def pattern(_machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `regex(expression)`."""
    expression = usual(argument(arguments, 0))
    return changed(this, {"pattern": expression.pattern}) if isinstance(expression, RegularExpression) else this


def extended(machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `extend(shape)` and `merge(schema)`."""
    other = usual(argument(arguments, 0))
    more = other.shape or {} if isinstance(other, Schema) else {key: value for key, value, _ in entries(machine, other)}
    return object_schema({**(this.shape or {}), **more})


def chosen(machine: "Machine", this: Schema, arguments: ArrayValue, *, keeps: bool) -> Value:
    """Answer `pick(mask)` and `omit(mask)`."""
    named = {key for key, _value, _path in entries(machine, argument(arguments, 0))}
    return object_schema({key: value for key, value in (this.shape or {}).items() if (key in named) is keeps})


def partial(_machine: "Machine", this: Schema, _arguments: ArrayValue) -> Value:
    """Answer `partial()`."""
    shape = {
        key: changed(part, {}, optional=True) if isinstance(part := usual(value), Schema) else value
        for key, value in (this.shape or {}).items()
    }
    return object_schema(shape)


def transformed(_machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `transform(function)`."""
    made = changed(this, {})
    made.transforms = (*this.transforms, argument(arguments, 0))
    return made


def array_of(_machine: "Machine", this: Schema, _arguments: ArrayValue) -> Value:
    """Answer `array()`."""
    return Schema({"type": "array", "items": this.json})


def either(_machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `or(schema)`."""
    return Schema({"anyOf": [this.json, json_of(argument(arguments, 0))]})


def both(_machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `and(schema)`."""
    return Schema({"allOf": [this.json, json_of(argument(arguments, 0))]})


def parsed(machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `parse(input)`: each part is a setting with the schema's default, unless the input is known."""
    given = argument(arguments, 0)
    if this.shape is None or "enum" in this.json:
        return given
    made = ObjectValue(path=machine.path)
    for key, part in this.shape.items():
        value = machine.get(given, key)
        schema = usual(unpacked(part)[0])
        made.properties[key] = parsed_part(machine, key, schema, value)
    return made


def parsed_part(machine: "Machine", key: str, schema: Value, value: Value) -> Value:
    """Return what parsing makes of one property."""
    known = usual(value)
    if not isinstance(schema, Schema):
        return value
    is_set = known is not UNDEFINED and not isinstance(known, Opaque)
    result: Value = known if is_set else schema.default
    for function in schema.transforms:
        result = machine.call(function, UNDEFINED, ArrayValue([result]))
    text = value.text if isinstance(value, Setting) else key
    if isinstance(value, Setting | Opaque) and not isinstance(result, Setting | Opaque):
        return Setting(text, result)
    return result


def safely_parsed(machine: "Machine", this: Schema, arguments: ArrayValue) -> Value:
    """Answer `safeParse(input)`."""
    return ObjectValue({"success": True, "data": parsed(machine, this, arguments)})


def on_schema(name: str, run: Method) -> NativeFunction:
    """Make a method that answers only for schemas."""

    def guarded(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
        return run(machine, this, arguments) if isinstance(this, Schema) else Opaque(name)

    return NativeFunction(name, guarded)


UNCHANGING: Final = [
    "refine",
    "superRefine",
    "check",
    "overwrite",
    "trim",
    "toLowerCase",
    "toUpperCase",
    "normalize",
    "brand",
    "readonly",
    "catch",
    "pipe",
    "finite",
    "safe",
    "multipleOf",
    "step",
    "startsWith",
    "endsWith",
    "includes",
    "required",
    "deepPartial",
    "catchall",
    "register",
    "clone",
    "negative",
    "nonpositive",
    "cuid",
    "cuid2",
    "ulid",
    "ip",
    "cidr",
    "base64",
    "base64url",
    "jwt",
    "nanoid",
    "emoji",
    "time",
    "duration",
    "lowercase",
    "uppercase",
    "strip",
    "rest",
    "keyof",
]


METHODS: Final = {
    name: on_schema(name, run)
    for name, run in {
        "describe": described,
        "meta": described,
        "optional": lambda _m, this, _given: changed(this, {}, optional=True),
        "nullish": lambda m, this, given: changed(nullable(m, this, given), {}, optional=True),
        "exactOptional": lambda _m, this, _given: changed(this, {}, optional=True),
        "nullable": nullable,
        "default": defaulted,
        "prefault": defaulted,
        "min": limit("min"),
        "max": limit("max"),
        "gte": limit("min"),
        "lte": limit("max"),
        "length": limit("min", "max"),
        "gt": lambda _m, this, given: changed(this, {"exclusiveMinimum": plain(argument(given, 0))}),
        "lt": lambda _m, this, given: changed(this, {"exclusiveMaximum": plain(argument(given, 0))}),
        "int": fixed({"type": "integer"}),
        "positive": fixed({"exclusiveMinimum": 0}),
        "nonnegative": fixed({"minimum": 0}),
        "nonempty": fixed({"minItems": 1}),
        "unwrap": lambda _m, this, _given: changed(this, {}, optional=False),
        "innerType": lambda _m, this, _given: changed(this, {}, optional=False),
        "removeDefault": lambda _m, this, _given: changed(this, {}, optional=False),
        **{name: fixed({}) for name in UNCHANGING},
        "strict": fixed({"additionalProperties": False}),
        "passthrough": fixed({"additionalProperties": True}),
        "loose": fixed({"additionalProperties": True}),
        "regex": pattern,
        "extend": extended,
        "safeExtend": extended,
        "merge": extended,
        "pick": lambda m, this, given: chosen(m, this, given, keeps=True),
        "omit": lambda m, this, given: chosen(m, this, given, keeps=False),
        "partial": partial,
        "transform": transformed,
        "array": array_of,
        "or": either,
        "and": both,
        "parse": parsed,
        "parseAsync": parsed,
        "safeParse": safely_parsed,
        "safeParseAsync": safely_parsed,
        **{name: fixed({"format": form}) for name, form in FORMATS.items()},
    }.items()
}
