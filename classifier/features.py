"""Features: what the model sees of a definition, as words grouped in blocks, and what the rules found in it.

A block is a kind of place: words of the name are other features than the same words of the description. Within a block
every feature counts once, and a block with many features weighs no more than one with few (`classifier.model`).
Everything is made from the normalised texts that the rules have read already.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, NamedTuple

from classifier.definition import Definition
from classifier.judge import Judgement
from classifier.words import STOP
from toolcensus.records import Bound, Effect, Risk

MOST_WORDS = 160
"""Words that are read of a description."""

_MOST_LINES = 24
_MOST_VALUES = 24
_SHORT = 120
_MOST_KEPT = 10_000
_LENGTHS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)

Features = Mapping[str, Collection[str]]
"""Features by block; a feature may come twice and counts once."""


def features_of(definition: Definition, judgement: Judgement) -> Features:
    """Return the features of a prepared definition and of what the rules made of it."""
    name = [word.text for word in definition.name_words]
    description = definition.text("description").string.split()[:MOST_WORDS]
    schema = [_of_line(line) for line in definition.text("schema").string.split("\n", _MOST_LINES)[:_MOST_LINES]]
    return {
        "name": name,
        "name pair": _pairs(name),
        "name end": (f"first {name[0]}", f"last {name[-1]}") if name else (),
        "title": definition.text("title").string.split(),
        "summary": _words(definition.text("summary").string.split()),
        "description": _words(description),
        "description pair": _pairs(description),
        "deed": list(_deeds(definition)),
        "object": definition.text("object").string.split("\n"),
        "parameter": [feature for line in schema for feature in line.parameter],
        "parameter word": definition.text("parameters").string.split(),
        "value": [feature for line in schema for feature in line.values],
        "told of parameters": _words(definition.text("parameter-descriptions").string.split()[:MOST_WORDS]),
        "shape": list(_shape(definition, description)),
        "rule": [match.rule.id for match in judgement.fired],
        "verdict": _verdict(judgement.decision[:1] + judgement.decision[2:5], *judgement[1:3], judgement.verdict.risk),
    }


def _words(words: list[str]) -> set[str]:
    found = set(words)
    found.discard(STOP)
    return found


def _pairs(words: list[str]) -> list[str]:
    return list(map(" ".join, pairwise(words)))


def _deeds(definition: Definition) -> Iterator[str]:
    """Yield the verbs of name and text, alone, together, and with what they act on."""
    named, told = definition.named, definition.told
    yield f"named {named.verb}" if named else "named nothing"
    yield f"told {told.verb}" if told else "told nothing"
    yield f"{named.verb if named else ''} and {told.verb if told else ''}"
    for deed, things in ((named, definition.named_things), (told, definition.told_things)):
        if deed:
            yield from (f"also {verb}" for verb in deed.heads[1:])
            yield f"{'surely' if deed.sure else 'perhaps'} {deed.verb}"
            yield from (f"acts on {thing.nouns[-1].text}" for thing in things if thing.nouns)


class _Line(NamedTuple):
    """The features of one parameter: of its name and form, and of the values among which it chooses."""

    parameter: tuple[str, ...]
    values: tuple[str, ...]


def _of_line(line: str) -> _Line:
    """Return the features of one line of the schema; most are short, and those are kept."""
    return _of_short_line(line) if len(line) < _SHORT else _Line(tuple(_parameter(line)), tuple(_values(line)))


@lru_cache(maxsize=_MOST_KEPT)
def _of_short_line(line: str) -> _Line:
    return _Line(tuple(_parameter(line)), tuple(_values(line)))


def _parameter(line: str) -> Iterator[str]:
    """Yield a parameter's name, and its last word with what may be given: `query : string free`."""
    head, _, values = line.partition(" = ")
    name, _, form = head.rpartition(" : ")
    if name:
        yield name
        kind, _, need = form.rpartition(" ")
        yield f"{name.rpartition(' ')[2]} : {kind}"
        yield f"{name.rpartition(' ')[2]} : {need}"
        if values:
            yield f"{name.rpartition(' ')[2]} = "


def _values(line: str) -> Iterator[str]:
    head, chooses, values = line.partition(" = ")
    if chooses:
        name = head.partition(" : ")[0].rpartition(" ")[2]
        for value in islice(values.split(" | "), _MOST_VALUES):
            yield value
            yield f"{name} = {value.partition(' ')[0]}"


def _shape(definition: Definition, description: list[str]) -> Iterator[str]:
    """Yield how much there is: of text, of parameters and of those that are free or must be given."""
    outer = definition.outer
    yield _count("words", len(description))
    yield _count("parameters", len(outer))
    yield _count("required", sum([each.required for each in outer]))
    yield _count("free", sum([each.free for each in outer]))
    if paths := definition.text("paths").string:
        yield from (f"path {line.rpartition(' : ')[2]}" for line in paths.split("\n") if line)
    if definition.text("addresses").string:
        yield "address"


@lru_cache(maxsize=_MOST_KEPT)
def _count(what: str, number: int) -> str:
    return f"{what} {next((length for length in reversed(_LENGTHS) if length <= number), 0)}"


@lru_cache(maxsize=_MOST_KEPT)
def _verdict(
    decision: tuple[Any, ...], effects: tuple[Effect, ...], bounds: tuple[Bound, ...], risk: Risk
) -> tuple[str, ...]:
    """Return what the rules alone make of the definition: category, what name and text say, and the claims."""
    category, named, told, sources = decision
    return (
        category,
        f"named {named}",
        f"told {told}",
        f"{category} by {sources}",
        f"named {named}, told {told}",
        *(f"effect {effect}" for effect in effects),
        *(f"bound {bound}" for bound in bounds),
        risk,
    )
