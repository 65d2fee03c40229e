"""What a call means: the tree's own functions are followed, native ones computed, outside ones noted."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import classes, expressions, objects, outside, patterns
from crawler.javascript_source.compilers import COMPILER_FUNCTIONS, starts_bundled_module
from crawler.javascript_source.iteration import collected, since
from crawler.javascript_source.limits import (
    CALL_DEPTH,
    CALL_SHARE,
    CHEAP_CALL,
    LEAST_CALL_FUEL,
    RECURSION,
    RECURSION_ON_UNKNOWN,
    REPEATS,
    WASTED_FUEL,
)
from crawler.javascript_source.native import argument
from crawler.javascript_source.syntax import has_token, parts, summary_of, text_of
from crawler.javascript_source.truth import choose, is_nullish, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    ClassValue,
    FunctionValue,
    NativeFunction,
    Opaque,
    OutOfFuelError,
    Path,
    Return,
    Scope,
    Setting,
    Thrown,
    Value,
    is_unlikely,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def call_expression(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate a call."""
    callee_node, argument_node = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee_node is None or argument_node is None:
        return Opaque(summary_of(node))
    if callee_node.type == "import":
        return machine.loader.import_dynamically(machine, arguments_of(machine, argument_node, scope), scope.module)
    if callee_node.type == "super":
        return classes.call_super(machine, arguments_of(machine, argument_node, scope), scope)
    this, callee = reference(machine, callee_node, scope)
    if is_nullish(callee).certain and (node.child_by_field_name("optional_chain") or objects.is_optional(callee_node)):
        return UNDEFINED
    arguments = arguments_of(machine, argument_node, scope)
    machine.site = (node, scope)
    return call(machine, callee, this, arguments, node)


def reference(machine: "Machine", node: Node, scope: Scope) -> tuple[Value, Value]:
    """Evaluate what is called; functions that compilers add to their output are known by name."""
    if node.type == "identifier":
        compiled = COMPILER_FUNCTIONS.get(text_of(node))
        if compiled is not None:
            return UNDEFINED, compiled
    return objects.reference(machine, node, scope)


def arguments_of(machine: "Machine", node: Node, scope: Scope) -> ArrayValue:
    """Evaluate a call's arguments."""
    if node.type == "template_string":
        return ArrayValue([machine.evaluate(node, scope)])
    return expressions.sequence_of(machine, parts(node), scope)


def call(machine: "Machine", callee: Value, this: Value, arguments: ArrayValue, node: Node | None) -> Value:
    """Call a value."""
    if isinstance(callee, FunctionValue):
        starts = not arguments.items and starts_bundled_module(callee.node)
        return start_module(machine, callee) if starts else invoke(machine, callee, this, arguments)
    if isinstance(callee, NativeFunction):
        machine.spend(size_of(this))
        return callee.run(machine, this, arguments)
    if isinstance(callee, Choice):
        return each(machine, callee, this, arguments, node)
    if isinstance(callee, Setting):
        known = usual(callee)
        return Setting(callee.text, UNDEFINED) if known is UNDEFINED else call(machine, known, this, arguments, node)
    if isinstance(callee, ClassValue):
        return machine.construct(callee, arguments, node)
    return outside.call(machine, callee, this, arguments, node)


def size_of(value: Value) -> int:
    """Return what a native function's work on a value costs, in syntax nodes."""
    if isinstance(value, str):
        return len(value) // 200
    return len(value.items) // 20 if isinstance(value, ArrayValue) else 0


def each(machine: "Machine", callee: Choice, this: Value, arguments: ArrayValue, node: Node | None) -> Value:
    """Call every alternative under its conditions."""
    results: list[tuple[Path, Value]] = []
    before = machine.path
    for path, option in callee.options:
        machine.path = before + path
        results.append((path, call(machine, option, this, arguments, node)))
    machine.path = before
    return choose(results)


def invoke(machine: "Machine", function: FunctionValue, this: Value, arguments: ArrayValue) -> Value:
    """Run one of the tree's own functions."""
    key = function.node.id
    depth = machine.running[key]
    tally = (key, bool(machine.path))
    machine.repeats[key] = machine.repeats[key] + 1 if depth else 0
    too_deep = len(machine.frames) > CALL_DEPTH or depth >= recursion_allowed(arguments)
    if too_deep or machine.repeats[key] > REPEATS or is_wasteful(machine, tally):
        return Opaque(function.name)
    machine.running[key] += 1
    machine.calls[tally] += 1
    machine.entered.add((function.scope.module.path, function.node.start_byte))
    path, floor, found = machine.path, machine.floor, machine.registrations.count()
    fuel, inner, machine.inner = machine.fuel, machine.inner, 0
    share = int((machine.allowance - floor) * CALL_SHARE)
    machine.floor = max(floor, machine.allowance - max(LEAST_CALL_FUEL, share))
    try:
        return run_body(machine, function, prepared_scope(machine, function, this, arguments))
    except OutOfFuelError:
        if machine.allowance < floor or machine.fuel < 0:
            raise
        return Opaque(function.name)
    except Thrown:
        # What an unknown answer makes a function throw here, it rarely throws in earnest.
        return Opaque(function.name)
    finally:
        machine.running[key] -= 1
        if machine.registrations.count() == found:
            machine.wasted[tally] += fuel - machine.fuel - machine.inner
        machine.inner = inner + fuel - machine.fuel
        machine.path, machine.floor = path, floor


