"""Going through collections whose items may be there only under conditions."""

from typing import TYPE_CHECKING

from crawler.javascript_source.limits import COLLECTION_SIZE, ITEMS_PER_STEP
from crawler.javascript_source.values import (
    Accessor,
    ArrayValue,
    Choice,
    MapValue,
    Maybe,
    Namespace,
    ObjectValue,
    Opaque,
    Path,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Items = list[tuple[Value, Path]]


def items(machine: "Machine", value: Value) -> Items:
    """Return what `for … of` over a value gives, each item with the conditions under which it is there."""
    if isinstance(value, ArrayValue | MapValue | str):
        found = known_items(value)
        machine.spend(len(found) // ITEMS_PER_STEP)
        return found
    if isinstance(value, Choice):
        return [(item, path + inner) for path, option in value.options for item, inner in items(machine, option)]
    if isinstance(value, Setting):
        return [*items(machine, value.default), (Opaque(value.text), (value.text,))]
    if isinstance(value, Maybe):
        return [(item, value.path + inner) for item, inner in items(machine, value.value)]
    return [(Opaque("[…]", value.module, value), ())] if isinstance(value, Opaque) else []


def known_items(value: ArrayValue | MapValue | str) -> Items:
    """Return the items of an array, a map, a set or a string; one that may hold more ends with an unknown item."""
    if isinstance(value, str):
        return [(character, ()) for character in value[:COLLECTION_SIZE]]
    if isinstance(value, MapValue):
        return map_items(value)
    found = [unpacked(item) for item in value.items[:COLLECTION_SIZE]]
    return [*found, (Opaque("an unknown item"), ())] if value.open else found


def unpacked(item: Value) -> tuple[Value, Path]:
    """Separate an item from its conditions."""
    return (item.value, item.path) if isinstance(item, Maybe) else (item, ())


def packed(value: Value, path: Path) -> Value:
    """Join an item and its conditions."""
    if not path:
        return value
    return Maybe(value.value, path + value.path) if isinstance(value, Maybe) else Maybe(value, path)


def map_items(value: MapValue) -> Items:
    """Return a set's values, or a map's pairs."""
    found: Items = []
    for key, held in value.entries.values():
        item, path = unpacked(held)
        found.append((item if value.is_set else ArrayValue([key, item]), path))
    return [*found, (Opaque("an unknown item"), ())] if value.open else found


def collected(pairs: Items, *, is_open: bool = False, path: Path = ()) -> ArrayValue:
    """Make an array of items with their conditions."""
    return ArrayValue([packed(value, conditions) for value, conditions in pairs], is_open, path)


def is_open(value: Value) -> bool:
    """Say whether a collection may hold more than is known."""
    return isinstance(value, Opaque) or (isinstance(value, ArrayValue | MapValue | ObjectValue) and value.open)


def entries(machine: "Machine", value: Value) -> list[tuple[str, Value, Path]]:
    """Return an object's own properties as (key, value, conditions), in the order in which they were set."""
    if isinstance(value, ObjectValue):
        found = []
        machine.spend(len(value.properties) // ITEMS_PER_STEP)
        for key in list(value.properties)[:COLLECTION_SIZE]:
            if key.startswith(("@@", "#")):
                continue
            held = value.properties[key]
            inner, path = unpacked(held)
            found.append((key, machine.get(value, key) if isinstance(inner, Accessor) else inner, path))
        return found
    if isinstance(value, Namespace):
        return [(key, machine.get(value, key), ()) for key in value.module.names()]
    if isinstance(value, ArrayValue):
        return [(str(index), *unpacked(item)) for index, item in enumerate(value.items)]
    if isinstance(value, Choice):
        return [
            (key, item, path + inner) for path, option in value.options for key, item, inner in entries(machine, option)
        ]
    if isinstance(value, Setting):
        return entries(machine, value.default)
    return []


def since(path: Path, earlier: Path) -> Path:
    """Return the conditions of `path` that were added after `earlier`."""
    shared = 0
    for ours, theirs in zip(path, earlier, strict=False):
        if ours != theirs:
            break
        shared += 1
    return path[shared:]
