"""Attributes: what `value.name` stands for, for every kind of value, and setting it."""

# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

import ast
from collections.abc import Callable
from typing import Any

from crawler.python_source import imports
from crawler.python_source.classes import initialise_outside
from crawler.python_source.containers import container_method
from crawler.python_source.functions import ancestors, callable_name, documentation, find_in_class, outside_ancestor
from crawler.python_source.guards import beyond
from crawler.python_source.machine import Machine
from crawler.python_source.natives import native_attribute
from crawler.python_source.scopes import settled, stored
from crawler.python_source.texts import text_method
from crawler.python_source.values import (
    Arguments,
    Bound,
    Choice,
    Class,
    Const,
    Entry,
    External,
    Function,
    Generic,
    Instance,
    Item,
    Mapping,
    Member,
    Module,
    Native,
    Partial,
    Sequence,
    Super,
    Value,
    chosen,
    constant,
    key_of,
    unknown,
)


def attribute(machine: Machine, value: Value, name: str) -> Value:
    """Return what `value.name` stands for."""
    if isinstance(value, Choice):
        options = [
            Item(attribute(machine, option.value, name), option.guards)
            for option in value.options
            if not (isinstance(option.value, Const) and option.value.value is None and len(value.options) > 1)
        ]
        return settled(chosen(options), machine.guards)
    found = _of(machine, value, name)
    return settled(found, machine.guards) if found is not None else unknown(f"{_shown(value)}.{name}")


def _of(machine: Machine, value: Value, name: str) -> Value | None:
    if isinstance(value, External):
        return machine.outside(f"{value.path}.{name}")
    if isinstance(value, Function | Bound | Partial):
        return _of_function(machine, value, name)
    if isinstance(value, Mapping | Sequence):
        return container_method(machine, value, name)
    if isinstance(value, Generic):
        return attribute(machine, value.base, name)
    if isinstance(value, Const):
        return text_method(value, name) if isinstance(value.value, str) else None
    look_up = OBJECTS.get(type(value))
    return look_up(machine, value, name) if look_up is not None else None


def _shown(value: Value) -> str:
    return value.name if isinstance(value, Native | Class | Function) else type(value).__name__.lower()


def _of_instance(machine: Machine, value: Instance, name: str) -> Value | None:
    if name in value.attributes:
        return value.attributes[name]
    if name == "__class__":
        return value.of
    if name == "__dict__":
        return _names(value.attributes)
    if name == "__doc__" and isinstance(value.of, Class):
        return _of_class(machine, value.of, name)
    found = find_in_class(value.of, name)
    if found is not None:
        return bind(machine, found, value, value.of)
    native = native_attribute(machine, value, name)
    if native is not None:
        return native
    if isinstance(value.of, External):
        if name in {"model_copy", "copy", "_replace"}:
            return machine.native(name, lambda _machine, given: _changed(value, given))
        return machine.outside(f"{value.of.path}().{name}")
    lazy = find_in_class(value.of, "__getattr__")
    if isinstance(lazy, Function) and not name.startswith("__"):
        return machine.call_with(Bound(lazy, value), Const(name), node=ast.Pass())
    outside = outside_ancestor(value.of)
    return External(f"{outside.path}().{name}") if outside is not None else None


def _changed(value: Instance, given: Arguments) -> Value:
    """Return a copy of an outside object with some attributes changed."""
    update = given.keywords.get("update")
    named = (
        {constant(entry.key): entry.value for entry in update.entries.values()} if isinstance(update, Mapping) else {}
    )
    attributes = {**value.attributes, **{name: each for name, each in named.items() if isinstance(name, str)}}
    return Instance(value.of, attributes, list(value.arguments), value.born, value.native, value.where)


def bind(machine: Machine, found: Value, receiver: Value, owner: Value) -> Value:
    """Return what a class attribute gives when it is read from an object."""
    if isinstance(found, Choice):
        return chosen([Item(bind(machine, each.value, receiver, owner), each.guards) for each in found.options])
    if not isinstance(found, Function) or found.binding == "static":
        return found
    if found.binding == "class":
        return Bound(found, receiver.of if isinstance(receiver, Instance) else owner)
    if found.binding == "property" and not isinstance(receiver, Class):
        return machine.call(Bound(found, receiver), Arguments([], {}, found.node, machine.where(found.node)))
    return Bound(found, receiver)


