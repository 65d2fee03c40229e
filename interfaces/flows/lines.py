"""Splitting a stream into lines of bounded length, as they come in, so that a pipe can be answered at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Read = Callable[[], bytes]
"""Returns what has come in, at least one byte, or nothing at the end of the stream."""


@dataclass(frozen=True, slots=True)
class OverLong:
    """A line that was too long to be kept, by the bytes that it had."""

    length: int


Line = bytes | OverLong


class Splitter:
    """Collects blocks of bytes into lines; no more than one line and one block are ever held."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open = bytearray()
        self._length = 0

    def split(self, block: bytes) -> list[Line]:
        """Return the lines that a block completes, without their ends; what follows them waits for the next block."""
        *complete, rest = block.split(b"\n")
        lines = []
        for part in complete:
            self._add(part)
            lines.append(self._close())
        self._add(rest)
        return lines

    def end(self) -> list[Line]:
        """Return the last line where the stream ended without a line end."""
        return [self._close()] if self._length else []

    def _add(self, part: bytes) -> None:
        self._length += len(part)
        if self._length <= self._limit:
            self._open += part
        else:
            self._open.clear()

    def _close(self) -> Line:
        line = OverLong(self._length) if self._length > self._limit else bytes(self._open).removesuffix(b"\r")
        self._open = bytearray()
        self._length = 0
        return line


def batches(read: Read, limit: int) -> Iterator[list[Line]]:
    """Yield the complete lines of each block that `read` returns, then the last line."""
    splitter = Splitter(limit)
    while block := read():
        if lines := splitter.split(block):
            yield lines
    if last := splitter.end():
        yield last
