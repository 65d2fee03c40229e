"""Calls: following a function of the package with what it is given, or handing over to what is modelled here."""

# a return for each kind of value reads better than a nest of branches

import ast
from collections.abc import Callable, Hashable
from itertools import islice
from typing import Any

from crawler.python_source.classes import call_class
from crawler.python_source.commands import run_commands
from crawler.python_source.machine import (
    DEPTH,
    SAME_FUNCTION,
    SPARED,
    CallLimitReachedError,
    Frame,
    Machine,
)
from crawler.python_source.natives import call_outside, command_defaults
from crawler.python_source.scopes import Scope
from crawler.python_source.values import (
    NONE,
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
    Native,
    Partial,
    Sequence,
    Value,
    chosen,
    key_of,
    unknown,
)


def call(machine: Machine, function: Value, given: Arguments) -> Value:
    """Return what a call returns."""
    machine.spend()
    if isinstance(function, Function):
        result = follow(machine, function, None, given)
        if function.commands:
            run_commands(machine, function.commands, given, alone=False)
        return result
    if isinstance(function, Bound):
        return follow(machine, function.function, function.receiver, given)
    if isinstance(function, Native):
        return function.code(machine, given)
    if isinstance(function, Generic):
        return call(machine, function.base, given)
    if isinstance(function, Instance):
        return call(machine, machine.attribute(function, "__call__"), given)
    known = KINDS.get(type(function))
    return known(machine, function, given) if known is not None else unknown("a call")


def _partial(machine: Machine, function: Partial, given: Arguments) -> Value:
    positional, keywords = [*function.positional, *given.positional], {**function.keywords, **given.keywords}
    return call(machine, function.function, Arguments(positional, keywords, given.node, given.where, given.rest))


def _each(machine: Machine, function: Choice, given: Arguments) -> Value:
    results = []
    for option in function.options:
        if isinstance(option.value, Const):
            continue
        with machine.under(*option.guards):
            results.append(Item(call(machine, option.value, given), option.guards))
    return chosen(results)


KINDS: dict[type[Value], Callable[[Machine, Any, Arguments], Value]] = {
    Choice: _each,
    Partial: _partial,
    Class: call_class,
    External: call_outside,
}


def follow(machine: Machine, function: Function, receiver: Value | None, given: Arguments) -> Value:
    """Run through a function's body and return what it returns."""
    same = sum(frame.function is not None and frame.function.node is function.node for frame in machine.frames)
    if len(machine.frames) >= DEPTH or same >= (1 if _is_opaque(given) else SAME_FUNCTION):
        return unknown(f"{function.name}()")
    key = _memory_key(function, receiver, given)
    if key is not None and key in machine.remembered:
        return machine.remembered[key]
    effects = machine.effects
    scope = Scope("function", function.scope, machine.guards)
    bind(machine, function, receiver, given, scope)
    frame = Frame(function, receiver, machine.guards)
    path, limit = machine.path, machine.limit
    machine.path = _path_of(function) or path
    machine.limit = limit - (limit - machine.steps) // SPARED
    machine.frames.append(frame)
    try:
        result = _result(machine, function, frame, scope)
    except CallLimitReachedError:
        if machine.steps > limit:
            raise
        return unknown(f"{function.name}(), which is too long to follow")
    finally:
        machine.frames.pop()
        machine.path, machine.limit = path, limit
    if key is not None and effects == machine.effects:
        machine.remembered[key] = result
    return result


def _memory_key(function: Function, receiver: Value | None, given: Arguments) -> Hashable | None:
    """Return what a call is remembered by: only one that is given plain constants and types is, if it has no effect."""
    if receiver is not None or given.rest or not (given.positional or given.keywords):
        return None
    parts = [*map(_plain_key, given.positional), *((name, _plain_key(value)) for name, value in given.keywords.items())]
    if any(part is None or (isinstance(part, tuple) and part[-1] is None) for part in parts):
        return None
    return (id(function), *parts)


def _plain_key(value: Value) -> Hashable | None:
    if isinstance(value, Const):
        return (
            ("constant", type(value.value), value.value, value.assumed) if isinstance(value.value, Hashable) else None
        )
    if isinstance(value, External):
        return ("outside", value.path)
    if isinstance(value, Native):
        return ("native", value.name) if not value.name.startswith(("str.", "container.")) else None
    if isinstance(value, Generic):
        parts = tuple(map(_plain_key, [value.base, *value.arguments]))
        return None if None in parts else ("generic", parts)
    return ("type", id(value)) if isinstance(value, Class) else None


def _is_opaque(given: Arguments) -> bool:
    """Say whether nothing is known about what is given; then going round again shows nothing new."""
    values = [*given.positional, *given.keywords.values()]
    return bool(values) and all(_says_nothing(value) for value in values)


def _says_nothing(value: Value) -> bool:
    if isinstance(value, Choice):
        return all(_says_nothing(option.value) for option in value.options)
    return isinstance(value, External | Generic | Native)


def _result(machine: Machine, function: Function, frame: Frame, scope: Scope) -> Value:
    if isinstance(function.node, ast.Lambda):
        return machine.evaluate(function.node.body, scope)
    flow = machine.execute(function.node.body, scope)
    if frame.yields or _is_generator(function):
        made = Sequence(frame.yields, "list", machine.guards)
        if "context" in function.marks:
            made.rest = "context"
        return made
    if not flow.ended and frame.returns:
        frame.returns.append(Item(NONE, flow.guards))
    return chosen(frame.returns)


def _is_generator(function: Function) -> bool:
    return "context" in function.marks


def _path_of(function: Function) -> str:
    return next((scope.module.path for scope in function.scope.chain() if scope.module is not None), "")


def bind(machine: Machine, function: Function, receiver: Value | None, given: Arguments, scope: Scope) -> None:
    """Give a function's parameters their values: what is given, else the default, else something unknown."""
    taken = function.node.args
    positional = [argument.arg for argument in [*taken.posonlyargs, *taken.args]]
    values = ([receiver] if receiver is not None else []) + given.positional
    names = scope.names
    names.update(zip(positional, values, strict=False))
    keywords = dict(given.keywords)
    for name in [*positional, *(argument.arg for argument in taken.kwonlyargs)]:
        if name in keywords:
            names[name] = keywords.pop(name)
        elif name not in names:
            names[name] = _default(function, name, given)
    if taken.vararg:
        spare = [Item(value) for value in islice(values, len(positional), None)]
        names[taken.vararg.arg] = Sequence(spare, "tuple", machine.guards, rest="what is given" if given.rest else "")
    if taken.kwarg:
        entries = {key_of(Const(name)): Entry(Const(name), value) for name, value in keywords.items()}
        names[taken.kwarg.arg] = Mapping(entries, machine.guards, rest="what is given" if given.rest else "")


def _default(function: Function, name: str, given: Arguments) -> Value:
    if name in function.options:
        return function.options[name]
    if name in function.defaults and not given.rest:
        return command_defaults(function.defaults[name])
    return unknown(name)
