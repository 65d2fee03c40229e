"""The whole catalogue as one JSON document, a server a line, in the form of `toolcensus/catalogue.schema.json`."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
import sqlalchemy

from toolcensus import catalogue

FORMAT = "json"
SUFFIX = ".json"


def export(connection: sqlalchemy.Connection, out: BinaryIO, *, generated: str) -> Iterator[int]:
    """Write the catalogue to `out`, yielding how many tools are written so far, now and then."""
    encoder = msgspec.json.Encoder()
    head = encoder.encode({"version": catalogue.VERSION, "generated": generated})
    out.write(head[:-1] + b',"servers":[')
    written = 0
    separator = b"\n"
    for server in catalogue.servers(connection):
        out.write(separator + encoder.encode(server))
        separator = b",\n"
        written += len(server["tools"])
        yield written
    out.write(b"\n]}\n")
    yield written
