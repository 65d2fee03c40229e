"""Calls: Go's own functions, the program's, the SDKs', and everything else outside."""

import re
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.go_source import built_in, outside, types
from crawler.go_source.expressions import shown
from crawler.go_source.limits import ASIDE, CALLBACKS, ITEMS
from crawler.go_source.machine import AsideLimitError, Frame, result_names, several
from crawler.go_source.packages import File
from crawler.go_source.signals import FAIL
from crawler.go_source.syntax import own_children
from crawler.go_source.values import (
    NIL,
    Cell,
    Choice,
    External,
    Function,
    Named,
    Native,
    Scope,
    Slice,
    Struct,
    Tuple,
    TypeRef,
    Unknown,
    Value,
    copied,
    plain,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

TRANSLATORS: Final = re.compile(r"(?i)^(?:t|tr|i18n|translate|localize)$")


def call_node(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what a call expression gives."""
    if node.type == "type_conversion_expression":
        return conversion(machine, node, scope)
    function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or given is None:
        return Unknown(shown(node))
    if function.type == "identifier" and scope.find(text_of(function)) is None:
        made_here = call_built_in(machine, text_of(function), given, scope)
        if made_here is not None:
            return made_here
    while function.type == "parenthesized_expression" and own_children(function):
        function = own_children(function)[0]
    if function.type == "selector_expression":
        return call_member(machine, node, function, scope)
    callee = machine.evaluate(function, scope)
    arguments = arguments_of(machine, given, scope)
    if isinstance(target(callee), Function):
        result = enter(machine, target(callee), arguments, node, type_arguments(machine, node, scope))
    else:
        result = call(machine, callee, arguments, node)
    is_translation = isinstance(plain(result), Unknown) and TRANSLATORS.match(text_of(function))
    return translated(arguments, shown(node)) if is_translation else result


def conversion(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what `T(x)` gives for a type that is written out; `f[T](x)` looks the same and is a call."""
    written, operand = node.child_by_field_name("type"), node.child_by_field_name("operand")
    value = machine.evaluate(operand, scope)
    if written is None or written.type != "generic_type":
        return value
    callee = machine.evaluate(written.child_by_field_name("type"), scope)
    given = own_children(written.child_by_field_name("type_arguments"))
    kinds = [TypeRef(each, machine.frame.package, scope) for each in given]
    if isinstance(target(callee), Function):
        return enter(machine, target(callee), [value], node, kinds)
    if isinstance(callee, External):
        return outside.call_external(machine, callee, [value], node, kinds)
    return value


def call_built_in(machine: "Machine", name: str, given: Node, scope: Scope) -> Value:
    """Return what one of Go's own functions or conversions gives, None where it is none."""
    if name in built_in.OF_TYPES:
        return built_in.made(machine, name, own_children(given), scope)
    if name in built_in.FUNCTIONS:
        return built_in.FUNCTIONS[name](machine, arguments_of(machine, given, scope))
    return built_in.converted(name, arguments_of(machine, given, scope)) if name in types.GO_TYPES else None


def call_member(machine: "Machine", node: Node, function: Node, scope: Scope) -> Value:
    """Return what `x.f(…)` gives: a function of a package, a method, or something outside."""
    operand, field = function.child_by_field_name("operand"), text_of(function.child_by_field_name("field"))
    holder = machine.evaluate(operand, scope)
    callee = machine.parts.evaluate(machine, function, scope)
    given = node.child_by_field_name("arguments")
    arguments = arguments_of(machine, given, scope) if given is not None else []
    if isinstance(callee, Choice):
        return each_callee(machine, callee, arguments, node, (holder, field))
    known = target(callee)
    if isinstance(known, Function):
        return enter(machine, known, arguments, node, type_arguments(machine, node, scope))
    if isinstance(known, External) and isinstance(plain(holder), External):
        return outside.call_external(machine, known, arguments, node, type_arguments(machine, node, scope))
    if isinstance(known, Native | Named | TypeRef):
        return call(machine, callee, arguments, node)
    if isinstance(known, Unknown) and TRANSLATORS.match(field) and len(arguments) == 2:  # noqa: PLR2004  # key, text
        return translated(arguments, shown(node))
    return outside.call_method(machine, holder, field, arguments, node)


def each_callee(
    machine: "Machine", callee: Choice, arguments: list[Value], node: Node, member: tuple[Value, str]
) -> Value:
    """Call each of the functions that may be meant, each under its conditions."""
    results: list[tuple[Value, tuple[str, ...]]] = []
    for option, conditions in callee.options[:ITEMS]:
        with machine.under(conditions):
            if isinstance(target(option), Unknown):
                result = outside.call_method(machine, *member, arguments, node)
            else:
                result = call(machine, option, arguments, node)
        results.append((result, conditions))
    return several(results)


def call(machine: "Machine", callee: Value, arguments: list[Value], node: Node) -> Value:
    """Return what a value gives when it is called."""
    if isinstance(callee, Choice):
        return each_callee(machine, callee, arguments, node, (callee, ""))
    known = target(callee)
    if isinstance(known, Function):
        return enter(machine, known, arguments, node, [])
    if isinstance(known, Native):
        return known.run(machine, arguments, node)
    if isinstance(known, Named | TypeRef):
        return retyped(known, arguments)
    if isinstance(known, External):
        return outside.call_external(machine, known, arguments, node)
    return outside.unknown_call(machine, arguments, node)


def retyped(kind: Named | TypeRef, arguments: list[Value]) -> Value:
    """Return a value that is converted to one of the program's types."""
    value = arguments[0] if arguments else NIL
    if isinstance(plain(value), Struct) and isinstance(kind, Named):
        made_of = copied(plain(value))
        made_of.type = kind
        return made_of
    return value


def translated(arguments: list[Value], words: str) -> Value:
    """Return the text that a translation falls back to: what follows its key."""
    texts = [plain(value) for value in arguments if isinstance(plain(value), str)]
    return texts[-1] if texts else Unknown(words)


def arguments_of(machine: "Machine", given: Node, scope: Scope) -> list[Value]:
    """Return the arguments of a call; the results of one inner call are spread, `xs...` stays one slice."""
    nodes = own_children(given)[:ITEMS]
    values: list[Value] = []
    for node in nodes:
        if node.type == "variadic_argument":
            values.append(Spread(machine.evaluate(own_children(node)[0], scope)))
        elif node.type in {"slice_type", "map_type", "pointer_type", "function_type", "interface_type", "struct_type"}:
            values.append(TypeRef(node, machine.frame.package, scope))
        else:
            values.append(copied(machine.evaluate(node, scope)))
    if len(values) == 1 and isinstance(plain(values[0]), Tuple):
        return list(plain(values[0]).values)
    return flattened(machine, values)


class Spread:
    """An argument `xs...`."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def flattened(machine: "Machine", values: list[Value]) -> list[Value]:
    """Return arguments with `xs...` spread; an element that is there under a condition keeps it."""
    found: list[Value] = []
    for value in values:
        if not isinstance(value, Spread):
            found.append(value)
            continue
        found += [
            Choice(((item.value, item.conditions),)) if item.conditions else item.value
            for item in list(machine.items(value.value))[:ITEMS]
        ]
    return found


def type_arguments(machine: "Machine", node: Node, scope: Scope) -> list[TypeRef]:
    """Return the types that a generic call names."""
    written = node.child_by_field_name("type_arguments")
    function = node.child_by_field_name("function")
    if written is None and function is not None and function.type == "index_expression":
        index = function.child_by_field_name("index")
        return [TypeRef(index, machine.frame.package, scope)] if index is not None else []
    if written is None and function is not None and function.type == "type_instantiation_expression":
        return [TypeRef(each, machine.frame.package, scope) for each in own_children(function)[1:]]
    return [TypeRef(each, machine.frame.package, scope) for each in own_children(written)]


def enter(machine: "Machine", function: Function, arguments: list[Value], node: Node, kinds: list[TypeRef]) -> Value:
    """Follow a function of the program."""
    body = function.node.child_by_field_name("body")
    if body is None or not machine.may_enter(function):
        return Unknown(shown(node))
    machine.start(function.package)
    file = next((file for file in function.package.files if file.path == function.path), File(function.path, {}))
    scope = Scope(function.scope)
    for name, kind in zip(types.type_parameters(function.node), kinds, strict=False):
        scope.types[name] = kind
    types.bind(machine, function, arguments, scope)
    frame = Frame(function.package, file, function, base=machine.conditions, given=tuple(arguments))
    machine.running[function.node.id] += 1
    try:
        with machine.inside(frame):
            take_arguments(machine, function, arguments, scope)
            signal = follow(machine, function, body, scope)
    finally:
        machine.running[function.node.id] -= 1
    if not frame.returned and signal == FAIL:
        return Unknown(f"what {shown(node)} gives")
    return several(frame.returned)


def follow(machine: "Machine", function: Function, body: Node, scope: Scope) -> str:
    """Do a function's body; one that leads to no tool is broken off when it takes long."""
    if machine.floor or not function.name or machine.program.leads_to_tools(function.name):
        return machine.execute(body, scope)
    depth = len(machine.trails)
    machine.floor = max(0, machine.fuel - ASIDE)
    try:
        return machine.execute(body, scope)
    except AsideLimitError:
        del machine.trails[depth:]
        return FAIL
    finally:
        machine.floor = 0


def take_arguments(machine: "Machine", function: Function, arguments: list[Value], scope: Scope) -> None:
    """Declare a function's receiver, parameters and results."""
    for declared in own_children(function.node.child_by_field_name("receiver"))[:1]:
        kind = declared.child_by_field_name("type")
        by_value = kind is not None and kind.type != "pointer_type"
        for name in names_of(declared):
            scope.cells[name] = Cell(copied(target(function.receiver)) if by_value else function.receiver)
    waiting = list(arguments)
    for declared in own_children(function.node.child_by_field_name("parameters")):
        names = names_of(declared)
        if declared.type == "variadic_parameter_declaration":
            rest = [built_in.item_of(value, machine.conditions) for value in waiting]
            scope.cells[names[0] if names else "_"] = Cell(Slice(rest))
            waiting = []
            continue
        for name in names or ["_"]:
            scope.cells[name] = Cell(waiting.pop(0) if waiting else Unknown(f"the parameter {name}"))
    declare_results(machine, function, scope)


def declare_results(machine: "Machine", function: Function, scope: Scope) -> None:
    """Declare the results that a function gives names."""
    if not result_names(function.node):
        return
    for declared in own_children(function.node.child_by_field_name("result")):
        kind = declared.child_by_field_name("type")
        zero = types.zero(machine, TypeRef(kind, function.package, scope)) if kind is not None else NIL
        for name in names_of(declared):
            scope.cells[name] = Cell(copied(zero))


def names_of(declared: Node) -> list[str]:
    """Return the names of a parameter declaration."""
    return [text_of(each) for each in declared.children_by_field_name("name") if each.type == "identifier"]


def run_callback(machine: "Machine", function: Value, node: Node) -> Value:
    """Run a function that was handed to a library, since it calls it at some time."""
    known = target(function)
    if not isinstance(known, Function) or machine.handed[known.node.id] >= CALLBACKS:
        return NIL
    machine.handed[known.node.id] += 1
    return enter(machine, known, [], node, [])