def is_wasteful(machine: "Machine", tally: tuple[int, bool]) -> bool:
    """Say whether a function, under some condition or none, has led nowhere at great cost.

    What is called under no condition and costs little each time is followed all the same.
    """
    _, conditional = tally
    allowed = WASTED_FUEL if conditional else max(WASTED_FUEL, CHEAP_CALL * machine.calls[tally])
    return machine.wasted[tally] > allowed


def start_module(machine: "Machine", function: FunctionValue) -> Value:
    """Run a module inside a bundle: under no condition, and with no limit but the program's own."""
    results: list[Value] = []
    with machine.at_module_level():
        results.append(run_body(machine, function, prepared_scope(machine, function, UNDEFINED, ArrayValue())))
    return results[0] if results else UNDEFINED


def recursion_allowed(arguments: ArrayValue) -> int:
    """Say how often a function may be on the call stack: what recurses over something unknown would never end."""
    unknown = not arguments.items or isinstance(usual(arguments.items[0]), Opaque)
    return RECURSION_ON_UNKNOWN if unknown else RECURSION


def prepared_scope(machine: "Machine", function: FunctionValue, this: Value, arguments: ArrayValue) -> Scope:
    """Make the scope in which a function's body runs, its parameters bound."""
    scope = Scope(function.scope, function.scope.module)
    if function.node.type != "arrow_function":
        patterns.declare(scope, "this", this)
        patterns.declare(scope, "arguments", arguments)
    if function.home is not None:
        patterns.declare(scope, "%home", function.home)
    bind_parameters(machine, function, arguments, scope, this)
    return scope


def run_body(machine: "Machine", function: FunctionValue, scope: Scope) -> Value:
    """Run a function's body and join what it may return."""
    body = function.node.child_by_field_name("body")
    if body is None:
        return UNDEFINED
    if body.type != "statement_block":
        return machine.evaluate(body, scope)
    frame = machine.new_frame(awaiting=bool(function.properties and function.properties.get("%awaits")))
    start = machine.path
    try:
        machine.run_block(parts(body), scope)
        last: Value = UNDEFINED
    except Return as returned:
        last = returned.value
    finally:
        machine.frames.pop()
    if has_token(function.node, "*") and not frame.awaiting:
        return ArrayValue(frame.yields, path=start)
    if not frame.returns:
        return last
    options = frame.returns + ([] if last is UNDEFINED else [(since(machine.path, start), last)])
    # Of several answers the first counts as the usual one.
    return choose(sorted(options, key=lambda option: is_unlikely(option[0])))


def bind_parameters(
    machine: "Machine", function: FunctionValue, arguments: ArrayValue, scope: Scope, this: Value
) -> None:
    """Give a function's parameters their arguments."""
    single = function.node.child_by_field_name("parameter")
    listed = function.node.child_by_field_name("parameters")
    nodes = [single] if single is not None else parts(listed) if listed is not None else []
    position = 0
    for node in nodes:
        pattern, default, is_property = parameter_parts(node)
        if pattern.type == "this":
            continue
        if pattern.type == "rest_pattern":
            rest = collected(machine.items(ArrayValue(arguments.items[position:])), is_open=arguments.open)
            patterns.bind(machine, parts(pattern)[0], rest, scope)
            return
        value = argument(arguments, position, text_of(pattern) if pattern.type == "identifier" else "a parameter")
        if default is not None:
            value = patterns.with_default(machine, value, default, scope)
        patterns.bind(machine, pattern, value, scope)
        if is_property:
            machine.put(this, text_of(pattern), value)
        position += 1


def parameter_parts(node: Node) -> tuple[Node, Node | None, bool]:
    """Return a parameter's pattern, its default, and whether TypeScript makes it a property."""
    if node.type not in {"required_parameter", "optional_parameter"}:
        return node, None, False
    pattern = node.child_by_field_name("pattern") or node
    is_property = any(
        child.type in {"accessibility_modifier", "readonly", "override_modifier"} for child in node.children
    )
    return pattern, node.child_by_field_name("value"), is_property


HANDLERS: Final[dict[str, Callable[["Machine", Node, Scope], Value]]] = {
    "call_expression": call_expression,
}
