"""Subscripts: elements of containers, slices, members by name, and types with arguments."""

import ast

from crawler.python_source.machine import Machine
from crawler.python_source.operators import described
from crawler.python_source.scopes import Scope, settled
from crawler.python_source.values import (
    Arguments,
    Choice,
    Class,
    Const,
    External,
    Generic,
    Instance,
    Item,
    Mapping,
    Member,
    Native,
    Sequence,
    Value,
    chosen,
    constant,
    is_assumed,
    key_of,
    text,
    unknown,
)


def subscript(machine: Machine, container: Value, node: ast.expr, scope: Scope) -> Value:
    """Return `container[node]`."""
    if isinstance(container, Choice):
        return chosen(
            [Item(subscript(machine, option.value, node, scope), option.guards) for option in container.options]
        )
    if isinstance(node, ast.Slice):
        return _slice(machine, container, node, scope)
    if isinstance(container, Class | External | Generic | Native) and not _is_enumeration_like(container):
        return _typed(machine, container, node, scope)
    key = machine.evaluate(node, scope)
    if isinstance(container, Instance) and isinstance(container.of, Class):
        method = machine.attribute(container, "__getitem__")
        return machine.call(method, Arguments([key], {}, node, machine.where(node)))
    return element(machine, container, key)


def element(machine: Machine, container: Value, key: Value) -> Value:
    """Return the element of a container at a key."""
    if isinstance(key, Choice):
        return chosen([Item(element(machine, container, option.value), option.guards) for option in key.options])
    if isinstance(container, Mapping):
        found = lookup(machine, container, key)
        return found if found is not None else unknown(f"an entry of {described(container)}")
    index = constant(key)
    if isinstance(container, Sequence) and isinstance(index, int):
        if not container.rest and -len(container.items) <= index < len(container.items):
            return container.items[index].value
    elif isinstance(container, Const) and isinstance(container.value, str | bytes) and isinstance(index, int):
        if -len(container.value) <= index < len(container.value):
            return Const(container.value[index], is_assumed(container))
    elif isinstance(container, Class):
        member = container.scope.names.get(text(key) or "")
        return member if isinstance(member, Member) else unknown("a member")
    return unknown(f"{described(container)}[…]")


def lookup(machine: Machine, container: Mapping, key: Value) -> Value | None:
    """Return the value that a mapping has for a key, None where it has none."""
    place = key_of(key)
    entry = container.entries.get(place) if place is not None else None
    if entry is None:
        return unknown(container.rest) if container.rest or place is None else None
    return settled(entry.value, machine.guards)


def _is_enumeration_like(value: Value) -> bool:
    return isinstance(value, Class) and any(isinstance(member, Member) for member in value.scope.names.values())


def _typed(machine: Machine, base: Value, node: ast.expr, scope: Scope) -> Value:
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    if isinstance(base, External) and base.last == "Optional":
        return Generic(External("typing.Union"), [machine.evaluate(nodes[0], scope), Const(None)])
    return Generic(base, [machine.evaluate(each, scope) for each in nodes])


def _slice(machine: Machine, container: Value, node: ast.Slice, scope: Scope) -> Value:
    bounds = [constant(machine.evaluate(each, scope)) if each else None for each in (node.lower, node.upper, node.step)]
    given = [each for each in (node.lower, node.upper, node.step) if each]
    if sum(bound is not None for bound in bounds) < len(given):
        return unknown(f"a part of {described(container)}")
    try:
        if isinstance(container, Sequence):
            return Sequence(
                container.items[slice(*bounds)], container.kind, machine.guards, container.assumed, container.rest
            )
        if isinstance(container, Const) and isinstance(container.value, str | bytes):
            return Const(container.value[slice(*bounds)], container.assumed)
    except (TypeError, ValueError):
        return unknown("a part")
    return unknown(f"a part of {described(container)}")
