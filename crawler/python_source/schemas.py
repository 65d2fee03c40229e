"""Types into JSON schemas, as pydantic would write them, with definitions inline and without titles."""

# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

import ast
from typing import Any

from crawler.python_source.functions import ancestors, is_enumeration
from crawler.python_source.machine import Machine
from crawler.python_source.models import data_fields, is_data_class, is_field_maker
from crawler.python_source.operators import is_union
from crawler.python_source.scopes import Scope
from crawler.python_source.values import (
    Choice,
    Class,
    Const,
    External,
    Generic,
    Instance,
    Mapping,
    Member,
    Native,
    Sequence,
    Value,
    constant,
    text,
)

DEPTH = 6
SIZE = 20_000
JSON_DEPTH = 40
UNREADABLE = object()
"""What `to_json` returns where a value is not known."""

SIMPLE: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "Decimal": {"type": "number"},
    "bool": {"type": "boolean"},
    "bytes": {"type": "string", "format": "binary"},
    "None": {"type": "null"},
    "NoneType": {"type": "null"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "UUID": {"type": "string", "format": "uuid"},
    "Path": {"type": "string", "format": "path"},
    "AnyUrl": {"type": "string", "format": "uri"},
    "HttpUrl": {"type": "string", "format": "uri"},
    "EmailStr": {"type": "string", "format": "email"},
    "dict": {"type": "object"},
    "Dict": {"type": "object"},
    "Mapping": {"type": "object"},
    "list": {"type": "array"},
    "List": {"type": "array"},
    "Sequence": {"type": "array"},
    "Iterable": {"type": "array"},
    "tuple": {"type": "array"},
    "Tuple": {"type": "array"},
    "set": {"type": "array", "uniqueItems": True},
    "Set": {"type": "array", "uniqueItems": True},
    "frozenset": {"type": "array", "uniqueItems": True},
    "StrictStr": {"type": "string"},
    "StrictInt": {"type": "integer"},
    "StrictBool": {"type": "boolean"},
    "PositiveInt": {"type": "integer", "exclusiveMinimum": 0},
    "NonNegativeInt": {"type": "integer", "minimum": 0},
}
KEYWORDS = {
    "description": "description",
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
    "regex": "pattern",
    "examples": "examples",
}
LENGTHS = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}
BOUNDS = {"Ge": "minimum", "Gt": "exclusiveMinimum", "Le": "maximum", "Lt": "exclusiveMaximum"}


