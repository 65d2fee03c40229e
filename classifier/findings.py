"""What is wrong with a definition itself, apart from what the tool can do: every kind of finding but `changed`."""

from collections.abc import Iterator, Sequence
from itertools import chain

from classifier import contradiction, credentials, encoded_text, hidden_text, impostor, look_alikes, looseness
from classifier.charges import charges
from classifier.disguise import View, views
from classifier.orders import orders
from classifier.passages import Passage, passages, whole_text
from toolcensus.records import RISKS, Finding, Label, Tool

MAX_FINDINGS = 100


def find(tool: Tool, label: Label, server: str | None = None) -> tuple[Finding, ...]:
    """Return the findings of one definition, worst first, then in the order of the definition; at most 100.

    `server` is the key of the server that serves the tool, where it is known.
    """
    texts = passages(tool)
    whole = whole_text(texts)
    wholes = tuple(views(whole))
    found = [*orders().find(texts, wholes), *charges().find(texts, wholes), *_in_texts(texts, wholes)]
    found += [*looseness.find(tool), *contradiction.find(tool, label), *impostor.find(tool, server)]
    places = {passage.field: place for place, passage in enumerate(texts)}
    found.sort(
        key=lambda one: (-RISKS.index(one.severity), places.get(one.field, len(texts)), one.start, one.kind, one.end)
    )
    return tuple(_without_repeats(found)[:MAX_FINDINGS])


def _in_texts(texts: tuple[Passage, ...], wholes: Sequence[View]) -> Iterator[Finding]:
    """Ask each finder about the whole definition first: nearly always the answer is no."""
    for finder in (hidden_text, look_alikes, credentials):
        if finder.suspect(wholes[0].text):
            yield from chain.from_iterable(map(finder.find, texts))
    if encoded_text.suspect(wholes):
        yield from chain.from_iterable(map(encoded_text.find, texts))


def _without_repeats(found: list[Finding]) -> list[Finding]:
    """Leave out what overlaps a worse finding of the same kind: several rules often see one order."""
    kept: dict[tuple[str, str], list[Finding]] = {}
    result = []
    for one in found:
        others = kept.setdefault((one.kind, one.field), [])
        if not any(one.start < other.end and other.start < one.end for other in others):
            others.append(one)
            result.append(one)
    return result
