"""JavaScript's operators on known values."""

import math
from collections.abc import Callable
from typing import Final

from crawler.javascript_source.limits import INHERITANCE, STRING_LENGTH, TEXT_DEPTH
from crawler.javascript_source.truth import same, truth, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    ClassValue,
    FunctionValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    RegularExpression,
    Undefined,
    Value,
)

CALLABLE: Final = (FunctionValue, ClassValue, NativeFunction)
SAFE_INTEGER: Final = 2**53
SHIFT: Final = 31
WORD: Final = 0xFFFFFFFF


def to_text(value: Value, depth: int = 0) -> str:
    """Return a known value as a string, as `String(value)` does."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, ArrayValue):
        return array_text(value, depth)
    if isinstance(value, RegularExpression):
        return f"/{value.pattern}/{value.flags}"
    return "undefined" if isinstance(value, Undefined) else "[object Object]"


def array_text(array: ArrayValue, depth: int) -> str:
    """Return an array as a string; one that holds itself is cut."""
    items = map(usual, array.items if depth < TEXT_DEPTH else [])
    return ",".join(["" if item is None or item is UNDEFINED else to_text(item, depth + 1) for item in items])


def number_text(number: float) -> str:
    """Return a number as JavaScript writes it."""
    if isinstance(number, int):
        return str(number)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return str(int(number)) if number.is_integer() and abs(number) < SAFE_INTEGER else repr(number)


def to_number(value: Value) -> float | int:
    """Return a known value as a number; what is none is NaN."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    if isinstance(value, str):
        return text_number(value.strip())
    return math.nan


def text_number(text: str) -> float | int:
    """Return the number that a text writes, or NaN."""
    if not text:
        return 0
    try:
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        return math.nan


def type_name(value: Value) -> str:
    """Return what `typeof` says of a known value."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, Undefined):
        return "undefined"
    return "function" if isinstance(value, CALLABLE) else "object"


def add(left: Value, right: Value) -> Value:
    """Return `left + right`."""
    numeric = (int, float, type(None), Undefined)
    if isinstance(left, numeric) and isinstance(right, numeric):
        return to_number(left) + to_number(right)
    return (to_text(left) + to_text(right))[:STRING_LENGTH]


def loosely_same(left: Value, right: Value) -> bool:
    """Return `left == right`."""
    nothing = (type(None), Undefined)
    if isinstance(left, nothing) or isinstance(right, nothing):
        return isinstance(left, nothing) and isinstance(right, nothing)
    if isinstance(left, int | float | str) and isinstance(right, int | float | str) and type(left) is not type(right):
        return to_number(left) == to_number(right)
    return same(left, right)


def compare(order: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool]:
    """Make a comparison of two known values from one on two strings or two numbers."""

    def compared(left: Value, right: Value) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            return order(left, right)
        return order(to_number(left), to_number(right))

    return compared


def arithmetic(operation: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    """Make an operator on numbers that answers NaN where Python would raise."""

    def computed(left: Value, right: Value) -> Value:
        try:
            return operation(to_number(left), to_number(right))
        except (ArithmeticError, ValueError):
            return math.nan

    return computed


def power(base: float, exponent: float) -> float:
    """Return `base ** exponent` in floating point, so that no number grows without bound."""
    result = float(base) ** float(exponent)
    return result if isinstance(result, float) else math.nan


def bitwise(operation: Callable[[int, int], int]) -> Callable[[float, float], float]:
    """Make an operator on 32-bit integers."""

    def computed(left: float, right: float) -> float:
        bits = operation(int(left) & WORD, int(right) & WORD) & WORD
        return bits - (WORD + 1) if bits >> SHIFT else bits

    return computed


def contains(key: Value, container: Value) -> bool | Opaque:
    """Return `key in container`."""
    if not isinstance(container, ObjectValue):
        return Opaque("in")
    holder: Value = container
    for _step in range(INHERITANCE):
        if not isinstance(holder, ObjectValue):
            break
        if to_text(key) in holder.properties:
            return True
        if holder.open:
            return Opaque("in")
        holder = holder.prototype
    return Opaque("in") if isinstance(holder, Opaque) else False


BINARY: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": add,
    "-": arithmetic(lambda a, b: a - b),
    "*": arithmetic(lambda a, b: float(a) * b if abs(a) > SAFE_INTEGER else a * b),
    "/": arithmetic(lambda a, b: a / b),
    "%": arithmetic(math.fmod),
    "**": arithmetic(power),
    "===": same,
    "!==": lambda a, b: not same(a, b),
    "==": loosely_same,
    "!=": lambda a, b: not loosely_same(a, b),
    "<": compare(lambda a, b: a < b),
    ">": compare(lambda a, b: a > b),
    "<=": compare(lambda a, b: a <= b),
    ">=": compare(lambda a, b: a >= b),
    "&": arithmetic(bitwise(lambda a, b: a & b)),
    "|": arithmetic(bitwise(lambda a, b: a | b)),
    "^": arithmetic(bitwise(lambda a, b: a ^ b)),
    "<<": arithmetic(bitwise(lambda a, b: a << (b & SHIFT))),
    ">>": arithmetic(bitwise(lambda a, b: a >> (b & SHIFT))),
    ">>>": arithmetic(bitwise(lambda a, b: a >> (b & SHIFT))),
    "in": contains,
}
UNARY: Final[dict[str, Callable[[Value], Value]]] = {
    "!": lambda value: not truth(value).certain,
    "-": lambda value: -to_number(value),
    "+": to_number,
    "~": lambda value: ~int(to_number(value)) if math.isfinite(to_number(value)) else -1,
    "typeof": type_name,
    "void": lambda _value: UNDEFINED,
}
