"""What two values make: comparisons, sums, texts put together."""

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from crawler.go_source.limits import TEXT
from crawler.go_source.values import Assumed, Choice, External, Nil, Unknown, Value, plain

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

COMPARISONS: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
WIDEST: Final = 64


def of_choices(machine: "Machine", sign: str, first: Value, second: Value, words: str) -> Value:
    """Combine each of several values with another one."""
    ones = first.options if isinstance(first, Choice) else ((first, ()),)
    others = second.options if isinstance(second, Choice) else ((second, ()),)
    made = [
        (combined(machine, sign, plain(one), plain(other), words), path + more)
        for one, path in ones[:8]
        for other, more in others[:8]
    ]
    return Choice(tuple(made))


def combined(machine: "Machine", sign: str, first: Value, second: Value, words: str) -> Value:
    """Return what two values make; what rests on a setting rests on it as well."""
    one, other = plain(first), plain(second)
    result = known_result(machine, sign, one, other)
    if result is None:
        return Unknown(words)
    return Assumed(result) if isinstance(first, Assumed) or isinstance(second, Assumed) else result


def known_result(machine: "Machine", sign: str, one: Value, other: Value) -> Value:
    """Return the result where both values are known, else None."""
    if sign in {"==", "!="} and (isinstance(one, Nil) or isinstance(other, Nil)):
        return against_nil(sign, other if isinstance(one, Nil) else one)
    plain_values = str | int | float | bool
    if not isinstance(one, plain_values) or not isinstance(other, plain_values):
        return None
    if isinstance(one, str) != isinstance(other, str):
        return None
    if sign in COMPARISONS:
        return COMPARISONS[sign](one, other)
    return arithmetic(machine, sign, one, other)


def against_nil(sign: str, value: Value) -> Value:
    """Return whether a value is nil; None where that is not known."""
    if isinstance(value, Nil):
        return sign == "=="
    if isinstance(value, External) and value.name == "error":
        return sign == "!="
    if isinstance(value, Unknown | External):
        return None
    return sign == "!="


def arithmetic(machine: "Machine", sign: str, one: Value, other: Value) -> Value:
    """Return a sum, product or the like, None where it has no value or is too large."""
    if isinstance(one, str):
        machine.step(len(one) // 100)
        return one + other if sign == "+" and len(one) + len(other) <= TEXT else None
    if isinstance(one, float) or isinstance(other, float):
        return ARITHMETIC[sign](one, other) if sign in {"+", "-", "*"} else None
    if sign in ARITHMETIC:
        result = ARITHMETIC[sign](int(one), int(other))
        return result if abs(result) < 1 << WIDEST else None
    if sign in {"<<", ">>"} and 0 <= other < WIDEST:
        return one << other if sign == "<<" else one >> other
    if sign in {"/", "%"} and other:
        whole = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
        return whole if sign == "/" else one - whole * other
    return None
