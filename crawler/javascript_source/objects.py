"""What object literals and the reading of properties mean."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import command_line, expressions, patterns, zod
from crawler.javascript_source.iteration import entries, packed, unpacked
from crawler.javascript_source.operators import to_text
from crawler.javascript_source.syntax import has_token, line_of, parts, summary_of, text_of
from crawler.javascript_source.truth import choose, is_nullish, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Accessor,
    FunctionValue,
    ObjectValue,
    Opaque,
    Scope,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

CHAIN: Final = {"member_expression", "subscript_expression", "call_expression"}
SUPER: Final = "super"


def literal(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate an object literal."""
    made = ObjectValue(path=machine.path, where=f"{scope.module.path}:{line_of(node)}")
    for child in parts(node):
        if child.type == "spread_element":
            spread(machine, made, machine.evaluate(parts(child)[0], scope))
        elif child.type == "shorthand_property_identifier":
            made.properties[text_of(child)] = expressions.lookup(machine, text_of(child), scope)
        elif child.type == "method_definition":
            add_method(machine, made.properties, child, scope)
        elif child.type == "pair":
            add_pair(machine, made, child, scope)
    if "tools" in made.properties:
        machine.registrations.on_literal(machine, made)
    return made


def add_pair(machine: "Machine", made: ObjectValue, pair: Node, scope: Scope) -> None:
    """Add `key: value` to an object."""
    key, value_node = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if key is None or value_node is None:
        return
    name = patterns.property_name(machine, key, scope)
    value = machine.evaluate(value_node, scope)
    if isinstance(value, FunctionValue) and not value.name:
        value.name = name
    if name == "@@unknown":
        made.open = True
    else:
        made.properties[name] = value


def add_method(machine: "Machine", properties: dict[str, Value], node: Node, scope: Scope) -> FunctionValue | None:
    """Add a method or accessor to an object or class."""
    key = node.child_by_field_name("name")
    if key is None:
        return None
    name = patterns.property_name(machine, key, scope)
    method = FunctionValue(node, scope, name)
    existing = properties.get(name)
    if has_token(node, "get"):
        properties[name] = Accessor(method, existing.set if isinstance(existing, Accessor) else UNDEFINED)
    elif has_token(node, "set"):
        properties[name] = Accessor(existing.get if isinstance(existing, Accessor) else UNDEFINED, method)
    else:
        properties[name] = method
    return method


def spread(machine: "Machine", made: ObjectValue, value: Value) -> None:
    """Add what `...value` holds to an object."""
    known = usual(value)
    if isinstance(known, ObjectValue) and known.where and "description" in known.properties:
        made.where = known.where
    if isinstance(known, Opaque) or (isinstance(known, ObjectValue) and known.open):
        made.open = True
    if isinstance(known, Opaque):
        add_options(made, command_line.options_of(known) or {})
    for key, held, path in entries(machine, value):
        if path and key in made.properties:
            made.properties[key] = choose([((), unpacked(made.properties[key])[0]), (path, held)])
        else:
            made.properties[key] = packed(held, path)


def add_options(made: ObjectValue, options: dict[str, Value]) -> None:
    """Add command-line options, which hold their defaults unless the user gives others."""
    for name, default in options.items():
        if default is not UNDEFINED or name not in made.properties:
            made.properties[name] = Setting(f"--{name}", default)


def member(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate `holder.name`."""
    return reference(machine, node, scope)[1]


def reference(machine: "Machine", node: Node, scope: Scope) -> tuple[Value, Value]:
    """Evaluate what may be called: return what `this` will be, and the value."""
    if node.type not in {"member_expression", "subscript_expression"}:
        inner = parts(node)
        if node.type in {"non_null_expression", "parenthesized_expression"} and inner:
            return reference(machine, inner[0], scope)
        return UNDEFINED, machine.evaluate(node, scope)
    holder_node = node.child_by_field_name("object")
    if holder_node is None:
        return UNDEFINED, Opaque(summary_of(node))
    holder = holder_of(machine, holder_node, scope)
    if is_nullish(holder).certain and is_optional(node):
        return UNDEFINED, UNDEFINED
    name = node.child_by_field_name("property")
    this = expressions.this(machine, node, scope) if holder_node.type == SUPER else holder
    if name is not None:
        return this, machine.get(holder, text_of(name))
    index = node.child_by_field_name("index")
    key = machine.evaluate(index, scope) if index else UNDEFINED
    return this, at_key(machine, holder, key)


def is_optional(node: Node | None) -> bool:
    """Say whether a chain of members and calls has a `?.` in it, which ends the whole chain."""
    while node is not None and node.type in CHAIN:
        if node.child_by_field_name("optional_chain"):
            return True
        node = node.child_by_field_name("object") or node.child_by_field_name("function")
    return False


def holder_of(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Evaluate the left side of a dot; `super` is what the method's class inherits from."""
    if node.type != SUPER:
        return zod.recognised(machine, machine.evaluate(node, scope))
    home = scope.find("%home")
    return home.value.prototype.prototype if home and home.value else Opaque(SUPER)


def at_key(machine: "Machine", holder: Value, key: Value) -> Value:
    """Return `holder[key]`."""
    known = usual(key)
    return Opaque(f"[{known.described()}]") if isinstance(known, Opaque) else machine.get(holder, to_text(known))


HANDLERS: Final[dict[str, Callable[["Machine", Node, Scope], Value]]] = {
    "object": literal,
    "member_expression": member,
    "subscript_expression": member,
}
