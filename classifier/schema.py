"""Parameters of an input schema: found at any depth, under unions, arrays and local references, within bounds.

A strangers' schema may be anything that JSON can say: what is no schema yields no parameter.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from classifier.words import Word, split

MOST_PARAMETERS = 2_000
DEEPEST = 12
_UNIONS = ("anyOf", "oneOf", "allOf")
_BOUNDING = ("const", "pattern", "format")


class Parameter(NamedTuple):
    """One named input. `pointer` stands for its name, `values` are its enum's strings, `free` says that any text goes."""

    name: str
    pointer: str
    words: tuple[Word, ...]
    types: tuple[str, ...]
    values: tuple[str, ...]
    values_pointer: str
    description: str
    required: bool
    bounded: bool
    depth: int

    @property
    def type(self) -> str:
        """The first type that is not null, or `any`."""
        return next((name for name in self.types if name != "null"), "any")

    @property
    def free(self) -> bool:
        """Whether any string may be given."""
        return self.freedom == "free" and self.type in {"string", "any", "array", "object"}

    @property
    def freedom(self) -> str:
        """`enum`, `bounded` by a constant, pattern or format, or `free`."""
        return "enum" if self.values else "bounded" if self.bounded else "free"

    @property
    def need(self) -> str:
        """`required` or `optional`."""
        return "required" if self.required else "optional"


class _Place(NamedTuple):
    schema: dict[str, Any]
    pointer: str
    depth: int


def parameters_of(schema: object) -> tuple[Parameter, ...]:
    """Return the first parameters of a schema, outer before inner, at most `MOST_PARAMETERS`."""
    if not isinstance(schema, dict):
        return ()
    found: list[Parameter] = []
    waiting = [_Place(schema, "/inputSchema", 0)]
    steps = 0
    while waiting and len(found) < MOST_PARAMETERS and steps < 2 * MOST_PARAMETERS:
        steps += 1
        place = waiting.pop(0)
        properties = place.schema.get("properties")
        if isinstance(properties, dict):
            required = place.schema.get("required")
            names = frozenset(name for name in required if isinstance(name, str)) if isinstance(required, list) else ()
            for name, body in list(properties.items())[:MOST_PARAMETERS]:
                inner = _resolve(body, schema)
                pointer = f"{place.pointer}/properties/{_escape(name)}"
                found.append(_parameter(name, inner, schema, pointer, required=name in names, depth=place.depth))
                waiting += _inside(_Place(inner, pointer, place.depth + 1), schema)
        else:
            waiting += [] if place.depth else _inside(place, schema)
    return tuple(found[:MOST_PARAMETERS])


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _resolve(body: object, root: dict[str, Any]) -> dict[str, Any]:
    """Follow a local reference a few times; anything that is no schema becomes the empty one."""
    for _ in range(4):
        if not isinstance(body, dict):
            return {}
        reference = body.get("$ref")
        if not isinstance(reference, str):
            return body
        target: object = root
        for step in reference.removeprefix("#/").split("/")[:DEEPEST]:
            target = target.get(step) if isinstance(target, dict) else None
        body = (
            {**target, **{key: value for key, value in body.items() if key != "$ref"}}
            if isinstance(target, dict)
            else {}
        )
    return body if isinstance(body, dict) else {}


def _inside(place: _Place, root: dict[str, Any]) -> Iterator[_Place]:
    """Yield the schemas in which further properties may stand."""
    if place.depth > DEEPEST:
        return
    schema, pointer, depth = place
    if place.depth and isinstance(schema.get("properties"), dict):
        yield place
    items = schema.get("items")
    if isinstance(items, dict):
        yield from _inside(_Place(_resolve(items, root), f"{pointer}/items", depth + 1), root)
    for union in _UNIONS:
        options = schema.get(union)
        for index, option in enumerate(options[:20] if isinstance(options, list) else ()):
            yield from _inside(_Place(_resolve(option, root), f"{pointer}/{union}/{index}", depth + 1), root)


def _parameter(
    name: str, body: dict[str, Any], root: dict[str, Any], pointer: str, *, required: bool, depth: int
) -> Parameter:
    forms = [(body, pointer), *_options(body, root, pointer)]
    types = tuple(dict.fromkeys(kind for form, _ in forms for kind in _types(form)))
    values: tuple[str, ...] = ()
    values_pointer = f"{pointer}/enum"
    for form, where in forms:
        if listed := _strings(form.get("enum")):
            values, values_pointer = listed, f"{where}/enum"
            break
    description = body.get("description")
    return Parameter(
        name=name,
        pointer=pointer,
        words=tuple(split(name, 200)),
        types=types,
        values=values,
        values_pointer=values_pointer,
        description=description[:2_000] if isinstance(description, str) else "",
        required=required,
        bounded=any(key in form for form, _ in forms for key in _BOUNDING),
        depth=depth,
    )


def _options(body: dict[str, Any], root: dict[str, Any], pointer: str) -> list[tuple[dict[str, Any], str]]:
    found = []
    for union in _UNIONS[:2]:
        options = body.get(union)
        for index, option in enumerate(options[:20] if isinstance(options, list) else ()):
            found.append((_resolve(option, root), f"{pointer}/{union}/{index}"))
    items = body.get("items")
    if isinstance(items, dict) and "enum" in items:
        found.append((items, f"{pointer}/items"))
    return found


def _types(form: dict[str, Any]) -> tuple[str, ...]:
    kind = form.get("type")
    if isinstance(kind, str):
        return (kind,)
    return tuple(name for name in kind if isinstance(name, str)) if isinstance(kind, list) else ()


def _strings(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return ()
    return tuple(values[:50])
