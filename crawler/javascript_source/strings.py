"""The methods of strings and regular expressions."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import re2

from crawler.javascript_source.limits import LOOP_TURNS, STRING_LENGTH
from crawler.javascript_source.native import argument
from crawler.javascript_source.operators import to_number, to_text
from crawler.javascript_source.truth import lift, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    NativeFunction,
    Opaque,
    RegularExpression,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def method(name: str, operation: Callable[..., Value]) -> NativeFunction:
    """Make a string method from an operation on a string and known arguments."""

    def run(_machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
        if arguments.open:
            return Opaque(name)
        given = [usual(item) if isinstance(usual(item), RegularExpression) else item for item in arguments.items]
        return lift(lambda text, *rest: operation(to_text(text), *rest), this, *given)

    return NativeFunction(name, run)


def compiled(expression: RegularExpression) -> Any:
    """Compile a regular expression for linear time; None where RE2 cannot."""
    flags = "".join(flag for flag in expression.flags if flag in "ims")
    pattern = (
        expression.pattern.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!").replace(r"\/", "/")
    )
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(f"(?{flags}){pattern}" if flags else pattern, options)
    except re2.error:
        return None


def position(value: Value, length: int, default: int) -> int:
    """Return a position in a string or array as `slice` counts it."""
    if value is UNDEFINED:
        return default
    number = to_number(value)
    if math.isnan(number):
        return 0
    index = int(max(min(number, length), -length))
    return max(index + length, 0) if index < 0 else index


def sliced(text: str, start: Value = UNDEFINED, end: Value = UNDEFINED) -> str:
    """Answer `slice`."""
    return text[position(start, len(text), 0) : position(end, len(text), len(text))]


def substring(text: str, start: Value = UNDEFINED, end: Value = UNDEFINED) -> str:
    """Answer `substring`."""
    first = max(0, min(int(to_number(start)) if start is not UNDEFINED else 0, len(text)))
    last = max(0, min(int(to_number(end)) if end is not UNDEFINED else len(text), len(text)))
    return text[min(first, last) : max(first, last)]


def split(text: str, separator: Value = UNDEFINED, limit: Value = UNDEFINED) -> Value:
    """Answer `split`."""
    if isinstance(separator, RegularExpression):
        expression = compiled(separator)
        pieces = expression.split(text) if expression else None
        if pieces is None:
            return Opaque("split")
    elif separator is UNDEFINED:
        pieces = [text]
    else:
        pieces = text.split(to_text(separator)) if to_text(separator) else list(text)
    pieces = pieces[: int(to_number(limit))] if limit is not UNDEFINED else pieces
    return ArrayValue(list(pieces))


def replaced(machine: "Machine", this: Value, arguments: ArrayValue, *, everywhere: bool) -> Value:
    """Answer `replace` and `replaceAll`."""
    pattern, replacement = usual(argument(arguments, 0)), argument(arguments, 1)

    def run(text: Value) -> Value:
        return replace(machine, to_text(text), pattern, replacement, everywhere=everywhere)

    return Opaque("replace") if isinstance(pattern, Opaque) else lift(run, this)


def replace(machine: "Machine", text: str, pattern: Value, replacement: Value, *, everywhere: bool) -> Value:
    """Replace one or all matches in a known string; a function gives each replacement."""
    if isinstance(pattern, RegularExpression):
        expression, count = compiled(pattern), 0 if "g" in pattern.flags else 1
    else:
        expression, count = re2.compile(re2.escape(to_text(pattern))), 0 if everywhere else 1
    if expression is None:
        return Opaque("replace")
    pieces: list[str] = []
    end = 0
    for turn, match in enumerate(expression.finditer(text)):
        if (count and turn >= count) or turn >= LOOP_TURNS:
            break
        piece = replacement_of(machine, match, replacement)
        if not isinstance(piece, str):
            return Opaque("replace")
        pieces += [text[end : match.start()], piece]
        end = match.end()
    return "".join([*pieces, text[end:]])[:STRING_LENGTH]


def replacement_of(machine: "Machine", match: Any, replacement: Value) -> Value:
    """Return what one match is replaced by."""
    known = usual(replacement)
    if isinstance(known, str):
        for number in range(min(9, len(match.groups())), 0, -1):
            known = known.replace(f"${number}", match.group(number) or "")
        return known.replace("$&", match.group(0)).replace("$$", "$")
    groups = [UNDEFINED if group is None else group for group in match.groups()]
    arguments = ArrayValue([match.group(0), *groups, match.start(), match.string])
    answer = usual(machine.call(replacement, UNDEFINED, arguments))
    return answer if isinstance(answer, Opaque) else to_text(answer)


def test(_machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `expression.test(text)`."""
    expression = compiled(this) if isinstance(this, RegularExpression) else None
    if expression is None:
        return Opaque("test")
    return lift(lambda text: expression.search(to_text(text)) is not None, argument(arguments, 0))


