"""Weighty words: which words of a definition say most for a claim, by the model's weights, and where they stand."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from classifier.definition import Definition
from classifier.word_classes import CLASSES
from classifier.words import STOP, Word
from toolcensus.records import Category, Evidence

_MOST_DESCRIPTION = 160
_MOST_PARAMETERS = 24
_SHORTEST = 3
_LOOSE = frozenset(CLASSES["loose"])
_HEADS: dict[Category, tuple[str, int]] = {"Read": ("writes", -1), "Write": ("writes", 1), "Execute": ("executes", 1)}


class Weights(Protocol):
    """What says how much a word weighs: a model."""

    def weight(self, block: str, feature: str, head: str) -> int:
        """Return what a feature of a block says for a head; 0 where it is not known."""
        ...


class _Spoken(NamedTuple):
    """A word of the definition: its block, its field and its place."""

    block: str
    field: str
    word: Word


def words_for_category(weights: Weights, definition: Definition, category: Category, most: int) -> Iterator[Evidence]:
    """Yield the spans of the words that say most for a category, the weightiest first."""
    head, sign = _HEADS[category]
    yield from _weightiest(weights, definition, head, category, sign=sign, most=most)


def words_for_claim(weights: Weights, definition: Definition, claim: str, shown: str, most: int) -> Iterator[Evidence]:
    """Yield the spans of the words that say most for an effect or a bound."""
    yield from _weightiest(weights, definition, claim, shown, sign=1, most=most)


def _weightiest(
    weights: Weights, definition: Definition, head: str, shown: str, *, sign: int, most: int
) -> Iterator[Evidence]:
    found: dict[tuple[str, str], tuple[int, _Spoken]] = {}
    for spoken in _spoken(definition):
        weight = sign * weights.weight(spoken.block, spoken.word.text, head)
        if weight > 0 and len(spoken.word.text) >= _SHORTEST and spoken.word.text not in _LOOSE:
            found.setdefault((spoken.block, spoken.word.text), (weight, spoken))
    for _, (_, field, word) in sorted(found.values(), key=lambda pair: -pair[0])[:most]:
        yield Evidence(field=field, start=word.start, end=word.end, shows=f"{shown}: speaks of “{word.text}”")


def _spoken(definition: Definition) -> Iterator[_Spoken]:
    """Yield the words of name, description and outer parameters, in that order."""
    for word in definition.name_words:
        yield _Spoken("name", "name", word)
    for word in definition.description_words[:_MOST_DESCRIPTION]:
        if word.text != STOP:
            yield _Spoken("description", "description", word)
    for parameter in definition.outer[:_MOST_PARAMETERS]:
        for word in parameter.words:
            yield _Spoken("parameter word", parameter.pointer, word)
