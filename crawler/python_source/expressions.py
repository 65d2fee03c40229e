"""Expressions: what each kind of Python expression stands for."""

import ast
from collections.abc import Callable
from typing import Any

from crawler.python_source import guards as guard
from crawler.python_source.files import joined_path
from crawler.python_source.functions import function_of
from crawler.python_source.iteration import assign, comprehended, elements, put, store
from crawler.python_source.machine import NESTING, Machine
from crawler.python_source.operators import arithmetic, compare, described, joined_text, truth
from crawler.python_source.scopes import Scope
from crawler.python_source.subscripts import subscript
from crawler.python_source.values import (
    NONE,
    Arguments,
    Choice,
    Const,
    External,
    Item,
    Mapping,
    Sequence,
    Value,
    chosen,
    constant,
    is_assumed,
    key_of,
    text,
    unknown,
)

ITEMS = 20_000
TOOLS = key_of(Const("tools"))
TOOLS_LIST = key_of(Const("tools/list"))


def evaluate(machine: Machine, node: ast.expr, scope: Scope) -> Value:
    """Return what an expression stands for."""
    machine.spend()
    if machine.nesting > NESTING:
        return unknown("an expression that is nested too deeply")
    machine.nesting += 1
    try:
        known = KINDS.get(type(node))
        return known(machine, node, scope) if known else unknown(type(node).__name__)
    finally:
        machine.nesting -= 1


def _constant(_machine: Machine, node: ast.Constant, _scope: Scope) -> Value:
    return Const(node.value)


def _name(machine: Machine, node: ast.Name, scope: Scope) -> Value:
    found = scope.find(node.id, machine.guards)
    if found is not None:
        return found
    return machine.natives.get(f"builtins.{node.id}") or External(node.id)


def _attribute(machine: Machine, node: ast.Attribute, scope: Scope) -> Value:
    return machine.attribute(machine.evaluate(node.value, scope), node.attr)


