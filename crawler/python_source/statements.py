"""Statements: following a block from top to bottom, both ways where a test is not known."""

# ruff: noqa: ARG001  # all that is modelled here takes (machine, given), whether it needs them or not

import ast
from collections.abc import Callable
from typing import Any

from crawler.python_source import branches, imports
from crawler.python_source.containers import extend
from crawler.python_source.functions import define_class, define_function
from crawler.python_source.guards import beyond, joined
from crawler.python_source.iteration import assign
from crawler.python_source.machine import NESTING, ON, Flow, Machine
from crawler.python_source.operators import arithmetic
from crawler.python_source.scopes import Scope
from crawler.python_source.values import NONE, Arguments, Item, Mapping, Sequence, key_of


def execute(machine: Machine, block: list[ast.stmt], scope: Scope) -> Flow:
    """Follow statements until one ends the block; what comes after a way out goes on under the guard of staying."""
    before = machine.guards
    stayed: tuple[Any, ...] = ()
    machine.nesting += 1
    try:
        for statement in block:
            machine.spend()
            follow = KINDS.get(type(statement))
            if follow is None or machine.nesting > NESTING:
                continue
            flow = follow(machine, statement, scope)
            if flow.ended:
                return Flow(flow.ended, joined(stayed, flow.guards))
            if flow.guards:
                stayed = joined(stayed, flow.guards)
                machine.guards = joined(before, stayed)
    finally:
        machine.guards = before
        machine.nesting -= 1
    return Flow("", stayed) if stayed else ON


def _expression(machine: Machine, node: ast.Expr, scope: Scope) -> Flow:
    if not isinstance(node.value, ast.Constant):
        machine.evaluate(node.value, scope)
        if branches.never_returns(node.value):
            return Flow("raise")
    return ON


def _assign(machine: Machine, node: ast.Assign, scope: Scope) -> Flow:
    value = machine.evaluate(node.value, scope)
    for target in node.targets:
        assign(machine, target, value, scope)
    return ON


def _annotated(machine: Machine, node: ast.AnnAssign, scope: Scope) -> Flow:
    if node.value is not None:
        assign(machine, node.target, machine.evaluate(node.value, scope), scope)
    return ON


def _augmented(machine: Machine, node: ast.AugAssign, scope: Scope) -> Flow:
    value = machine.evaluate(node.value, scope)
    current = machine.evaluate(node.target, scope)
    if isinstance(current, Sequence) and current.kind != "tuple" and isinstance(node.op, ast.Add | ast.BitOr):
        extend(machine, current, Arguments([value], {}, node, machine.where(node)))
    elif isinstance(current, Mapping) and isinstance(value, Mapping):
        current.entries.update(value.entries)
    else:
        assign(machine, node.target, arithmetic(node.op, current, value), scope)
    return ON


def _return(machine: Machine, node: ast.Return, scope: Scope) -> Flow:
    value = machine.evaluate(node.value, scope) if node.value else NONE
    if machine.frames:
        frame = machine.frames[-1]
        frame.returns.append(Item(value, beyond(machine.guards, frame.guards)))
    return Flow("return")


def _raise(machine: Machine, node: ast.Raise, scope: Scope) -> Flow:
    return Flow("raise")


def _leave(machine: Machine, node: ast.Break | ast.Continue, scope: Scope) -> Flow:
    return Flow("loop")


def _delete(machine: Machine, node: ast.Delete, scope: Scope) -> Flow:
    for target in node.targets:
        if isinstance(target, ast.Subscript) and not machine.guards:
            container, key = machine.evaluate(target.value, scope), machine.evaluate(target.slice, scope)
            if isinstance(container, Mapping):
                container.entries.pop(key_of(key), None)
    return ON


def _function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Flow:
    define_function(machine, node, scope)
    return ON


def _class(machine: Machine, node: ast.ClassDef, scope: Scope) -> Flow:
    define_class(machine, node, scope)
    return ON


def _global(machine: Machine, node: ast.Global, scope: Scope) -> Flow:
    outermost = scope
    for outermost in scope.chain():  # noqa: B007  # the last one is the module
        pass
    scope.elsewhere.update(dict.fromkeys(node.names, outermost))
    return ON


def _nonlocal(machine: Machine, node: ast.Nonlocal, scope: Scope) -> Flow:
    for name in node.names:
        for outer in list(scope.chain())[1:]:
            if name in outer.names:
                scope.elsewhere[name] = outer
                break
    return ON


def _alias(machine: Machine, node: Any, scope: Scope) -> Flow:
    scope.set(node.name.id, machine.evaluate(node.value, scope), machine.guards)
    return ON


KINDS: dict[type[ast.stmt], Callable[[Machine, Any, Scope], Flow]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Break: _leave,
    ast.Continue: _leave,
    ast.Delete: _delete,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.If: branches.follow_if,
    ast.For: branches.follow_for,
    ast.AsyncFor: branches.follow_for,
    ast.While: branches.follow_while,
    ast.Try: branches.follow_try,
    ast.TryStar: branches.follow_try,
    ast.With: branches.follow_with,
    ast.AsyncWith: branches.follow_with,
    ast.Match: branches.follow_match,
    ast.Import: imports.follow_import,
    ast.ImportFrom: imports.follow_import_from,
}
if hasattr(ast, "TypeAlias"):
    KINDS[ast.TypeAlias] = _alias
