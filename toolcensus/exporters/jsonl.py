"""The catalogue as JSON Lines: one tool a line, with its server's key and slug."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
import sqlalchemy

from toolcensus import catalogue

FORMAT = "jsonl"
SUFFIX = ".jsonl"
EVERY = 1000
"""How many lines are written between two reports of progress."""


def export(connection: sqlalchemy.Connection, out: BinaryIO, *, generated: str) -> Iterator[int]:  # noqa: ARG001  # a line has no place for it
    """Write the catalogue to `out`, yielding how many tools are written so far, now and then."""
    encoder = msgspec.json.Encoder()
    written = 0
    for key, slug, tool in catalogue.tools(connection):
        out.write(encoder.encode({"server": key, "slug": slug, **tool}) + b"\n")
        written += 1
        if written % EVERY == 0:
            yield written
    yield written
