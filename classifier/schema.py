"""Parameters of an input schema: found at any depth, under unions, arrays and local references, within bounds.

A strangers' schema may be anything that JSON can say: what is no schema yields no parameter.
"""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from classifier.words import Word, split_name, spoken

MOST_PARAMETERS = 2_000
MOST_VALUES = 100
MOST_DESCRIPTION = 2_000
DEEPEST = 12
_UNIONS = ("anyOf", "oneOf", "allOf")
_NESTING = frozenset((*_UNIONS, "properties", "items"))
_BOUNDING = frozenset(("const", "pattern", "format"))
_INVOLVED = _NESTING | {"$ref", "enum"}
_OPEN = frozenset(("string", "any", "array", "object"))


class Parameter(NamedTuple):
    """One named input: `pointer` stands for its name, `values` are its enum's strings, `items` an array's type.

    `spoken` are the words of the name with a blank between them, `type` is the first that is not null, or `any`.
    """

    name: str
    pointer: str
    words: tuple[Word, ...]
    types: tuple[str, ...]
    values: tuple[str, ...]
    values_pointer: str
    description: str
    description_pointer: str
    required: bool
    bounded: bool
    depth: int
    items: str
    spoken: str
    type: str

    @property
    def takes_strings(self) -> bool:
        """Whether a string can be given, or a list of them: not an object, a number, or what has no stated type."""
        return self.items in {"string", "any"} if self.type == "array" else "string" in self.types

    @property
    def free(self) -> bool:
        """Whether any string may be given."""
        return not self.values and not self.bounded and self.type in _OPEN

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
    waiting = deque(_inside(_Place(schema, "/inputSchema", 0), schema))
    seen = 0
    while waiting and len(found) < MOST_PARAMETERS and seen < MOST_PARAMETERS:
        seen += 1
        place = waiting.popleft()
        required = _names(place.schema.get("required"))
        for name, body in islice(place.schema["properties"].items(), MOST_PARAMETERS):
            pointer = f"{place.pointer}/properties/{_escape(name)}"
            if isinstance(body, dict) and body.keys().isdisjoint(_INVOLVED):
                found.append(_plain(name, body, pointer, place.depth + 1, required=name in required))
                continue
            own = _Place(body if isinstance(body, dict) else {}, pointer, place.depth + 1)
            inner = _resolve(own, schema)
            found.append(_parameter(name, own, inner, schema, required=name in required))
            waiting += _inside(inner, schema)
    return tuple(found[:MOST_PARAMETERS])


def _names(required: object) -> frozenset[str]:
    names = required[:MOST_PARAMETERS] if isinstance(required, list) else ()
    return frozenset(name for name in names if isinstance(name, str))


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _resolve(place: _Place, root: dict[str, Any]) -> _Place:
    """Follow a local reference, and references that it leads to, a few times."""
    if "$ref" not in place.schema:
        return place
    for _ in range(4):
        reference = place.schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return place
        target: object = root
        for step in reference[2:].split("/")[:DEEPEST]:
            target = target.get(step) if isinstance(target, dict) else None
        if not isinstance(target, dict):
            return place
        place = _Place(target, f"/inputSchema/{reference[2:]}", place.depth)
    return place


def _inside(place: _Place, root: dict[str, Any]) -> Iterator[_Place]:
    """Yield the schemas in which further properties stand."""
    schema, depth = place.schema, place.depth
    if depth > DEEPEST or schema.keys().isdisjoint(_NESTING):
        return
    if isinstance(schema.get("properties"), dict):
        yield place
    for form in (*_options(place, root), _resolve(_items(place), root)):
        if form.schema:
            yield from _inside(_Place(form.schema, form.pointer, depth + 1), root)


def _items(place: _Place) -> _Place:
    items = place.schema.get("items")
    return _Place(items if isinstance(items, dict) else {}, f"{place.pointer}/items", place.depth)


def _options(place: _Place, root: dict[str, Any]) -> list[_Place]:
    found: list[_Place] = []
    if place.schema.keys().isdisjoint(_UNIONS):
        return found
    for union in _UNIONS:
        options = place.schema.get(union)
        for index, option in enumerate(options[:20] if isinstance(options, list) else ()):
            if isinstance(option, dict):
                found.append(_resolve(_Place(option, f"{place.pointer}/{union}/{index}", place.depth), root))
    return found


def _plain(name: str, body: dict[str, Any], pointer: str, depth: int, *, required: bool) -> Parameter:
    """Return what `_parameter` returns of a body that holds no other schema, which most are, and sooner."""
    types = _types(body)
    if len(types) > 1:
        types = tuple(dict.fromkeys(types))
    description = body.get("description")
    return Parameter(
        name,
        pointer,
        split_name(name),
        types,
        (),
        f"{pointer}/enum",
        description[:MOST_DESCRIPTION] if isinstance(description, str) else "",
        f"{pointer}/description",
        required,
        not _BOUNDING.isdisjoint(body),
        depth,
        "any",
        spoken(name),
        _first_type(types),
    )


def _first_type(types: tuple[str, ...]) -> str:
    return next((name for name in types if name != "null"), "any")


def _parameter(name: str, own: _Place, inner: _Place, root: dict[str, Any], *, required: bool) -> Parameter:
    forms = [inner, *_options(inner, root)]
    types = tuple(dict.fromkeys([kind for form in forms for kind in _types(form.schema)]))
    enums = [form for form in (*forms, _items(inner)) if "enum" in form.schema]
    valued = next((form for form in enums if _strings(form.schema["enum"])), own)
    described = own if isinstance(own.schema.get("description"), str) else inner
    description = described.schema.get("description")
    return Parameter(
        name=name,
        pointer=own.pointer,
        words=split_name(name),
        types=types,
        values=_strings(valued.schema.get("enum")),
        values_pointer=f"{valued.pointer}/enum",
        description=description[:MOST_DESCRIPTION] if isinstance(description, str) else "",
        description_pointer=f"{described.pointer}/description",
        required=required,
        bounded=any(not _BOUNDING.isdisjoint(form.schema) for form in forms),
        depth=own.depth,
        items=_type_of_items(forms, root),
        spoken=spoken(name),
        type=_first_type(types),
    )


def _type_of_items(forms: list[_Place], root: dict[str, Any]) -> str:
    """Return the type of an array's items, `object` where they only list properties, else `any`."""
    for form in forms:
        if "items" in form.schema and (items := _resolve(_items(form), root).schema):
            return next(iter(_types(items)), "object" if "properties" in items else "any")
    return "any"


def _types(form: dict[str, Any]) -> tuple[str, ...]:
    kind = form.get("type")
    return (kind,) if isinstance(kind, str) else _strings(kind)


def _strings(values: object) -> tuple[str, ...]:
    first = values[:MOST_VALUES] if isinstance(values, list) else ()
    return tuple(first) if all(isinstance(value, str) for value in first) else ()
