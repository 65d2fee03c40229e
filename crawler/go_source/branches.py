"""Branches: the one that is taken by default is followed first, the other under its condition."""

import re
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.go_source.expressions import shown
from crawler.go_source.machine import choice, is_same
from crawler.go_source.signals import BREAK, GO_ON, RETURN, Signal, fails, leaves
from crawler.go_source.syntax import own_children
from crawler.go_source.types import resolve
from crawler.go_source.values import (
    Assumed,
    Cell,
    Conditions,
    External,
    Named,
    Scope,
    Slice,
    Struct,
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

CASES: Final = {"expression_case", "default_case", "type_case", "communication_case"}
ABSENT: Final = re.compile(r"^[\w.]+ == nil$")
"""What is checked so is there in a program that works."""
LEAVES: Final = {"return", "fail", "break", "continue"}
Changes = dict[int, tuple[Cell, Value]]


def follow_if(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Follow an `if` with all its `else` branches."""
    inner = Scope(scope)
    start, test = node.child_by_field_name("initializer"), node.child_by_field_name("condition")
    then, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if start is not None:
        machine.execute(start, inner)
    return taken_branch(machine, inner, (test, then, other)) if test is not None and then is not None else GO_ON


def taken_branch(machine: "Machine", scope: Scope, parts: tuple[Node, Node, Node | None]) -> Signal:
    """Follow the branch that is known to be taken; else the one that does not fail, or both."""
    test, then, other = parts
    value = machine.evaluate(test, scope)
    known = plain(value)
    if isinstance(known, bool) and value is known:
        return machine.execute(then if known else other, scope)
    if fails(then) or (ABSENT.search(text_of(test)) and leaves(then)):
        return machine.execute(other, scope)
    if fails(other):
        return machine.execute(then, scope)
    words = shown(test)
    yes, no = (then, (words,)), (other, (negated(words),))
    if isinstance(value, Assumed) and isinstance(known, bool):
        first, second = ((then, ()), no) if known else ((other, ()), yes)
        return two_ways(machine, scope, first, second, likely=True)
    return two_ways(machine, scope, yes, no, likely=False)


def negated(words: str) -> str:
    """Return a condition's opposite."""
    bare = words.removeprefix("!")
    if bare != words and bare.replace(".", "").replace("_", "").replace("*", "").isalnum():
        return bare
    return f"!({words})" if " " in words else f"!{words}"


def two_ways(
    machine: "Machine",
    scope: Scope,
    first: tuple[Node | None, Conditions],
    second: tuple[Node | None, Conditions],
    *,
    likely: bool,
) -> Signal:
    """Follow both ways; with `likely` the first is what happens by default, and the second's assignments are undone."""
    one, changed = one_way(machine, scope, first)
    other, altered = one_way(machine, scope, second)
    merge(machine, changed, altered, (first[1], second[1]), likely=likely)
    if one in LEAVES and other in LEAVES:
        return one
    if one in LEAVES:
        machine.hold(second[1])
    elif other in LEAVES and not likely:
        machine.hold(first[1])
    return GO_ON


def one_way(machine: "Machine", scope: Scope, way: tuple[Node | None, Conditions]) -> tuple[Signal, Changes]:
    """Follow one way and take its assignments back; return how it leaves and what it assigned."""
    node, conditions = way
    machine.trails.append({})
    signal = GO_ON
    try:
        if node is not None:
            with machine.under(conditions):
                signal = machine.execute(node, scope)
    finally:
        changed: Changes = {}
        for key, (cell, before) in machine.trails.pop().items():
            changed[key] = (cell, cell.value)
            cell.value = before
    return signal, changed


def merge(
    machine: "Machine", changed: Changes, altered: Changes, ways: tuple[Conditions, Conditions], *, likely: bool
) -> None:
    """Assign what the two ways leave behind."""
    for key in {**changed, **altered}:
        cell = (changed.get(key) or altered[key])[0]
        before = cell.value
        one = changed[key][1] if key in changed else before
        other = altered[key][1] if key in altered else before
        machine.set(cell, merged(before, one, other, ways, likely=likely))


def merged(before: Value, one: Value, other: Value, ways: tuple[Conditions, Conditions], *, likely: bool) -> Value:
    """Return one value for what two ways assign: a list grows by what either adds."""
    if is_same(one, other):
        return one
    grown = extended(before, one, other)
    if grown is not None:
        return grown
    if likely:
        return one
    kept = [(value, path) for value, path in ((one, ways[0]), (other, ways[1])) if not isinstance(value, Unknown)]
    return choice(kept or [(one, ways[0])])


def extended(before: Value, one: Value, other: Value) -> Value:
    """Return a list with what both ways append to it, or None where they do something else."""
    start, first, second = plain(before), plain(one), plain(other)
    if not isinstance(first, Slice) or not isinstance(second, Slice):
        return None
    items = start.items if isinstance(start, Slice) else []
    count = len(items)
    if all(len(each.items) >= count and each.items[:count] == items for each in (first, second)):
        added = [*first.items[count:], *second.items[count:]]
        return Slice([*items, *added], first.open or second.open)
    return None


def follow_switch(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Follow the case that fits, else every case under its condition."""
    inner = Scope(scope)
    start, subject = node.child_by_field_name("initializer"), node.child_by_field_name("value")
    if start is not None:
        machine.execute(start, inner)
    value = machine.evaluate(subject, inner) if subject is not None else True
    cases = [child for child in own_children(node) if child.type in CASES]
    known = plain(value)
    for case in cases:
        tested = [machine.evaluate(each, inner) for each in own_children(case.child_by_field_name("value"))]
        if any(is_equal(known, plain(each)) for each in tested) and not isinstance(value, Assumed):
            return ended_switch(body(machine, case, inner))
    unknown = [case for case in cases if not is_excluded(machine, case, known, inner)]
    if len(unknown) == 1 and unknown[0].type == "default_case":
        return ended_switch(body(machine, unknown[0], inner))
    return each_case(machine, node, unknown, inner, shown(subject) if subject is not None else "")


def is_equal(one: Value, other: Value) -> bool:
    """Say whether two values are known and equal."""
    return isinstance(one, str | int | float | bool) and type(one) is type(other) and bool(one == other)


def is_excluded(machine: "Machine", case: Node, known: Value, scope: Scope) -> bool:
    """Say whether a case is known not to fit."""
    tested = own_children(case.child_by_field_name("value"))
    if not tested or not isinstance(known, str | int | float | bool):
        return False
    values = [plain(machine.evaluate(each, scope)) for each in tested]
    return all(isinstance(each, str | int | float | bool) and each != known for each in values)


def each_case(machine: "Machine", node: Node, cases: list[Node], scope: Scope, subject: str) -> Signal:
    """Follow every case that may fit, each under its condition."""
    signals: list[Signal] = []
    for case in cases:
        written = shown(case.child_by_field_name("value") or case.child_by_field_name("type") or node)
        words = f"{subject} is {written}" if subject else written
        words = f"no case of {subject or 'a switch'} fits" if case.type == "default_case" else words
        signal, changed = one_way_case(machine, case, scope, (words,))
        for cell, value in changed.values():
            machine.set(cell, merged(cell.value, value, cell.value, ((words,), ()), likely=False))
        signals.append(signal)
    total = any(case.type == "default_case" for case in cases)
    return RETURN if total and signals and all(signal == RETURN for signal in signals) else GO_ON


def one_way_case(machine: "Machine", case: Node, scope: Scope, conditions: Conditions) -> tuple[Signal, Changes]:
    """Follow one case as `one_way` follows a branch."""
    machine.trails.append({})
    try:
        with machine.under(conditions):
            signal = ended_switch(body(machine, case, scope))
    finally:
        changed: Changes = {}
        for key, (cell, before) in machine.trails.pop().items():
            changed[key] = (cell, cell.value)
            cell.value = before
    return signal, changed


def body(machine: "Machine", case: Node, scope: Scope) -> Signal:
    """Do the statements of a case."""
    inner = Scope(scope)
    given = case.child_by_field_name("value") or case.child_by_field_name("communication")
    for child in own_children(case):
        if child == given or child.type in {"type_identifier", "qualified_type", "pointer_type"}:
            continue
        signal = machine.execute(child, inner)
        if signal:
            return signal
    return GO_ON


def ended_switch(signal: Signal) -> Signal:
    """Return what a case's signal means after the switch."""
    return GO_ON if signal == BREAK else signal


def follow_type_switch(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Follow the cases of a switch over types: the one that fits, else each."""
    inner = Scope(scope)
    value = node.child_by_field_name("value")
    subject = machine.evaluate(value, inner) if value is not None else Unknown("a value")
    alias = node.child_by_field_name("alias")
    if alias is not None:
        inner.cells[text_of(alias)] = Cell(copied(subject))
    cases = [child for child in own_children(node) if child.type in CASES]
    known = target(subject)
    if isinstance(known, Struct):
        fitting = [case for case in cases if case.type == "type_case" and fits(machine, case, known, inner)]
        chosen = fitting or [case for case in cases if case.type == "default_case"]
        return ended_switch(body(machine, chosen[0], inner)) if chosen else GO_ON
    return each_case(machine, node, cases, inner, shown(value) if value is not None else "")


def fits(machine: "Machine", case: Node, known: Struct, scope: Scope) -> bool:
    """Say whether a struct is of a case's type."""
    for written in case.children_by_field_name("type"):
        bare = written.named_children[0] if written.type == "pointer_type" else written
        found = resolve(machine, TypeRef(bare, machine.frame.package, scope))
        if isinstance(found, Named) and isinstance(known.type, Named):
            if (found.name, found.package.folder) == (known.type.name, known.type.package.folder):
                return True
        elif isinstance(found, External) and found == known.type:
            return True
    return False


def follow_select(machine: "Machine", node: Node, scope: Scope) -> Signal:
    """Follow every case of a `select`, since any of them may happen."""
    for case in own_children(node):
        if case.type in CASES:
            body(machine, case, scope)
    return GO_ON
