"""Guards: the conditions under which something happened, as far as they can be read."""

import ast
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

TEXT_LIMIT = 120
CONDITION_LIMIT = 240

GuardKind = Literal["test", "command", "failure"]


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition: what is tested, which way it must go, and how a person reads that.

    `unlikely` says that it is known not to hold by default, such as that of an option which is off.
    """

    place: Hashable
    holds: bool
    text: str = field(compare=False)
    opposite: str = field(compare=False, default="")
    kind: GuardKind = field(compare=False, default="test")
    unlikely: bool = field(compare=False, default=False)

    def negated(self) -> "Guard":
        """Return the guard of the other way."""
        return replace(self, holds=not self.holds, text=self.opposite, opposite=self.text, unlikely=False)

    def doubted(self) -> "Guard":
        """Return the guard as one that does not hold by default."""
        return replace(self, unlikely=True)


Guards = tuple[Guard, ...]


def of_test(test: ast.expr, place: Hashable | None = None) -> Guard:
    """Return the guard of a branch that is taken where `test` is true."""
    text = shortened(ast.unparse(test)) if _is_shallow(test) else "a condition that is too long to show"
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        opposite = text.removeprefix("not ")
    else:
        opposite = f"not {text}" if isinstance(test, ast.Name | ast.Attribute | ast.Call) else f"not ({text})"
    return Guard(place if place is not None else id(test), holds=True, text=text, opposite=opposite)


def shortened(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return text on one line, cut at `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def implied(wanted: Iterable[Guard], current: Guards) -> bool:
    """Say whether every wanted guard holds now."""
    return all(guard in current for guard in wanted)


def contradicted(guards: Iterable[Guard], current: Guards) -> bool:
    """Say whether some guard is the opposite of one that holds now."""
    return any(guard.negated() in current for guard in guards)


def beyond(guards: Guards, known: Guards) -> Guards:
    """Return the guards that `known` does not have."""
    return tuple(guard for guard in guards if guard not in known) if guards else guards


def joined(*several: Guards) -> Guards:
    """Return all guards once, in order."""
    return tuple(dict.fromkeys(guard for guards in several for guard in guards))


def is_unlikely(guards: Guards) -> bool:
    """Say whether the guards are known not to hold by default."""
    return any(guard.unlikely for guard in guards)


def condition(guards: Iterable[Guard]) -> str | None:
    """Return the guards as one sentence, or None where there is none."""
    texts = list(dict.fromkeys(guard.text for guard in guards))
    return shortened(" and ".join(texts), CONDITION_LIMIT) if texts else None


def _is_shallow(node: ast.expr, limit: int = 200) -> bool:
    count = 0
    for count, _ in enumerate(ast.walk(node)):  # noqa: B007  # the count is the answer
        if count > limit:
            return False
    return True
