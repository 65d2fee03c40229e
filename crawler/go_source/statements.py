"""What statements do: assignments, loops, returns. Branches are in `branches.py`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.go_source import branches, loops, places, types
from crawler.go_source.expressions import element, shown
from crawler.go_source.packages import specs
from crawler.go_source.signals import BREAK, CONTINUE, FAIL, GO_ON, RETURN, Signal, is_failure
from crawler.go_source.syntax import own_children
from crawler.go_source.values import (
    NIL,
    Cell,
    MapValue,
    Scope,
    Tuple,
    TypeRef,
    Unknown,
    Value,
    copied,
    plain,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

FAILURES: Final = ("err", "error", "Err")


def execute(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do one statement."""
    machine.step()
    act = STATEMENTS.get(node.type)
    return act(machine, node, scope) if act is not None else GO_ON


def block(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do the statements of a block in a scope of their own."""
    return sequence(machine, node, Scope(scope))


def sequence(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do statements in order until one leaves."""
    for child in own_children(node):
        signal = sequence(machine, child, scope) if child.type == "statement_list" else execute(machine, child, scope)
        if signal:
            return signal
    return GO_ON


def expression(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do an expression for what it does."""
    for child in own_children(node):
        machine.evaluate(child, scope)
        if is_failure(child):
            return FAIL
    return GO_ON


def declare(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Declare variables or constants in a block."""
    for count, spec in enumerate(specs(node)):
        names = [text_of(name) for name in spec.children_by_field_name("name") if name.type == "identifier"]
        given, written = spec.child_by_field_name("value"), spec.child_by_field_name("type")
        inner = Scope(scope)
        inner.cells["iota"] = Cell(count)
        if given is not None:
            values = spread(machine.evaluate(given, inner), names)
        elif written is not None:
            values = [types.zero(machine, TypeRef(written, machine.frame.package, scope)) for _ in names]
        else:
            values = [Unknown(name) for name in names]
        for name, value in zip(names, values, strict=False):
            scope.cells[name] = Cell(copied(value))
    return GO_ON


def declare_types(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Declare types in a block."""
    types.local_types(node, scope, machine.frame.package)
    return GO_ON


def spread(value: Value, names: list[str]) -> list[Value]:
    """Return the values for so many names: an error that is not known is none, since things are taken to work."""
    known = plain(value)
    if isinstance(known, Tuple):
        found = list(known.values)
    elif len(names) == 1:
        found = [value]
    else:
        found = [value, *(Unknown("one of several results") for _ in names[1:])]
        found = found if not isinstance(known, Unknown) else [known for _ in names]
    found += [Unknown("a result") for _ in names[len(found) :]]
    return [
        NIL if name.endswith(FAILURES) and isinstance(plain(each), Unknown) else each
        for name, each in zip(names, found, strict=False)
    ]


def short_declaration(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do `a, b := f()`: names that are new in the block are declared, others assigned."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    names = [text_of(name) for name in own_children(left)]
    for name, value in zip(names, spread(right_side(machine, right, scope, len(names)), names), strict=False):
        if name in scope.cells:
            machine.set(scope.cells[name], copied(value))
        elif name != "_":
            scope.cells[name] = Cell(copied(value))
    return GO_ON


def right_side(machine: "Machine", node: Node | None, scope: Scope, wanted: int) -> Value:
    """Return what is assigned; an element or assertion may be asked for together with whether it is there."""
    parts = own_children(node)
    if wanted == 2 and len(parts) == 1:  # noqa: PLR2004  # the value and whether it is there
        inner = parts[0]
        if inner.type == "index_expression":
            return with_presence(machine, inner, scope)
        if inner.type == "type_assertion_expression":
            value = machine.evaluate(inner, scope)
            return Tuple((value, Unknown(shown(inner)) if isinstance(plain(value), Unknown) else True))
    return machine.evaluate(node, scope) if node is not None else NIL


def with_presence(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return an element of a map and whether the map has it."""
    operand, index = node.child_by_field_name("operand"), node.child_by_field_name("index")
    if operand is None or index is None:
        return Unknown(shown(node))
    holder, key = target(machine.evaluate(operand, scope)), plain(machine.evaluate(index, scope))
    value = element(holder, key, shown(node))
    if not isinstance(holder, MapValue) or not isinstance(key, str | int | float | bool):
        return Tuple((Unknown(shown(node)), Unknown(f"whether there is {shown(node)}")))
    there = holder.entries.get(key)
    if there is not None and there.conditions and any(text not in machine.conditions for text in there.conditions):
        return Tuple((there.value, Unknown(" and ".join(there.conditions))))
    known = there is not None or not holder.open
    return Tuple((there.value if there else value, there is not None if known else Unknown(shown(node))))


def assign(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do `a, b = x, y` and `a += x`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    targets = own_children(left)
    sign = text_of(node.child_by_field_name("operator")).removesuffix("=")
    if sign and right is not None:
        value = machine.parts.combined(
            machine, sign, machine.evaluate(targets[0], scope), machine.evaluate(right, scope), shown(node)
        )
        places.store(machine, targets[0], value, scope)
        return GO_ON
    names = [text_of(each) for each in targets]
    for place, value in zip(targets, spread(right_side(machine, right, scope, len(names)), names), strict=False):
        places.store(machine, place, copied(value), scope)
    return GO_ON


def step_by_one(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do `i++` and `i--`."""
    place = own_children(node)[0]
    sign = "+" if node.type == "inc_statement" else "-"
    value = machine.parts.combined(machine, sign, machine.evaluate(place, scope), 1, shown(node))
    places.store(machine, place, value, scope)
    return GO_ON


def leave(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Return from a function."""
    given = next(iter(own_children(node)), None)
    value = machine.evaluate(given, scope) if given is not None else machine.named_results(scope)
    base = machine.base_conditions()
    machine.frame.returned.append((value, tuple(text for text in machine.conditions if text not in base)))
    return RETURN


def start_call(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do `go f()`: what it starts happens."""
    for child in own_children(node):
        machine.evaluate(child, scope)
    return GO_ON


def labelled(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Do the statement behind a label."""
    inner = own_children(node)
    return execute(machine, inner[-1], scope) if len(inner) > 1 else GO_ON


STATEMENTS: Final[dict[str, Callable[["Machine", Node, Scope], Signal]]] = {
    "block": block,
    "statement_list": sequence,
    "expression_statement": expression,
    "var_declaration": declare,
    "const_declaration": declare,
    "type_declaration": declare_types,
    "short_var_declaration": short_declaration,
    "assignment_statement": assign,
    "inc_statement": step_by_one,
    "dec_statement": step_by_one,
    "return_statement": leave,
    "for_statement": loops.loop,
    "go_statement": start_call,
    "defer_statement": lambda *_: GO_ON,
    "labeled_statement": labelled,
    "break_statement": lambda *_: BREAK,
    "continue_statement": lambda *_: CONTINUE,
    "if_statement": branches.follow_if,
    "expression_switch_statement": branches.follow_switch,
    "type_switch_statement": branches.follow_type_switch,
    "select_statement": branches.follow_select,
}
