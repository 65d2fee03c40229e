"""Registered functions and answered objects into tool definitions."""

import ast
import inspect
from dataclasses import dataclass
from typing import Any

from crawler.python_source.docstrings import free_text
from crawler.python_source.functions import callable_name, documentation
from crawler.python_source.guards import Guards, joined
from crawler.python_source.iteration import elements
from crawler.python_source.machine import Machine
from crawler.python_source.operators import described
from crawler.python_source.registrations import DETAILS, Registration
from crawler.python_source.schemas import UNREADABLE, to_json
from crawler.python_source.signatures import input_schema
from crawler.python_source.values import (
    NONE,
    Bound,
    Choice,
    Class,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Partial,
    Sequence,
    Value,
    text,
)

HINTS = {
    "read_only_hint": "readOnlyHint",
    "destructive_hint": "destructiveHint",
    "idempotent_hint": "idempotentHint",
    "open_world_hint": "openWorldHint",
}
SCHEMAS = ("inputSchema", "input_schema", "parameters")
WRAPPERS = ("root", "tools", "result")
NAME_LENGTH = 200


@dataclass(slots=True)
class Definition:
    """A tool definition that was found, with the guards under which it is served."""

    name: str
    title: str | None
    description: str | None
    input_schema: dict[str, Any] | None
    annotations: dict[str, Any] | None
    where: str
    guards: Guards


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is served and could not be read, with the reason."""

    where: str
    reason: str


def defined(machine: Machine, registration: Registration, guards: Guards) -> tuple[list[Definition], list[Unknown]]:
    """Return the definition of a registered function, one for each name that it may have."""
    details, target = registration.details, registration.target
    if isinstance(target, Instance) and isinstance(target.native, Registration):
        return _from_object(machine, target, guards, registration.where)
    if isinstance(target, Instance) and target.native is None and "name" in _known(machine, target):
        return _from_object(machine, target, guards, registration.where)
    name = details.get("name")
    if name is None or (isinstance(name, Const) and name.value is None):
        shown = callable_name(target) if target is not None else None
        if shown is None or shown == "<lambda>":
            what = described(target) if target is not None else "nothing"
            return [], [Unknown(registration.where, f"the tool's function is not known: {what}")]
        name = Const(shown)
    schema = to_json(details["input_schema"]) if "input_schema" in details else input_schema(machine, target)
    found: list[Definition] = []
    for plain, when in _names(name):
        if plain is None:
            return found, [Unknown(registration.where, f"the tool's name is not known: {described(name)}")]
        found.append(
            Definition(
                plain,
                text(details.get("title")),
                _description(machine, details.get("description"), target),
                schema if isinstance(schema, dict) else None,
                _annotations(details.get("annotations")),
                registration.where,
                joined(guards, when),
            )
        )
    return found, []


def _names(name: Value) -> list[tuple[str | None, Guards]]:
    if isinstance(name, Choice):
        known = [(text(option.value), option.guards) for option in name.options]
        return [each for each in known if each[0] is not None] or [(None, ())]
    plain = text(name)
    return [(plain if plain and len(plain) <= NAME_LENGTH else None, ())]


def _description(machine: Machine, given: Value | None, target: Value | None) -> str | None:
    if isinstance(given, Choice):
        given = given.options[0].value
    plain = text(given)
    if plain is not None:
        return plain
    function = target
    while isinstance(function, Bound | Partial):
        function = function.function
    documented = documentation(function) if isinstance(function, Function) else None
    if isinstance(function, Class):
        documented = ast.get_docstring(function.node)
    if documented is None:
        return None
    whole = inspect.cleandoc(documented)
    return free_text(whole) if machine.splits_docstrings else whole


def _annotations(value: Value | None) -> dict[str, Any] | None:
    if isinstance(value, Choice):
        value = value.options[0].value
    attributes = value.attributes if isinstance(value, Instance) else {}
    fields: Any = (
        to_json(value) if isinstance(value, Mapping) else {name: to_json(attributes[name]) for name in attributes}
    )
    known = {name: each for name, each in fields.items() if each is not UNREADABLE and each is not None}
    return {HINTS.get(str(name), str(name)): each for name, each in known.items()} or None


def listed(
    machine: Machine, answer: Value, guards: Guards, where: str, depth: int = 0
) -> tuple[list[Definition], list[Unknown]]:
    """Return the definitions in what a `tools/list` handler answers with."""
    if isinstance(answer, Choice):
        parts = [listed(machine, each.value, joined(guards, each.guards), where, depth) for each in answer.options
                 if not (isinstance(each.value, Const) and each.value.value is None)]  # fmt: skip
        return [each for part in parts for each in part[0]], [each for part in parts for each in part[1]]
    wrapped = _unwrapped(machine, answer) if depth < len(WRAPPERS) else None
    if wrapped is not None:
        return listed(machine, wrapped, guards, where, depth + 1)
    known = elements(machine, answer)
    found: list[Definition] = []
    unread: list[Unknown] = []
    if known.rest or not isinstance(answer, Sequence | Mapping):
        unread.append(Unknown(where, f"the list of tools comes from {known.rest or described(answer)}"))
    for item in known.items:
        more, reasons = _from_object(machine, item.value, joined(guards, item.guards), where)
        found += more
        unread += reasons
    return found, unread


def _unwrapped(machine: Machine, answer: Value) -> Value | None:
    if isinstance(answer, Instance):
        for name in WRAPPERS:
            if name in answer.attributes:
                return answer.attributes[name]
        return answer.arguments[0] if answer.arguments and isinstance(answer.of, External) else None
    if isinstance(answer, Mapping) and (tools := _known(machine, answer).get("tools")) is not None:
        return tools
    return None


def _known(machine: Machine, value: Value) -> dict[str, Value]:
    """Return the fields of a tool that an object or a mapping has."""
    if isinstance(value, Mapping):
        fields = {text(entry.key): entry.value for entry in value.entries.values()}
        return {name: each for name, each in fields.items() if name is not None}
    known: dict[str, Value] = {}
    for name in ("name", "title", "description", "annotations", *SCHEMAS):
        found = machine.attribute(value, name)
        if not isinstance(found, External):
            known[name] = found
    return known


def _from_object(machine: Machine, value: Value, guards: Guards, where: str) -> tuple[list[Definition], list[Unknown]]:
    if isinstance(value, Choice):
        parts = [_from_object(machine, each.value, joined(guards, each.guards), where) for each in value.options]
        return [each for part in parts for each in part[0]], [each for part in parts for each in part[1]]
    if isinstance(value, Instance) and isinstance(value.native, Registration):
        set_later = {name: each for name, each in value.attributes.items() if name in DETAILS}
        kept = value.native
        return defined(machine, Registration(kept.target, {**kept.details, **set_later}, kept.where), guards)
    if isinstance(value, Function | Bound):
        return defined(machine, Registration(value, {}, where), guards)
    place = value.where if isinstance(value, Instance) and value.where.rpartition(":")[0] else where
    known = _known(machine, value) if isinstance(value, Instance | Mapping) else {}
    name = known.get("name", NONE)
    found: list[Definition] = []
    schema = next((to_json(known[each]) for each in SCHEMAS if each in known), UNREADABLE)
    for plain, when in _names(name):
        if plain is None:
            return found, [Unknown(place, f"the tool's name is not known: {described(name if known else value)}")]
        found.append(
            Definition(
                plain,
                text(known.get("title")),
                _description(machine, known.get("description"), None),
                schema if isinstance(schema, dict) else None,
                _annotations(known.get("annotations")),
                place,
                joined(guards, when),
            )
        )
    return found, []
