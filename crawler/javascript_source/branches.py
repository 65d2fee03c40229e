"""Branches: a known condition takes one way, any other takes both and remembers under what."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tree_sitter import Node

from crawler.javascript_source.iteration import since
from crawler.javascript_source.syntax import parts, summary_of
from crawler.javascript_source.truth import choose, lift, same, truth, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Choice,
    Jump,
    Opaque,
    Path,
    Return,
    Scope,
    Setting,
    Thrown,
    Unlikely,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Ending = Literal["goes on", "returns", "throws", "jumps"]


@dataclass(slots=True)
class Way:
    """One way through a branch: its statements, the condition when it is not the usual one, and how it ended."""

    nodes: list[Node]
    conditions: Path
    otherwise: str
    ending: Ending = "goes on"
    value: Value = UNDEFINED
    left: Path = ()


def if_statement(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do `if`."""
    condition = node.child_by_field_name("condition")
    consequence, alternative = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if condition is None or consequence is None:
        return
    verdict = truth(machine.evaluate(condition, scope))
    otherwise = parts(alternative)[:1] if alternative else []
    if verdict.certain is not None:
        for statement in [consequence] if verdict.certain else otherwise:
            machine.execute(statement, scope)
        return
    held, opposite = summary_of(condition), f"!({summary_of(condition)})"
    if verdict.usual:
        opposite = Unlikely(opposite)
    elif verdict.usual is False:
        held = Unlikely(held)
    ways = [
        Way([consequence], () if verdict.usual else (held,), opposite),
        Way(otherwise, () if verdict.usual is False else (opposite,), held),
    ]
    take(machine, ways, scope)


def take(machine: "Machine", ways: list[Way], scope: Scope) -> None:
    """Follow every way under its conditions, then go on under what is left of them.

    A way that throws or ends the program is taken to be a requirement, so the others become unconditional; one that
    returns leaves the rest of the function to the others.
    """
    before = machine.path
    for way in ways:
        machine.path = before + way.conditions
        follow(machine, way, scope)
        way.left = since(machine.path, before + way.conditions)
    machine.path = before
    alive = [way for way in ways if way.ending == "goes on"]
    if not alive:
        leave(machine, ways, before)
    for way in alive:
        machine.path = machine.path + tuple(left for left in way.left if left not in machine.path)
    for way in ways:
        if way.ending not in {"returns", "jumps"}:
            continue
        if way.ending == "returns" or (isinstance(way.value, Jump) and way.value.word == "break"):
            machine.maybe_left += 1
        if way.ending == "returns":
            machine.frames[-1].returns.append((way.conditions, way.value))
        if not way.conditions or (len(alive) == 1 and alive[0].conditions):
            machine.path = (*machine.path, way.otherwise)


def follow(machine: "Machine", way: Way, scope: Scope) -> None:
    """Do the statements of a way and note how it ends."""
    try:
        machine.run_block(way.nodes, scope.block())
    except Return as returned:
        way.ending, way.value = "returns", returned.value
    except Thrown as thrown:
        way.ending, way.value = "throws", thrown.value
    except Jump as jump:
        way.ending, way.value = "jumps", jump


def leave(machine: "Machine", ways: list[Way], before: Path) -> None:
    """Leave a branch that no way goes through to the end."""
    returning = [way for way in ways if way.ending == "returns"]
    if returning:
        machine.path = before
        raise Return(choose([(way.conditions, way.value) for way in returning]))
    jumping = next((way for way in ways if way.ending == "jumps"), None)
    if jumping is not None and isinstance(jumping.value, Jump):
        raise jumping.value
    raise Thrown(ways[0].value)


def switch_statement(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do `switch`: a known value takes its case, any other takes all of them."""
    subject, body = node.child_by_field_name("value"), node.child_by_field_name("body")
    if subject is None or body is None:
        return
    value = machine.evaluate(subject, scope)
    cases = parts(body)
    inner = scope.block()
    if isinstance(value, Choice | Opaque | Setting) or isinstance(usual(value), Opaque):
        take_cases(machine, cases, value, summary_of(subject), inner)
        return
    chosen = matching(machine, cases, value, inner)
    try:
        for case in cases[chosen:] if chosen is not None else []:
            machine.run_block(statements_of(case), inner)
    except Jump as jump:
        if jump.word != "break" or jump.label:
            raise


def matching(machine: "Machine", cases: list[Node], value: Value, scope: Scope) -> int | None:
    """Return the position of the case that a known value takes."""
    default = None
    for position, case in enumerate(cases):
        test = case.child_by_field_name("value")
        if test is None:
            default = position
        elif truth(lift(same, value, machine.evaluate(test, scope))).usual:
            return position
    return default


def take_cases(machine: "Machine", cases: list[Node], value: Value, subject: str, scope: Scope) -> None:
    """Follow every case of a switch on something that is not known."""
    known = usual(value)
    chosen = None if isinstance(known, Opaque) else matching(machine, cases, known, scope)
    ways: list[Way] = []
    labels: list[str] = []
    for position, case in enumerate(cases):
        test = case.child_by_field_name("value")
        labels.append(f"{subject} === {summary_of(test)}" if test else f"{subject} is none of the cases")
        nodes = statements_of(case)
        if not nodes:
            continue
        text = " || ".join(labels)
        is_usual = chosen is not None and position - len(labels) < chosen <= position
        ways.append(Way(nodes, () if is_usual else (text,), f"!({text})"))
        labels = []
    take_each(machine, ways, scope)


def take_each(machine: "Machine", ways: list[Way], scope: Scope) -> None:
    """Follow the cases; a `break` only ends its own."""
    before = machine.path
    for way in ways:
        machine.path = before + way.conditions
        follow(machine, way, scope)
        if way.ending == "jumps" and isinstance(way.value, Jump) and way.value.word == "break":
            way.ending = "goes on"
        if way.ending == "returns":
            machine.frames[-1].returns.append((way.conditions, way.value))
    machine.path = before


def statements_of(case: Node) -> list[Node]:
    """Return the statements of a case."""
    return case.children_by_field_name("body")
