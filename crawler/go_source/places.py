"""What the left side of an assignment points at: variables, fields, elements, what is behind a pointer."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from crawler.go_source.limits import ITEMS
from crawler.go_source.machine import joined
from crawler.go_source.members import field_cell
from crawler.go_source.values import (
    NIL,
    Cell,
    Item,
    MapValue,
    Pointer,
    Scope,
    Slice,
    Struct,
    Value,
    plain,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine


def store(machine: "Machine", place: Node, value: Value, scope: Scope) -> None:
    """Put a value where the left side of an assignment points."""
    operand = place.child_by_field_name("operand")
    if place.type == "identifier":
        name = text_of(place)
        machine.evaluate(place, scope)
        cell = scope.find(name) or machine.frame.package.scope.find(name)
        if cell is not None:
            machine.set(cell, value)
    elif place.type == "selector_expression" and operand is not None:
        holder, field = target(machine.evaluate(operand, scope)), text_of(place.child_by_field_name("field"))
        if isinstance(holder, Struct):
            cell = field_cell(machine, holder, field) or holder.fields.setdefault(field, Cell(NIL))
            machine.set(cell, value)
        else:
            store_in_package(machine, holder, field, value)
    elif place.type == "index_expression" and operand is not None:
        index = place.child_by_field_name("index")
        key = plain(machine.evaluate(index, scope)) if index is not None else NIL
        put(machine, target(machine.evaluate(operand, scope)), key, value)
    elif place.type == "unary_expression" and operand is not None:
        pointer = plain(machine.evaluate(operand, scope))
        if isinstance(pointer, Pointer):
            machine.set(pointer.cell, value)


def store_in_package(machine: "Machine", holder: Value, name: str, value: Value) -> None:
    """Set another package's variable."""
    cells = getattr(getattr(holder, "scope", None), "cells", None)
    if isinstance(cells, dict) and name in cells:
        machine.set(cells[name], value)


def put(machine: "Machine", holder: Value, key: Value, value: Value) -> None:
    """Set an element of a map or slice; under a key that is not known, anything may be there."""
    if isinstance(holder, MapValue):
        if isinstance(key, str | int | float | bool) and len(holder.entries) < ITEMS:
            holder.entries[key] = Item(value, machine.conditions)
        else:
            holder.open = True
    elif isinstance(holder, Slice) and isinstance(key, int) and 0 <= key < len(holder.items):
        holder.items[key] = Item(value, joined(holder.items[key].conditions, machine.conditions))
