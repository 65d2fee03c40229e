"""Callbacks that ask whether one property is equal to something: answered without following each call.

Programs look up one list's items in another one by name (`rows.find(row => row.name === tool.name)`), which would cost
as many calls as the lists have pairs.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from tree_sitter import Node

from crawler.javascript_source.limits import ITEMS_PER_STEP
from crawler.javascript_source.syntax import parts, text_of
from crawler.javascript_source.truth import same
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    FunctionValue,
    ObjectValue,
    Path,
    Undefined,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

EQUAL: Final = {"===", "=="}
PLAIN: Final = str | int | float | None | Undefined


class Criterion(NamedTuple):
    """A property, and what it must be equal to."""

    name: str
    wanted: Value


def answers(machine: "Machine", this: Value, function: Value) -> Iterator[tuple[Value, Path, Value]]:
    """Ask a function about every item, one after the other: (item, conditions, answer)."""
    pairs = machine.items(this)
    criterion = criterion_of(machine, function) if len(pairs) > ITEMS_PER_STEP else None
    before = machine.path
    for index, (item, path) in enumerate(pairs):
        known = held(item, criterion) if criterion is not None else None
        if known is not None and criterion is not None and isinstance(known, PLAIN):
            if not index % ITEMS_PER_STEP:
                machine.spend(1)
            yield item, path, same(known, criterion.wanted)
            continue
        machine.path = before + path
        answer = machine.call(function, UNDEFINED, ArrayValue([item, index, this]))
        machine.path = before
        yield item, path, answer


def held(item: Value, criterion: Criterion) -> Value:
    """Return an item's own property where it is plainly there, else None."""
    return item.properties.get(criterion.name) if isinstance(item, ObjectValue) else None


def criterion_of(machine: "Machine", function: Value) -> Criterion | None:
    """Return what `item => item.name === wanted` asks, where what is wanted is known; None for any other function."""
    if not isinstance(function, FunctionValue):
        return None
    node = function.node
    body, parameter = node.child_by_field_name("body"), parameter_of(node)
    if body is None or not parameter or body.type != "binary_expression":
        return None
    sign, left, right = (body.child_by_field_name(name) for name in ("operator", "left", "right"))
    if sign is None or left is None or right is None or text_of(sign) not in EQUAL:
        return None
    for place, other in ((left, right), (right, left)):
        name = property_of(place, parameter)
        if name and not mentions(other, parameter):
            wanted = machine.evaluate(other, function.scope)
            return Criterion(name, wanted) if isinstance(wanted, str | int | float) else None
    return None


def parameter_of(node: Node) -> str:
    """Return the name of a function's only plain parameter, or nothing."""
    single, listed = node.child_by_field_name("parameter"), node.child_by_field_name("parameters")
    names = [single] if single is not None else parts(listed) if listed is not None else []
    return text_of(names[0]) if len(names) == 1 and names[0].type == "identifier" else ""


def property_of(node: Node, parameter: str) -> str:
    """Return the name in `parameter.name`, or nothing."""
    holder, name = node.child_by_field_name("object"), node.child_by_field_name("property")
    if node.type != "member_expression" or holder is None or name is None or text_of(holder) != parameter:
        return ""
    return text_of(name)


def mentions(node: Node, name: str) -> bool:
    """Say whether an expression names a variable."""
    if node.type == "identifier":
        return text_of(node) == name
    return any(mentions(child, name) for child in node.named_children)
