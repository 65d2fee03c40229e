"""Loops: over what is known turn by turn, over what is not known once."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from crawler.javascript_source import patterns
from crawler.javascript_source.iteration import entries
from crawler.javascript_source.limits import DOUBTFUL_TURNS, ENDLESS_TURNS, LOOP_TURNS
from crawler.javascript_source.syntax import summary_of, text_of
from crawler.javascript_source.truth import truth, usual
from crawler.javascript_source.values import UNDEFINED, Jump, Opaque, Path, Scope, Value

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def turn(machine: "Machine", body: Node | None, scope: Scope) -> bool:
    """Do a loop's body once; say whether the loop goes on."""
    before = machine.path
    try:
        if body is not None:
            machine.execute(body, scope)
    except Jump as jump:
        if jump.label:
            raise
        return jump.word == "continue"
    finally:
        machine.path = before
    return True


class Doubt:
    """Whether a loop may long be over: it is followed no further once several of its turns may have left it."""

    def __init__(self, machine: "Machine") -> None:
        self.machine = machine
        self.seen = machine.maybe_left
        self.turns = 0

    def grows_too_large(self) -> bool:
        """Note the end of a turn; say whether enough turns may have left the loop."""
        self.turns += self.machine.maybe_left > self.seen
        self.seen = self.machine.maybe_left
        return self.turns >= DOUBTFUL_TURNS


def counted(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do `for (start; condition; step)`."""
    inner = scope.block()
    start, condition = node.child_by_field_name("initializer"), node.child_by_field_name("condition")
    step, body = node.child_by_field_name("increment"), node.child_by_field_name("body")
    if start is not None:
        run(machine, start, inner)
    doubt = Doubt(machine)
    for _turn in range(LOOP_TURNS if condition is not None and condition.type != "empty_statement" else ENDLESS_TURNS):
        verdict = truth(run(machine, condition, inner)) if condition else truth(value=True)
        if verdict.certain is False:
            return
        if not turn(machine, body, inner.block()) or verdict.certain is None or doubt.grows_too_large():
            return
        if step is not None:
            machine.evaluate(step, inner)


def run(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Do or evaluate what stands in a loop's head."""
    if node.type in {"lexical_declaration", "variable_declaration"}:
        machine.execute(node, scope)
        return UNDEFINED
    if node.type == "expression_statement":
        return machine.evaluate(node.named_children[0], scope)
    return True if node.type == "empty_statement" else machine.evaluate(node, scope)


def repeated(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do `while` and `do … while`."""
    condition, body = node.child_by_field_name("condition"), node.child_by_field_name("body")
    first = node.type == "do_statement"
    endless = condition is not None and summary_of(condition) in {"true", "1", "!0"}
    doubt = Doubt(machine)
    for _turn in range(ENDLESS_TURNS if endless else LOOP_TURNS):
        verdict = truth(machine.evaluate(condition, scope)) if condition and not first else truth(value=True)
        certain, first = (True, False) if first else (verdict.certain, False)
        if certain is False or not turn(machine, body, scope) or certain is None or doubt.grows_too_large():
            return


def over_items(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do `for … of` and `for … in`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    body, operator = node.child_by_field_name("body"), node.child_by_field_name("operator")
    if left is None or right is None:
        return
    source = machine.evaluate(right, scope)
    by_key = operator is not None and text_of(operator) == "in"
    pairs = keys(machine, source, summary_of(right)) if by_key else machine.items(source)
    declares = node.child_by_field_name("kind") is not None
    before = machine.path
    for value, path in pairs[:LOOP_TURNS]:
        machine.path = before + path
        inner = scope.block()
        if declares:
            patterns.bind(machine, left, value, inner)
        else:
            patterns.assign(machine, left, value, scope)
        goes_on = turn(machine, body, inner)
        machine.path = before
        if not goes_on:
            return


def keys(machine: "Machine", source: Value, text: str) -> list[tuple[Value, Path]]:
    """Return what `for … in` gives."""
    if isinstance(usual(source), Opaque):
        return [(Opaque(f"a key of {text}"), ())]
    return [(key, path) for key, _value, path in entries(machine, source)]
