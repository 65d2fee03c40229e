"""Between the program's values and Python's: arguments of native functions, and JSON both ways."""

from typing import Any, Final

from crawler.javascript_source.iteration import unpacked
from crawler.javascript_source.limits import JSON_DEPTH, JSON_PARTS
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Accessor,
    ArrayValue,
    ClassValue,
    FunctionValue,
    MapValue,
    Maybe,
    NativeFunction,
    ObjectValue,
    Opaque,
    Schema,
    Undefined,
    Value,
    is_unlikely,
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


class Writer:
    """Writes one value as JSON, as long as it does not grow too large."""

    def __init__(self) -> None:
        self.parts = 0

    def write(self, value: Value, depth: int = 0) -> Any:
        """Return a value as JSON, leaving out the parts that are not known."""
        known = usual(value)
        self.parts += 1
        if isinstance(value, Maybe) and is_unlikely(value.path):
            raise UnknownPartError
        if depth > JSON_DEPTH or self.parts > JSON_PARTS or isinstance(known, UNWRITABLE):
            raise UnknownPartError
        if isinstance(known, Schema):
            return known.json
        if isinstance(known, ObjectValue):
            pairs = ((key, held) for key, held in known.properties.items() if not key.startswith(("@@", "#")))
            return {key: part for key, held in pairs if (part := self.attempt(held, depth)) is not MISSING}
        if isinstance(known, ArrayValue):
            return [part for item in known.items if (part := self.attempt(item, depth)) is not MISSING]
        if isinstance(known, str | int | float | bool | None):
            return known
        raise UnknownPartError

    def attempt(self, value: Value, depth: int) -> Any:
        """Return a part as JSON, or MISSING."""
        try:
            return self.write(value, depth + 1)
        except UnknownPartError:
            return MISSING


def to_json(value: Value) -> Any:
    """Return a value as JSON, leaving out what is not known.

    Raises:
        UnknownPartError: the value itself is not known, or the whole is too large.

    """
    written = Writer().write(value)
    if is_too_large(written):
        raise UnknownPartError
    return written


def is_too_large(document: Any) -> bool:
    """Say whether a JSON document has too many parts; one that is used twice counts twice."""
    waiting, parts = [(document, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if parts > JSON_PARTS or depth > JSON_DEPTH:
            return True
        if isinstance(part, dict):
            waiting += [(held, depth + 1) for held in part.values()]
        elif isinstance(part, list):
            waiting += [(item, depth + 1) for item in part]
    return False


MISSING: Final = object()
