"""What an exporter is: a module of `exporters/` that writes the catalogue in one format, streaming."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

import sqlalchemy


class Exporter(Protocol):
    """A module of `toolcensus/exporters/`."""

    FORMAT: str
    SUFFIX: str

    def export(self, connection: sqlalchemy.Connection, out: BinaryIO, *, generated: str) -> Iterator[int]:
        """Write the catalogue to `out`, yielding how many tools are written so far, now and then."""
        ...
