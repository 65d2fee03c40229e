"""Going through containers: what a loop, a star or a comprehension meets, each under its guards."""

# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.python_source import guards as guard
from crawler.python_source.guards import Guards, joined
from crawler.python_source.machine import Machine
from crawler.python_source.operators import Truth, described, truth
from crawler.python_source.scopes import Scope, stored
from crawler.python_source.values import (
    Choice,
    Class,
    Const,
    Entry,
    External,
    Instance,
    Item,
    Mapping,
    Member,
    Sequence,
    Value,
    key_of,
    unknown,
)

LETTERS = 200
TUPLES = frozenset({"ModuleInfo"})
"""Outside classes whose objects are gone through like tuples."""


@dataclass(slots=True)
class Elements:
    """What a container gives when it is gone through; `rest` says what else there may be."""

    items: list[Item] = field(default_factory=list)
    rest: str = ""
    assumed: bool = False


def elements(machine: Machine, value: Value) -> Elements:
    """Return the elements of a container."""
    if isinstance(value, Sequence):
        return Elements(list(value.items), value.rest, value.assumed)
    if isinstance(value, Mapping):
        return Elements([Item(each.key, each.guards) for each in value.entries.values()], value.rest, value.assumed)
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= LETTERS:
        return Elements([Item(Const(letter)) for letter in value.value])
    if isinstance(value, Choice):
        return _of_choice(machine, value)
    if isinstance(value, Class):
        members = [Item(member) for member in value.scope.names.values() if isinstance(member, Member)]
        return Elements(members, "" if members else described(value))
    if isinstance(value, Instance) and isinstance(value.of, External) and value.of.last in TUPLES:
        return Elements([Item(argument) for argument in value.arguments])
    if isinstance(value, Instance) and isinstance(value.of, Class):
        method = machine.attribute(value, "__iter__")
        if isinstance(made := machine.call_with(method, node=ast.Pass()), Sequence):
            return elements(machine, made)
    return Elements(rest=described(value))


def _of_choice(machine: Machine, value: Choice) -> Elements:
    everything = Elements()
    for option in value.options:
        inner = elements(machine, option.value)
        everything.items += [Item(item.value, joined(option.guards, item.guards)) for item in inner.items]
        everything.rest = everything.rest or inner.rest
        everything.assumed = everything.assumed or inner.assumed
    best: dict[int, Item] = {}
    for item in everything.items:
        kept = best.get(id(item.value))
        if kept is None or len(item.guards) < len(kept.guards):
            best[id(item.value)] = item
    return Elements(list(best.values()), everything.rest, everything.assumed)


def assign(machine: Machine, target: ast.expr, value: Value, scope: Scope) -> None:
    """Bind a target (name, attribute, subscript or several of them) to a value."""
    if isinstance(target, ast.Name):
        if scope.kind != "function" or target.id in scope.elsewhere:
            machine.effects += 1
        scope.set(target.id, value, machine.guards)
    elif isinstance(target, ast.Attribute):
        machine.parts.assign_attribute(machine, machine.evaluate(target.value, scope), target.attr, value)
    elif isinstance(target, ast.Subscript):
        store(machine, machine.evaluate(target.value, scope), machine.evaluate(target.slice, scope), value)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(machine, target.elts, value, scope)
    elif isinstance(target, ast.Starred):
        assign(machine, target.value, value, scope)


def store(machine: Machine, container: Value, key: Value, value: Value) -> None:
    """Do `container[key] = value`."""
    machine.effects += 1
    if isinstance(container, Choice):
        for option in container.options:
            with machine.under(*option.guards):
                store(machine, option.value, key, value)
    if not isinstance(container, Mapping):
        return
    if isinstance(key, Choice):
        for option in key.options:
            with machine.under(*option.guards):
                store(machine, container, option.value, value)
        return
    place = key_of(key)
    if place is None:
        place = ("unknown", id(key))
    put(container, key, value, machine.guards, place)


def put(container: Mapping, key: Value, value: Value, guards: Guards, place: object = None) -> None:
    """Put an entry into a mapping, under guards."""
    place = key_of(key) if place is None else place
    extra = guard.beyond(guards, container.born)
    old = container.entries.get(place)
    if old is None or guard.implied(extra, old.guards):
        container.entries[place] = Entry(key, value, extra)
    else:
        container.entries[place] = Entry(key, stored(old.value, value, guards, container.born), old.guards)


def _unpack(machine: Machine, targets: list[ast.expr], value: Value, scope: Scope) -> None:
    if isinstance(value, Choice):
        value = value.options[0].value
    known = elements(machine, value)
    plain = [item.value for item in known.items] if not known.rest else []
    star = next((index for index, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if star is not None and len(plain) >= len(targets) - 1:
        after = len(targets) - star - 1
        middle = Sequence([Item(each) for each in plain[star : len(plain) - after]], born=machine.guards)
        plain = [*plain[:star], middle, *plain[len(plain) - after :]]
    for position, target in enumerate(targets):
        part = plain[position] if len(plain) == len(targets) else unknown(f"{described(value)}[{position}]")
        assign(machine, target, part, scope)


def decided(machine: Machine, test: ast.expr, scope: Scope) -> tuple[Truth, guard.Guard]:
    """Return whether a test holds, and the guard of where it does."""
    return truth(machine.evaluate(test, scope)), guard.of_test(test)


def comprehended(machine: Machine, generators: list[ast.comprehension], scope: Scope) -> Iterator[tuple[Scope, str]]:
    """Yield a scope for every round of a comprehension, under its guards; a word says where elements are not known."""
    if not generators:
        yield scope, ""
        return
    first, *others = generators
    found = elements(machine, machine.evaluate(first.iter, scope))
    rounds = found.items or ([Item(unknown(f"an element of {found.rest}"))] if found.rest else [])
    for item in rounds:
        machine.spend()
        inner = Scope("function", scope, machine.guards)
        with machine.under(*item.guards):
            assign(machine, first.target, item.value, inner)
            conditions = _conditions(machine, first.ifs, inner)
            if conditions is None:
                continue
            with machine.under(*conditions):
                for deepest, why in comprehended(machine, others, inner):
                    yield deepest, why or ("" if found.items else found.rest)


def _conditions(machine: Machine, tests: list[ast.expr], scope: Scope) -> Guards | None:
    """Return the guards under which an element passes the tests, or None where it cannot."""
    guards: Guards = ()
    for test in tests:
        verdict, held = decided(machine, test, scope)
        if verdict.known is False and not verdict.assumed:
            return None
        if not verdict.known:
            guards = (*guards, held.doubted() if verdict.known is False else held)
    return guards
