"""What literals, names and operators mean."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import operations, patterns
from crawler.javascript_source.iteration import collected
from crawler.javascript_source.limits import STRING_LENGTH
from crawler.javascript_source.operators import BINARY, to_text
from crawler.javascript_source.resolution import ROOT
from crawler.javascript_source.syntax import (
    has_token,
    number_value,
    parts,
    piece_value,
    string_value,
    summary_of,
    text_of,
)
from crawler.javascript_source.truth import lift, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    FunctionValue,
    ObjectValue,
    Opaque,
    RegularExpression,
    Scope,
    Undefined,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Handler = Callable[["Machine", Node, Scope], Value]
UNKNOWN_PART: Final = "…"
PRIMITIVE: Final = (str, int, float, bool, type(None), Undefined)


def template(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate a template string."""
    whole: Value = ""
    told = ""
    for part in parts(node):
        if part.type != "template_substitution":
            piece: Value = piece_value(part)
        else:
            piece = machine.evaluate(parts(part)[0], scope) if parts(part) else ""
        whole = lift(lambda left, right: left + to_text(right), whole, piece)
        told += known_text(piece)
    return Opaque(summary_of(node), text=told[:STRING_LENGTH]) if isinstance(whole, Opaque) else whole


def known_text(piece: Value) -> str:
    """Return what is known of a part of a text."""
    known = usual(piece)
    if isinstance(known, PRIMITIVE):
        return to_text(known)
    return known.text or UNKNOWN_PART if isinstance(known, Opaque) else UNKNOWN_PART


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
    value = operations.operate(machine, text_of(operator)[:-1], before, source, first=target, scope=scope)
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
    path = ROOT + scope.module.path
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
    "assignment_expression": assignment,
    "augmented_assignment_expression": augmented_assignment,
    "update_expression": update,
    "yield_expression": yielded,
    "meta_property": meta,
}