def annotation(machine: Machine, node: ast.expr | None, scope: Scope) -> Value | None:
    """Return the type that an annotation means, also where it is written as text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return machine.evaluate(node, scope) if node is not None else None


def schema_of(machine: Machine, value: Value | None, depth: int = 0) -> dict[str, Any]:
    """Return the JSON schema of a type; an unknown one allows anything."""
    machine.spend()
    if isinstance(value, Const) and isinstance(value.value, str):
        value = annotation(machine, ast.Constant(value.value), Scope("module"))
    if value is None or depth > DEPTH:
        return {}
    if isinstance(value, Const) and value.value is None:
        return {"type": "null"}
    if isinstance(value, External | Native):
        name = value.last if isinstance(value, External) else value.name
        return dict(SIMPLE.get(name, {}))
    if isinstance(value, Generic):
        return _generic(machine, value, depth)
    if isinstance(value, Class):
        return _of_class(machine, value, depth)
    if isinstance(value, Choice):
        return schema_of(machine, value.options[0].value, depth)
    if isinstance(value, Instance) and isinstance(value.of, External) and value.of.last == "NewType":
        return schema_of(machine, value.arguments[-1] if value.arguments else None, depth + 1)
    return {}


def _generic(machine: Machine, value: Generic, depth: int) -> dict[str, Any]:
    name = value.base.last if isinstance(value.base, External) else getattr(value.base, "name", "")
    if is_union(value):
        options = [schema_of(machine, each, depth + 1) for each in value.arguments]
        return {"anyOf": options} if all(options) else {}
    if name == "Literal":
        return _literal(value)
    if name in {"Annotated", "Required", "NotRequired", "Final", "ReadOnly"}:
        schema = schema_of(machine, value.arguments[0], depth)
        for extra in value.arguments[1:]:
            describe(schema, extra)
        return schema
    schema = dict(SIMPLE.get(name, {}))
    if schema.get("type") == "array":
        inner = schema_of(machine, value.arguments[0], depth + 1)
        return {**schema, "items": inner}
    if schema.get("type") == "object" and len(value.arguments) == 2:  # noqa: PLR2004  # keys and values
        inner = schema_of(machine, value.arguments[1], depth + 1)
        return {**schema, "additionalProperties": inner or True}
    if isinstance(value.base, Class):
        return _of_class(machine, value.base, depth)
    return schema


def _literal(value: Generic) -> dict[str, Any]:
    choices = [constant(each) if constant(each) is not None else None for each in value.arguments]
    plain = [each for each in choices if each is not None]
    schema: dict[str, Any] = {"enum": plain} if len(plain) != 1 else {"const": plain[0]}
    kinds = {type(each) for each in plain}
    if len(kinds) == 1 and (name := {str: "string", int: "integer", bool: "boolean"}.get(kinds.pop())):
        schema["type"] = name
    return schema


def describe(schema: dict[str, Any], extra: Value) -> None:
    """Add what `Field(...)` or another annotation says to a schema."""
    plain = text(extra)
    if plain is not None:
        schema.setdefault("description", plain)
        return
    if not isinstance(extra, Instance) or not isinstance(extra.of, External):
        return
    if extra.of.last in BOUNDS and extra.arguments:
        schema[BOUNDS[extra.of.last]] = constant(extra.arguments[0])
    if extra.of.last == "Doc" and extra.arguments:
        schema["description"] = text(extra.arguments[0]) or ""
    if is_field_maker(extra):
        _describe_field(schema, extra)


def _describe_field(schema: dict[str, Any], extra: Instance) -> None:
    for name, keyword in KEYWORDS.items():
        found = to_json(extra.attributes.get(name))
        if found is not UNREADABLE and found is not None:
            schema[keyword] = found
    lengths = LENGTHS.get(str(schema.get("type")))
    for name, position in (("min_length", 0), ("max_length", 1)):
        found = constant(extra.attributes.get(name))
        if lengths is not None and found is not None:
            schema[lengths[position]] = found
    more = to_json(extra.attributes.get("json_schema_extra"))
    if isinstance(more, dict):
        schema.update(more)


def _of_class(machine: Machine, value: Class, depth: int) -> dict[str, Any]:
    if is_enumeration(value):
        members = [each for each in value.scope.names.values() if isinstance(each, Member)]
        plain = [each for each in (constant(member.value) for member in members) if each is not None]
        kind = {str: "string", int: "integer"}.get(type(plain[0])) if plain else None
        return {"enum": plain, **({"type": kind} if kind else {})}
    if not is_data_class(value):
        simple = next(
            (SIMPLE[base.last] for base in ancestors(value) if isinstance(base, External) and base.last in SIMPLE), {}
        )
        return dict(simple)
    return model_schema(machine, value, depth)


def model_schema(machine: Machine, value: Class, depth: int = 0) -> dict[str, Any]:
    """Return the JSON schema of a model's fields."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for name, node in data_fields(value).items():
        owner = next(each for each in ancestors(value) if isinstance(each, Class) and name in each.fields)
        found = annotation(machine, node, owner.scope)
        schema = schema_of(machine, found, depth + 1)
        default = owner.scope.names.get(name)
        alias = name
        if isinstance(default, Instance):
            describe(schema, default)
            alias = text(default.attributes.get("alias")) or name
        if is_required(default, found):
            required.append(alias)
        else:
            add_default(schema, default)
        properties[alias] = schema
    made: dict[str, Any] = {"type": "object", "properties": properties}
    documented = ast.get_docstring(value.node)
    if documented and depth:
        made = {"description": documented, **made}
    return {**made, "required": required} if required else made


def is_required(default: Value | None, annotated: Value | None = None) -> bool:
    """Say whether a field or parameter must be given."""
    if isinstance(annotated, Generic) and isinstance(annotated.base, External):
        if annotated.base.last == "NotRequired":
            return False
        if annotated.base.last == "Annotated" and default is None:
            return all(is_required(extra) for extra in annotated.arguments[1:] if is_field_maker(extra))
    if default is None:
        return True
    if is_field_maker(default):
        plain = default.attributes.get("default") or (default.arguments[0] if default.arguments else None)
        has_factory = "default_factory" in default.attributes or "factory" in default.attributes
        return not has_factory and (plain is None or (isinstance(plain, Const) and plain.value is ...))
    return isinstance(default, Const) and default.value is ...


def add_default(schema: dict[str, Any], default: Value | None) -> None:
    """Add a default to a schema where it is known and JSON has it."""
    if is_field_maker(default):
        default = default.attributes.get("default") or (default.arguments[0] if default.arguments else None)
    plain = to_json(default) if default is not None else UNREADABLE
    if plain is not UNREADABLE:
        schema["default"] = plain


def to_json(value: Value | None) -> Any:
    """Return a value as JSON would hold it, or UNREADABLE."""
    return _Json().of(value, 0)


class _Json:
    """One conversion, which stops after `SIZE` values, since a value may hold itself many times over."""

    def __init__(self) -> None:
        self.left = SIZE

    def of(self, value: Value | None, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > JSON_DEPTH or value is None:
            return UNREADABLE
        if isinstance(value, Member):
            return self.of(value.value, depth + 1)
        if isinstance(value, Const):
            return value.value if isinstance(value.value, str | int | float | None) else UNREADABLE
        if isinstance(value, Choice):
            return self.of(value.options[0].value, depth + 1)
        if isinstance(value, Sequence):
            parts = [self.of(item.value, depth + 1) for item in value.items[:SIZE]]
            return [part for part in parts if part is not UNREADABLE]
        return self._of_mapping(value, depth) if isinstance(value, Mapping) else UNREADABLE

    def _of_mapping(self, value: Mapping, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for entry in list(value.entries.values())[:SIZE]:
            name, plain = text(entry.key), self.of(entry.value, depth + 1)
            if name is not None and plain is not UNREADABLE:
                made[name] = plain
        return made
