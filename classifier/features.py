"""Features: what the model sees of a definition, as words grouped in blocks, and what the rules found in it.

A block is a kind of place: words of the name are other features than the same words of the description. Within a block
every feature counts once, and a block with many features weighs no more than one with few (`classifier.model`).
Everything is made from the normalised texts that the rules have read already.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise

from classifier.definition import Definition
from classifier.judge import Judgement
from classifier.words import STOP

MOST_WORDS = 160
"""Words that are read of a description."""

_MOST_LINES = 24
_MOST_VALUES = 24
_LENGTHS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)

Features = Mapping[str, Sequence[str]]
"""Features by block; a feature may come twice and counts once."""


def features_of(definition: Definition, judgement: Judgement) -> Features:
    """Return the features of a prepared definition and of what the rules made of it."""
    name = [word.text for word in definition.name_words]
    description = definition.text("description").string.split()[:MOST_WORDS]
    schema = definition.text("schema").string.split("\n", _MOST_LINES)[:_MOST_LINES]
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
        "parameter": list(_parameters(schema)),
        "parameter word": definition.text("parameters").string.split(),
        "value": list(_values(schema)),
        "told of parameters": _words(definition.text("parameter-descriptions").string.split()[:MOST_WORDS]),
        "shape": list(_shape(definition, description)),
        "rule": [match.rule.id for match in judgement.fired],
        "verdict": list(_verdict(judgement)),
    }


def _words(words: list[str]) -> list[str]:
    return [word for word in words if word != STOP]


def _pairs(words: list[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(words)]


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


def _parameters(schema: list[str]) -> Iterator[str]:
    """Yield each parameter's name, and its last word with what may be given: `query : string free`."""
    for line in schema:
        head, _, values = line.partition(" = ")
        name, _, form = head.rpartition(" : ")
        if name:
            yield name
            kind, _, need = form.rpartition(" ")
            yield f"{name.rpartition(' ')[2]} : {kind}"
            yield f"{name.rpartition(' ')[2]} : {need}"
            if values:
                yield f"{name.rpartition(' ')[2]} = "


def _values(schema: list[str]) -> Iterator[str]:
    for line in schema:
        head, chooses, values = line.partition(" = ")
        if chooses:
            name = head.partition(" : ")[0].rpartition(" ")[2]
            for value in islice(values.split(" | "), _MOST_VALUES):
                yield value
                yield f"{name} = {value.partition(' ')[0]}"


def _shape(definition: Definition, description: list[str]) -> Iterator[str]:
    """Yield how much there is: of text, of parameters and of those that are free or must be given."""
    outer = definition.outer
    for what, number in (
        ("words", len(description)),
        ("parameters", len(outer)),
        ("required", sum(each.required for each in outer)),
        ("free", sum(each.free for each in outer)),
    ):
        yield f"{what} {_bucket(number)}"
    yield from (f"path {line.rpartition(' : ')[2]}" for line in definition.text("paths").string.split("\n") if line)
    if definition.text("addresses").string:
        yield "address"


def _bucket(number: int) -> int:
    return next((length for length in reversed(_LENGTHS) if length <= number), 0)


def _verdict(judgement: Judgement) -> Iterator[str]:
    """Yield what the rules alone make of the definition."""
    decision = judgement.decision
    yield decision.category
    yield f"named {decision.named}"
    yield f"told {decision.told}"
    yield f"{decision.category} by {decision.sources}"
    yield f"named {decision.named}, told {decision.told}"
    yield from (f"effect {effect}" for effect in judgement.effects)
    yield from (f"bound {bound}" for bound in judgement.bounds)
    yield judgement.verdict.risk
