"""Operators on values: truth, comparison, arithmetic, joining of text. What is not known stays unknown."""

# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crawler.python_source.guards import is_unlikely
from crawler.python_source.values import (
    Bound,
    Choice,
    Class,
    Const,
    External,
    Function,
    Generic,
    Item,
    Mapping,
    Module,
    Native,
    Partial,
    Sequence,
    Value,
    chosen,
    constant,
    is_assumed,
    key_of,
    unknown,
)

TEXT_SIZE = 1_000_000
NUMBER_SIZE = 1 << 64
EXPONENT = 64
ITEMS = 20_000

ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}
ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
Types = Function | Bound | Partial | Class | Module


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether something is true; None where that is not known. `assumed` says that it rests on a default."""

    known: bool | None
    assumed: bool = False


def truth(value: Value) -> Truth:
    """Return whether a value counts as true."""
    if isinstance(value, Const):
        return Truth(bool(value.value), value.assumed)
    if isinstance(value, Sequence):
        return _filled([item.guards for item in value.items], value.rest, assumed=value.assumed)
    if isinstance(value, Mapping):
        return _filled([entry.guards for entry in value.entries.values()], value.rest, assumed=value.assumed)
    if isinstance(value, Choice):
        each = [truth(option.value) for option in value.options]
        if len({one.known for one in each}) == 1:
            return Truth(each[0].known, any(one.assumed for one in each))
        likely = [option.guards for option in value.options if not is_unlikely(option.guards)]
        return Truth(each[0].known if len(likely) == 1 or not value.options[0].guards else None, assumed=True)
    if isinstance(value, External):
        return Truth(None)
    return Truth(known=True)


def _filled(guards: list[Any], rest: str, *, assumed: bool) -> Truth:
    if any(not each for each in guards):
        return Truth(known=True, assumed=assumed)
    if rest or not all(is_unlikely(each) for each in guards):
        return Truth(None)
    return Truth(known=False, assumed=assumed or bool(guards))


def arithmetic(node: ast.operator, left: Value, right: Value) -> Value:
    """Return `left op right`."""
    if isinstance(left, Choice) or isinstance(right, Choice):
        return _each_pair(node, left, right)
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return _sequences(node, left, right)
    if isinstance(left, Mapping) and isinstance(right, Mapping) and isinstance(node, ast.BitOr):
        return Mapping({**left.entries, **right.entries}, assumed=is_assumed(left, right), rest=left.rest or right.rest)
    if isinstance(node, ast.Add) and isinstance(left, Sequence):
        return _with_rest(left, right)
    if isinstance(node, ast.Add) and isinstance(right, Sequence):
        return _with_rest(right, left)
    if isinstance(node, ast.BitOr) and (_is_type(left) or _is_type(right)):
        return union(left, right)
    if isinstance(node, ast.Mod) and isinstance(left, Const) and isinstance(left.value, str):
        return _percent(left, right)
    return _constants(node, left, right)


def _with_rest(known: Sequence, other: Value) -> Sequence:
    return Sequence(list(known.items), known.kind, assumed=known.assumed, rest=known.rest or described(other))


def union(*types: Value) -> Generic:
    """Return the union of types, flat."""
    flat: list[Value] = []
    for each in types:
        flat += each.arguments if isinstance(each, Generic) and is_union(each) else [each]
    return Generic(External("typing.Union"), flat)


def is_union(value: Generic) -> bool:
    """Say whether a type with arguments is a union."""
    return isinstance(value.base, External) and value.base.last == "Union"


def compare(node: ast.cmpop, left: Value, right: Value) -> Value:
    """Return `left op right` for a comparison."""
    if isinstance(left, Choice) and left.options:
        return chosen([Item(compare(node, option.value, right), option.guards) for option in left.options])
    if isinstance(right, Choice) and right.options:
        return chosen([Item(compare(node, left, option.value), option.guards) for option in right.options])
    assumed = is_assumed(left, right)
    if isinstance(node, ast.In | ast.NotIn):
        found, doubtful = contains(right, left), _is_doubtful(right, left)
        assumed = assumed or doubtful
        return _verdict(None if found is None else found == isinstance(node, ast.In), left, right, assumed=assumed)
    if isinstance(node, ast.Eq | ast.NotEq | ast.Is | ast.IsNot):
        same = _same(left, right)
        positive = isinstance(node, ast.Eq | ast.Is)
        return _verdict(None if same is None else same == positive, left, right, assumed=assumed)
    if isinstance(left, Const) and isinstance(right, Const):
        try:
            return Const(bool(ORDER[type(node)](left.value, right.value)), assumed)
        except (TypeError, KeyError):
            return unknown("a comparison")
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return _ordered(node, left, right)
    return unknown("a comparison")


def contains(container: Value, element: Value) -> bool | None:
    """Say whether a container holds an element, or None where that is not known."""
    if isinstance(container, Const) and isinstance(container.value, str):
        part = constant(element)
        return part in container.value if isinstance(part, str) else None
    key = key_of(element)
    if key is None:
        return None
    if isinstance(container, Mapping):
        entry = container.entries.get(key)
        if entry is not None and not is_unlikely(entry.guards):
            return None if entry.guards else True
        return None if container.rest else False
    if isinstance(container, Sequence):
        keys = [key_of(item.value) for item in container.items]
        there = [item.guards for item, each in zip(container.items, keys, strict=True) if each == key]
        if any(not guards for guards in there):
            return True
        return None if container.rest or None in keys or not all(map(is_unlikely, there)) else False
    return None


def _is_doubtful(container: Value, element: Value) -> bool:
    """Say whether a container holds an element only under guards that do not hold by default."""
    if isinstance(container, Sequence):
        key = key_of(element)
        there = [item.guards for item in container.items if item.guards and key_of(item.value) == key]
        return bool(there) and contains(container, element) is False
    entry = container.entries.get(key_of(element)) if isinstance(container, Mapping) else None
    return entry is not None and is_unlikely(entry.guards)


def described(value: Value) -> str:
    """Return a word on what a value is, for a person."""
    if isinstance(value, External):
        return value.path
    return type(value).__name__.lower()


def joined_text(parts: list[Value]) -> Value:
    """Return the text that the parts make together, such as those of an f-string."""
    for position, part in enumerate(parts):
        if isinstance(part, Choice):
            before, after = parts[:position], parts[position + 1 :]
            options = [Item(joined_text([*before, each.value, *after]), each.guards) for each in part.options]
            return chosen(options)
    texts = [constant(part) if not isinstance(part, Const) else part.value for part in parts]
    if any(text is None and not isinstance(part, Const) for text, part in zip(texts, parts, strict=True)):
        return unknown("a text made of " + described(next(part for part in parts if constant(part) is None)))
    whole = "".join(str(text) for text in texts)
    return Const(whole, is_assumed(*parts)) if len(whole) <= TEXT_SIZE else unknown("a very long text")


def _each_pair(node: ast.operator, left: Value, right: Value) -> Value:
    lefts = left.options if isinstance(left, Choice) else [Item(left)]
    rights = right.options if isinstance(right, Choice) else [Item(right)]
    return chosen([Item(arithmetic(node, a.value, b.value), a.guards + b.guards) for a in lefts for b in rights][:16])


def _sequences(node: ast.operator, left: Sequence, right: Sequence) -> Value:
    assumed, rest = is_assumed(left, right), left.rest or right.rest
    if isinstance(node, ast.Add | ast.BitOr):
        items = left.items + right.items
        return Sequence(items, left.kind, assumed=assumed, rest=rest) if len(items) <= ITEMS else unknown("a long list")
    if isinstance(node, ast.Sub | ast.BitAnd):
        keep = isinstance(node, ast.BitAnd)
        items = [
            item for item in left.items if contains(right, item.value) in ({True, None} if keep else {False, None})
        ]
        return Sequence(items, left.kind, assumed=assumed, rest=left.rest)
    return unknown("a list")


def _constants(node: ast.operator, left: Value, right: Value) -> Value:
    a, b = constant(left), constant(right)
    if a is None or b is None:
        return unknown(f"{described(left)} with {described(right)}")
    sized = [value for value in (a, b) if isinstance(value, str | bytes)]
    numbers = [value for value in (a, b) if isinstance(value, int | float)]
    if isinstance(node, ast.Mult) and sized and numbers and len(sized[0]) * abs(numbers[0]) > TEXT_SIZE:
        return unknown("a very long text")
    if isinstance(node, ast.Pow | ast.LShift) and (abs(b) > EXPONENT if isinstance(b, int | float) else True):
        return unknown("a very large number")
    if any(abs(number) > NUMBER_SIZE for number in numbers) or sum(map(len, sized)) > TEXT_SIZE:
        return unknown("a very large value")
    try:
        return Const(ARITHMETIC[type(node)](a, b), is_assumed(left, right))
    except (TypeError, ValueError, ArithmeticError, KeyError):
        return unknown("arithmetic")


def _percent(left: Const, right: Value) -> Value:
    values = [item.value for item in right.items] if isinstance(right, Sequence) else [right]
    plain = [constant(value) for value in values]
    if None in plain or any(letter.isdigit() for letter in left.value.replace("%%", "").split("%", 1)[-1][:3]):
        return unknown("a formatted text")
    try:
        return Const(left.value % tuple(plain), is_assumed(left, *values))
    except (TypeError, ValueError):
        return unknown("a formatted text")


def _same(left: Value, right: Value) -> bool | None:
    if left is right:
        return None if isinstance(left, External) else True
    if isinstance(left, External) or isinstance(right, External):
        return None
    a, b = key_of(left), key_of(right)
    if a is not None and b is not None:
        return a == b
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return _same_elements(left, right)
    plain = left if isinstance(left, Const) else right
    return False if isinstance(plain, Const) and plain.value is None else None


def _same_elements(left: Sequence, right: Sequence) -> bool | None:
    if left.rest or right.rest or any(item.guards for item in left.items + right.items):
        return None
    a, b = ([key_of(item.value) for item in side.items] for side in (left, right))
    if None in a or None in b:
        return None
    return set(a) == set(b) if left.kind == right.kind == "set" else left.kind == right.kind and a == b


def _verdict(known: bool | None, left: Value, right: Value, *, assumed: bool) -> Value:  # a verdict
    if known is None:
        return unknown(f"{described(left)} compared with {described(right)}")
    return Const(known, assumed)


def _ordered(node: ast.cmpop, left: Sequence, right: Sequence) -> Value:
    a, b = ([constant(item.value) for item in side.items] for side in (left, right))
    if None in a or None in b or type(node) not in ORDER:
        return unknown("a comparison")
    try:
        return Const(bool(ORDER[type(node)](a, b)), is_assumed(left, right))
    except TypeError:
        return unknown("a comparison")


def _is_type(value: Value) -> bool:
    if isinstance(value, External):
        return "(" not in value.path
    return isinstance(value, Class | Generic | Native) or (isinstance(value, Const) and value.value is None)
