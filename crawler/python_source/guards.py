"""Guards: the conditions under which something happened, as far as they can be read."""

import ast
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

TEXT_LIMIT = 120
CONDITION_LIMIT = 240
SHOWN_NODES = 200

GuardKind = Literal["test", "command", "failure"]


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """One condition: what is tested, which way it must go, and how a person reads that.

    Two guards are the same if they test the same place the same way. `shown` is written out only when somebody asks.
    `unlikely` says that it is known not to hold by default, such as that of an option which is off.
    """

    place: Hashable
    holds: bool
    shown: ast.expr | str
    kind: GuardKind = "test"
    unlikely: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guard) and self.place == other.place and self.holds == other.holds

    def __hash__(self) -> int:
        return hash(self.place) ^ self.holds

    def negated(self) -> "Guard":
        """Return the guard of the other way."""
        return Guard(self.place, not self.holds, self.shown, self.kind)

    def doubted(self) -> "Guard":
        """Return the guard as one that does not hold by default."""
        return Guard(self.place, self.holds, self.shown, self.kind, unlikely=True)

    @property
    def text(self) -> str:
        """Return the condition as a person reads it, on one line."""
        test, holds = self.shown, self.holds
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, holds = test.operand, not holds
        if isinstance(test, str):
            return test if holds else f"not ({test})"
        written = shortened(ast.unparse(test)) if _is_shallow(test) else "a condition that is too long to show"
        if holds:
            return written
        return f"not {written}" if isinstance(test, ast.Name | ast.Attribute | ast.Call) else f"not ({written})"


Guards = tuple[Guard, ...]


def of_test(test: ast.expr) -> Guard:
    """Return the guard of a branch that is taken where `test` is true, this one time that it is tested."""
    return Guard(object(), holds=True, shown=test)


def shortened(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return text on one line, cut at `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def implied(wanted: Iterable[Guard], current: Guards) -> bool:
    """Say whether every wanted guard holds now."""
    return all(guard in current for guard in wanted)


def contradicted(guards: Iterable[Guard], current: Guards) -> bool:
    """Say whether some guard is the opposite of one that holds now."""
    return any(guard.place == each.place and guard.holds != each.holds for guard in guards for each in current)


def beyond(guards: Guards, known: Guards) -> Guards:
    """Return the guards that `known` does not have."""
    if guards is known or not guards:
        return ()
    return tuple(guard for guard in guards if guard not in known)


def joined(*several: Guards) -> Guards:
    """Return all guards once, in order."""
    filled = [guards for guards in several if guards]
    if len(filled) < 2:  # noqa: PLR2004  # nothing to join
        return filled[0] if filled else ()
    return tuple(dict.fromkeys(guard for guards in filled for guard in guards))


def is_unlikely(guards: Guards) -> bool:
    """Say whether the guards are known not to hold by default."""
    return any(guard.unlikely for guard in guards)


def condition(guards: Iterable[Guard]) -> str | None:
    """Return the guards as one sentence, or None where there is none."""
    texts = list(dict.fromkeys(guard.text for guard in guards))
    return shortened(" and ".join(texts), CONDITION_LIMIT) if texts else None


def _is_shallow(node: ast.expr) -> bool:
    return all(count < SHOWN_NODES for count, _ in enumerate(ast.walk(node)))
