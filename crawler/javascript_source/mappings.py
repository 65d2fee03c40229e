"""The methods of maps, sets and plain objects."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from crawler.javascript_source.iteration import collected, packed, since, unpacked
from crawler.javascript_source.limits import COLLECTION_SIZE
from crawler.javascript_source.native import argument
from crawler.javascript_source.operators import contains, to_text
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    Key,
    MapValue,
    Maybe,
    NativeFunction,
    Opaque,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Method = Callable[["Machine", MapValue, ArrayValue], Value]


def key_of(value: Value) -> Key:
    """Return what tells two keys apart: what a primitive is, which object another value is."""
    known = usual(value)
    if isinstance(known, bool):
        return "boolean", known
    if isinstance(known, int | float):
        return "number", known
    return ("text", known) if isinstance(known, str) else ("object", id(known))


def new_map(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `new Map(pairs)`."""
    made = MapValue(path=machine.path)
    source = argument(arguments, 0)
    made.open = isinstance(usual(source), Opaque)
    for pair, path in machine.items(source) if not made.open else []:
        key, value = machine.get(pair, "0"), machine.get(pair, "1")
        made.entries[key_of(key)] = (key, packed(value, path))
    return made


def new_set(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `new Set(items)`."""
    made = MapValue(is_set=True, path=machine.path)
    source = argument(arguments, 0)
    if isinstance(source, Setting):
        inner = new_set(machine, _this, ArrayValue([source.default]))
        return Setting(source.text, inner)
    made.open = isinstance(usual(source), Opaque) or (isinstance(source, ArrayValue) and source.open)
    for item, path in machine.items(source) if not isinstance(usual(source), Opaque) else []:
        if isinstance(item, Opaque):
            made.open = True
        else:
            made.entries[key_of(item)] = (item, packed(item, path))
    return made


def put(machine: "Machine", this: MapValue, arguments: ArrayValue) -> Value:
    """Answer `set` and `add`."""
    key = argument(arguments, 0)
    value = key if this.is_set else argument(arguments, 1)
    if isinstance(usual(key), Opaque) and not isinstance(value, Opaque):
        this.entries["unknown", len(this.entries)] = (key, packed(value, since(machine.path, this.path)))
    elif isinstance(usual(key), Opaque):
        this.open = True
    elif len(this.entries) < COLLECTION_SIZE:
        identity = key_of(key)
        conditions = since(machine.path, this.path)
        if not conditions or identity not in this.entries:
            this.entries[identity] = (key, packed(value, conditions))
    return this


def lookup(_machine: "Machine", this: MapValue, arguments: ArrayValue) -> Value:
    """Answer `get`."""
    key = argument(arguments, 0)
    if isinstance(usual(key), Opaque):
        return Opaque("get")
    found = this.entries.get(key_of(key))
    if found is None:
        return Opaque("get") if this.open else UNDEFINED
    value, path = unpacked(found[1])
    return Choice(((path, value), ((f"!({path[0]})",), UNDEFINED))) if path else value


def has(_machine: "Machine", this: MapValue, arguments: ArrayValue) -> Value:
    """Answer `has`."""
    key = argument(arguments, 0)
    if isinstance(usual(key), Opaque):
        return Opaque("has")
    found = this.entries.get(key_of(key))
    if found is None:
        return Opaque("has") if this.open else False
    return Setting(found[1].path[0], default=False) if isinstance(found[1], Maybe) else True


def delete(machine: "Machine", this: MapValue, arguments: ArrayValue) -> Value:
    """Answer `delete`; what is deleted only under a condition stays."""
    if not since(machine.path, this.path):
        return this.entries.pop(key_of(argument(arguments, 0)), None) is not None
    return Opaque("delete")


def clear(machine: "Machine", this: MapValue, _arguments: ArrayValue) -> Value:
    """Answer `clear`."""
    if not since(machine.path, this.path):
        this.entries.clear()
    return UNDEFINED


def keys(_machine: "Machine", this: MapValue, _arguments: ArrayValue) -> Value:
    """Answer `keys`."""
    return collected([(key, unpacked(held)[1]) for key, held in this.entries.values()], is_open=this.open)


def values(_machine: "Machine", this: MapValue, _arguments: ArrayValue) -> Value:
    """Answer `values`."""
    return collected([unpacked(held) for _key, held in this.entries.values()], is_open=this.open)


def pairs(_machine: "Machine", this: MapValue, _arguments: ArrayValue) -> Value:
    """Answer `entries`."""
    found = [(ArrayValue([key, unpacked(held)[0]]), unpacked(held)[1]) for key, held in this.entries.values()]
    return collected(found, is_open=this.open)


def for_each(machine: "Machine", this: MapValue, arguments: ArrayValue) -> Value:
    """Answer `forEach`."""
    function = argument(arguments, 0)
    before = machine.path
    for key, held in list(this.entries.values()):
        value, path = unpacked(held)
        machine.path = before + path
        machine.call(function, UNDEFINED, ArrayValue([value, key, this]))
        machine.path = before
    return UNDEFINED


def on_map(name: str, run: Method) -> NativeFunction:
    """Make a method that answers only for maps and sets."""

    def guarded(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
        known = usual(this)
        return run(machine, known, arguments) if isinstance(known, MapValue) else Opaque(name)

    return NativeFunction(name, guarded)


MAP_METHODS: Final = {
    name: on_map(name, run)
    for name, run in {
        "set": put,
        "add": put,
        "get": lookup,
        "has": has,
        "delete": delete,
        "clear": clear,
        "keys": keys,
        "values": values,
        "entries": pairs,
        "forEach": for_each,
    }.items()
}
OBJECT_METHODS: Final = {
    "hasOwnProperty": NativeFunction("hasOwnProperty", lambda _m, this, given: has_own(this, argument(given, 0))),
    "propertyIsEnumerable": NativeFunction("propertyIsEnumerable", lambda _m, _this, _given: True),
    "toString": NativeFunction("toString", lambda _m, this, _given: to_text(this)),
    "valueOf": NativeFunction("valueOf", lambda _m, this, _given: this),
}


def has_own(this: Value, key: Value) -> Value:
    """Answer `hasOwnProperty`."""
    known = usual(key)
    return Opaque("hasOwnProperty") if isinstance(known, Opaque) else contains(known, usual(this))
