"""Examples: definitions with what is known of them, prepared once for training and for judging by strangers."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from classifier.definition import Definition, prepare
from classifier.features import features_of
from classifier.judge import Judgement, judge
from classifier.kin import Origin, kin_of
from classifier.training import Example
from toolcensus.label_list import Known
from toolcensus.records import Tool


class Found(NamedTuple):
    """A definition that was found, with its label, or with none if its author's annotation is all that is known."""

    tool: Tool
    vendor: str
    server: str
    known: Known | None = None


class Prepared(NamedTuple):
    """An example beside the definition that it was made of and what the rules alone make of it."""

    found: Found
    definition: Definition
    judgement: Judgement
    example: Example


def prepare_all(found: Sequence[Found]) -> list[Prepared]:
    """Prepare examples; readers and model see no annotations, which are another witness."""
    families = kin_of([Origin(one.vendor, one.server, one.tool) for one in found])
    return [prepared_as(one, family) for one, family in zip(found, families, strict=True)]


def reads_of(tool: Tool) -> bool | None:
    """Return the author's readOnlyHint, if it is one."""
    hint = (tool.annotations or {}).get("readOnlyHint")
    return hint if isinstance(hint, bool) else None


def prepared_as(found: Found, family: str) -> Prepared:
    """Prepare one example as of this family."""
    definition = prepare(msgspec.structs.replace(found.tool, annotations=None))
    judgement = judge(definition)
    features = {block: sorted(set(given)) for block, given in features_of(definition, judgement).items()}
    known = found.known
    if known is None:
        example = Example(features, family, reads=reads_of(found.tool))
    else:
        example = Example(
            features,
            family,
            category=known.category,
            effects=frozenset(known.effects),
            bounds=frozenset(known.bounds),
        )
    return Prepared(found, definition, judgement, example)
