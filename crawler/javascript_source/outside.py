"""What the tree does not hold: reading its properties, calling it, extending it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import command_line
from crawler.javascript_source.iteration import entries
from crawler.javascript_source.native import argument
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    FunctionValue,
    ObjectValue,
    Opaque,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

OFFERED_PROPERTIES: Final = 12
"""How many functions in one object are called as outside code may call them."""


def get(machine: "Machine", holder: Opaque, name: str) -> Value:
    """Return a property: one that the program has set, an environment variable, an option, or another unknown."""
    del machine
    if holder.properties and name in holder.properties:
        return holder.properties[name]
    if holder.name == "env" and holder.module == "process":
        return Setting(f"process.env.{name}", UNDEFINED)
    if name == "default" and not holder.name:
        return holder
    declared = command_line.options_of(holder)
    if declared is not None and name in declared:
        return Setting(f"--{name}", declared[name])
    return Opaque(name, holder.module, holder, path=holder.path)


def inherited(machine: "Machine", holder: ObjectValue, ancestor: Opaque, name: str) -> Value:
    """Return what an instance has from a class that the tree does not hold."""
    found = get(machine, ancestor, name)
    if isinstance(found, Opaque):
        found.path = holder.path
    return found


def call(machine: "Machine", callee: Value, this: Value, arguments: ArrayValue, node: Node | None) -> Value:
    """Call something unknown: note what it registers, and call the functions that it is given."""
    if not isinstance(callee, Opaque):
        return Opaque("a call")
    if callee.parent is not None and callee.name in REFLECTED:
        return REFLECTED[callee.name](machine, callee.parent, arguments, node)
    answer = machine.registrations.on_call(machine, callee, this, arguments, node)
    if answer is not None:
        return answer
    command_line.note_options(machine, callee, arguments)
    offer(machine, callee, arguments)
    return Opaque(callee.name, callee.module, callee, made=True, path=machine.path)


def construct(machine: "Machine", maker: Value, arguments: ArrayValue, node: Node | None) -> Value:
    """Make an instance of an outside class."""
    if not isinstance(maker, Opaque):
        return Opaque("an instance", path=machine.path)
    made = Opaque(maker.name, maker.module, None, made=True, path=machine.path)
    machine.registrations.on_construct(machine, maker, arguments, node)
    offer(machine, maker, arguments)
    return made


def extended(machine: "Machine", maker: Opaque, made: Value, arguments: ArrayValue) -> None:
    """Note what the constructor of an outside class is given by a class that extends it."""
    del made
    machine.registrations.on_construct(machine, maker, arguments, None)


def offer(machine: "Machine", callee: Opaque, arguments: ArrayValue) -> None:
    """Call the functions among the arguments, and in objects among them, as outside code may."""
    known = command_line.given_to_callbacks(callee)
    for item in arguments.items:
        if isinstance(item, FunctionValue):
            machine.offer(item, *known)
        elif isinstance(item, ObjectValue):
            functions = [value for _key, value, _path in entries(machine, item) if isinstance(value, FunctionValue)]
            for function in functions[:OFFERED_PROPERTIES]:
                machine.offer(function, *known)


def bound(machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
    """Answer `outside.bind(…)`: the same thing, as long as no argument is fixed."""
    del machine, node
    return callee if len(arguments.items) <= 1 else Opaque(f"{callee.name}.bind")


def called(machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
    """Answer `outside.call(this, …)`."""
    return call(machine, callee, argument(arguments, 0), ArrayValue(arguments.items[1:], arguments.open), node)


def applied(machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
    """Answer `outside.apply(this, list)`."""
    given = argument(arguments, 1)
    items = list(given.items) if isinstance(given, ArrayValue) else []
    return call(machine, callee, argument(arguments, 0), ArrayValue(items, not isinstance(given, ArrayValue)), node)


def settled(machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
    """Answer `promise.then(function)`: the function may get anything, and its answer is the promise's."""
    del node
    function = argument(arguments, 0)
    if isinstance(function, FunctionValue):
        return machine.call(function, UNDEFINED, ArrayValue([Opaque(callee.name, callee.module, callee)]))
    return Opaque(callee.name, callee.module, callee, made=True)


REFLECTED: Final[dict[str, Callable[["Machine", Opaque, ArrayValue, Node | None], Value]]] = {
    "bind": bound,
    "call": called,
    "apply": applied,
    "then": settled,
    "catch": lambda _m, callee, _arguments, _node: callee,
    "finally": lambda _m, callee, _arguments, _node: callee,
}
