"""Giving names to values: declarations, parameters, destructuring and assignment."""

from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source.iteration import collected, entries, packed, since
from crawler.javascript_source.operators import to_text
from crawler.javascript_source.syntax import parts, string_value, summary_of, text_of
from crawler.javascript_source.truth import choose, is_nullish, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Cell,
    ClassValue,
    FunctionValue,
    ObjectValue,
    Opaque,
    Path,
    Scope,
    Setting,
    Undefined,
    Unlikely,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

SPARE_ITEMS: Final = 4
PLAIN: Final = (str, int, float, bool, type(None), Undefined)


def declare(scope: Scope, name: str, value: Value, path: Path = (), node: Node | None = None) -> None:
    """Make a new variable."""
    scope.cells[name] = Cell(value, path=path, node=node)


def bind(machine: "Machine", pattern: Node, value: Value, scope: Scope) -> None:
    """Declare every name of a pattern with its part of a value."""
    destructure(machine, pattern, value, scope, declares=True)


def assign(machine: "Machine", target: Node, value: Value, scope: Scope) -> None:
    """Assign to a variable, a property or a pattern."""
    destructure(machine, target, value, scope, declares=False)


def destructure(machine: "Machine", target: Node, value: Value, scope: Scope, *, declares: bool) -> None:
    """Give a target its value; patterns are taken apart."""
    kind = target.type
    if kind in {"identifier", "shorthand_property_identifier_pattern"}:
        store(machine, text_of(target), value, scope, declares=declares)
    elif kind in {"object_pattern", "array_pattern", "object", "array"}:
        take_apart = take_object if kind.startswith("object") else take_array
        take_apart(machine, target, value, scope, declares=declares)
    elif kind in {"assignment_pattern", "object_assignment_pattern", "assignment_expression"}:
        take_default(machine, target, value, scope, declares=declares)
    elif kind in {"member_expression", "subscript_expression"}:
        put_property(machine, target, value, scope)
    elif kind in {"parenthesized_expression", "non_null_expression", "as_expression"} and parts(target):
        destructure(machine, parts(target)[0], value, scope, declares=declares)


def store(machine: "Machine", name: str, value: Value, scope: Scope, *, declares: bool) -> None:
    """Put a value into a variable; under a condition the variable keeps its earlier value as an alternative."""
    if isinstance(value, FunctionValue | ClassValue) and not value.name:
        value.name = name
    cell = None if declares else scope.find(name)
    if cell is None:
        holder = scope if declares else outermost(scope)
        declare(holder, name, value, machine.path)
        return
    conditions = since(machine.path, cell.path)
    if conditions:
        before = machine.read(cell)
        # Where no way is the usual one, a variable without a value is given one by another way.
        is_filled = isinstance(before, Undefined) and not isinstance(conditions[-1], Unlikely)
        value = choose([(conditions, value)] + ([] if is_filled else [((), before)]))
    cell.value, cell.pending = value, None


def outermost(scope: Scope) -> Scope:
    """Return the module's own scope."""
    while scope.parent is not None:
        scope = scope.parent
    return scope


def take_default(machine: "Machine", target: Node, value: Value, scope: Scope, *, declares: bool) -> None:
    """Give a target its value, or its default where there is none."""
    left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
    if left is not None and right is not None:
        destructure(machine, left, with_default(machine, value, right, scope), scope, declares=declares)


def with_default(machine: "Machine", value: Value, default: Node, scope: Scope) -> Value:
    """Return a value, or the default where it is or may be undefined."""
    verdict = is_nullish(value)
    if verdict.certain is not None:
        return machine.evaluate(default, scope) if verdict.certain and value is not None else value
    fallback = machine.evaluate(default, scope)
    if verdict.usual is False:
        return value
    if isinstance(usual(fallback), PLAIN):
        text = value.text if isinstance(value, Setting) else summary_of(default.parent or default)
        return Setting(text, usual(fallback))
    return choose([((), fallback), ((summary_of(default.parent or default),), value)])


