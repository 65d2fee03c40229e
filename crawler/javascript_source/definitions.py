"""From what a registration is given to a tool's definition in the protocol's own terms."""

from typing import TYPE_CHECKING, Any, Final

from crawler.javascript_source import zod_parts
from crawler.javascript_source.iteration import entries, packed
from crawler.javascript_source.native import UnknownPartError, is_too_large, to_json
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ClassValue,
    FunctionValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    Schema,
    Value,
)
from toolcensus.records import Tool

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

SCHEMA_KEYS: Final = (
    "inputSchema",
    "parameters",
    "schema",
    "input_schema",
    "paramsSchema",
    "params",
    "inputs",
    "input",
    "args",
    "zodSchema",
)
OUTPUT_KEYS: Final = ("outputSchema", "output_schema", "outputs")
ANNOTATION_KEYS: Final = frozenset({"title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"})
FEW_WORDS: Final = 40
"""So many characters of a text with unknown parts are too little to tell anything."""
FUNCTIONS: Final = (FunctionValue, NativeFunction, ClassValue)


def definition_of(machine: "Machine", name: str, config: Value, where: str) -> Tool:
    """Read a tool's definition from an object such as `{description, inputSchema, annotations}`."""
    known = usual(config)
    if not isinstance(known, ObjectValue):
        return Tool(name=name, where=where)
    annotations = json_or_none(machine.get(known, "annotations"))
    return Tool(
        name=name,
        title=text_or_none(machine.get(known, "title")),
        description=text_or_none(machine.get(known, "description")),
        input_schema=first_schema(machine, known, SCHEMA_KEYS),
        output_schema=first_schema(machine, known, OUTPUT_KEYS),
        annotations=annotations if isinstance(annotations, dict) and annotations else None,
        where=known.where or where,
    )


def text_or_none(value: Value) -> str | None:
    """Return a known text, or what is known of it where that is more than a few words."""
    known = usual(value)
    if isinstance(known, Opaque):
        return known.text if len(known.text) > FEW_WORDS else None
    return known if isinstance(known, str) else None


def json_or_none(value: Value) -> Any:
    """Return a value as JSON, or None where it is not known."""
    try:
        return to_json(value)
    except UnknownPartError:
        return None


def first_schema(machine: "Machine", holder: ObjectValue, keys: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the first schema that stands under one of these keys."""
    for key in keys:
        value = usual(machine.get(holder, key))
        if value is UNDEFINED or isinstance(value, FUNCTIONS):
            continue
        schema = schema_of(machine, value)
        if schema is not None:
            return schema
    return None


def schema_of(machine: "Machine", value: Value) -> dict[str, Any] | None:
    """Return a JSON schema for a zod schema, a zod shape, or a JSON schema literal."""
    known = usual(value)
    if isinstance(known, Schema):
        fits = known.json.get("type") == "object" or "anyOf" in known.json
        return known.json if fits and not is_too_large(known.json) else None
    if not isinstance(known, ObjectValue):
        return None
    if is_shape(machine, known):
        shape = {key: packed(part, path) for key, part, path in entries(machine, known)}
        return schema_of(machine, zod_parts.object_schema(shape))
    document = json_or_none(known)
    if not isinstance(document, dict) or not document:
        return None
    looks_right = document.get("type") == "object" or any(key in document for key in ("properties", "anyOf", "$ref"))
    return document if looks_right else None


def is_shape(machine: "Machine", value: ObjectValue) -> bool:
    """Say whether an object's properties are zod schemas."""
    parts = [usual(part) for _key, part, _path in entries(machine, value)]
    return bool(parts) and any(isinstance(part, Schema) for part in parts)


def definition_from_arguments(machine: "Machine", name: str, rest: list[Value], where: str) -> Tool:
    """Read `tool(name, description?, schema?, annotations?, callback)`."""
    description: str | None = None
    schema: dict[str, Any] | None = None
    annotations: dict[str, Any] | None = None
    for item in map(usual, rest):
        if isinstance(item, str | Opaque) and description is None and text_or_none(item):
            description = text_or_none(item)
        elif isinstance(item, Schema | ObjectValue):
            found = schema_of(machine, item)
            if found is not None and schema is None:
                schema = found
                continue
            document = json_or_none(item)
            if isinstance(document, dict) and document.keys() & ANNOTATION_KEYS:
                annotations = document
        elif isinstance(item, FUNCTIONS):
            break
    return Tool(name=name, description=description, input_schema=schema, annotations=annotations, where=where)


def is_config(machine: "Machine", value: Value) -> bool:
    """Say whether an argument is an object that describes a tool, rather than its schema or annotations."""
    known = usual(value)
    if not isinstance(known, ObjectValue):
        return False
    texts = (usual(machine.get(known, key)) for key in ("description", "title"))
    return any(isinstance(text, str) for text in texts) or usual(machine.get(known, "inputSchema")) is not UNDEFINED
