"""zod, evaluated to JSON schema."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from crawler.javascript_source.iteration import entries, packed, unpacked
from crawler.javascript_source.native import UnknownPartError, argument, from_json, to_json
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Namespace,
    NativeFunction,
    ObjectValue,
    Opaque,
    RegularExpression,
    Schema,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Json = dict[str, Any]
Method = Callable[["Machine", Schema, ArrayValue], Value]
BUNDLED: Final = frozenset({"object", "string", "number", "array", "boolean", "record"})
FORMATS: Final = {
    "url": "uri",
    "email": "email",
    "uuid": "uuid",
    "datetime": "date-time",
    "date": "date",
    "ipv4": "ipv4",
}


def json_of(value: Value) -> Json:
    """Return a schema's JSON; a part that is no known schema may be anything."""
    known = usual(value)
    return known.json if isinstance(known, Schema) else {}


def is_optional(value: Value) -> bool:
    """Say whether a part of an object may be left out."""
    known = usual(value)
    return isinstance(known, Schema) and known.optional


def object_schema(shape: dict[str, Value]) -> Schema:
    """Make an object's schema of its parts."""
    parts = {key: unpacked(value)[0] for key, value in shape.items()}
    json: Json = {"type": "object", "properties": {key: json_of(value) for key, value in parts.items()}}
    required = [key for key, value in parts.items() if not is_optional(value)]
    if required:
        json["required"] = required
    return Schema(json, shape)


def plain(value: Value) -> Any:
    """Return a literal, default or example as JSON, or None."""
    try:
        return to_json(value)
    except UnknownPartError:
        return None


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


def changed(this: Schema, extra: Json, *, optional: bool | None = None) -> Schema:
    """Return a schema with more said about it."""
    kept = this.optional if optional is None else optional
    return Schema({**this.json, **extra}, this.shape, kept, this.default, this.transforms)


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


def written(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `zodToJsonSchema(schema)` and `z.toJSONSchema(schema)`."""
    schema = usual(argument(arguments, 0))
    return from_json(schema.json) if isinstance(schema, Schema) else Opaque("zodToJsonSchema")


def get(machine: "Machine", holder: Schema, name: str) -> Value:
    """Return a schema's shape, options, or method."""
    del machine
    if name == "shape":
        return ObjectValue(dict(holder.shape or {}))
    if name in {"options", "enum", "Values"} and "enum" in holder.json:
        values = holder.json["enum"]
        return ArrayValue(list(values)) if name == "options" else ObjectValue({str(value): value for value in values})
    if name == "value" and "const" in holder.json:
        return holder.json["const"]
    if name in {"_def", "def"}:
        return ObjectValue({"value": holder.json.get("const", UNDEFINED)}, open=True)
    if name == "description":
        return holder.json.get("description", UNDEFINED)
    if name in METHODS:
        return METHODS[name]
    return Opaque(name) if name.startswith("_") else UNDEFINED


def on_schema(name: str, run: Method) -> NativeFunction:
    """Make a method that answers only for schemas."""

    def guarded(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
        return run(machine, this, arguments) if isinstance(this, Schema) else Opaque(name)

    return NativeFunction(name, guarded)


UNCHANGING: Final = (
    "refine superRefine check overwrite trim toLowerCase toUpperCase normalize brand readonly catch pipe finite safe "
    "multipleOf step startsWith endsWith includes required deepPartial catchall register clone negative nonpositive "
    "cuid cuid2 ulid ip cidr base64 base64url jwt nanoid emoji time duration lowercase uppercase strip rest keyof"
).split()
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


def is_made_by(schema: Schema, maker: str) -> bool:
    """Say whether a schema is an instance of zod's class of this name."""
    if maker in {"ZodType", "ZodSchema", "$ZodType"}:
        return True
    if maker in {"ZodOptional", "ZodDefault"}:
        return schema.optional
    kind = schema.json.get("type", "anyOf" if "anyOf" in schema.json else "")
    return bool(kind) and maker.lower().removeprefix("$").removeprefix("zod") == kind


def new_namespace() -> ObjectValue:
    """Return zod itself."""
    made = ObjectValue(prototype=Opaque(module="zod"))
    made.properties.update({name: NativeFunction(name, run) for name, run in FACTORIES.items()})
    made.properties.update({name: made for name in ("z", "default", "coerce", "zod")})
    iso = {
        name: NativeFunction(name, FACTORIES.get(name, FACTORIES["string"])) for name in ("date", "datetime", "time")
    }
    made.properties["iso"] = ObjectValue(iso)
    return made


def recognised(machine: "Machine", holder: Value) -> Value:
    """Return zod in place of a namespace that is zod bundled into the program, anything else as it is."""
    if isinstance(holder, ObjectValue) and len(holder.properties) > len(FACTORIES) // 2:
        names = holder.properties.keys()
        if names >= BUNDLED and ("ZodType" in names or "coerce" in names) and "z" not in names:
            return machine.zod
    if isinstance(holder, Namespace) and holder.module.exports.keys() >= BUNDLED:
        return machine.zod
    return holder
