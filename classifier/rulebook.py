"""A rule book: many rules compiled so that each text of a definition is read once, whatever the number of rules."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import re2

from classifier.definition import Definition
from classifier.rule import Look, Rule
from toolcensus.records import Evidence

_MEMORY = 256 << 20
"""Bytes that one automaton may grow to; it grows only as far as texts lead it."""


_Hit = tuple[str, bool, str]


class Match(NamedTuple):
    """A rule that holds of a definition, and which of its patterns matched where: (field, raw, pattern)."""

    rule: Rule
    hits: tuple[tuple[str, bool, str], ...]


class _Slot(NamedTuple):
    """One look of one rule."""

    rule: int
    look: Look
    vetoes: bool


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


def _flagged(pattern: str, *, raw: bool) -> str:
    return f"(?im){pattern}" if raw else f"(?m){pattern}"


class RuleBook:
    """Rules that are matched together. Making one compiles; matching is linear in the length of the texts."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._slots: list[_Slot] = []
        self._patterns: dict[tuple[str, bool], list[tuple[str, int]]] = defaultdict(list)
        for index, rule in enumerate(self.rules):
            for look, vetoes in [(look, False) for look in rule.when] + [(look, True) for look in rule.unless]:
                self._slots.append(_Slot(index, look, vetoes))
                for field in look.at:
                    self._patterns[field, look.raw] += [(pattern, len(self._slots) - 1) for pattern in look.any]
        self._sets = {key: self._compiled(key) for key in sorted(self._patterns)}
        self._compiled_patterns = {
            (pattern, raw): re2.compile(_flagged(pattern, raw=raw), _options())
            for (_, raw), patterns in self._patterns.items()
            for pattern, _ in patterns
        }

    def _compiled(self, key: tuple[str, bool]) -> re2.Set:
        patterns = re2.Set.SearchSet(_options())
        for pattern, _ in self._patterns[key]:
            patterns.Add(_flagged(pattern, raw=key[1]))
        patterns.Compile()
        return patterns

    def matches(self, definition: Definition) -> tuple[Match, ...]:
        """Return the rules that hold, in the book's order, whatever categories they are limited to."""
        hits: dict[int, list[_Hit]] = {}
        for (field, raw), patterns in self._sets.items():
            string = definition.text(field, raw=raw).string
            found = patterns.Match(string.encode("utf-8", "replace")) if string else None
            if found:
                entries = self._patterns[field, raw]
                for index in sorted(found):
                    pattern, slot = entries[index]
                    hits.setdefault(slot, []).append((field, raw, pattern))
        return self._holding(hits)

    def _holding(self, hits: dict[int, list[_Hit]]) -> tuple[Match, ...]:
        looks: dict[int, list[int]] = {}
        vetoed: set[int] = set()
        for slot in sorted(hits):
            rule, _, vetoes = self._slots[slot]
            if vetoes:
                vetoed.add(rule)
            else:
                looks.setdefault(rule, []).append(slot)
        return tuple(
            Match(self.rules[rule], tuple(hit for slot in slots for hit in hits[slot]))
            for rule, slots in looks.items()
            if len(slots) == len(self.rules[rule].when) and rule not in vetoed
        )

    def evidence(self, match: Match, definition: Definition) -> tuple[Evidence, ...]:
        """Return the spans on which a match rests, the first of each pattern, in the order in which the rule looks."""
        found: list[Evidence] = []
        for field, raw, pattern in match.hits:
            text = definition.text(field, raw=raw)
            span = self._compiled_patterns[pattern, raw].search(text.searchable)
            if span:
                found += text.spans(span.start(), span.end(), match.rule.shows)
        return tuple(dict.fromkeys(found))
