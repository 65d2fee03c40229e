"""Methods of text, done for real where everything is known and the result stays small."""

import re
from typing import Any

from crawler.python_source.machine import Machine
from crawler.python_source.operators import TEXT_SIZE, described, joined_text
from crawler.python_source.values import (
    Arguments,
    Choice,
    Const,
    Item,
    Native,
    Sequence,
    Value,
    chosen,
    constant,
    is_assumed,
    unknown,
)

PLAIN = frozenset(
    {
        "capitalize",
        "casefold",
        "count",
        "encode",
        "endswith",
        "find",
        "index",
        "isalnum",
        "isalpha",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isspace",
        "isupper",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
    }
)
PADDED = frozenset({"zfill", "ljust", "rjust", "center"})
WIDTH = 200
LONG_NUMBER = re.compile(r"\d{4}")


def text_method(receiver: Const, name: str) -> Value | None:
    """Return a method of a known text, or None where it is not modelled."""
    if name in PLAIN or name in PADDED:
        return Native(f"str.{name}", lambda _machine, given: _apply(receiver, name, given))
    if name == "join":
        return Native("str.join", lambda machine, given: _join(machine, receiver, given))
    if name in {"format", "format_map"}:
        return Native("str.format", lambda _machine, given: _format(receiver, given))
    return None


def _apply(receiver: Const, name: str, given: Arguments) -> Value:
    for position, argument in enumerate(given.positional):
        if isinstance(argument, Choice):
            return chosen([Item(_apply(receiver, name, _replaced(given, position, option.value)), option.guards)
                           for option in argument.options])  # fmt: skip
    plain = [_plain(argument) for argument in given.positional]
    if UNPLAIN in plain or given.keywords.keys() - {"maxsplit", "keepends", "sep"}:
        return unknown(f"text.{name}()")
    if name in PADDED and not (plain and isinstance(plain[0], int) and abs(plain[0]) <= WIDTH):
        return unknown(f"text.{name}()")
    if name == "replace" and len(receiver.value) * max(1, len(str(plain[-1]))) > TEXT_SIZE:
        return unknown("a very long text")
    keywords = {key: constant(value) for key, value in given.keywords.items()}
    try:
        return lifted(
            getattr(receiver.value, name)(*plain, **keywords), assumed=is_assumed(receiver, *given.positional)
        )
    except (TypeError, ValueError):
        return unknown(f"text.{name}()")


UNPLAIN = object()


def _plain(value: Value) -> Any:
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Sequence) and value.kind == "tuple":
        return tuple(constant(item.value) for item in value.items)
    return constant(value) if constant(value) is not None else UNPLAIN


def _replaced(given: Arguments, position: int, value: Value) -> Arguments:
    changed = [*given.positional[:position], value, *given.positional[position + 1 :]]
    return Arguments(changed, given.keywords, given.node, given.where, given.rest)


def lifted(plain: Any, *, assumed: bool = False) -> Value:
    """Return a Python value as a value of the reading."""
    if isinstance(plain, list | tuple | set | frozenset):
        kind = "tuple" if isinstance(plain, tuple) else "list" if isinstance(plain, list) else "set"
        return Sequence([Item(lifted(each, assumed=assumed)) for each in plain], kind, assumed=assumed)  # type: ignore[arg-type]  # one of the three
    return Const(plain, assumed)


def _join(machine: Machine, receiver: Const, given: Arguments) -> Value:
    found = given.positional[0] if given.positional else None
    if not isinstance(found, Sequence) or found.rest or any(item.guards for item in found.items):
        return unknown("a text joined from what is not known")
    machine.spend(len(found.items))
    parts: list[Value] = []
    for item in found.items:
        parts += [receiver, item.value] if parts else [item.value]
    return joined_text(parts)


def _format(receiver: Const, given: Arguments) -> Value:
    values = [*given.positional, *given.keywords.values()]
    plain = [constant(value) for value in values]
    if any(each is None for each in plain) or given.rest or LONG_NUMBER.search(receiver.value):
        return unknown("a text formatted with " + ", ".join(described(value) for value in values[:3]))
    keywords = {name: constant(value) for name, value in given.keywords.items()}
    try:
        made = receiver.value.format(*[constant(value) for value in given.positional], **keywords)
    except (IndexError, KeyError, ValueError, AttributeError, TypeError):
        return unknown("a formatted text")
    return Const(made, is_assumed(receiver, *values))
