"""Reading and setting properties of every kind of value."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from crawler.javascript_source import arrays, mappings, outside, strings, zod
from crawler.javascript_source.iteration import packed, since, unpacked
from crawler.javascript_source.limits import INHERITANCE
from crawler.javascript_source.native import argument
from crawler.javascript_source.operators import to_text
from crawler.javascript_source.truth import choose
from crawler.javascript_source.values import (
    UNDEFINED,
    Accessor,
    ArrayValue,
    Choice,
    ClassValue,
    FunctionValue,
    MapValue,
    Maybe,
    Namespace,
    NativeFunction,
    ObjectValue,
    Opaque,
    RegularExpression,
    Schema,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def get(machine: "Machine", holder: Value, name: str) -> Value:
    """Return a property; what a value does not have is undefined, what is not known is opaque."""
    reader = READERS.get(type(holder))
    found = reader(machine, holder, name) if reader else UNDEFINED
    if found is UNDEFINED and name in PROMISE and not isinstance(holder, Opaque):
        return PROMISE[name]
    return found


def get_from_object(machine: "Machine", holder: ObjectValue, name: str) -> Value:
    """Return a property of an object, from itself or what it inherits from."""
    link: Any = holder
    is_open = False
    for _step in range(INHERITANCE):
        if not isinstance(link, ObjectValue):
            break
        if name in link.properties:
            return held_value(machine, holder, link.properties[name])
        is_open = is_open or link.open
        link = link.prototype
    if isinstance(link, Opaque):
        return outside.inherited(machine, holder, link, name)
    if name in mappings.OBJECT_METHODS:
        return mappings.OBJECT_METHODS[name]
    return Opaque(name) if is_open else UNDEFINED


def held_value(machine: "Machine", holder: Value, held: Value) -> Value:
    """Return what a property holds: its value, or what its accessor computes."""
    if isinstance(held, Maybe):
        return choose([((), UNDEFINED), (held.path, held_value(machine, holder, held.value))])
    if isinstance(held, Accessor):
        return machine.call(held.get, holder, ArrayValue()) if held.get is not UNDEFINED else UNDEFINED
    return held


def get_from_array(_machine: "Machine", holder: ArrayValue, name: str) -> Value:
    """Return an item, the length or a method of an array."""
    if name == "length":
        certain = not holder.doubtful and all(not isinstance(item, Maybe) for item in holder.items) and not holder.open
        return len(holder.items) if certain else Setting("length", len(holder.items))
    if name.isdecimal():
        index = int(name)
        if index < len(holder.items):
            return unpacked(holder.items[index])[0]
        return Opaque(f"[{name}]") if holder.open else UNDEFINED
    if holder.properties and name in holder.properties:
        return holder.properties[name]
    return arrays.METHODS.get(name, UNDEFINED)


def get_from_text(_machine: "Machine", holder: str, name: str) -> Value:
    """Return a character, the length or a method of a string."""
    if name == "length":
        return len(holder)
    if name.isdecimal():
        return holder[int(name)] if int(name) < len(holder) else UNDEFINED
    return strings.METHODS.get(name, UNDEFINED)


def get_from_map(_machine: "Machine", holder: MapValue, name: str) -> Value:
    """Return the size or a method of a map or set."""
    if name == "size":
        return Setting("size", len(holder.entries)) if holder.open else len(holder.entries)
    return mappings.MAP_METHODS.get(name, UNDEFINED)


def get_from_function(machine: "Machine", holder: Any, name: str) -> Value:
    """Return a property of a function or class, from itself or the class that it extends."""
    link: Any = holder
    for _step in range(INHERITANCE):
        if isinstance(link, ClassValue) and name == "prototype":
            return link.prototype
        if getattr(link, "properties", None) and name in link.properties:
            return held_value(machine, holder, link.properties[name])
        if not isinstance(link, ClassValue) or link.parent is None:
            break
        link = link.parent
    if isinstance(link, Opaque):
        return machine.get(link, name)
    if name == "prototype" and isinstance(holder, FunctionValue):
        holder.properties = holder.properties or {}
        holder.properties["prototype"] = ObjectValue({"constructor": holder})
        return holder.properties["prototype"]
    if name == "name":
        return holder.name
    return FUNCTION_METHODS.get(name, UNDEFINED)


def get_from_number(_machine: "Machine", _holder: Value, name: str) -> Value:
    """Return a method of a number or boolean."""
    if name in {"toString", "toFixed", "toLocaleString", "valueOf"}:
        return NativeFunction(name, lambda _m, this, _a: this if name == "valueOf" else to_text(this))
    return UNDEFINED


def get_from_namespace(machine: "Machine", holder: Namespace, name: str) -> Value:
    """Return an export of a module."""
    return holder.module.export(machine, name)


def get_from_choice(machine: "Machine", holder: Choice, name: str) -> Value:
    """Return the property of every alternative."""
    return choose([(path, get(machine, option, name)) for path, option in holder.options])


def get_from_setting(machine: "Machine", holder: Setting, name: str) -> Value:
    """Return a property of a setting's default, which is a setting again; its methods answer with settings."""
    found = get(machine, holder.default, name)
    if isinstance(found, NativeFunction):
        return settled(found, holder)
    return found if isinstance(found, Opaque | FunctionValue | Setting) else Setting(holder.text, found)


