"""What statements do: declarations, branches, loops, and what leaves them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import branches, loops, patterns
from crawler.javascript_source.syntax import parts, text_of
from crawler.javascript_source.values import (
    UNDEFINED,
    FunctionValue,
    Jump,
    ObjectValue,
    Opaque,
    Return,
    Scope,
    Thrown,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

FUNCTION_DECLARATIONS: Final = frozenset({"function_declaration", "generator_function_declaration"})


def run_block(machine: "Machine", nodes: list[Node], scope: Scope) -> None:
    """Declare the functions of a block, then do its statements in order."""
    declare_functions(machine, nodes, scope)
    for node in nodes:
        if node.type not in FUNCTION_DECLARATIONS:
            machine.execute(node, scope)


def declare_functions(machine: "Machine", nodes: list[Node], scope: Scope) -> None:
    """Declare the functions among statements, exported ones too."""
    for node in nodes:
        declared = node
        if node.type == "export_statement":
            declared = node.child_by_field_name("declaration") or node
        if declared.type not in FUNCTION_DECLARATIONS:
            continue
        name = declared.child_by_field_name("name")
        if name is not None:
            patterns.declare(scope, text_of(name), FunctionValue(declared, scope, text_of(name)), machine.path)


def expression(machine: "Machine", node: Node, scope: Scope) -> None:
    """Evaluate an expression for what it does."""
    for child in parts(node):
        if child.type == "internal_module":
            namespace(machine, child, scope)
        else:
            machine.evaluate(child, scope)


def declaration(machine: "Machine", node: Node, scope: Scope) -> None:
    """Declare variables; `var` belongs to the function around."""
    target = scope if node.type == "lexical_declaration" else scope.function or scope
    for declarator in parts(node):
        if declarator.type == "variable_declarator":
            declare_variable(machine, declarator, scope, target)


def declare_variable(machine: "Machine", declarator: Node, scope: Scope, target: Scope) -> None:
    """Declare what one declarator names."""
    pattern, value_node = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
    if pattern is None:
        return
    if value_node is None:
        if pattern.type != "identifier" or text_of(pattern) not in target.cells:
            patterns.bind(machine, pattern, UNDEFINED, target)
        return
    patterns.bind(machine, pattern, machine.evaluate(value_node, scope), target)
    if pattern.type == "identifier":
        target.cells[text_of(pattern)].node = value_node


def block(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do the statements of a block in a scope of their own."""
    machine.run_block(parts(node), scope.block())


def execute_body(machine: "Machine", node: Node | None, scope: Scope) -> None:
    """Do a statement that may be missing."""
    if node is not None:
        machine.execute(node, scope)


def returned(machine: "Machine", node: Node, scope: Scope) -> None:
    """Leave the function with a value."""
    raise Return(machine.evaluate(parts(node)[0], scope) if parts(node) else UNDEFINED)


def thrown(machine: "Machine", node: Node, scope: Scope) -> None:
    """Throw a value."""
    raise Thrown(machine.evaluate(parts(node)[0], scope) if parts(node) else UNDEFINED)


def jump(_machine: "Machine", node: Node, _scope: Scope) -> None:
    """Leave a loop, or one turn of it."""
    label = node.child_by_field_name("label")
    raise Jump("break" if node.type == "break_statement" else "continue", text_of(label) if label else "")


def attempt(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do `try`; its handler runs when something is certainly thrown."""
    handler = node.child_by_field_name("handler")
    try:
        execute_body(machine, node.child_by_field_name("body"), scope)
    except Thrown as error:
        if handler is not None:
            handle(machine, handler, error.value, scope)
    finally:
        finalizer = node.child_by_field_name("finalizer")
        execute_body(machine, finalizer.child_by_field_name("body") if finalizer else None, scope)


def handle(machine: "Machine", handler: Node, error: Value, scope: Scope) -> None:
    """Do `catch`."""
    inner = scope.block()
    parameter = handler.child_by_field_name("parameter")
    if parameter is not None:
        patterns.bind(machine, parameter, error, inner)
    execute_body(machine, handler.child_by_field_name("body"), inner)


def labelled(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do a statement that has a label."""
    label = node.child_by_field_name("label")
    try:
        execute_body(machine, node.child_by_field_name("body"), scope)
    except Jump as out:
        if label is None or out.label != text_of(label):
            raise


def enumeration(machine: "Machine", node: Node, scope: Scope) -> None:
    """Declare a TypeScript enum: names to values, and numbers back to names."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    made = ObjectValue()
    inner = scope.block()
    following: Value = 0
    for member in parts(body):
        if member.type == "enum_assignment":
            key_node, value_node = member.child_by_field_name("name"), member.child_by_field_name("value")
            key = patterns.property_name(machine, key_node, inner) if key_node else ""
            following = machine.evaluate(value_node, inner) if value_node else Opaque(key)
        else:
            key = patterns.property_name(machine, member, inner)
        made.properties[key] = following
        if isinstance(following, int):
            made.properties[str(following)] = key
        patterns.declare(inner, key, following)
        following = following + 1 if isinstance(following, int) else UNDEFINED
    patterns.declare(scope, text_of(name), made, machine.path)


def namespace(machine: "Machine", node: Node, scope: Scope) -> None:
    """Declare a TypeScript namespace: an object of what its block exports."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    inner = scope.block()
    machine.run_block(parts(body), inner)
    made = ObjectValue({key: cell.value for key, cell in inner.cells.items()})
    patterns.declare(scope, text_of(name), made, machine.path)


def exported(machine: "Machine", node: Node, scope: Scope) -> None:
    """Do what an `export` declares; the module itself keeps the list of exports."""
    declared = node.child_by_field_name("declaration")
    if declared is not None and declared.type not in FUNCTION_DECLARATIONS:
        machine.execute(declared, scope)


HANDLERS: Final[dict[str, Callable[["Machine", Node, Scope], None]]] = {
    "expression_statement": expression,
    "lexical_declaration": declaration,
    "variable_declaration": declaration,
    "statement_block": block,
    "if_statement": branches.if_statement,
    "switch_statement": branches.switch_statement,
    "for_statement": loops.counted,
    "for_in_statement": loops.over_items,
    "while_statement": loops.repeated,
    "do_statement": loops.repeated,
    "return_statement": returned,
    "throw_statement": thrown,
    "break_statement": jump,
    "continue_statement": jump,
    "try_statement": attempt,
    "labeled_statement": labelled,
    "enum_declaration": enumeration,
    "internal_module": namespace,
    "module": namespace,
    "export_statement": exported,
}
