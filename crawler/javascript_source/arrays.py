"""The methods of arrays; items that are there only under conditions keep them."""

import math
from collections.abc import Callable
from functools import cmp_to_key
from typing import TYPE_CHECKING, Final

from crawler.javascript_source.criteria import answers
from crawler.javascript_source.iteration import Items, collected, is_open, packed, since, unpacked
from crawler.javascript_source.limits import COLLECTION_SIZE, SORTED_ITEMS
from crawler.javascript_source.native import argument
from crawler.javascript_source.operators import to_number, to_text
from crawler.javascript_source.strings import position
from crawler.javascript_source.syntax import summary_of
from crawler.javascript_source.truth import lift, same, truth, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    NativeFunction,
    Opaque,
    Path,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Method = Callable[["Machine", Value, ArrayValue], Value]


def each(machine: "Machine", this: Value, function: Value) -> list[tuple[Value, Path, Value]]:
    """Call a function on every item under the item's own conditions: (item, conditions, answer)."""
    answered: list[tuple[Value, Path, Value]] = []
    before = machine.path
    for index, (item, path) in enumerate(machine.items(this)):
        machine.path = before + path
        answered.append((item, path, machine.call(function, UNDEFINED, ArrayValue([item, index, this]))))
        machine.path = before
    return answered


