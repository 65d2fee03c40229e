"""Reads YAML from strangers: one document of plain data, with no aliases (no bombs) and no depth that nobody writes."""

from typing import TypeVar

import msgspec
import yaml

from toolcensus.errors import InputError, LimitError

Shape = TypeVar("Shape")
DEEPEST = 40
LARGEST = 1024 * 1024
"""Characters of one document."""


def decode_yaml(body: bytes, shape: type[Shape]) -> Shape:
    """Read `body` as YAML of one shape; raise InputError, with the place, where it is none."""
    try:
        text = body.decode()
        _check(text)
        return msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader), shape)  # it is the safe loader, in C
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError(f"it is not the YAML that is expected: {' '.join(str(error).split())[:300]}") from error


def _check(text: str) -> None:
    """Raise LimitError where the document would make more of itself than it is."""
    if len(text) > LARGEST:
        raise LimitError(f"it has {len(text)} characters; {LARGEST} are read of a YAML document")
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise LimitError(f"it is nested more than {DEEPEST} deep")
        if isinstance(event, yaml.AliasEvent):
            raise LimitError(f"it has the alias {event.anchor!r}, which no catalogue needs")