def take_array(machine: "Machine", target: Node, value: Value, scope: Scope, *, declares: bool) -> None:
    """Take an array apart; commas without a name skip an item."""
    pairs = settled_items(machine, value) if isinstance(value, Setting) else machine.items(value)
    unknown = isinstance(usual(value), Opaque)
    position = 0
    for child in target.children:
        if child.type == ",":
            position += 1
        elif child.type in {"rest_pattern", "spread_element"}:
            rest: Value = Opaque("the rest") if unknown else collected(machine.items(value)[position:])
            destructure(machine, parts(child)[0], rest, scope, declares=declares)
        elif child.is_named and child.type != "comment":
            missing: Value = Opaque(text_of(child)) if unknown else UNDEFINED
            item = pairs[position][0] if position < len(pairs) and not unknown else missing
            destructure(machine, child, item, scope, declares=declares)


def settled_items(machine: "Machine", value: Setting) -> list[tuple[Value, Path]]:
    """Return the items of a setting's default, each of which the user may change."""
    count = len(machine.items(value.default)) + SPARE_ITEMS
    return [(machine.get(value, str(position)), ()) for position in range(count)]


def take_object(machine: "Machine", target: Node, value: Value, scope: Scope, *, declares: bool) -> None:
    """Take an object apart."""
    taken: set[str] = set()
    for child in parts(target):
        if child.type in {"rest_pattern", "spread_element"}:
            destructure(machine, parts(child)[0], remaining(machine, value, taken), scope, declares=declares)
            continue
        name, inner = property_target(machine, child, scope)
        taken.add(name)
        if inner is not None:
            destructure(machine, inner, machine.get(value, name), scope, declares=declares)


def property_target(machine: "Machine", child: Node, scope: Scope) -> tuple[str, Node | None]:
    """Return which property a part of an object pattern takes, and the target that gets it."""
    if child.type in {"pair_pattern", "pair"}:
        key = child.child_by_field_name("key")
        return (property_name(machine, key, scope) if key else ""), child.child_by_field_name("value")
    named = child
    if child.type in {"object_assignment_pattern", "assignment_expression", "assignment_pattern"}:
        named = child.child_by_field_name("left") or child
    return text_of(named), child


def remaining(machine: "Machine", value: Value, taken: set[str]) -> Value:
    """Return an object's properties but those already taken."""
    known = usual(value)
    if isinstance(known, Opaque):
        return known
    rest = ObjectValue(path=machine.path)
    if isinstance(known, ObjectValue):
        rest.open, rest.where = known.open, known.where
    for key, held, path in entries(machine, value):
        if key not in taken:
            rest.properties[key] = packed(held, path)
    return rest


def property_name(machine: "Machine", key: Node, scope: Scope) -> str:
    """Return the name that a key in an object, class or pattern stands for."""
    if key.type == "string":
        return string_value(key)
    if key.type == "computed_property_name":
        value = usual(machine.evaluate(parts(key)[0], scope)) if parts(key) else ""
        return "@@unknown" if isinstance(value, Opaque) else to_text(value)
    if key.type == "number":
        return to_text(machine.evaluate(key, scope))
    return text_of(key)


def put_property(machine: "Machine", target: Node, value: Value, scope: Scope) -> None:
    """Assign to `holder.name` or `holder[key]`."""
    holder_node = target.child_by_field_name("object")
    if holder_node is None:
        return
    holder = machine.evaluate(holder_node, scope)
    name = target.child_by_field_name("property")
    if name is not None:
        machine.put(holder, text_of(name), value)
        return
    index = target.child_by_field_name("index")
    key = usual(machine.evaluate(index, scope)) if index else UNDEFINED
    if not isinstance(key, Opaque):
        machine.put(holder, to_text(key), value)
    elif isinstance(holder, ObjectValue | ArrayValue):
        holder.open = True
