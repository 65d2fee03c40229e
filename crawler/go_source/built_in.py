"""Go's own functions and conversions: `append`, `len`, `make`, `string(x)` and the like."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.go_source import types
from crawler.go_source.limits import ITEMS
from crawler.go_source.values import (
    NIL,
    Assumed,
    Cell,
    Choice,
    Item,
    MapValue,
    Nil,
    Pointer,
    Scope,
    Slice,
    TypeRef,
    Unknown,
    Value,
    plain,
    target,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

OF_TYPES: Final = {"new", "make"}


def converted(name: str, arguments: list[Value]) -> Value:
    """Return a value that is converted to one of Go's types."""
    value = arguments[0] if arguments else NIL
    known = plain(value)
    if name == "string" and isinstance(known, int) and not isinstance(known, bool):
        return chr(known) if 0 <= known < 0x110000 else "\ufffd"  # noqa: PLR2004  # the last code point
    if name.startswith(("int", "uint")) and isinstance(known, float):
        return int(known) if abs(known) < 1 << 64 else Unknown("a number that is too large")
    return float(known) if name.startswith("float") and isinstance(known, int) else value


def item_of(value: Value, conditions: tuple[str, ...]) -> Item:
    """Return an argument as an element; what was there under a condition stays so."""
    if isinstance(value, Choice) and len(value.options) == 1:
        return Item(value.options[0][0], (*conditions, *value.options[0][1]))
    return Item(value, conditions)


def made(machine: "Machine", name: str, given: list[Node], scope: Scope) -> Value:
    """Do `new(T)` and `make(T, …)`."""
    if not given:
        return NIL
    kind = TypeRef(given[0], machine.frame.package, scope)
    value = types.zero(machine, kind)
    return Pointer(Cell(value)) if name == "new" else value if not isinstance(value, Nil) else Unknown("a channel")


def append(machine: "Machine", arguments: list[Value]) -> Value:
    """Do `append(list, more…)`, each under the conditions of now."""
    known = target(arguments[0]) if arguments else NIL
    items = list(known.items) if isinstance(known, Slice) else []
    is_open = not isinstance(known, Slice | Nil) or (isinstance(known, Slice) and known.open)
    items += [item_of(value, machine.conditions) for value in arguments[1:]]
    machine.step(len(items) // 50)
    return Slice(items[:ITEMS], is_open)


def length(_machine: "Machine", arguments: list[Value]) -> Value:
    """Do `len(x)`; elements that are there under a condition make it unknown."""
    known = target(arguments[0]) if arguments else NIL
    if isinstance(known, str):
        found = len(known.encode("utf-8", errors="replace"))
    elif isinstance(known, Slice) and not known.open and not any(item.conditions for item in known.items):
        found = len(known.items)
    elif isinstance(known, MapValue) and not known.open:
        found = len(known.entries)
    elif isinstance(known, Nil):
        found = 0
    else:
        return Unknown("a length")
    return Assumed(found) if isinstance(arguments[0], Assumed) else found


def delete(_machine: "Machine", arguments: list[Value]) -> Value:
    """Do `delete(map, key)`."""
    holder = target(arguments[0]) if arguments else NIL
    key = plain(arguments[1]) if len(arguments) > 1 else NIL
    if isinstance(holder, MapValue) and isinstance(key, str | int | float | bool):
        holder.entries.pop(key, None)
    return NIL


def copy(machine: "Machine", arguments: list[Value]) -> Value:
    """Do `copy(to, from)`."""
    to = target(arguments[0]) if arguments else NIL
    if isinstance(to, Slice) and len(arguments) > 1:
        to.items[:] = list(machine.items(arguments[1]))[:ITEMS]
    return Unknown("a length")


def extreme(choose: Callable[[list[int | float]], int | float]) -> "Callable[[Machine, list[Value]], Value]":
    """Return `min` or `max`."""

    def run(_machine: "Machine", arguments: list[Value]) -> Value:
        numbers = [plain(value) for value in arguments]
        known = all(isinstance(number, int | float) for number in numbers)
        return choose(numbers) if known and numbers else Unknown("a number")

    return run


FUNCTIONS: Final[dict[str, "Callable[[Machine, list[Value]], Value]"]] = {
    "append": append,
    "len": length,
    "cap": length,
    "delete": delete,
    "copy": copy,
    "min": extreme(min),
    "max": extreme(max),
    "new": lambda *_: NIL,
    "make": lambda *_: NIL,
    "panic": lambda *_: NIL,
    "print": lambda *_: NIL,
    "println": lambda *_: NIL,
    "close": lambda *_: NIL,
    "clear": lambda *_: NIL,
    "recover": lambda *_: NIL,
}