def _sequence(machine: Machine, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
    kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
    made = Sequence(kind=kind, born=machine.guards)  # type: ignore[arg-type]  # one of the three kinds above
    for element in node.elts[:ITEMS]:
        if isinstance(element, ast.Starred):
            spread = elements(machine, machine.evaluate(element.value, scope))
            made.items += spread.items
            made.rest = made.rest or spread.rest
        else:
            made.items.append(Item(machine.evaluate(element, scope)))
    return made


def _mapping(machine: Machine, node: ast.Dict, scope: Scope) -> Value:
    made = Mapping(born=machine.guards)
    for key, value in zip(node.keys[:ITEMS], node.values[:ITEMS], strict=True):
        found = machine.evaluate(value, scope)
        if key is not None:
            store(machine, made, machine.evaluate(key, scope), found)
        else:
            _spread(made, found)
    if TOOLS in made.entries or TOOLS_LIST in made.entries:
        machine.answers.append((made, machine.where(node)))
    return made


def _spread(made: Mapping, found: Value) -> None:
    for option in found.options if isinstance(found, Choice) else [Item(found)]:
        if isinstance(option.value, Mapping):
            for entry in option.value.entries.values():
                put(made, entry.key, entry.value, guard.joined(option.guards, entry.guards, made.born))
            made.rest = made.rest or option.value.rest
        elif not (isinstance(option.value, Const) and option.value.value is None):
            made.rest = made.rest or described(option.value)


def _call(machine: Machine, node: ast.Call, scope: Scope) -> Value:
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return machine.call_with(machine.outside("builtins.super"), node=node)
    function = machine.evaluate(node.func, scope)
    return machine.charge(machine.call(function, _arguments(machine, node, scope)))


def _arguments(machine: Machine, node: ast.Call, scope: Scope) -> Arguments:
    given = Arguments([], {}, node, machine.where(node))
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            spread = elements(machine, machine.evaluate(argument.value, scope))
            given.positional += [item.value for item in spread.items]
            given.rest = given.rest or bool(spread.rest)
        else:
            given.positional.append(machine.evaluate(argument, scope))
    for keyword in node.keywords:
        value = machine.evaluate(keyword.value, scope)
        if keyword.arg is not None:
            given.keywords[keyword.arg] = value
        elif isinstance(value, Mapping):
            named = {text(entry.key): entry.value for entry in value.entries.values()}
            given.keywords.update({name: each for name, each in named.items() if name is not None})
            given.rest = given.rest or bool(value.rest)
        else:
            given.rest = True
    return given


def _arithmetic(machine: Machine, node: ast.BinOp, scope: Scope) -> Value:
    left, right = machine.evaluate(node.left, scope), machine.evaluate(node.right, scope)
    path = joined_path(left, right) if isinstance(node.op, ast.Div) else None
    return path if path is not None else machine.charge(arithmetic(node.op, left, right))


def _unary(machine: Machine, node: ast.UnaryOp, scope: Scope) -> Value:
    value = machine.evaluate(node.operand, scope)
    if isinstance(node.op, ast.Not):
        verdict = truth(value)
        return (
            unknown(f"not {described(value)}") if verdict.known is None else Const(not verdict.known, verdict.assumed)
        )
    plain = constant(value)
    if isinstance(plain, int | float) and isinstance(node.op, ast.USub):
        return Const(-plain, is_assumed(value))
    return unknown("arithmetic")


def _boolean(machine: Machine, node: ast.BoolOp, scope: Scope) -> Value:
    """Follow `and` or `or` to the operand that decides."""
    stops_at = isinstance(node.op, ast.Or)
    result = machine.evaluate(node.values[0], scope)
    for before, operand in zip(node.values, node.values[1:], strict=False):
        verdict = truth(result)
        if verdict.known is stops_at and not verdict.assumed:
            return result
        holds = guard.of_test(before)
        goes_on = holds.negated() if stops_at else holds
        with machine.under(*(() if verdict.known is (not stops_at) else (goes_on,))):
            following = machine.evaluate(operand, scope)
        if verdict.known is None and isinstance(following, Const) and following.value is stops_at:
            # `unknown and False` is false whatever is unknown, and `unknown or True` is true.
            result = following
        elif verdict.known is (not stops_at):
            result = _resting(following, assumed=verdict.assumed)
        elif verdict.known is None and stops_at:
            # What is not known mostly comes from outside, where nothing is set by default.
            result = chosen([Item(_resting(following, assumed=True)), Item(result, (holds,))])
        else:
            doubted = goes_on.doubted() if verdict.known is stops_at else goes_on
            result = chosen([Item(result), Item(following, (doubted,))])
    return result


def _resting(value: Value, *, assumed: bool) -> Value:
    return Const(value.value, assumed=True) if assumed and isinstance(value, Const) else value


def _compare(machine: Machine, node: ast.Compare, scope: Scope) -> Value:
    left = machine.evaluate(node.left, scope)
    result: Value = NONE
    for operation, right_node in zip(node.ops, node.comparators, strict=True):
        right = machine.evaluate(right_node, scope)
        result = compare(operation, left, right)
        if truth(result).known is not True:
            return result
        left = right
    return result


def _conditional(machine: Machine, node: ast.IfExp, scope: Scope) -> Value:
    verdict, held = truth(machine.evaluate(node.test, scope)), guard.of_test(node.test)
    likely, other = (node.body, node.orelse) if verdict.known in {True, None} else (node.orelse, node.body)
    there, otherwise = (held, held.negated()) if likely is node.body else (held.negated(), held)
    otherwise = otherwise.doubted() if verdict.known is not None else otherwise
    if verdict.known is not None and not verdict.assumed:
        return machine.evaluate(likely, scope)
    with machine.under(*(() if verdict.known is not None else (there,))):
        first = Item(machine.evaluate(likely, scope), () if verdict.known is not None else (there,))
    if verdict.known is not None and isinstance(first.value, Const):
        first = Item(_resting(first.value, assumed=True))
    with machine.under(otherwise):
        return chosen([first, Item(machine.evaluate(other, scope), (otherwise,))])


def _listed(machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value:
    made = Sequence(kind="set" if isinstance(node, ast.SetComp) else "list", born=machine.guards)
    for inner, why in comprehended(machine, node.generators, scope):
        value = machine.evaluate(node.elt, inner)
        made.rest = made.rest or why
        if not why or not isinstance(value, External | Const):
            made.items.append(Item(value, guard.beyond(machine.guards, made.born)))
    return made


def _mapped(machine: Machine, node: ast.DictComp, scope: Scope) -> Value:
    made = Mapping(born=machine.guards)
    for inner, why in comprehended(machine, node.generators, scope):
        made.rest = made.rest or why
        key, value = machine.evaluate(node.key, inner), machine.evaluate(node.value, inner)
        if not why:
            store(machine, made, key, value)
    return made


def _formatted(machine: Machine, node: ast.JoinedStr, scope: Scope) -> Value:
    return machine.charge(joined_text([machine.evaluate(part, scope) for part in node.values]))


def _placeholder(machine: Machine, node: ast.FormattedValue, scope: Scope) -> Value:
    value = machine.evaluate(node.value, scope)
    if node.format_spec is not None:
        return unknown("a formatted value")
    return Const(repr(constant(value)), is_assumed(value)) if node.conversion == ord("r") and constant(value) else value


def _subscript(machine: Machine, node: ast.Subscript, scope: Scope) -> Value:
    return subscript(machine, machine.evaluate(node.value, scope), node.slice, scope)


def _lambda(machine: Machine, node: ast.Lambda, scope: Scope) -> Value:
    return function_of(machine, node, scope)


def _awaited(machine: Machine, node: ast.Await | ast.Starred, scope: Scope) -> Value:
    return machine.evaluate(node.value, scope)


def _yielded(machine: Machine, node: ast.Yield, scope: Scope) -> Value:
    value = machine.evaluate(node.value, scope) if node.value else NONE
    if machine.frames:
        frame = machine.frames[-1]
        frame.yields.append(Item(value, guard.beyond(machine.guards, frame.guards)))
    return unknown("what is sent in")


def _yielded_from(machine: Machine, node: ast.YieldFrom, scope: Scope) -> Value:
    spread = elements(machine, machine.evaluate(node.value, scope))
    if machine.frames:
        frame = machine.frames[-1]
        extra = guard.beyond(machine.guards, frame.guards)
        frame.yields += [Item(item.value, guard.joined(extra, item.guards)) for item in spread.items]
    return unknown("what is returned")


def _named(machine: Machine, node: ast.NamedExpr, scope: Scope) -> Value:
    value = machine.evaluate(node.value, scope)
    assign(machine, node.target, value, scope)
    return value


KINDS: dict[type[ast.expr], Callable[[Machine, Any, Scope], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _mapping,
    ast.Call: _call,
    ast.BinOp: _arithmetic,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.ListComp: _listed,
    ast.SetComp: _listed,
    ast.GeneratorExp: _listed,
    ast.DictComp: _mapped,
    ast.JoinedStr: _formatted,
    ast.FormattedValue: _placeholder,
    ast.Subscript: _subscript,
    ast.Lambda: _lambda,
    ast.Await: _awaited,
    ast.Starred: _awaited,
    ast.Yield: _yielded,
    ast.YieldFrom: _yielded_from,
    ast.NamedExpr: _named,
}
