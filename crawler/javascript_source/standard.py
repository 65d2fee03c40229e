"""The language's global names."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from crawler.javascript_source import mappings, node_library, object_functions
from crawler.javascript_source.native import UnknownPartError, argument, from_json, to_json
from crawler.javascript_source.operators import to_number, to_text
from crawler.javascript_source.truth import lift, truth, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    RegularExpression,
    Setting,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

DECIMAL = 10
Run = Callable[["Machine", Value, ArrayValue], Value]


def natives(table: Mapping[str, Run]) -> dict[str, Value]:
    """Make native functions of a table."""
    return {name: NativeFunction(name, run) for name, run in table.items()}


def on_value(operation: Callable[..., Value]) -> Run:
    """Make a function of an operation on known values."""

    def run(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
        return (
            Opaque()
            if arguments.open
            else lift(operation, *[argument(arguments, n) for n in range(len(arguments.items))])
        )

    return run


def parse_json(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `JSON.parse`."""

    def run(text: Value) -> Value:
        try:
            return from_json(msgspec.json.decode(to_text(text)))
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return Opaque("JSON.parse")

    return lift(run, argument(arguments, 0))


def write_json(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `JSON.stringify`."""
    try:
        return msgspec.json.encode(to_json(argument(arguments, 0))).decode()
    except (UnknownPartError, TypeError, UnicodeError):
        return Opaque("JSON.stringify")


def whole_number(text: Value = UNDEFINED, base: Value = 10, *_rest: Value) -> Value:
    """Answer `parseInt`."""
    digits = to_text(text).strip()
    end = next(
        (index for index, sign in enumerate(digits) if not (sign.isdecimal() or (index == 0 and sign in "+-"))),
        len(digits),
    )
    try:
        return int(digits[:end] if base == DECIMAL else digits, int(to_number(base)))
    except (ValueError, OverflowError):
        return math.nan


def later(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `setTimeout` and its kin: what is to run later runs now."""
    machine.offer(argument(arguments, 0))
    return Opaque("a timer")


def new_expression(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `new RegExp(…)`."""
    pattern, flags = usual(argument(arguments, 0)), usual(argument(arguments, 1))
    if isinstance(pattern, RegularExpression):
        return pattern
    return RegularExpression(pattern, flags if isinstance(flags, str) else "") if isinstance(pattern, str) else Opaque()


def symbol(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Symbol(…)`: a name that no written property has."""
    machine.symbols += 1
    return f"@@{to_text(usual(argument(arguments, 0)))}:{machine.symbols}"


def negated_number(operation: Callable[[float], bool]) -> Run:
    """Make a question about numbers."""
    return on_value(lambda value=UNDEFINED, *_: operation(to_number(value)))


def new_globals(entry: str) -> dict[str, Value]:
    """Return fresh globals for one program, started by the file `entry`."""
    math_functions = {name: on_value(lambda *v, f=f: f(*map(to_number, v))) for name, f in MATH.items()}
    symbols: dict[str, Value] = {name: f"@@{name}" for name in ("iterator", "asyncIterator", "toStringTag", "dispose")}
    given: dict[str, Value] = {
        "Object": NativeFunction("Object", object_functions.first, natives(object_functions.OBJECT)),
        "Reflect": ObjectValue(natives(object_functions.REFLECT), open=True),
        "Array": NativeFunction("Array", object_functions.new_array, natives(object_functions.ARRAY)),
        "Promise": NativeFunction("Promise", object_functions.new_promise, natives(object_functions.PROMISE)),
        "JSON": ObjectValue(natives({"parse": parse_json, "stringify": write_json})),
        "Math": ObjectValue(natives(math_functions), open=True),
        "Map": NativeFunction("Map", mappings.new_map),
        "WeakMap": NativeFunction("WeakMap", mappings.new_map),
        "Set": NativeFunction("Set", mappings.new_set),
        "WeakSet": NativeFunction("WeakSet", mappings.new_set),
        "Symbol": NativeFunction("Symbol", symbol, symbols),
        "Proxy": NativeFunction("Proxy", object_functions.first),
        "RegExp": NativeFunction("RegExp", new_expression),
        "URL": NativeFunction("URL", node_library.new_url),
        "process": node_library.process(entry),
        "NaN": math.nan,
        "Infinity": math.inf,
        **natives(FUNCTIONS),
    }
    number = given["Number"]
    number.properties = {**natives(NUMBER), "MAX_SAFE_INTEGER": 2**53 - 1, "MIN_SAFE_INTEGER": 1 - 2**53}
    return given


def to_boolean(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `Boolean(…)`."""
    value = argument(arguments, 0)
    verdict = truth(value)
    if verdict.certain is not None:
        return verdict.certain
    return Opaque("Boolean") if verdict.usual is None else Setting(getattr(value, "text", "Boolean"), verdict.usual)


MATH = {"max": max, "min": min, "floor": math.floor, "ceil": math.ceil, "round": round, "abs": abs, "trunc": math.trunc}
NUMBER: dict[str, Run] = {
    "isNaN": negated_number(math.isnan),
    "isFinite": negated_number(math.isfinite),
    "isInteger": negated_number(lambda number: float(number).is_integer()),
    "parseInt": on_value(whole_number),
    "parseFloat": on_value(lambda text=UNDEFINED, *_: to_number(text)),
}
FUNCTIONS: dict[str, Run] = {
    "String": on_value(lambda value="", *_: to_text(value)),
    "Number": on_value(lambda value=0, *_: to_number(value)),
    "Boolean": to_boolean,
    "parseInt": on_value(whole_number),
    "parseFloat": NUMBER["parseFloat"],
    "isNaN": NUMBER["isNaN"],
    "isFinite": NUMBER["isFinite"],
    "setTimeout": later,
    "setImmediate": later,
    "setInterval": later,
    "queueMicrotask": later,
    "structuredClone": object_functions.first,
    # `await (0, f)(x)` is read by the grammar as a call of something named `await`.
    "await": lambda _machine, _this, arguments: argument(arguments, len(arguments.items) - 1),
}