def settled(method: NativeFunction, holder: Setting) -> NativeFunction:
    """Make a method of a setting: it works on the default, and its answer is a setting."""

    def run(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
        result = method.run(machine, holder.default, arguments)
        return result if isinstance(result, Setting | Opaque) else Setting(holder.text, result)

    return NativeFunction(method.name, run)


def get_from_regular_expression(_machine: "Machine", holder: RegularExpression, name: str) -> Value:
    """Return the source or a method of a regular expression."""
    return holder.pattern if name == "source" else strings.EXPRESSION_METHODS.get(name, UNDEFINED)


def bound(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `function.bind(this, …)`."""
    del machine
    receiver, given = argument(arguments, 0), list(arguments.items[1:])

    def run(inner: "Machine", _this: Value, more: ArrayValue) -> Value:
        return inner.call(this, receiver, ArrayValue([*given, *more.items], more.open))

    return NativeFunction(getattr(this, "name", ""), run)


def called(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `function.call(this, …)`."""
    return machine.call(this, argument(arguments, 0), ArrayValue(arguments.items[1:], arguments.open))


def applied(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `function.apply(this, list)`."""
    given = argument(arguments, 1)
    items = given.items if isinstance(given, ArrayValue) else []
    return machine.call(this, argument(arguments, 0), ArrayValue(list(items), isinstance(given, Opaque)))


def then(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `promise.then(function)`; a promise and what it gives are one value here."""
    function = argument(arguments, 0)
    return this if function in (UNDEFINED, None) else machine.call(function, UNDEFINED, ArrayValue([this]))


def lastly(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `promise.finally(function)`."""
    machine.call(argument(arguments, 0), UNDEFINED, ArrayValue())
    return this


READERS: Final[dict[type, Callable[["Machine", Any, str], Value]]] = {
    ObjectValue: get_from_object,
    ArrayValue: get_from_array,
    str: get_from_text,
    MapValue: get_from_map,
    FunctionValue: get_from_function,
    ClassValue: get_from_function,
    NativeFunction: get_from_function,
    int: get_from_number,
    float: get_from_number,
    bool: get_from_number,
    Namespace: get_from_namespace,
    Choice: get_from_choice,
    Setting: get_from_setting,
    Opaque: outside.get,
    Schema: zod.get,
    RegularExpression: get_from_regular_expression,
}
FUNCTION_METHODS: Final = {
    "bind": NativeFunction("bind", bound),
    "call": NativeFunction("call", called),
    "apply": NativeFunction("apply", applied),
    "toString": NativeFunction("toString", lambda _m, _this, _a: Opaque("source")),
}
PROMISE: Final = {
    "then": NativeFunction("then", then),
    "catch": NativeFunction("catch", lambda _m, this, _a: this),
    "finally": NativeFunction("finally", lastly),
}


def put(machine: "Machine", holder: Value, name: str, value: Value) -> None:
    """Set a property; under a condition it may or may not be there."""
    if isinstance(holder, Choice):
        for _path, option in holder.options:
            put(machine, option, name, value)
    elif isinstance(holder, Setting):
        put(machine, holder.default, name, value)
    elif isinstance(holder, ObjectValue):
        put_on_object(machine, holder, name, value)
    elif isinstance(holder, ArrayValue):
        put_on_array(holder, name, value)
    elif isinstance(holder, Opaque):
        put_on_outside(machine, holder, name, value)
    elif isinstance(holder, FunctionValue | ClassValue | NativeFunction):
        holder.properties = holder.properties if holder.properties is not None else {}
        holder.properties[name] = value
    elif isinstance(holder, Namespace):
        put(machine, holder.module.commonjs.properties["exports"], name, value)


def put_on_outside(machine: "Machine", holder: Opaque, name: str, value: Value) -> None:
    """Set a property of something outside; under a condition what it was stays the usual value."""
    conditions = since(machine.path, holder.path)
    if conditions:
        value = choose([((), outside.get(machine, holder, name)), (conditions, value)])
    holder.properties = holder.properties if holder.properties is not None else {}
    holder.properties[name] = value
    if name.startswith("on"):
        machine.offer(value)


def put_on_object(machine: "Machine", holder: ObjectValue, name: str, value: Value) -> None:
    """Set a property of an object, through its accessor where it has one."""
    link: Any = holder
    for _step in range(INHERITANCE):
        if not isinstance(link, ObjectValue):
            break
        held = link.properties.get(name)
        if isinstance(held, Accessor):
            if held.set is not UNDEFINED:
                machine.call(held.set, holder, ArrayValue([value]))
            return
        link = link.prototype
    if isinstance(value, FunctionValue) and not value.name:
        value.name = name
    conditions = since(machine.path, holder.path)
    before = holder.properties.get(name, UNDEFINED)
    if not conditions or before in (UNDEFINED, None):
        holder.properties[name] = packed(value, conditions)
    else:
        holder.properties[name] = choose([((), unpacked(before)[0]), (conditions, value)])


def put_on_array(holder: ArrayValue, name: str, value: Value) -> None:
    """Set an item or the length of an array."""
    if name.isdecimal() and int(name) <= len(holder.items):
        index = int(name)
        holder.items[index : index + 1] = [value]
    elif name == "length" and value == 0:
        holder.items.clear()
    elif not name.isdecimal():
        holder.properties = holder.properties or {}
        holder.properties[name] = value
