"""Loops: over every element that is known, as often as a test is known to hold, else once."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from crawler.go_source.limits import ROUNDS
from crawler.go_source.machine import joined
from crawler.go_source.places import store
from crawler.go_source.signals import BREAK, FAIL, GO_ON, RETURN, Signal
from crawler.go_source.syntax import own_children
from crawler.go_source.values import (
    NIL,
    Cell,
    Function,
    MapValue,
    Scope,
    Unknown,
    Value,
    copied,
    options,
    plain,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine


def loop(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do a `for` in any of its forms."""
    inner = Scope(scope)
    body = node.child_by_field_name("body")
    head = next((child for child in own_children(node) if child.type != "block"), None)
    if body is None:
        return GO_ON
    if head is None:
        return ended_loop(machine.execute(body, inner))
    if head.type == "range_clause":
        return over_range(machine, head, body, inner)
    if head.type == "for_clause":
        return counted(machine, head, body, inner)
    return while_true(machine, head, body, inner)


def ended_loop(signal: Signal) -> Signal:
    """Return what a loop's signal means after the loop."""
    return signal if signal in {RETURN, FAIL} else GO_ON


def while_true(machine: "Machine", test: Node, body: Node, scope: Scope) -> Signal:
    """Do `for test {…}`: as often as the test is known to hold, once where it is not known."""
    for _ in range(ROUNDS):
        known = plain(machine.evaluate(test, scope))
        if known is False:
            return GO_ON
        signal = machine.execute(body, scope)
        if signal in {RETURN, FAIL, BREAK} or known is not True:
            return ended_loop(signal) if known is True else GO_ON
    return GO_ON


def counted(machine: "Machine", head: Node, body: Node, scope: Scope) -> Signal:
    """Do `for i := 0; i < n; i++ {…}`."""
    parts = {name: head.child_by_field_name(name) for name in ("initializer", "condition", "update")}
    if parts["initializer"] is not None:
        machine.execute(parts["initializer"], scope)
    for _ in range(ROUNDS):
        known = plain(machine.evaluate(parts["condition"], scope)) if parts["condition"] is not None else None
        if known is False:
            return GO_ON
        signal = machine.execute(body, scope)
        if signal in {RETURN, FAIL, BREAK} or known is not True:
            return ended_loop(signal) if known is True else GO_ON
        if parts["update"] is not None:
            machine.execute(parts["update"], scope)
    return GO_ON


def over_range(machine: "Machine", head: Node, body: Node, scope: Scope) -> Signal:
    """Do `for k, v := range x {…}` for every element that is known, each under its conditions."""
    left, right = head.child_by_field_name("left"), head.child_by_field_name("right")
    names = own_children(left)
    declares = any(child.type == ":=" for child in head.children)
    value = machine.evaluate(right, scope) if right is not None else NIL
    for key, element_value, conditions in list(pairs(machine, value))[:ROUNDS]:
        inner = Scope(scope)
        with machine.under(conditions):
            for place, given in zip(names, (key, element_value), strict=False):
                if declares:
                    inner.cells[text_of(place)] = Cell(copied(given))
                else:
                    store(machine, place, given, scope)
            signal = machine.execute(body, inner)
        if signal == FAIL or (signal in {RETURN, BREAK} and not conditions and is_known(element_value)):
            return ended_loop(signal)
    return GO_ON


def is_known(value: Value) -> bool:
    """Say whether a value is known at all."""
    return not isinstance(plain(value), Unknown)


def pairs(machine: "Machine", value: Value) -> list[tuple[Value, Value, tuple[str, ...]]]:
    """Return the keys, elements and conditions that a range goes through."""
    found: list[tuple[Value, Value, tuple[str, ...]]] = []
    for option, path in options(value):
        known = target(option)
        if isinstance(known, MapValue):
            kept = [(key, item) for key, item in known.entries.items() if not str(key).startswith("\0")]
            found += [(key, item.value, joined(path, item.conditions)) for key, item in kept]
            hidden = [item for key, item in known.entries.items() if str(key).startswith("\0")]
            found += [(Unknown("a key"), item.value, joined(path, item.conditions)) for item in hidden]
        elif isinstance(known, bool | int) and not isinstance(known, bool):
            found += [(at, at, path) for at in range(min(known, ROUNDS))]
        elif isinstance(known, Function):
            found += [(Unknown("a key"), Unknown("an element"), path)]
        else:
            items = machine.items(option)
            found += [(at, item.value, joined(path, item.conditions)) for at, item in enumerate(items)]
    return found
