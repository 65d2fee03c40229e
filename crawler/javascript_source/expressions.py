"""What literals, names and operators mean."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import patterns, zod
from crawler.javascript_source.iteration import collected
from crawler.javascript_source.operators import BINARY, UNARY, to_text
from crawler.javascript_source.syntax import (
    has_token,
    number_value,
    parts,
    piece_value,
    string_value,
    summary_of,
    text_of,
)
from crawler.javascript_source.truth import choose, is_nullish, lift, truth, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    ClassValue,
    FunctionValue,
    ObjectValue,
    Opaque,
    Path,
    RegularExpression,
    Schema,
    Scope,
    Setting,
    Thrown,
    Undefined,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Handler = Callable[["Machine", Node, Scope], Value]
PRIMITIVE: Final = (str, int, float, bool, type(None), Undefined)


def template(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate a template string."""
    whole: Value = ""
    for part in parts(node):
        if part.type != "template_substitution":
            piece: Value = piece_value(part)
        else:
            piece = machine.evaluate(parts(part)[0], scope) if parts(part) else ""
        whole = lift(lambda left, right: left + to_text(right), whole, piece)
    return Opaque(summary_of(node)) if isinstance(whole, Opaque) else whole


def identifier(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate a name."""
    return lookup(machine, text_of(node), scope)


def lookup(machine: "Machine", name: str, scope: Scope) -> Value:
    """Return what a name holds in a scope: a variable, a module's own name, or one of the language's globals."""
    cell = scope.find(name)
    if cell is not None:
        return machine.read(cell)
    if name in machine.globals:
        return machine.globals[name]
    return UNDEFINED if name == "undefined" else Opaque(name)


def this(machine: "Machine", _node: Node, scope: Scope) -> Value:
    """Evaluate `this`."""
    cell = scope.find("this")
    return machine.read(cell) if cell else UNDEFINED


def regular_expression(_machine: "Machine", node: Node, _scope: Scope) -> Value:
    """Evaluate a regular expression literal."""
    pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    return RegularExpression(text_of(pattern) if pattern else "", text_of(flags) if flags else "")


def array(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate an array literal."""
    return sequence_of(machine, parts(node), scope)


def sequence_of(machine: "Machine", nodes: list[Node], scope: Scope) -> ArrayValue:
    """Evaluate the items of an array or the arguments of a call, spreads included."""
    result = ArrayValue(path=machine.path)
    for child in nodes:
        if child.type != "spread_element":
            result.items.append(machine.evaluate(child, scope))
            continue
        spread = machine.evaluate(parts(child)[0], scope)
        if isinstance(spread, Opaque):
            result.open = True
            continue
        more = collected(machine.items(spread))
        result.items.extend(more.items)
        result.open = result.open or (isinstance(spread, ArrayValue) and spread.open)
    return result


def function(_machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate a function expression or an arrow function."""
    name = node.child_by_field_name("name")
    made = FunctionValue(node, scope, text_of(name) if name else "")
    if name is not None:
        inner = scope.block()
        patterns.declare(inner, text_of(name), made)
        made.scope = inner
    return made


def inside(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate what stands between parentheses, or before `as`, `satisfies` and `!`."""
    inner = parts(node)
    return machine.evaluate(inner[0], scope) if inner else UNDEFINED


def asserted(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate what follows a `<Type>`."""
    return machine.evaluate(parts(node)[-1], scope)


def sequence(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate expressions joined by commas; the last one counts."""
    value: Value = UNDEFINED
    for child in parts(node):
        value = machine.evaluate(child, scope)
    return value


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
        value = operate(machine, operator_name, value, right, first, scope)
    return value


def operate(machine: "Machine", operator: str, left: Value, right: Node, first: Node, scope: Scope) -> Value:
    """Apply one operator; the right side of `&&`, `||` and `??` is evaluated only where it counts."""
    if operator in {"&&", "||", "??"}:
        return logical(machine, operator, left, right, first, scope)
    other = machine.evaluate(right, scope)
    if operator == "instanceof":
        return instance_of(left, other)
    operation = BINARY.get(operator)
    return lift(operation, left, other) if operation else Opaque(operator)


def logical(machine: "Machine", operator: str, left: Value, right: Node, first: Node, scope: Scope) -> Value:
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


def assignment(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `target = value`."""
    target, source = node.child_by_field_name("left"), node.child_by_field_name("right")
    if target is None or source is None:
        return Opaque(summary_of(node))
    value = machine.evaluate(source, scope)
    if isinstance(value, FunctionValue) and not value.name and target.type == "identifier":
        value.name = text_of(target)
    patterns.assign(machine, target, value, scope)
    return value


def augmented_assignment(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `target += value` and its kin."""
    target, source = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if target is None or source is None or operator is None:
        return Opaque(summary_of(node))
    before = machine.evaluate(target, scope)
    value = operate(machine, text_of(operator)[:-1], before, source, target, scope)
    patterns.assign(machine, target, value, scope)
    return value


def update(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `++` and `--`."""
    target = node.child_by_field_name("argument")
    if target is None:
        return UNDEFINED
    before = machine.evaluate(target, scope)
    after = lift(BINARY["+" if has_token(node, "++") else "-"], before, 1)
    patterns.assign(machine, target, after, scope)
    return after if node.children[0] != target else before


def meta(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `import.meta`."""
    if not text_of(node).startswith("import"):
        return Opaque(text_of(node))
    path = f"/package/{scope.module.path}"
    given: dict[str, Value] = {"url": f"file://{path}", "filename": path, "dirname": path.rpartition("/")[0]}
    given["main"] = scope.module.path in machine.loader.entries
    return ObjectValue({**given, "resolve": Opaque("resolve")})


def yielded(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `yield`, whose values make up what the call gives; in compiled async functions it awaits."""
    frame = machine.frames[-1]
    value = machine.evaluate(parts(node)[0], scope) if parts(node) else UNDEFINED
    if frame.awaiting:
        return value
    if has_token(node, "*"):
        frame.yields.extend(collected(machine.items(value)).items)
    else:
        frame.yields.append(value)
    return Opaque("yield")


HANDLERS: Final[dict[str, Handler]] = {
    "string": lambda _machine, node, _scope: string_value(node),
    "number": lambda _machine, node, _scope: number_value(node),
    "true": lambda _machine, _node, _scope: True,
    "false": lambda _machine, _node, _scope: False,
    "null": lambda _machine, _node, _scope: None,
    "undefined": lambda _machine, _node, _scope: UNDEFINED,
    "template_string": template,
    "identifier": identifier,
    "this": this,
    "regex": regular_expression,
    "array": array,
    "arrow_function": function,
    "function_expression": function,
    "generator_function": function,
    "parenthesized_expression": inside,
    "as_expression": inside,
    "satisfies_expression": inside,
    "non_null_expression": inside,
    "instantiation_expression": inside,
    "await_expression": inside,
    "type_assertion": asserted,
    "sequence_expression": sequence,
    "unary_expression": unary,
    "binary_expression": binary,
    "ternary_expression": ternary,
    "assignment_expression": assignment,
    "augmented_assignment_expression": augmented_assignment,
    "update_expression": update,
    "yield_expression": yielded,
    "meta_property": meta,
}
