"""The functions of `Object`, `Reflect`, `Array` and `Promise`."""

from typing import TYPE_CHECKING, Final

from crawler.javascript_source.iteration import Items, collected, entries, is_open, items, packed, since
from crawler.javascript_source.mappings import has_own
from crawler.javascript_source.native import argument
from crawler.javascript_source.operators import to_number, to_text
from crawler.javascript_source.truth import choose, same, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Accessor,
    ArrayValue,
    ClassValue,
    FunctionValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    Path,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def keys(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.keys`."""
    source = argument(arguments, 0)
    if isinstance(usual(source), Opaque):
        return Opaque("Object.keys")
    return collected([(key, path) for key, _value, path in entries(machine, source)], is_open=is_open(source))


def values(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.values`."""
    source = argument(arguments, 0)
    if isinstance(usual(source), Opaque):
        return Opaque("Object.values")
    return collected([(value, path) for _key, value, path in entries(machine, source)], is_open=is_open(source))


def pairs(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.entries`."""
    source = argument(arguments, 0)
    if isinstance(usual(source), Opaque):
        return Opaque("Object.entries")
    found = [(ArrayValue([key, value]), path) for key, value, path in entries(machine, source)]
    return collected(found, is_open=is_open(source))


def assign(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.assign`."""
    target = argument(arguments, 0)
    for item in arguments.items[1:]:
        before = machine.path
        for key, value, path in entries(machine, item):
            machine.path = before + path
            machine.put(target, key, value)
            machine.path = before
        if isinstance(usual(item), Opaque) and isinstance(target, ObjectValue):
            target.open = True
    return target


def from_pairs(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.fromEntries`."""
    made = ObjectValue(path=machine.path)
    source = argument(arguments, 0)
    for pair, path in machine.items(source):
        key = usual(machine.get(pair, "0"))
        if isinstance(key, Opaque):
            made.open = True
        else:
            made.properties[to_text(key)] = packed(machine.get(pair, "1"), path)
    return made


def define(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.defineProperty`."""
    target, key, descriptor = (argument(arguments, position) for position in range(3))
    if isinstance(usual(key), Opaque):
        return target
    define_one(machine, target, to_text(usual(key)), descriptor)
    return target


def define_one(machine: "Machine", target: Value, name: str, descriptor: Value) -> None:
    """Set a property as its descriptor says."""
    getter = machine.get(descriptor, "get")
    value = machine.get(descriptor, "value")
    if isinstance(getter, FunctionValue | NativeFunction):
        holder = usual(target)
        if isinstance(holder, ObjectValue):
            holder.properties[name] = Accessor(getter)
        elif isinstance(holder, FunctionValue | ClassValue):
            holder.properties = holder.properties or {}
            holder.properties[name] = Accessor(getter)
    elif not (name == "name" and isinstance(target, FunctionValue | ClassValue)):
        machine.put(target, name, value)
    elif isinstance(value, str):
        target.name = value


def define_all(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.defineProperties`."""
    target = argument(arguments, 0)
    for key, descriptor, _path in entries(machine, argument(arguments, 1)):
        define_one(machine, target, key, descriptor)
    return target


def create(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.create`."""
    prototype = usual(argument(arguments, 0))
    made = ObjectValue(path=machine.path)
    made.prototype = prototype if isinstance(prototype, ObjectValue | Opaque) else None
    return made


def prototype_of(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.getPrototypeOf`."""
    value = usual(argument(arguments, 0))
    if isinstance(value, ObjectValue):
        return value.prototype
    return value.parent if isinstance(value, ClassValue) else value if isinstance(value, Opaque) else None


def set_prototype(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.setPrototypeOf`."""
    target, prototype = usual(argument(arguments, 0)), usual(argument(arguments, 1))
    if isinstance(target, ObjectValue) and isinstance(prototype, ObjectValue | Opaque):
        target.prototype = prototype
    return target


def own_names(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.getOwnPropertyNames`."""
    source = usual(argument(arguments, 0))
    if isinstance(source, ClassValue | FunctionValue):
        return ArrayValue(list(source.properties or {}))
    return keys(machine, this, arguments)


def descriptor_of(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Object.getOwnPropertyDescriptor`."""
    holder, key = usual(argument(arguments, 0)), usual(argument(arguments, 1))
    if isinstance(holder, Opaque) or isinstance(key, Opaque):
        return UNDEFINED
    return ObjectValue({"value": machine.get(holder, to_text(key)), "enumerable": True})


def array_from(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Array.from`."""
    source, function = argument(arguments, 0), argument(arguments, 1)
    length = usual(machine.get(source, "length")) if isinstance(source, ObjectValue) else UNDEFINED
    if isinstance(source, Opaque):
        found: Items = [(Opaque(source.described()), ())]
    elif isinstance(length, int):
        found = [(UNDEFINED, ()) for _index in range(max(0, min(length, 1000)))]
    else:
        found = items(machine, source)
    made = collected(found, is_open=is_open(source), path=machine.path)
    if function is UNDEFINED:
        return made
    return machine.call(machine.get(made, "map"), made, ArrayValue([function]))


def new_array(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `new Array(…)`."""
    size = argument(arguments, 0)
    if len(arguments.items) == 1 and isinstance(size, int | float) and to_number(size) == to_number(size):
        return ArrayValue([UNDEFINED] * int(max(0, min(size, 1000))), path=machine.path)
    return ArrayValue(list(arguments.items), arguments.open, machine.path)


def is_array(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Array.isArray`."""
    value = argument(arguments, 0)
    if isinstance(usual(value), Opaque):
        return Opaque("Array.isArray")
    answer = isinstance(usual(value), ArrayValue)
    return Setting(value.text, answer) if isinstance(value, Setting) else answer


def first(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer with the first argument."""
    return argument(arguments, 0)


def settled(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Promise.allSettled`."""
    pairs_ = machine.items(argument(arguments, 0))
    return collected([(ObjectValue({"status": "fulfilled", "value": value}), path) for value, path in pairs_])


def raced(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Promise.race` and `Promise.any`."""
    found = machine.items(argument(arguments, 0))
    return found[0][0] if found else Opaque("race")


def new_promise(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `new Promise(function)`: what is resolved is the promise's value."""
    resolved: list[tuple[Path, Value]] = []
    start = machine.path

    def resolve(inner: "Machine", _inner_this: Value, given: ArrayValue) -> Value:
        resolved.append((since(inner.path, start), argument(given, 0)))
        return UNDEFINED

    reject = NativeFunction("reject", lambda _m, _this, _given: UNDEFINED)
    machine.call(argument(arguments, 0), UNDEFINED, ArrayValue([NativeFunction("resolve", resolve), reject]))
    return choose(resolved) if resolved else Opaque("a promise")


OBJECT: Final = {
    "keys": keys,
    "values": values,
    "entries": pairs,
    "assign": assign,
    "fromEntries": from_pairs,
    "defineProperty": define,
    "defineProperties": define_all,
    "create": create,
    "getPrototypeOf": prototype_of,
    "setPrototypeOf": set_prototype,
    "getOwnPropertyNames": own_names,
    "getOwnPropertySymbols": lambda _m, _this, _given: ArrayValue(),
    "getOwnPropertyDescriptor": descriptor_of,
    "getOwnPropertyDescriptors": lambda _m, _this, _given: ObjectValue(open=True),
    "hasOwn": lambda _m, _this, given: has_own(argument(given, 0), argument(given, 1)),
    "is": lambda _m, _this, given: same(usual(argument(given, 0)), usual(argument(given, 1))),
    "freeze": first,
    "seal": first,
    "preventExtensions": first,
}
REFLECT: Final = {
    "ownKeys": own_names,
    "defineProperty": define,
    "getPrototypeOf": prototype_of,
    "has": lambda _m, _this, given: has_own(argument(given, 0), argument(given, 1)),
    "get": lambda machine, _this, given: machine.get(argument(given, 0), to_text(usual(argument(given, 1)))),
}
ARRAY: Final = {
    "from": array_from,
    "isArray": is_array,
    "of": lambda m, _this, given: ArrayValue(list(given.items), path=m.path),
}
PROMISE: Final = {
    "resolve": first,
    "all": first,
    "allSettled": settled,
    "race": raced,
    "any": raced,
    "reject": lambda _m, _this, _given: Opaque("a rejected promise"),
}
