"""Patterns for sentences: pieces that follow each other at a bounded distance, each a small RE2 expression.

`{not} {tell}{gap}{user}` is two pieces with a gap between them, and its words come from `phrases.toml`. Gaps are not
written as counted repetitions, because an automaton with many of those outgrows any memory. The pieces alone are looked
for first; only in a text that holds all pieces of a pattern are they searched in order.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import re2

from toolcensus.errors import InputError

PHRASES = Path(__file__).with_name("phrases.toml")
BLANK = r"(?:[\s*_\x60'\"“”‘’]+)"
GAPS = {"near": 30, "gap": 90, "far": 400}
"""How many characters may stand between two pieces; `near` and `gap` stay within a sentence, `far` in a paragraph."""

MAX_PIECE = 200
MAX_TRIES = 10_000
PART = re2.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{[a-z-]+\}| ")
GAP = re2.compile(r"\{(near|gap|far)\}\??")
SENTENCE_END = re2.compile(r"[.!?][\"')\]]*\s|\n\s*\n|\n\s*[-*•]")
PARAGRAPH_END = re2.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Step:
    """One piece: its source and expression, its greatest distance from the one before, and what may not lie between.

    `presence` is the same expression for a text of several passages, where each line may be where one begins or ends.
    """

    source: str
    expression: Any
    presence: Any
    distance: int
    wall: Any


@dataclass(frozen=True, slots=True)
class Sequence:
    """A compiled pattern."""

    steps: tuple[Step, ...]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the span of each match, from its first piece to its last; at most 10,000 beginnings are tried."""
        for tried, match in enumerate(self.steps[0].expression.finditer(text)):
            if tried == MAX_TRIES:
                return
            if (end := self._end(text, match.end(), 1)) is not None:
                yield match.start(), end

    def found(self, text: str) -> bool:
        """Say whether the text holds a match."""
        return next(self.spans(text), None) is not None

    def _end(self, text: str, end: int, number: int) -> int | None:
        """Return where the pieces from `number` on end when the piece before them ends at `end`."""
        if number == len(self.steps):
            return end
        step = self.steps[number]
        start = max(end - 1, 0)
        window = text[start : end + step.distance + MAX_PIECE]
        wall = step.wall.search(window)
        last = min(end - start + step.distance, wall.end() - 1 if wall else len(window))
        for match in step.expression.finditer(window):
            if match.start() > last:
                return None
            if match.start() >= end - start:
                following = self._end(text, start + match.end(), number + 1)
                if following is not None:
                    return following
        return None


def read_phrases(text: str) -> dict[str, str]:
    """Read `phrases.toml`: each phrase's alternatives as one expression, with the phrases named before it put in."""
    phrases: dict[str, str] = {}
    for name, alternatives in tomllib.loads(text).items():
        phrases[name] = f"(?:{'|'.join(expand(alternative, phrases) for alternative in alternatives)})"
    return phrases


def compile_sequence(pattern: str, phrases: Mapping[str, str]) -> Sequence:
    """Compile one pattern; InputError for a phrase that is not known or a piece that is no expression."""
    sources = GAP.split(pattern)
    steps = [Step(*_piece(sources[0], pattern, phrases), 0, SENTENCE_END)]
    for kind, source in zip(sources[1::2], sources[2::2], strict=True):
        wall = PARAGRAPH_END if kind == "far" else SENTENCE_END
        steps.append(Step(*_piece(source, pattern, phrases), GAPS[kind], wall))
    return Sequence(tuple(step for step in steps if step.source != "(?i)"))


def _piece(source: str, pattern: str, phrases: Mapping[str, str]) -> tuple[str, Any, Any]:
    expanded = f"(?i){expand(source, phrases)}"
    try:
        expression = re2.compile(expanded)
        return expanded, expression, re2.compile(f"(?m){expanded}") if {"^", "$"} & set(source) else expression
    except re2.error as error:
        raise InputError(
            f"pattern {pattern!r}: the piece {source!r} is no expression: {error.args[0]}",
            advice="put gaps between whole pieces, not inside brackets",
        ) from error


def expand(pattern: str, phrases: Mapping[str, str]) -> str:
    """Put the phrases into a pattern and let its blanks, but not those in a set of characters, match any blank."""

    def one(match: Any) -> str:
        part: str = match.group()
        if part == " ":
            return BLANK
        if not part.startswith("{"):
            return part
        if (name := part[1:-1]) not in phrases:
            raise InputError(f"pattern {pattern!r}: no phrase is called {name!r}", advice=f"add it to {PHRASES.name}")
        return phrases[name]

    return str(PART.sub(one, pattern))
