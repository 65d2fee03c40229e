"""What an expression is worth."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.go_source import literals, operators
from crawler.go_source.limits import ITEMS
from crawler.go_source.members import member, package_member
from crawler.go_source.packages import Package
from crawler.go_source.syntax import own_children, unquoted
from crawler.go_source.types import imported
from crawler.go_source.values import (
    NIL,
    Assumed,
    Cell,
    Choice,
    External,
    Function,
    Item,
    MapValue,
    Pointer,
    Scope,
    Slice,
    Struct,
    Tuple,
    Unknown,
    Value,
    plain,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

WIDEST: Final = 64


def evaluate(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what an expression is worth."""
    machine.step()
    read = READERS.get(node.type)
    return read(machine, node, scope) if read is not None else Unknown(shown(node))


def shown(node: Node) -> str:
    """Return an expression's own words, shortened."""
    text = " ".join(text_of(node)[:200].split())
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def read_name(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what a name stands for: a variable, a declaration of the package, an import."""
    name = text_of(node)
    cell = scope.find(name)
    if cell is not None:
        return cell.value
    package = machine.frame.package
    found = package_member(machine, package, name)
    if found is not None:
        return found
    outside = imported(machine, package, name, node)
    if isinstance(outside, Package):
        return outside
    return External(outside) if outside else Unknown(name)


def read_selector(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return a member of a package or struct."""
    operand = node.child_by_field_name("operand") or node.child_by_field_name("package")
    field = text_of(node.child_by_field_name("field") or node.child_by_field_name("name"))
    if operand is None:
        return Unknown(shown(node))
    return member(machine, machine.evaluate(operand, scope), field, shown(node))


def read_unary(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what `&x`, `*x`, `!x`, `-x` or `<-x` is worth."""
    sign = text_of(node.children[0])
    operand = node.child_by_field_name("operand")
    if operand is None:
        return Unknown(shown(node))
    if sign == "&":
        return address(machine, operand, scope)
    value = machine.evaluate(operand, scope)
    known = plain(value)
    if sign == "*":
        return known.cell.value if isinstance(known, Pointer) else value
    if sign == "!" and isinstance(known, bool):
        return Assumed(not known) if value is not known else not known
    if sign == "-" and isinstance(known, int | float):
        return -known
    return Unknown(shown(node))


def address(machine: "Machine", operand: Node, scope: Scope) -> Value:
    """Return a pointer to a variable, a field, or a new value."""
    if operand.type == "identifier":
        cell = scope.find(text_of(operand))
        cell = cell or machine.frame.package.scope.find(text_of(operand))
        if cell is None and package_member(machine, machine.frame.package, text_of(operand)) is not None:
            cell = machine.frame.package.scope.find(text_of(operand))
        return Pointer(cell) if cell is not None else Pointer(Cell(machine.evaluate(operand, scope)))
    value = machine.evaluate(operand, scope)
    if operand.type == "selector_expression":
        inner = operand.child_by_field_name("operand")
        holder = target(machine.evaluate(inner, scope)) if inner is not None else NIL
        field = text_of(operand.child_by_field_name("field"))
        if isinstance(holder, Struct):
            return Pointer(holder.fields.setdefault(field, Cell(value)))
    return Pointer(Cell(value))


def read_binary(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what two operands and a sign make."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = text_of(node.child_by_field_name("operator"))
    if left is None or right is None:
        return Unknown(shown(node))
    first = machine.evaluate(left, scope)
    if sign in {"&&", "||"}:
        return both_or_either(machine, sign, first, right, scope)
    second = machine.evaluate(right, scope)
    if isinstance(first, Choice) or isinstance(second, Choice):
        return operators.of_choices(machine, sign, first, second, shown(node))
    return operators.combined(machine, sign, first, second, shown(node))


def both_or_either(machine: "Machine", sign: str, first: Value, right: Node, scope: Scope) -> Value:
    """Return what `a && b` or `a || b` is worth; a side that is known may decide alone."""
    known = plain(first)
    ends = sign == "||"
    if isinstance(known, bool) and known is ends:
        return first
    second = machine.evaluate(right, scope)
    if isinstance(known, bool):
        other = plain(second)
        return Assumed(other) if isinstance(first, Assumed) and isinstance(other, bool) else second
    return second if plain(second) is ends else Unknown("a condition")


def read_index(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return an element of a slice or map, or a generic function as it is."""
    operand, index = node.child_by_field_name("operand"), node.child_by_field_name("index")
    if operand is None or index is None:
        return Unknown(shown(node))
    value = machine.evaluate(operand, scope)
    if isinstance(value, Function | External):
        return value
    return element(target(value), machine.evaluate(index, scope), shown(node))


def element(holder: Value, index: Value, words: str) -> Value:
    """Return one element; what a map does not hold is nil or empty."""
    key = plain(index)
    if isinstance(holder, MapValue) and isinstance(key, str | int | float | bool):
        found = holder.entries.get(key)
        if found is not None:
            return found.value if not found.conditions else Choice(((found.value, found.conditions),))
        return Unknown(words) if holder.open else absent(holder)
    if isinstance(holder, Slice) and isinstance(key, int) and 0 <= key < len(holder.items):
        return holder.items[key].value
    return Unknown(words)


def absent(holder: MapValue) -> Value:
    """Return what a map gives for a key that it does not have."""
    kind = text_of(holder.element.node) if holder.element is not None else ""
    return {"string": "", "bool": False, "int": 0, "float64": 0}.get(kind, NIL)


def read_slice(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return a part of a slice or text."""
    operand = node.child_by_field_name("operand")
    known = target(machine.evaluate(operand, scope)) if operand is not None else NIL
    ends: list[int | None] = []
    for name in ("start", "end"):
        bound = node.child_by_field_name(name)
        value = plain(machine.evaluate(bound, scope)) if bound is not None else None
        if value is not None and not isinstance(value, int):
            return Unknown(shown(node))
        ends.append(value)
    if isinstance(known, str):
        return known[slice(*ends)]
    return Slice(known.items[slice(*ends)], known.open) if isinstance(known, Slice) else Unknown(shown(node))


def read_number(_machine: "Machine", node: Node, _scope: Scope) -> Value:
    """Return a number."""
    text = text_of(node).replace("_", "")
    if len(text) > WIDEST:
        return Unknown("a number that is too long")
    try:
        if node.type == "float_literal":
            return float(text)
        old = len(text) > 1 and text[0] == "0" and text.isdigit()
        return int(text, 8) if old else int(text, 0)
    except ValueError:
        return Unknown(text)


def read_inner(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what stands in parentheses, or what a type assertion is made of."""
    inner = node.child_by_field_name("operand") or next(iter(own_children(node)), None)
    return machine.evaluate(inner, scope) if inner is not None else Unknown(shown(node))


def read_iota(_machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return the place of a constant in its group."""
    cell = scope.find("iota")
    return cell.value if cell is not None else Unknown(shown(node))


def read_list(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return one expression as it is, several as a tuple."""
    values = [machine.evaluate(child, scope) for child in own_children(node)[:ITEMS]]
    return values[0] if len(values) == 1 else Tuple(tuple(values))


def read_call(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return what a call gives."""
    return machine.parts.call_node(machine, node, scope)


def read_function(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return a function literal with the variables around it."""
    return Function(node, machine.frame.package, machine.frame.file.path, scope)


def read_text(_machine: "Machine", node: Node, _scope: Scope) -> Value:
    """Return a text."""
    return unquoted(text_of(node))


def item(machine: "Machine", value: Value) -> Item:
    """Return a value as an element that is there under the conditions of now."""
    return Item(value, machine.conditions)


READERS: Final[dict[str, Callable[["Machine", Node, Scope], Value]]] = {
    "identifier": read_name,
    "package_identifier": read_name,
    "type_identifier": read_name,
    "selector_expression": read_selector,
    "qualified_type": read_selector,
    "unary_expression": read_unary,
    "binary_expression": read_binary,
    "index_expression": read_index,
    "slice_expression": read_slice,
    "int_literal": read_number,
    "float_literal": read_number,
    "interpreted_string_literal": read_text,
    "raw_string_literal": read_text,
    "rune_literal": lambda _machine, node, _scope: ord(unquoted(text_of(node))[:1] or "\0"),
    "parenthesized_expression": read_inner,
    "type_assertion_expression": read_inner,
    "type_conversion_expression": read_call,
    "type_instantiation_expression": read_inner,
    "composite_literal": literals.read_composite,
    "func_literal": read_function,
    "call_expression": read_call,
    "expression_list": read_list,
    "literal_element": read_inner,
    "true": lambda *_: True,
    "false": lambda *_: False,
    "nil": lambda *_: NIL,
    "iota": read_iota,
}
