"""Data classes and models: which fields a class takes, whoever writes its `__init__`."""

import ast
from typing import TypeGuard

from crawler.python_source.functions import ancestors
from crawler.python_source.values import Class, External, Instance, Value

MODELS = frozenset({"BaseModel", "BaseSettings", "NamedTuple", "TypedDict", "Struct", "SQLModel", "RootModel"})
MARKS = frozenset({"dataclass", "define", "frozen", "attrs", "s", "mutable"})
FIELD_MAKERS = frozenset({"Field", "field", "attrib", "ib", "PrivateAttr"})


def is_data_class(of: Class) -> bool:
    """Say whether a class takes its fields as arguments: a dataclass, a pydantic model, a named tuple."""
    line = ancestors(of)
    if any(isinstance(each, Class) and each.marks.keys() & MARKS for each in line):
        return True
    return any(isinstance(each, External) and each.last in MODELS for each in line)


def data_fields(of: Value) -> dict[str, ast.expr]:
    """Return the annotated fields of a class and those it derives from, the farthest first."""
    fields: dict[str, ast.expr] = {}
    for each in reversed(ancestors(of)):
        if isinstance(each, Class):
            fields |= {name: annotation for name, annotation in each.fields.items() if _is_field(name, annotation)}
    return fields


def _is_field(name: str, annotation: ast.expr) -> bool:
    return not (name.startswith("__") or name == "model_config" or "ClassVar" in ast.unparse(annotation)[:40])


def is_field_maker(value: Value | None) -> TypeGuard[Instance]:
    """Say whether a value is made by `Field(...)` and the like."""
    return isinstance(value, Instance) and isinstance(value.of, External) and value.of.last in FIELD_MAKERS
