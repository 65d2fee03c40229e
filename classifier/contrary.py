"""Invented examples in which the name promises less than the description does: `get_time: Runs any shell command`.

Honest definitions hardly ever contradict themselves, so a model that has met no others believes the name. These are
made of labelled ones: description and schema of a tool that changes something, under the name of one that reads.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from classifier.examples import Prepared, prepared_as
from toolcensus.canonical import digest

SHARE = 0.4
"""The share of changing tools that lend their description."""

FEWEST_WORDS = 4
"""A shorter description does not say enough to stand against a name."""


def contrary(prepared: Sequence[Prepared]) -> list[Prepared]:
    """Return the invented examples; the same for the same examples, and each of the family of its description."""
    names = [one.found.tool.name for one in prepared if one.example.category == "Read"]
    return [_under(one, names) for one in prepared if names and _lends(one)]


def _lends(one: Prepared) -> bool:
    told = (one.found.tool.description or "").split()
    changes = one.example.category in {"Write", "Execute"}
    return changes and len(told) >= FEWEST_WORDS and _draw(one, 1_000) < SHARE * 1_000


def _under(one: Prepared, names: Sequence[str]) -> Prepared:
    name = names[_draw(one, 1_000_000) % len(names)]
    tool = msgspec.structs.replace(one.found.tool, name=name, title=None)
    made = prepared_as(one.found._replace(tool=tool), one.example.family)
    return made._replace(example=made.example._replace(invented=True))


def _draw(one: Prepared, below: int) -> int:
    """Return a number that depends on nothing but the definition, so that training is the same each time."""
    return int(hashlib.sha256(f"{below} {digest(one.found.tool)}".encode()).hexdigest(), 16) % below
