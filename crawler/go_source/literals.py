"""Composite literals: structs, slices and maps as they are written."""

from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.go_source import types
from crawler.go_source.limits import ITEMS
from crawler.go_source.syntax import own_children
from crawler.go_source.values import (
    NIL,
    Assumed,
    Cell,
    External,
    Function,
    Item,
    MapValue,
    Named,
    Pointer,
    Scope,
    Slice,
    Struct,
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

NEAR: Final = 3
"""How many calls around a tool are searched for the typed handler that it is made for."""
LISTS: Final = {"slice_type", "array_type", "implicit_length_array_type"}
COMMANDS: Final = (
    "PersistentPreRunE",
    "PersistentPreRun",
    "PreRunE",
    "PreRun",
    "Before",
    "RunE",
    "Run",
    "Action",
    "Exec",
)
"""Fields of command-line libraries' structs that hold what a command does."""


def read_composite(machine: "Machine", node: Node, scope: Scope) -> Value:
    """Return the value of `T{…}`."""
    written, body = node.child_by_field_name("type"), node.child_by_field_name("body")
    if written is None or body is None:
        return Unknown("a literal")
    return of_type(machine, TypeRef(written, machine.frame.package, scope), body, scope)


def of_type(machine: "Machine", kind: TypeRef, body: Node, scope: Scope) -> Value:
    """Return the value of a literal's body for the type that it has."""
    machine.step()
    named = types.resolve(machine, kind)
    found = types.underlying(machine, named)
    if isinstance(found, TypeRef) and found.node.type == "pointer_type":
        inner = TypeRef(found.node.named_children[0], found.package, found.bound)
        return Pointer(Cell(of_type(machine, inner, body, scope)))
    if isinstance(found, TypeRef) and found.node.type in LISTS:
        return list_of(machine, found, body, scope)
    if isinstance(found, TypeRef) and found.node.type == "map_type":
        return map_of(machine, found, body, scope)
    if isinstance(found, TypeRef) and found.node.type == "struct_type":
        return struct_of(machine, named if isinstance(named, Named) else found, body, scope)
    return struct_of(machine, named if isinstance(named, External) else None, body, scope)


def list_of(machine: "Machine", kind: TypeRef, body: Node, scope: Scope) -> Value:
    """Return a slice."""
    element = types.element_of(kind)
    made = Slice()
    for part in own_children(body)[:ITEMS]:
        value = part.child_by_field_name("value") if part.type == "keyed_element" else part
        made.items.append(Item(element_value(machine, element, value or part, scope), machine.conditions))
    return made


def map_of(machine: "Machine", kind: TypeRef, body: Node, scope: Scope) -> Value:
    """Return a map; a key that is not known leaves it open."""
    element = types.element_of(kind)
    made = MapValue(element=element)
    for part in own_children(body)[:ITEMS]:
        key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
        if key is None or value is None:
            continue
        name = plain(machine.evaluate(key, scope))
        item = Item(element_value(machine, element, value, scope), machine.conditions)
        if isinstance(name, str | int | float | bool):
            made.entries[name] = item
        else:
            made.open = True
            made.entries[f"\0{len(made.entries)}"] = item
    return made


def element_value(machine: "Machine", kind: TypeRef | None, node: Node, scope: Scope) -> Value:
    """Return an element, whose type may be left out where it is a literal itself."""
    inner = own_children(node)[0] if node.type == "literal_element" and own_children(node) else node
    if inner.type == "literal_value" and kind is not None:
        return of_type(machine, kind, inner, scope)
    return copied(machine.evaluate(inner, scope))


def struct_of(machine: "Machine", kind: "Named | External | TypeRef | None", body: Node, scope: Scope) -> Value:
    """Return a struct, and note it where it is a tool or a command."""
    made = Struct(kind, where=machine.place(body), conditions=machine.conditions)
    declared = types.fields(machine, kind) if not isinstance(kind, External | None) else []
    named = {name: inner for name, inner, _ in declared}
    for at, part in enumerate(own_children(body)[:ITEMS]):
        key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
        if part.type == "keyed_element" and key is not None and value is not None:
            name = text_of(key)
            made.fields[name] = Cell(element_value(machine, named.get(name), value, scope))
        elif at < len(declared):
            name, inner, _ = declared[at]
            made.fields[name] = Cell(element_value(machine, inner, part, scope))
    if isinstance(kind, External):
        note_external(machine, made, kind)
    elif kind is not None:
        note_own(machine, made, named)
    return made


def note_external(machine: "Machine", made: Struct, kind: External) -> None:
    """Note a tool of an SDK, what a command does, or an option's default."""
    last = kind.name.rpartition(".")[2]
    if last == "Tool" and "Name" in made.fields:
        machine.registrations.made.append(made)
        handlers = (given for frame in reversed(machine.frames[-NEAR:]) for given in frame.given)
        machine.registrations.remember(
            made, next((given for given in handlers if isinstance(target(given), Function)), NIL)
        )
    elif last.endswith("Flag") and isinstance(plain(made.get("Name")), str):
        kinds = {"BoolFlag": False, "StringFlag": ""}
        value = made.get("Value") if "Value" in made.fields else kinds.get(last, NIL)
        machine.flags[plain(made.get("Name"))] = Assumed(plain(value))
    elif last in {"Command", "App"}:
        for name in COMMANDS:
            if isinstance(plain(made.get(name)), Function):
                machine.waiting.append((made.get(name), machine.conditions))


def note_own(machine: "Machine", made: Struct, named: dict[str, TypeRef]) -> None:
    """Note a struct of the program itself that has a tool's fields: servers that speak the protocol on their own."""
    if "Name" in made.fields and "Description" in named and {"InputSchema", "Parameters"} & named.keys():
        machine.registrations.made.append(made)
