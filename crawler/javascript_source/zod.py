"""zod as a program sees it: its namespace, the properties of its schemas, and itself in a bundle."""

from typing import TYPE_CHECKING, Final

from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Namespace,
    NativeFunction,
    ObjectValue,
    Opaque,
    Schema,
    Value,
)
from crawler.javascript_source.zod_methods import METHODS
from crawler.javascript_source.zod_types import FACTORIES

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

BUNDLED: Final = frozenset({"object", "string", "number", "array", "boolean", "record"})


def get(machine: "Machine", holder: Schema, name: str) -> Value:
    """Return a schema's shape, options, or method."""
    del machine
    if name == "shape":
        return ObjectValue(dict(holder.shape or {}))
    if name in METHODS:
        return METHODS[name]
    found = from_definition(holder, name)
    return Opaque(name) if found is UNDEFINED and name.startswith("_") else found


def from_definition(holder: Schema, name: str) -> Value:
    """Return what zod tells of a schema's definition under a name."""
    if "enum" in holder.json and name == "options":
        return ArrayValue(list(holder.json["enum"]))
    if "enum" in holder.json and name in {"enum", "Values"}:
        return ObjectValue({str(value): value for value in holder.json["enum"]})
    if name in {"_def", "def"}:
        return ObjectValue({"value": holder.json.get("const", UNDEFINED)}, open=True)
    return (
        holder.json.get({"value": "const"}.get(name, name), UNDEFINED)
        if name in {"value", "description"}
        else UNDEFINED
    )


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
    made.properties.update(dict.fromkeys(("z", "default", "coerce", "zod"), made))
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
