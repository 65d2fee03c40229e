"""What every zod schema is made of."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from crawler.javascript_source.iteration import unpacked
from crawler.javascript_source.native import UnknownPartError, to_json
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    ArrayValue,
    Schema,
    Value,
    is_unlikely,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Json = dict[str, Any]


Method = Callable[["Machine", Schema, ArrayValue], Value]


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
    held = {key: unpacked(value) for key, value in shape.items()}
    parts = {key: value for key, (value, path) in held.items() if not is_unlikely(path)}
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


def changed(this: Schema, extra: Json, *, optional: bool | None = None) -> Schema:
    """Return a schema with more said about it."""
    kept = this.optional if optional is None else optional
    return Schema({**this.json, **extra}, this.shape, kept, this.default, this.transforms)
