"""Methods of lists, sets and dictionaries, under the guards that hold when they are called."""

# ruff: noqa: ARG001  # all that is modelled here takes (machine, given), whether it needs them or not

from collections.abc import Callable

from crawler.python_source.guards import Guards, beyond, joined
from crawler.python_source.iteration import elements, put, store
from crawler.python_source.machine import Machine
from crawler.python_source.operators import contains
from crawler.python_source.subscripts import lookup
from crawler.python_source.values import (
    NONE,
    Arguments,
    Choice,
    Const,
    Item,
    Mapping,
    Native,
    Sequence,
    Value,
    chosen,
    key_of,
    unknown,
)

Method = Callable[[Machine, "Sequence | Mapping", Arguments], Value]


def container_method(machine: Machine, receiver: Sequence | Mapping, name: str) -> Value | None:
    """Return a method of a container, or None where it has none of that name."""
    methods: dict[str, Callable[..., Value]] = SEQUENCES if isinstance(receiver, Sequence) else MAPPINGS
    method = methods.get(name)
    if method is None:
        return None

    def code(inner: Machine, given: Arguments) -> Value:
        inner.effects += name not in UNCHANGING
        return method(inner, receiver, given)

    return Native(f"container.{name}", code)


def _append(machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    if given.positional:
        receiver.items.append(Item(given.positional[-1], beyond(machine.guards, receiver.born)))
    return NONE


def extend(machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    """Add all elements of the arguments, under the guards that hold now."""
    extra = beyond(machine.guards, receiver.born)
    for argument in given.positional:
        found = elements(machine, argument)
        receiver.items += [Item(item.value, joined(extra, item.guards)) for item in found.items]
        receiver.rest = receiver.rest or found.rest
        receiver.assumed = receiver.assumed or found.assumed
    return NONE


def _remove(machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    if given.positional and not beyond(machine.guards, receiver.born):
        key = key_of(given.positional[0])
        receiver.items = [item for item in receiver.items if key is None or key_of(item.value) != key]
    return NONE


def _clear(machine: Machine, receiver: Sequence | Mapping, _given: Arguments) -> Value:
    if not beyond(machine.guards, receiver.born):
        if isinstance(receiver, Sequence):
            receiver.items = []
        else:
            receiver.entries.clear()
    return NONE


def _copy(machine: Machine, receiver: Sequence | Mapping, _given: Arguments) -> Value:
    return copied(receiver, machine.guards)


def copied(receiver: Sequence | Mapping, born: Guards) -> Value:
    """Return a copy of a container that is born under these guards."""
    if isinstance(receiver, Sequence):
        return Sequence(list(receiver.items), receiver.kind, born, receiver.assumed, receiver.rest)
    return Mapping(dict(receiver.entries), born, receiver.assumed, receiver.rest)


def _difference(_machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    items = [
        item for item in receiver.items if not any(contains(each, item.value) is True for each in given.positional)
    ]
    return Sequence(items, receiver.kind, assumed=receiver.assumed, rest=receiver.rest)


def _intersection(_machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    items = [
        item for item in receiver.items if all(contains(each, item.value) is not False for each in given.positional)
    ]
    return Sequence(items, receiver.kind, assumed=receiver.assumed, rest=receiver.rest)


def _union(machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    made = Sequence(list(receiver.items), receiver.kind, machine.guards, receiver.assumed, receiver.rest)
    extend(machine, made, given)
    return made


def _subset(machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    verdicts = {contains(given.positional[0], item.value) for item in receiver.items} if given.positional else {None}
    return Const(verdicts <= {True}) if None not in verdicts else unknown("a subset")


def _pop_item(_machine: Machine, receiver: Sequence, given: Arguments) -> Value:
    last = receiver.items[-1].value if receiver.items and not given.positional else None
    return last if last is not None else unknown("an element")


def _get(machine: Machine, receiver: Mapping, given: Arguments) -> Value:
    key = given.get(0, "key")
    fallback = given.get(1, "default") or NONE
    if isinstance(key, Choice):
        return chosen(
            [Item(_get(machine, receiver, _with_key(given, each.value)), each.guards) for each in key.options]
        )
    found = lookup(machine, receiver, key) if key is not None else None
    if found is None:
        return Const(fallback.value, assumed=True) if receiver.assumed and isinstance(fallback, Const) else fallback
    return found


def _with_key(given: Arguments, key: Value) -> Arguments:
    return Arguments([key, *given.positional[1:]], given.keywords, given.node, given.where)


def _pop_key(machine: Machine, receiver: Mapping, given: Arguments) -> Value:
    found = _get(machine, receiver, given)
    if given.positional and not beyond(machine.guards, receiver.born):
        receiver.entries.pop(key_of(given.positional[0]), None)
    return found


def _set_default(machine: Machine, receiver: Mapping, given: Arguments) -> Value:
    key, value = given.get(0, "key"), given.get(1, "default") or NONE
    if key is None:
        return value
    found = lookup(machine, receiver, key)
    if found is None:
        store(machine, receiver, key, value)
        return value
    return found


def update(machine: Machine, receiver: Mapping, given: Arguments) -> Value:
    """Put all entries of the arguments into a mapping, under the guards that hold now."""
    for argument in given.positional:
        for option in argument.options if isinstance(argument, Choice) else [Item(argument)]:
            _update_from(machine, receiver, option)
    for name, value in given.keywords.items():
        put(receiver, Const(name), value, machine.guards)
    return NONE


def _update_from(machine: Machine, receiver: Mapping, option: Item) -> None:
    source = option.value
    if isinstance(source, Mapping):
        for entry in source.entries.values():
            put(receiver, entry.key, entry.value, joined(machine.guards, option.guards, entry.guards))
        receiver.rest = receiver.rest or source.rest
        return
    found = elements(machine, source)
    receiver.rest = receiver.rest or found.rest
    for item in found.items:
        pair = elements(machine, item.value).items
        if len(pair) == 2:  # noqa: PLR2004  # a key and a value
            put(receiver, pair[0].value, pair[1].value, joined(machine.guards, item.guards))


def _keys(_machine: Machine, receiver: Mapping, _given: Arguments) -> Value:
    items = [Item(entry.key, entry.guards) for entry in receiver.entries.values()]
    return Sequence(items, "list", receiver.born, receiver.assumed, receiver.rest)


def _values(_machine: Machine, receiver: Mapping, _given: Arguments) -> Value:
    items = [Item(entry.value, entry.guards) for entry in receiver.entries.values()]
    return Sequence(items, "list", receiver.born, receiver.assumed, receiver.rest)


def _pairs(_machine: Machine, receiver: Mapping, _given: Arguments) -> Value:
    items = [
        Item(Sequence([Item(entry.key), Item(entry.value)], "tuple"), entry.guards)
        for entry in receiver.entries.values()
    ]
    return Sequence(items, "list", receiver.born, receiver.assumed, receiver.rest)


def _nothing(_machine: Machine, _receiver: Sequence | Mapping, _given: Arguments) -> Value:
    return NONE


UNCHANGING = frozenset(["copy", "difference", "intersection", "union", "issubset", "get", "keys", "values", "items"])
SEQUENCES: dict[str, Callable[..., Value]] = {
    "append": _append,
    "appendleft": _append,
    "add": _append,
    "insert": _append,
    "extend": extend,
    "update": extend,
    "remove": _remove,
    "discard": _remove,
    "clear": _clear,
    "copy": _copy,
    "difference": _difference,
    "intersection": _intersection,
    "union": _union,
    "issubset": _subset,
    "pop": _pop_item,
    "sort": _nothing,
    "reverse": _nothing,
}
MAPPINGS: dict[str, Callable[..., Value]] = {
    "get": _get,
    "pop": _pop_key,
    "setdefault": _set_default,
    "update": update,
    "keys": _keys,
    "values": _values,
    "items": _pairs,
    "clear": _clear,
    "copy": _copy,
}