def mapped(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `map`."""
    pairs = [(answer, path) for _item, path, answer in each(machine, this, argument(arguments, 0))]
    return collected(pairs, path=machine.path)


def filtered(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `filter`: what is kept only by some settings stays, under that condition."""
    function = argument(arguments, 0)
    kept: Items = []
    doubtful = False
    for item, path, answer in answers(machine, this, function):
        verdict = truth(answer)
        doubtful = doubtful or verdict.certain is None
        if verdict.usual:
            kept.append((item, path))
        elif verdict.certain is None:
            kept.append((item, (*path, condition_of(function, answer))))
    made = collected(kept, path=machine.path)
    made.doubtful = doubtful
    return made


def condition_of(function: Value, answer: Value) -> str:
    """Return the words for what a filter asks."""
    node = getattr(function, "node", None)
    body = node.child_by_field_name("body") if node is not None else None
    if body is None:
        return answer.text if isinstance(answer, Setting) else getattr(function, "name", "") or "filter"
    return summary_of(body)


def flat_mapped(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `flatMap`."""
    return flattened(machine, mapped(machine, this, arguments), ArrayValue())


def flattened(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `flat`."""
    depth = usual(argument(arguments, 0))
    levels = int(min(to_number(depth), 4)) if isinstance(depth, int | float) else 1
    pairs = machine.items(this)
    for _level in range(levels):
        pairs = [inner for item, path in pairs for inner in spread_item(machine, item, path)]
    return collected(pairs[:COLLECTION_SIZE], path=machine.path)


def spread_item(machine: "Machine", item: Value, path: Path) -> Items:
    """Return an inner array's items, or the item itself."""
    if isinstance(item, ArrayValue | Choice):
        return [(inner, path + conditions) for inner, conditions in machine.items(item)]
    return [(item, path)]


def for_each(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `forEach`."""
    each(machine, this, argument(arguments, 0))
    return UNDEFINED


def add(machine: "Machine", this: Value, arguments: ArrayValue, *, first: bool = False) -> Value:
    """Answer `push` and `unshift`."""
    if not isinstance(this, ArrayValue):
        return UNDEFINED
    conditions = since(machine.path, this.path)
    items = [packed(item, conditions) for item in arguments.items]
    if len(this.items) + len(items) <= COLLECTION_SIZE:
        this.items[:] = items + this.items if first else this.items + items
    this.open = this.open or arguments.open
    return len(this.items)


def removed(_machine: "Machine", this: Value, _arguments: ArrayValue, *, first: bool) -> Value:
    """Answer `pop` and `shift`."""
    if not isinstance(this, ArrayValue) or not this.items:
        return Opaque("an item") if is_open(this) else UNDEFINED
    return unpacked(this.items.pop(0 if first else -1))[0]


def joined_arrays(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `concat`."""
    pairs = machine.items(this)
    for item in arguments.items:
        pairs = pairs + spread_item(machine, *unpacked(item))
    return collected(pairs, path=machine.path)


def found(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `find`."""
    unsure: Value = None
    for item, _path, answer in answers(machine, this, argument(arguments, 0)):
        verdict = truth(answer)
        if verdict.certain:
            return item if unsure is None else Opaque("find")
        if verdict.certain is None and verdict.usual is not False:
            unsure = item
    return UNDEFINED if unsure is None else Opaque("find")


def decided(machine: "Machine", this: Value, arguments: ArrayValue, *, every: bool) -> Value:
    """Answer `some` and `every`."""
    unsure = is_open(this) or isinstance(this, Setting | Choice)
    for _item, path, answer in answers(machine, this, argument(arguments, 0)):
        verdict = truth(answer)
        if verdict.certain is (not every) and not path:
            return not every
        unsure = unsure or verdict.certain is None or bool(path)
    return Setting("some", every) if unsure else every


def included(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `includes`."""
    wanted = argument(arguments, 0)
    if isinstance(usual(wanted), Opaque) or is_open(this):
        return Opaque("includes")
    pairs = machine.items(this)
    if any(not path and same(usual(item), usual(wanted)) for item, path in pairs):
        return lift(lambda _wanted: True, wanted)
    maybe = any(path or isinstance(usual(item), Opaque) for item, path in pairs)
    return Setting("includes", default=False) if maybe or isinstance(wanted, Setting) else False


def index_of(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `indexOf`."""
    wanted = argument(arguments, 0)
    if isinstance(usual(wanted), Opaque) or is_open(this):
        return Opaque("indexOf")
    values = [usual(item) for item, _path in machine.items(this)]
    return next((index for index, item in enumerate(values) if same(item, usual(wanted))), -1)


def find_index(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `findIndex`."""
    for index, (_item, _path, answer) in enumerate(answers(machine, this, argument(arguments, 0))):
        verdict = truth(answer)
        if verdict.certain is not False:
            return index if verdict.certain else Opaque("findIndex")
    return -1


def joined(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `join`."""
    separator = argument(arguments, 0)
    values = [item for item, _path in machine.items(this)]
    glue = "," if separator is UNDEFINED else separator
    return lift(lambda between, *items: to_text(between).join(to_text(item) for item in items), glue, *values)


def sliced(_machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `slice`."""
    start, end = usual(argument(arguments, 0)), usual(argument(arguments, 1))
    if not isinstance(this, ArrayValue) or isinstance(start, Opaque) or isinstance(end, Opaque):
        return Opaque("slice")
    size = len(this.items)
    return ArrayValue(this.items[position(start, size, 0) : position(end, size, size)], this.open, this.path)


def spliced(_machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `splice`."""
    start, count = usual(argument(arguments, 0)), usual(argument(arguments, 1))
    if not isinstance(this, ArrayValue) or isinstance(start, Opaque) or isinstance(count, Opaque):
        return Opaque("splice")
    size = len(this.items)
    first = position(start, size, 0)
    last = size if count is UNDEFINED else min(size, first + max(0, int(to_number(count))))
    taken = this.items[first:last]
    this.items[first:last] = arguments.items[2:]
    return ArrayValue(taken)


def ordered(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `sort`: the order counts for little here, so an order that is not known stays as it was."""
    function = argument(arguments, 0)
    if not isinstance(this, ArrayValue) or len(this.items) > SORTED_ITEMS:
        return this

    def order(left: Value, right: Value) -> int:
        if function is UNDEFINED:
            first, second = to_text(usual(left)), to_text(usual(right))
            return (first > second) - (first < second)
        answer = usual(machine.call(function, UNDEFINED, ArrayValue([unpacked(left)[0], unpacked(right)[0]])))
        return int(answer) if isinstance(answer, int | float) and not math.isnan(answer) else 0

    this.items.sort(key=cmp_to_key(order))
    return this


def reduced(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `reduce`."""
    function = argument(arguments, 0)
    pairs = machine.items(this)
    if len(arguments.items) > 1:
        total = argument(arguments, 1)
    elif pairs:
        total, pairs = pairs[0][0], pairs[1:]
    else:
        return Opaque("reduce")
    before = machine.path
    for index, (item, path) in enumerate(pairs):
        machine.path = before + path
        total = machine.call(function, UNDEFINED, ArrayValue([total, item, index, this]))
        machine.path = before
    return total


def numbered(machine: "Machine", this: Value, _arguments: ArrayValue) -> Value:
    """Answer `entries`."""
    pairs = machine.items(this)
    return collected([(ArrayValue([index, item]), path) for index, (item, path) in enumerate(pairs)])


def at(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `at`."""
    index = usual(argument(arguments, 0))
    if not isinstance(this, ArrayValue) or not isinstance(index, int | float):
        return Opaque("at")
    return machine.get(this, str(int(index if index >= 0 else len(this.items) + index)))


def backwards(_machine: "Machine", this: Value, _arguments: ArrayValue) -> Value:
    """Answer `reverse`."""
    if isinstance(this, ArrayValue):
        this.items.reverse()
    return this


def filled(_machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `fill`."""
    if isinstance(this, ArrayValue):
        this.items[:] = [argument(arguments, 0)] * len(this.items)
    return this


RUN: Final[dict[str, Method]] = {
    "map": mapped,
    "filter": filtered,
    "flatMap": flat_mapped,
    "flat": flattened,
    "forEach": for_each,
    "push": add,
    "unshift": lambda machine, this, given: add(machine, this, given, first=True),
    "pop": lambda machine, this, given: removed(machine, this, given, first=False),
    "shift": lambda machine, this, given: removed(machine, this, given, first=True),
    "concat": joined_arrays,
    "find": found,
    "findLast": found,
    "findIndex": find_index,
    "some": lambda machine, this, given: decided(machine, this, given, every=False),
    "every": lambda machine, this, given: decided(machine, this, given, every=True),
    "includes": included,
    "indexOf": index_of,
    "join": joined,
    "slice": sliced,
    "splice": spliced,
    "sort": ordered,
    "toSorted": ordered,
    "reduce": reduced,
    "entries": numbered,
    "values": lambda _machine, this, _given: this,
    "toArray": lambda _machine, this, _given: this,
    "keys": lambda machine, this, _given: ArrayValue(list(range(len(machine.items(this))))),
    "at": at,
    "reverse": backwards,
    "toReversed": backwards,
    "fill": filled,
    "toString": joined,
}
METHODS: Final = {name: NativeFunction(name, run) for name, run in RUN.items()}
