"""Finding orders to the model: each rule of `rules/findings/`, read through every disguise of every passage.

Finding rules have the form of `classifier.rule`, with two differences. Their patterns always see text as it was
written, and are sequences of phrases (`classifier.sequence`). And they hold within one passage: every `[[when]]` must
match the same string, and no `[[unless]]` the sentence around what the first `[[when]]` matched. `text` as a field
means every string of the definition.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple, cast

import re2

from classifier import sequence
from classifier.disguise import View, views, views_in
from classifier.passages import Passage, whole_text
from classifier.rule import Look, Rule, load_rules
from classifier.sequence import PHRASES, compile_sequence, read_phrases
from toolcensus.records import Finding, FindingKind, Risk

OPTIONS = re2.Options()
OPTIONS.max_mem = 64 << 20
OPTIONS.log_errors = False
CLAUSE_END = re2.compile(r"[.!?][\"')\]]*\s|\n")
MAX_TRIES = 20
BEFORE, AFTER = 300, 200
ADVICE = {
    "injection": "do not let a model see this tool until its author takes the order out",
    "exfiltration": "do not connect this tool where a model holds anything private",
    "shadowing": "do not connect this server beside others",
}


@dataclass(frozen=True, slots=True)
class Order:
    """A compiled rule: the patterns of each `[[when]]`, and those that excuse a match."""

    rule: Rule
    when: tuple[tuple[sequence.Sequence, ...], ...]
    unless: tuple[sequence.Sequence, ...]


class Pattern(NamedTuple):
    """One pattern, the number of its order, its pieces with the rarest first, and the bits of those after the first."""

    others: int
    order: int
    pieces: tuple[sequence.Step, ...]
    sequence: sequence.Sequence


class Orders:
    """The finding rules, compiled once; `find` is a pure function of the passages."""

    def __init__(self, rules: Sequence[Rule], phrases: dict[str, str]) -> None:
        self._orders = tuple(_order(rule, phrases) for rule in rules)
        patterns = [(number, one) for number, order in enumerate(self._orders) for one in order.when[0]]
        pieces = sorted({step.source for _, one in patterns for step in one.steps})
        bits = {source: 1 << place for place, source in enumerate(pieces)}
        self._by_rarest: dict[int, list[Pattern]] = defaultdict(list)
        for number, one in patterns:
            # Few alternatives make a rare piece, and asking for that one first settles most questions.
            rarest = tuple(sorted(one.steps, key=lambda step: step.source.count("|")))
            first, *rest = (bits[step.source] for step in rarest)
            self._by_rarest[first].append(Pattern(reduce(or_, rest, 0), number, rarest, one))
        self._words = re2.Filter()
        for source in pieces:
            self._words.Add(source, OPTIONS)
        self._words.Compile()

    def find(self, passages: Sequence[Passage], wholes: Iterable[View] | None = None) -> tuple[Finding, ...]:
        """Return at most one finding for each rule and passage, in the order of passages, then of views.

        `wholes` are the views of the passages taken together, where they are at hand.
        """
        wholes = views(whole_text(passages)) if wholes is None else wholes
        suspects = {view.disguise: found for view in wholes if (found := self._suspects(view.text))}
        if not suspects:
            return ()
        return tuple(finding for passage in passages for finding in self._in_passage(passage, suspects))

    def _suspects(self, text: str) -> list[Pattern]:
        """Return the patterns all of whose pieces stand somewhere in the text.

        A first look at the pieces' literal words alone leaves a few patterns, whose pieces are then looked for.
        """
        places = [1 << place for place in self._words.Match(text.lower(), potential=True) or ()]
        absent = ~sum(places)
        hopeful = [one for place in places for one in self._by_rarest.get(place, ()) if not one.others & absent]
        if not hopeful:
            return []
        encoded = text.encode()
        held: dict[str, bool] = {}
        return [one for one in hopeful if all(_stands(step, encoded, held) for step in one.pieces)]

    def _in_passage(self, passage: Passage, suspects: dict[str, list[Pattern]]) -> Iterator[Finding]:
        done: set[int] = set()
        for view in views_in(passage.text, suspects):
            spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
            for pattern in suspects.get(view.disguise, ()):
                span = _holds(self._orders[pattern.order], pattern.sequence, view.text)
                if span and view.tells(*span):
                    spans[pattern.order].append(span)
            for number in sorted(spans.keys() - done):
                # Of several patterns of one rule the first and longest match shows most.
                first = min(spans[number], key=lambda span: (span[0], -span[1]))
                yield _finding(self._orders[number].rule, passage.field, view, first)
            done |= spans.keys()


@lru_cache(maxsize=1)
def orders() -> Orders:
    """Return the rules of the shelf, compiled."""
    return Orders(load_rules("findings"), read_phrases(PHRASES.read_text("utf-8")))


def _stands(step: sequence.Step, encoded: bytes, held: dict[str, bool]) -> bool:
    if step.source not in held:
        held[step.source] = step.presence.search(encoded) is not None
    return held[step.source]


def _order(rule: Rule, phrases: dict[str, str]) -> Order:
    def compiled(look: Look) -> tuple[sequence.Sequence, ...]:
        return tuple(compile_sequence(pattern, phrases) for pattern in look.any)

    unless = tuple(pattern for look in rule.unless for pattern in compiled(look))
    return Order(rule, tuple(map(compiled, rule.when)), unless)


def _holds(order: Order, pattern: sequence.Sequence, text: str) -> tuple[int, int] | None:
    """Return the span of the first match that nothing in its sentence excuses, or None."""
    if not all(any(one.found(text) for one in look) for look in order.when[1:]):
        return None
    for number, span in enumerate(pattern.spans(text)):
        if number == MAX_TRIES or not _excused(order, text, *span):
            return span
    return None


def _excused(order: Order, text: str, start: int, end: int) -> bool:
    """Say whether an `[[unless]]` matches the sentence around a match, as far as a few hundred characters."""
    window = text[max(0, start - BEFORE) : start]
    begin = max((match.end() for match in CLAUSE_END.finditer(window)), default=0)
    stop = CLAUSE_END.search(text[end - 1 : end + AFTER])
    sentence = window[begin:] + text[start : end - 1 + (stop.start() + 1 if stop else AFTER)]
    return any(one.found(sentence) for one in order.unless)


def _finding(rule: Rule, field: str, view: View, span: tuple[int, int]) -> Finding:
    start, end = view.span(*span)
    hidden = f", {view.disguise}" if view.disguise else ""
    because = rule.why[0].lower() + rule.why[1:].rstrip(".")
    return Finding(
        kind=cast("FindingKind", rule.claim.value),
        severity="critical" if view.disguise else cast("Risk", rule.severity),
        field=field,
        start=start,
        end=end,
        message=f"{rule.shows[0].upper()}{rule.shows[1:]}{hidden}: {because}; {ADVICE[rule.claim.value]}.",
    )
