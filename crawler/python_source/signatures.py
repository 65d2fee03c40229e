"""Functions into input schemas, as the SDKs make them: parameters, types, defaults, and who is left out."""

from typing import Any

from crawler.python_source.functions import ancestors, find_in_class
from crawler.python_source.machine import Machine
from crawler.python_source.schemas import add_default, annotation, describe, is_required, schema_of
from crawler.python_source.values import (
    Bound,
    Class,
    Const,
    External,
    Function,
    Generic,
    Instance,
    Partial,
    Value,
    text,
)

INJECTED_TYPES = frozenset({"Context", "FastMCP", "MCPServer", "ServerSession", "Request", "ServerRequestContext"})
INJECTORS = frozenset({"Depends", "Resolve", "CurrentContext", "CurrentFastMCP", "CurrentRequest", "CurrentHeaders",
                       "CurrentAccessToken", "Progress", "TokenClaim", "Dependency"})  # fmt: skip


def input_schema(machine: Machine, target: Value | None) -> dict[str, Any] | None:
    """Return the input schema of a callable, or None where it is not known."""
    given: tuple[int, set[str]] = (0, set())
    while True:
        if isinstance(target, Partial):
            given = (given[0] + len(target.positional), given[1] | set(target.keywords))
            target = target.function
        elif isinstance(target, Bound):
            given = (given[0] + 1, given[1])
            target = target.function
        elif isinstance(target, Function) and target.wrapped is not None:
            target = target.wrapped
        elif isinstance(target, Instance) and isinstance(target.of, Class):
            method = find_in_class(target.of, "__call__")
            target = Bound(method, target) if isinstance(method, Function) else None
        else:
            break
    return _of_function(machine, target, *given) if isinstance(target, Function) else None


def _of_function(machine: Machine, function: Function, skipped: int, known: set[str]) -> dict[str, Any]:
    taken = function.node.args
    parameters = [*taken.posonlyargs, *taken.args][skipped:] + taken.kwonlyargs
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter in parameters:
        if parameter.arg in known or parameter.arg in {"self", "cls"}:
            continue
        found = annotation(machine, parameter.annotation, function.scope)
        default = function.defaults.get(parameter.arg)
        if _is_injected(found, default):
            continue
        schema = schema_of(machine, found)
        if isinstance(default, Instance):
            describe(schema, default)
        name = _alias(default) or parameter.arg
        if is_required(default, found):
            required.append(name)
        else:
            add_default(schema, default if default is not None else _annotated_default(found))
        properties[name] = schema
    made: dict[str, Any] = {"type": "object", "properties": properties}
    return {**made, "required": required} if required else made


def _alias(default: Value | None) -> str | None:
    return text(default.attributes.get("alias")) if isinstance(default, Instance) else None


def _annotated_default(found: Value | None) -> Value | None:
    extras = found.arguments[1:] if isinstance(found, Generic) else []
    return next((extra for extra in extras if isinstance(extra, Instance) and "default" in extra.attributes), None)


def _is_injected(found: Value | None, default: Value | None) -> bool:
    """Say whether a parameter is filled in by the server and never seen by a caller."""
    if _is_injector(default):
        return True
    if isinstance(found, Generic):
        if any(_is_injector(extra) for extra in found.arguments[1:]):
            return True
        inner = [found.base, *found.arguments]
        return any(_is_context(each) for each in inner)
    return _is_context(found)


def _is_injector(value: Value | None) -> bool:
    if isinstance(value, Instance) and isinstance(value.of, External):
        return value.of.last in INJECTORS
    return isinstance(value, External) and value.last in INJECTORS


def _is_context(value: Value | None) -> bool:
    if isinstance(value, Const | None):
        return False
    return any(isinstance(each, External) and each.last in INJECTED_TYPES for each in ancestors(value))
