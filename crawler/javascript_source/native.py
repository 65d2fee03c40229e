"""Between the program's values and Python's: arguments of native functions, and JSON both ways."""

from typing import Any, Final

from crawler.javascript_source.iteration import unpacked
from crawler.javascript_source.limits import JSON_DEPTH
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Accessor,
    ArrayValue,
    ClassValue,
    FunctionValue,
    MapValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    Schema,
    Undefined,
    Value,
)

UNWRITABLE: Final = (Opaque, Undefined, MapValue, Accessor, FunctionValue, ClassValue, NativeFunction)


class UnknownPartError(ValueError):
    """A value that cannot be written as JSON, since a part of it is not known."""


def argument(arguments: ArrayValue, position: int, name: str = "an argument") -> Value:
    """Return one argument without its conditions."""
    if 0 <= position < len(arguments.items):
        return unpacked(arguments.items[position])[0]
    return Opaque(name) if arguments.open else UNDEFINED


def from_json(document: Any) -> Value:
    """Return a JSON document as a value of the program."""
    if isinstance(document, dict):
        return ObjectValue({str(key): from_json(held) for key, held in document.items()})
    if isinstance(document, list):
        return ArrayValue([from_json(item) for item in document])
    return document


def to_json(value: Value, depth: int = 0) -> Any:
    """Return a value as JSON, leaving out what is not known.

    Raises:
        UnknownPartError: the value itself is not known, or too deep.

    """
    known = usual(value)
    if depth > JSON_DEPTH or isinstance(known, UNWRITABLE):
        raise UnknownPartError
    if isinstance(known, Schema):
        return known.json
    if isinstance(known, ObjectValue):
        pairs = ((key, held) for key, held in known.properties.items() if not key.startswith(("@@", "#")))
        return {key: part for key, held in pairs if (part := attempt(held, depth)) is not MISSING}
    if isinstance(known, ArrayValue):
        return [part for item in known.items if (part := attempt(item, depth)) is not MISSING]
    if isinstance(known, str | int | float | bool | None):
        return known
    raise UnknownPartError


MISSING = object()


def attempt(value: Value, depth: int) -> Any:
    """Return a part as JSON, or MISSING."""
    try:
        return to_json(value, depth + 1)
    except UnknownPartError:
        return MISSING
