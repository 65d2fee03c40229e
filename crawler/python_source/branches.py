"""Branches, loops and failures: which way is taken by default, and under which guard the others are."""

import ast
from typing import Any

from crawler.python_source import guards as guard
from crawler.python_source import imports
from crawler.python_source.guards import Guard, Guards
from crawler.python_source.iteration import assign, decided, elements
from crawler.python_source.machine import ON, Flow, Machine
from crawler.python_source.operators import compare, truth
from crawler.python_source.scopes import Scope
from crawler.python_source.values import (
    Class,
    Const,
    External,
    Instance,
    Item,
    Sequence,
    Value,
    is_assumed,
    unknown,
)

ROUNDS = 1_000
"""A loop is followed so many times; no server has that many tools."""

ENDING_CALLS = frozenset({"sys.exit", "exit", "quit", "os._exit", "os.abort", "parser.error", "ctx.exit", "ctx.fail"})
IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException", ""})


Branch = tuple[list[ast.stmt], Guards]


def never_returns(node: ast.expr) -> bool:
    """Say whether a call ends the program, such as `sys.exit(1)`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ENDING_CALLS if _is_name(node) else False


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)


def raises(block: list[ast.stmt]) -> bool:
    """Say whether a block always ends in a failure or in the end of the program."""
    last = block[-1] if block else None
    if isinstance(last, ast.Raise):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and raises(last.body) and raises(last.orelse)
    return isinstance(last, ast.Expr) and never_returns(last.value)


def follow_if(machine: Machine, node: ast.If, scope: Scope) -> Flow:
    """Follow the likely branch, then the other one under its guard."""
    verdict, held = decided(machine, node.test, scope)
    if _is_typing_only(node.test):
        imports.name_only(machine, node.body, scope)
        return machine.execute(node.orelse, scope)
    if verdict.known is not None and not verdict.assumed:
        return machine.execute(node.body if verdict.known else node.orelse, scope)
    first: Branch
    second: Branch
    if verdict.known is None:
        first, second = (node.body, (held,)), (node.orelse, (held.negated(),))
    elif verdict.known:
        first, second = (node.body, ()), (node.orelse, (held.negated().doubted(),))
    else:
        first, second = (node.orelse, ()), (node.body, (held.doubted(),))
    if raises(first[0]):
        _require(machine, node, scope)
        return machine.execute(second[0], scope)
    if raises(second[0]):
        return machine.execute(first[0], scope)
    return _both(machine, first, second, scope)


def _both(machine: Machine, first: Branch, second: Branch, scope: Scope) -> Flow:
    with machine.under(*first[1]):
        likely = machine.execute(first[0], scope)
    with machine.under(*second[1]):
        unlikely = machine.execute(second[0], scope)
    if likely.ended and unlikely.ended:
        return Flow(likely.ended if likely.ended == unlikely.ended else "return")
    if likely.ended:
        return Flow("", guard.joined(second[1], unlikely.guards)) if likely.ended != "raise" else unlikely
    if unlikely.ended:
        return Flow("", guard.joined(first[1], likely.guards)) if unlikely.ended != "raise" else likely
    return Flow("", likely.guards) if not first[1] else ON


def _is_typing_only(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _require(machine: Machine, node: ast.If, scope: Scope) -> None:
    """After `if not x: raise`, treat `x` as given."""
    test = node.test
    names = test.values if isinstance(test, ast.BoolOp) else [test]
    for each in names:
        target = each.operand if isinstance(each, ast.UnaryOp) and isinstance(each.op, ast.Not) else each
        if isinstance(target, ast.Compare) and isinstance(target.ops[0], ast.Is | ast.Eq):
            target = target.left
        if isinstance(target, ast.Name | ast.Attribute):
            value = machine.evaluate(target, scope)
            if isinstance(value, Const) and value.assumed and not value.value:
                assign(machine, target, unknown(f"{ast.unparse(target)} as it is set"), scope)


def follow_for(machine: Machine, node: ast.For | ast.AsyncFor, scope: Scope) -> Flow:
    """Go through every element that is known, else once with an unknown one."""
    found = elements(machine, machine.evaluate(node.iter, scope))
    rounds = found.items or ([Item(unknown(f"an element of {found.rest}"))] if found.rest else [])
    before = machine.guards
    for item in rounds[:ROUNDS]:
        with machine.under(*item.guards):
            assign(machine, node.target, item.value, scope)
            flow = machine.execute(node.body, scope)
        if flow.ended == "return" and not item.guards and not found.rest:
            return flow
        if flow.ended == "loop" and _breaks(node.body) and machine.guards == before and not item.guards:
            return ON
    return machine.execute(node.orelse, scope) if node.orelse else ON


def _breaks(block: list[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], ast.Break)


def follow_while(machine: Machine, node: ast.While, scope: Scope) -> Flow:
    """Go through the body once, unless the test is known to fail."""
    verdict, _ = decided(machine, node.test, scope)
    if verdict.known is False and not verdict.assumed:
        return machine.execute(node.orelse, scope)
    effects = machine.effects
    flow = machine.execute(node.body, scope)
    if not flow.ended and effects != machine.effects:
        # What a first round changed, such as a flag, may open other ways for the next.
        flow = machine.execute(node.body, scope)
    forever = verdict.known is True and isinstance(node.test, ast.Constant)
    return flow if flow.ended == "return" and forever else ON


def follow_try(machine: Machine, node: ast.Try, scope: Scope) -> Flow:
    """Follow the body as what happens, and the handlers as what happens where it fails."""
    names = tuple(_failure(handler) for handler in node.handlers)
    missing = _missing_import(machine, node, names)
    if missing is not None:
        return _optional(machine, node, missing, scope)
    flow = machine.execute(node.body, scope)
    if flow.ended == "raise" and node.handlers:
        flow = machine.execute(node.handlers[0].body, scope)
    else:
        for handler, name in zip(node.handlers, names, strict=True):
            if handler.name:
                scope.set(handler.name, unknown("a failure"), machine.guards)
            held = Guard(
                object(), holds=True, shown=f"{name or 'an exception'} is raised", kind="failure", unlikely=True
            )
            with machine.under(held):
                machine.execute(handler.body, scope)
    if not flow.ended and node.orelse:
        flow = machine.execute(node.orelse, scope)
    ending = machine.execute(node.finalbody, scope) if node.finalbody else ON
    return ending if ending.ended == "return" else flow


def _failure(handler: ast.ExceptHandler) -> str:
    return guard.shortened(ast.unparse(handler.type), 60) if handler.type is not None else ""


def _missing_import(machine: Machine, node: ast.Try, names: tuple[str, ...]) -> str | None:
    """Return the distribution that an import in the body needs and that is not installed by default."""
    if not any(set(name.strip("()").replace(" ", "").split(",")) & IMPORT_FAILURES for name in names):
        return None
    for statement in node.body:
        modules: list[str] = []
        if isinstance(statement, ast.Import):
            modules = [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
            modules = [statement.module]
        for module in modules:
            top = module.partition(".")[0]
            if machine.requires.get(top.lower()) is False and machine.index.find(module) is None:
                return top
    return None


def _optional(machine: Machine, node: ast.Try, missing: str, scope: Scope) -> Flow:
    flow = machine.execute(node.handlers[0].body, scope) if node.handlers else ON
    held = Guard(("extra", missing), holds=True, shown=f"the optional {missing} is installed", unlikely=True)
    with machine.under(held):
        machine.execute([*node.body, *node.orelse], scope)
    if node.finalbody:
        machine.execute(node.finalbody, scope)
    return flow


def follow_with(machine: Machine, node: ast.With | ast.AsyncWith, scope: Scope) -> Flow:
    """Follow the body with the names that the context managers give."""
    for item in node.items:
        value = machine.evaluate(item.context_expr, scope)
        if isinstance(value, Sequence) and value.kind == "list" and value.rest == "context":
            value = value.items[0].value if value.items else unknown("a context")
        elif isinstance(value, Instance) and isinstance(value.of, Class):
            value = _entered(machine, value, item.context_expr)
        if item.optional_vars is not None:
            assign(machine, item.optional_vars, value, scope)
    return machine.execute(node.body, scope)


def _entered(machine: Machine, value: Instance, node: ast.expr) -> Value:
    for name in ("__enter__", "__aenter__"):
        method = machine.attribute(value, name)
        if not isinstance(method, External):
            return machine.call_with(method, node=node)
    return value


def follow_match(machine: Machine, node: ast.Match, scope: Scope) -> Flow:
    """Follow the case that fits, else every case under its guard."""
    subject = machine.evaluate(node.subject, scope)
    shown = guard.shortened(ast.unparse(node.subject), 60)
    flows = []
    for case in node.cases:
        fits = _fits(machine, case, subject, scope)
        if fits.known is False and not fits.assumed:
            continue
        if fits.known is True and not fits.assumed:
            flows.append(machine.execute(case.body, scope))
            break
        wording = f"{shown} is {guard.shortened(ast.unparse(case.pattern), 60)}"
        held = Guard(object(), holds=True, shown=wording)
        with machine.under(*(() if fits.known else (held,))):
            flows.append(machine.execute(case.body, scope))
        if fits.known:
            break
    ended = {flow.ended for flow in flows}
    return Flow(ended.pop()) if len(ended) == 1 and _is_total(node) else ON


def _is_total(node: ast.Match) -> bool:
    last = node.cases[-1].pattern
    return isinstance(last, ast.MatchAs) and last.pattern is None


def _fits(machine: Machine, case: ast.match_case, subject: Value, scope: Scope) -> Any:
    pattern = case.pattern
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        if pattern.name:
            scope.set(pattern.name, subject, machine.guards)
        return truth(Const(value=True, assumed=is_assumed(subject)))
    patterns = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
    verdicts = [
        truth(compare(ast.Eq(), subject, machine.evaluate(each.value, scope)))
        for each in patterns
        if isinstance(each, ast.MatchValue)
    ]
    if not verdicts:
        return truth(unknown("a pattern"))
    return next((verdict for verdict in verdicts if verdict.known is not False), verdicts[0])