def matched(text: str, pattern: Value = UNDEFINED) -> Value:
    """Answer `match`."""
    expression = (
        compiled(pattern) if isinstance(pattern, RegularExpression) else re2.compile(re2.escape(to_text(pattern)))
    )
    if expression is None:
        return Opaque("match")
    if isinstance(pattern, RegularExpression) and "g" in pattern.flags:
        found = [match.group(0) for match in expression.finditer(text)]
        return ArrayValue(list(found)) if found else None
    match = expression.search(text)
    if match is None:
        return None
    groups = [UNDEFINED if group is None else group for group in match.groups()]
    return ArrayValue([match.group(0), *groups], properties={"index": match.start()})


def execute(_machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `expression.exec(text)`; with the flag `g` each call goes on where the last one ended."""
    known = usual(argument(arguments, 0))
    if not isinstance(this, RegularExpression) or isinstance(known, Opaque):
        return Opaque("exec")
    text = to_text(known)
    if "g" not in this.flags:
        return matched(text, this)
    found = matched(text[this.last :], RegularExpression(this.pattern, this.flags.replace("g", "")))
    if not isinstance(found, ArrayValue) or found.properties is None:
        this.last = 0
        return found
    this.last += found.properties["index"] + max(1, len(to_text(found.items[0])))
    return found


def includes(text: str, part: Value = UNDEFINED, *_start: Value) -> bool:
    """Answer `includes`."""
    return to_text(part) in text


def padded(text: str, width: Value, fill: Value = " ", *, left: bool) -> str:
    """Answer `padStart` and `padEnd`."""
    missing = max(0, min(int(to_number(width)), 10_000) - len(text))
    padding = (to_text(fill) * missing)[:missing]
    return padding + text if left else text + padding


def at(text: str, index: Value = 0) -> Value:
    """Answer `at`."""
    number = int(to_number(index))
    return text[number] if -len(text) <= number < len(text) else UNDEFINED


OPERATIONS: Final[dict[str, Callable[..., Value]]] = {
    "toLowerCase": lambda text, *_: text.lower(),
    "toLocaleLowerCase": lambda text, *_: text.lower(),
    "toUpperCase": lambda text, *_: text.upper(),
    "toLocaleUpperCase": lambda text, *_: text.upper(),
    "trim": lambda text: text.strip(),
    "trimStart": lambda text: text.lstrip(),
    "trimEnd": lambda text: text.rstrip(),
    "startsWith": lambda text, part=UNDEFINED, *_: text.startswith(to_text(part)),
    "endsWith": lambda text, part=UNDEFINED, *_: text.endswith(to_text(part)),
    "includes": includes,
    "indexOf": lambda text, part=UNDEFINED, *_: text.find(to_text(part)),
    "lastIndexOf": lambda text, part=UNDEFINED, *_: text.rfind(to_text(part)),
    "slice": sliced,
    "substring": substring,
    "substr": lambda text, start=0, length=UNDEFINED: sliced(text, start)[: position(length, len(text), len(text))],
    "split": split,
    "concat": lambda text, *rest: text + "".join(to_text(part) for part in rest),
    "repeat": lambda text, count=0: (text * max(0, min(int(to_number(count)), 10_000)))[:STRING_LENGTH],
    "padStart": lambda text, width, fill=" ": padded(text, width, fill, left=True),
    "padEnd": lambda text, width, fill=" ": padded(text, width, fill, left=False),
    "charAt": lambda text, index=0: text[int(to_number(index)) :][:1],
    "charCodeAt": lambda text, index=0: ord(text[int(to_number(index))]) if int(to_number(index)) < len(text) else 0,
    "at": at,
    "match": matched,
    "search": lambda text, pattern: (
        match.start() if (match := compiled(pattern) and compiled(pattern).search(text)) else -1
    ),
    "toString": lambda text: text,
    "valueOf": lambda text: text,
    "normalize": lambda text, *_: text,
    "localeCompare": lambda text, other="", *_: (text > to_text(other)) - (text < to_text(other)),
}
METHODS: Final = {
    **{name: method(name, operation) for name, operation in OPERATIONS.items()},
    "replace": NativeFunction("replace", lambda m, this, given: replaced(m, this, given, everywhere=False)),
    "replaceAll": NativeFunction("replaceAll", lambda m, this, given: replaced(m, this, given, everywhere=True)),
}
EXPRESSION_METHODS: Final = {
    "test": NativeFunction("test", test),
    "exec": NativeFunction("exec", execute),
}
