"""A rule book: many rules compiled so that each text of a definition is read once, whatever the number of rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import re2

from classifier.definition import Definition
from classifier.rule import Look, Rule
from toolcensus.records import Evidence

_MEMORY = 256 << 20
"""Bytes that one automaton may grow to; it grows only as far as texts lead it."""


Hit = tuple[str, bool, str]
"""A field, whether it was read as written, and the pattern that matched there."""


class Match(NamedTuple):
    """A rule that holds of a definition, and which of its patterns matched where."""

    rule: Rule
    hits: tuple[Hit, ...]


class _Reading(NamedTuple):
    """One text that is read, its patterns compiled together, and of each the hit that it is and the look it is of."""

    field: str
    raw: bool
    hits: tuple[Hit, ...]
    automaton: re2.Set
    looks: tuple[int, ...]


class _Need(NamedTuple):
    """What must be met for a rule to hold, as numbers of looks: all of `when`, and none of `unless`."""

    rule: Rule
    when: tuple[int, ...]
    all_of: frozenset[int]
    none_of: frozenset[int]


def _options(*, captures: bool = True) -> re2.Options:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = not captures  # a span alone is found faster than the spans of groups in it
    return options


def _flagged(pattern: str, *, raw: bool) -> str:
    return f"(?im){pattern}" if raw else f"(?m){pattern}"


class RuleBook:
    """Rules that are matched together. Making one compiles; matching is linear in the length of the texts."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        looks = [look for rule in self.rules for look in (*rule.when, *rule.unless)]
        self._readings = tuple(_readings(looks))
        self._needs = dict(_needs(self.rules))
        self._places = _places(looks, self._readings)
        self._expressions = {
            (pattern, each.raw): re2.compile(_flagged(pattern, raw=each.raw), _options(captures=False))
            for each in self._readings
            for _, _, pattern in each.hits
        }

    def matches(self, definition: Definition) -> tuple[Match, ...]:
        """Return the rules that hold, in the book's order, whatever categories they are limited to."""
        found: list[Sequence[int]] = []
        met: set[int] = set()
        for field, raw, _, automaton, looks in self._readings:
            encoded = definition.text(field, raw=raw).encoded
            indexes = (automaton.Match(encoded) or ()) if encoded else ()
            found.append(indexes)
            met.update(map(looks.__getitem__, indexes))
        return tuple(
            Match(rule, self._hits(when, found))
            for rule, when, all_of, none_of in map(self._needs.__getitem__, sorted(met & self._needs.keys()))
            if all_of <= met and none_of.isdisjoint(met)
        )

    def _hits(self, when: tuple[int, ...], found: list[Sequence[int]]) -> tuple[Hit, ...]:
        """Return what matched of these looks: look by look, then text by text, then in the order of the patterns."""
        hits: list[Hit] = []
        for look in when:
            for place, own in self._places[look]:
                if met := own.intersection(found[place]):
                    hits += map(self._readings[place].hits.__getitem__, sorted(met))
        return tuple(hits)

    def evidence(self, match: Match, definition: Definition, most: int | None = None) -> tuple[Evidence, ...]:
        """Return the spans on which a match rests, the first of each pattern, in the order in which the rule looks.

        Where `most` is given there are at most so many, and no more is looked for.
        """
        found: dict[Evidence, None] = {}
        for field, raw, pattern in match.hits:
            text = definition.text(field, raw=raw)
            span = self._expressions[pattern, raw].search(text.searchable)
            if span:
                found.update(dict.fromkeys(text.spans(span.start(), span.end(), match.rule.shows)))
            if most is not None and len(found) >= most:
                break
        return tuple(found)[:most]


def _readings(looks: list[Look]) -> Iterator[_Reading]:
    """Compile the patterns of all looks together, text by text."""
    patterns: dict[tuple[str, bool], list[tuple[str, int]]] = defaultdict(list)
    for number, look in enumerate(looks):
        for field in look.at:
            patterns[field, look.raw] += [(pattern, number) for pattern in look.any]
    for (text, raw), own in sorted(patterns.items()):
        automaton = re2.Set.SearchSet(_options())
        for pattern, _ in own:
            automaton.Add(_flagged(pattern, raw=raw))
        automaton.Compile()
        hits = tuple((text, raw, pattern) for pattern, _ in own)
        yield _Reading(text, raw, hits, automaton, tuple(number for _, number in own))


def _needs(rules: tuple[Rule, ...]) -> Iterator[tuple[int, _Need]]:
    """Yield what each rule needs, by the number of its first look: a rule whose first look fails is never asked."""
    first = 0
    for rule in rules:
        veto, end = first + len(rule.when), first + len(rule.when) + len(rule.unless)
        when = tuple(range(first, veto))
        if when:
            yield first, _Need(rule, when, frozenset(when), frozenset(range(veto, end)))
        first = end


def _places(looks: list[Look], readings: tuple[_Reading, ...]) -> list[list[tuple[int, frozenset[int]]]]:
    """Return for each look in which readings it has patterns, and which of theirs these are."""
    own: list[dict[int, list[int]]] = [defaultdict(list) for _ in looks]
    for place, reading in enumerate(readings):
        for index, look in enumerate(reading.looks):
            own[look][place].append(index)
    return [[(place, frozenset(indexes)) for place, indexes in each.items()] for each in own]
