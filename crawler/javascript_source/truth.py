"""What is true, what is only usually true, and what the usual value of something is."""

from collections.abc import Callable
from typing import Final, NamedTuple

from crawler.javascript_source.limits import ALTERNATIVES
from crawler.javascript_source.values import UNDEFINED, Choice, Maybe, Opaque, Path, Setting, Undefined, Value


class Verdict(NamedTuple):
    """Whether a value is true: for certain, and when nobody changes a setting; None is not known."""

    certain: bool | None
    usual: bool | None


UNKNOWN: Final = Verdict(None, None)


def truth(value: Value) -> Verdict:
    """Say whether a value counts as true."""
    if isinstance(value, Setting):
        return Verdict(None, truth(value.default).usual)
    if isinstance(value, Choice):
        verdicts = [truth(option) for _path, option in value.options]
        certain = verdicts[0].certain
        return Verdict(certain if all(v.certain is certain for v in verdicts) else None, verdicts[0].usual)
    if isinstance(value, Opaque):
        return UNKNOWN
    if value is None or isinstance(value, Undefined):
        return Verdict(certain=False, usual=False)
    held = bool(value) if isinstance(value, bool | int | float | str) else True
    return Verdict(held, held)


def is_nullish(value: Value) -> Verdict:
    """Say whether a value is null or undefined."""
    if isinstance(value, Setting):
        return Verdict(None, is_nullish(value.default).usual)
    if isinstance(value, Choice):
        verdicts = [is_nullish(option) for _path, option in value.options]
        certain = verdicts[0].certain
        return Verdict(certain if all(v.certain is certain for v in verdicts) else None, verdicts[0].usual)
    if isinstance(value, Opaque):
        return UNKNOWN
    nullish = value is None or isinstance(value, Undefined)
    return Verdict(nullish, nullish)


def usual(value: Value) -> Value:
    """Return what a value is when nobody changes a setting."""
    while isinstance(value, Setting | Choice | Maybe):
        if isinstance(value, Setting):
            value = value.default
        elif isinstance(value, Choice):
            value = value.options[0][1]
        else:
            value = value.value
    return value


def choose(options: list[tuple[Path, Value]]) -> Value:
    """Join alternatives, the usual one first; the same value twice is one alternative."""
    flat: list[tuple[Path, Value]] = []
    for path, value in options:
        if isinstance(value, Choice):
            flat.extend((path + inner, option) for inner, option in value.options)
        else:
            flat.append((path, value))
    kept: list[tuple[Path, Value]] = []
    for path, value in sorted(flat, key=lambda option: bool(option[0])):
        if len(kept) < ALTERNATIVES and not any(as_good_as(other, value) for _path, other in kept):
            kept.append((tuple(dict.fromkeys(path)), value))
    if not kept:
        return UNDEFINED
    return kept[0][1] if len(kept) == 1 and not kept[0][0] else Choice(tuple(kept))


def as_good_as(kept: Value, value: Value) -> bool:
    """Say whether an alternative adds nothing to one that is kept: the same value, or another unknown."""
    if isinstance(kept, Opaque) and isinstance(value, Opaque):
        return kept is value or not (kept.made or value.made)
    return same(kept, value)


def same(left: Value, right: Value) -> bool:
    """Say whether two values are certainly the same, as `===` does."""
    if left is right:
        return True
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return isinstance(left, int | float) and isinstance(right, int | float) and left == right


def lift(operation: Callable[..., Value], *values: Value) -> Value:
    """Apply an operation on known values to values that may be settings, choices or unknown."""
    for index, value in enumerate(values):
        if isinstance(value, Choice):
            before = values[:index]
            after = tuple(usual(other) if isinstance(other, Choice) else other for other in values[index + 1 :])
            return choose([(path, lift(operation, *before, option, *after)) for path, option in value.options])
    settings = [value for value in values if isinstance(value, Setting)]
    defaults = [usual(value) for value in values]
    unknown = next((value for value in defaults if isinstance(value, Opaque)), None)
    if unknown is not None:
        return Opaque(unknown.described())
    try:
        result = operation(*defaults)
    except (ArithmeticError, IndexError, TypeError, ValueError):
        # The program calls it with what it cannot take, where JavaScript would answer NaN or throw.
        return Opaque(getattr(operation, "__name__", ""))
    return Setting(settings[0].text, result) if settings else result
