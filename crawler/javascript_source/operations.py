"""What operators mean, whose operands may be settings, choices or unknown."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import zod
from crawler.javascript_source.operators import BINARY, UNARY
from crawler.javascript_source.syntax import (
    summary_of,
    text_of,
)
from crawler.javascript_source.truth import choose, is_nullish, lift, truth, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ClassValue,
    ObjectValue,
    Opaque,
    Path,
    Schema,
    Scope,
    Setting,
    Thrown,
    Undefined,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

PRIMITIVE: Final = (str, int, float, bool, type(None), Undefined)


def unary(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate an operator with one operand."""
    operator = text_of(node.children[0])
    operand = node.child_by_field_name("argument")
    value = machine.evaluate(operand, scope) if operand else UNDEFINED
    if operator in {"delete", "typeof"} and isinstance(value, Opaque):
        return Opaque(summary_of(node))
    if operator == "!":
        verdict = truth(value)
        if verdict.certain is not None:
            return not verdict.certain
        return Opaque(summary_of(node)) if verdict.usual is None else Setting(summary_of(node), not verdict.usual)
    operation = UNARY.get(operator)
    return lift(operation, value) if operation else True


def binary(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate operators with two operands; a long chain is walked, since generated code may join hundreds."""
    chain: list[tuple[str, Node]] = []
    left: Node | None = node
    while left is not None and left.type == "binary_expression":
        right = left.child_by_field_name("right")
        operator = left.child_by_field_name("operator")
        if right is None or operator is None:
            return Opaque(summary_of(node))
        chain.append((operator.type, right))
        left = left.child_by_field_name("left")
    value = machine.evaluate(left, scope) if left else UNDEFINED
    first = left or node
    for operator_name, right in reversed(chain):
        value = operate(machine, operator_name, value, right, first=first, scope=scope)
    return value


def operate(machine: "Machine", operator: str, left: Value, right: Node, *, first: Node, scope: Scope) -> Value:
    """Apply one operator; the right side of `&&`, `||` and `??` is evaluated only where it counts."""
    if operator in {"&&", "||", "??"}:
        return logical(machine, operator, left, right, first=first, scope=scope)
    other = machine.evaluate(right, scope)
    if operator == "instanceof":
        return instance_of(left, other)
    operation = BINARY.get(operator)
    return lift(operation, left, other) if operation else Opaque(operator)


def logical(machine: "Machine", operator: str, left: Value, right: Node, *, first: Node, scope: Scope) -> Value:
    """Evaluate `&&`, `||` or `??`."""
    verdict = is_nullish(left) if operator == "??" else truth(left)
    goes_on = verdict if operator != "||" else verdict._replace(**negated(verdict._asdict()))
    if goes_on.certain is not None:
        return machine.evaluate(right, scope) if goes_on.certain else left
    condition = summary_of(first)
    if goes_on.usual is None:
        goes_on = goes_on._replace(usual=operator != "&&" and is_plain(right))
    guard = condition if operator == "&&" else f"!({condition})"
    other = under(machine, () if goes_on.usual else (guard,), right, scope)
    stay: tuple[str, ...] = (condition if operator != "&&" else f"!({condition})",)
    if not other:
        return left
    if operator == "&&" and truth(other[0][1]).certain is False:
        return other[0][1]
    if not goes_on.usual:
        return choose([((), left), *other])
    value = other[0][1]
    if operator != "&&" and isinstance(usual(value), PRIMITIVE):
        return value if isinstance(value, Setting) else Setting(condition, usual(value))
    return choose([*other, (stay, left)])


def negated(verdict: dict[str, bool | None]) -> dict[str, bool | None]:
    """Turn a verdict round; what is not known stays so."""
    return {key: None if value is None else not value for key, value in verdict.items()}


def is_plain(node: Node) -> bool:
    """Say whether an expression is a fallback that a programmer gives as the default."""
    return node.type in {
        "string",
        "number",
        "true",
        "false",
        "null",
        "array",
        "object",
        "template_string",
        "identifier",
    }


def under(machine: "Machine", conditions: Path, node: Node, scope: Scope) -> list[tuple[Path, Value]]:
    """Evaluate an expression that counts only under conditions; one that ends the program is no alternative."""
    path = machine.path
    machine.path = path + conditions
    try:
        return [(conditions, machine.evaluate(node, scope))]
    except Thrown:
        return []
    finally:
        machine.path = path


def instance_of(value: Value, maker: Value) -> Value:
    """Evaluate `instanceof`."""
    value = usual(value)
    if isinstance(value, Schema) and isinstance(maker, Opaque):
        return zod.is_made_by(value, maker.name)
    if not isinstance(value, ObjectValue) or not isinstance(maker, ClassValue):
        return False if isinstance(value, PRIMITIVE) else Opaque("instanceof")
    made_by: Value = value.maker
    while isinstance(made_by, ClassValue):
        if made_by is maker:
            return True
        made_by = made_by.parent
    return False


def ternary(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `condition ? then : otherwise`."""
    condition, consequence, alternative = (
        node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")
    )
    if condition is None or consequence is None or alternative is None:
        return Opaque(summary_of(node))
    verdict = truth(machine.evaluate(condition, scope))
    if verdict.certain is not None:
        return machine.evaluate(consequence if verdict.certain else alternative, scope)
    text = summary_of(condition)
    yes: tuple[str, ...] = () if verdict.usual else (text,)
    no: tuple[str, ...] = () if verdict.usual is False else (f"!({text})",)
    options = under(machine, yes, consequence, scope) + under(machine, no, alternative, scope)
    return choose(options)


HANDLERS: Final[dict[str, Callable[["Machine", Node, Scope], Value]]] = {
    "unary_expression": unary,
    "binary_expression": binary,
    "ternary_expression": ternary,
}