def _of_class(machine: Machine, value: Class, name: str) -> Value | None:
    found = find_in_class(value, name)
    if found is not None:
        return Bound(found, value) if isinstance(found, Function) and found.binding == "class" else found
    if name in {"__name__", "__qualname__"}:
        return Const(value.name)
    if name == "__doc__":
        return Const(ast.get_docstring(value.node, clean=False))
    if name in {"__members__", "__dict__"}:
        return _names(dict(value.scope.names))
    if name in {"__mro__", "mro"}:
        line = Sequence([Item(each) for each in ancestors(value)], "tuple")
        return line if name == "__mro__" else machine.native("mro", lambda _machine, _given: line)
    if name == "__subclasses__":
        return machine.native(name, lambda _machine, _given: Sequence([Item(each) for each in value.subclasses]))
    if name == "__annotations__":
        known = {field: unknown("a type") for field in value.fields}
        return _names(dict(known))
    native = native_attribute(machine, value, name)
    if native is not None:
        return native
    outside = outside_ancestor(value)
    return machine.outside(f"{outside.path}.{name}") if outside is not None else None


def _of_function(machine: Machine, value: Function | Bound | Partial, name: str) -> Value | None:
    function = value.function if isinstance(value, Bound) else value
    if isinstance(function, Partial):
        return function.function if name == "func" else None
    if name in function.attributes:
        return function.attributes[name]
    if name == "__self__" and isinstance(value, Bound):
        return value.receiver
    if name in {"fn", "callback"}:
        return value
    found = _special(function, name)
    if found is None:
        found = native_attribute(machine, function, name)
    if found is not None or function.wrapped is None:
        return found
    return _of(machine, function.wrapped, name)


def _special(function: Function, name: str) -> Value | None:
    """Return an attribute that every function has."""
    if name in {"__name__", "__qualname__", "name"}:
        shown = callable_name(function)
        return Const(shown) if shown is not None else None
    if name == "__doc__":
        return Const(documentation(function))
    if name in {"func", "__func__"}:
        return function
    if name == "__wrapped__":
        return function.wrapped
    return _names(function.attributes) if name == "__dict__" else None


def _of_member(machine: Machine, value: Member, name: str) -> Value | None:
    if name in {"value", "_value_"}:
        return value.value
    if name == "name":
        return Const(value.name)
    found = find_in_class(value.owner, name)
    if found is not None:
        return bind(machine, found, value, value.owner)
    plain = constant(value)
    return text_method(Const(plain), name) if isinstance(plain, str) else None


def _of_super(machine: Machine, value: Super, name: str) -> Value | None:
    line = value.receiver if isinstance(value.receiver, Class) else getattr(value.receiver, "of", value.after)
    found = find_in_class(line, name, value.after)
    if found is not None:
        return bind(machine, found, value.receiver, value.after)
    if name == "__init__":
        receiver = value.receiver
        if isinstance(receiver, Instance):
            return machine.native(name, lambda inner, given: initialise_outside(inner, receiver, given))
    native = native_attribute(machine, value.receiver, name)
    return native if native is not None else unknown(f"super().{name}")


def _of_module(machine: Machine, value: Module, name: str) -> Value | None:
    if name == "__dict__":
        return _names(value.scope.names)
    if name == "__path__":
        found = machine.index.find(value.name)
        return Sequence([Item(Const("/" + (found.folder if found else value.path.rpartition("/")[0])))])
    if name == "__doc__":
        return Const(None)
    return imports.member(machine, value, name)


def _names(names: dict[str, Value]) -> Mapping:
    return Mapping({key_of(Const(name)): Entry(Const(name), each) for name, each in names.items()})


OBJECTS: dict[type[Value], Callable[[Machine, Any, str], Value | None]] = {
    Instance: _of_instance,
    Module: _of_module,
    Class: _of_class,
    Member: _of_member,
    Super: _of_super,
}


def assign_attribute(machine: Machine, target: Value, name: str, value: Value) -> None:
    """Do `target.name = value`; under a guard, the old value stays possible."""
    machine.effects += 1
    if isinstance(target, Choice):
        for option in target.options:
            with machine.under(*option.guards):
                assign_attribute(machine, option.value, name, value)
    elif isinstance(target, Bound):
        assign_attribute(machine, target.function, name, value)
    elif isinstance(target, Instance):
        setter = None if isinstance(target.of, External) else find_in_class(target.of, name)
        if isinstance(setter, Function) and setter.binding == "property":
            return
        old = target.attributes.get(name)
        if old is None and isinstance(setter, Const) and beyond(machine.guards, target.born):
            old = setter
        target.attributes[name] = stored(old, value, machine.guards, target.born)
    elif isinstance(target, Function):
        target.attributes[name] = value
    elif isinstance(target, Class | Module):
        target.scope.set(name, value, machine.guards)
