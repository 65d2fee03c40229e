"""Takes the body of an answer in pieces, unpacks it within limits, and keeps it, or writes it and checks its digest."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from toolcensus.errors import FetchError, ToolcensusError

PIECE = 64 * 1024
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
WEAK_BUT_ALL_THERE_IS = {"sha1", "md5"}


class Sink(Protocol):
    """Where a body goes; it is begun anew for every attempt."""

    def begin(self) -> None:
        """Forget an earlier attempt."""

    def write(self, piece: bytes) -> None:
        """Take one piece."""

    def end(self, url: str) -> None:
        """Take note that it is complete; raise FetchError where it is not what was promised."""

    def close(self) -> None:
        """Let go of it, complete or not."""


class InMemory:
    """Keeps the body as bytes."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def begin(self) -> None:
        """Empty it."""
        self.pieces = []

    def write(self, piece: bytes) -> None:
        """Keep one piece."""
        self.pieces.append(piece)

    def end(self, url: str) -> None:
        """Nothing is promised of a document's bytes."""

    def close(self) -> None:
        """Memory needs no closing."""

    def body(self) -> bytes:
        """Return all of it."""
        return b"".join(self.pieces)


class OnDisk:
    """Writes the body to a file and compares its digest with `integrity`, `algorithm:hexdigest` or empty."""

    def __init__(self, path: Path, integrity: str) -> None:
        self.path = path
        self.algorithm, _, self.promised = integrity.partition(":")
        self.size = 0

    def begin(self) -> None:
        """Start the file again from nothing."""
        self.size = 0
        self.own_digest = hashlib.sha256()
        # hashlib gives no md5 in strict installations unless it is told that nothing rests on its strength.
        algorithm = self.algorithm or "sha256"
        self.digest = hashlib.new(algorithm, usedforsecurity=algorithm not in WEAK_BUT_ALL_THERE_IS)
        with self._explained():
            self.file: BinaryIO = self.path.open("wb", buffering=0)

    def write(self, piece: bytes) -> None:
        """Write and digest one piece."""
        with self._explained():
            self.file.write(piece)
        self.own_digest.update(piece)
        self.digest.update(piece)
        self.size += len(piece)

    def end(self, url: str) -> None:
        """Raise FetchError where the file is not what the registry promised."""
        if self.promised and self.digest.hexdigest() != self.promised.lower():
            raise FetchError(
                f"the file at {url} has another {self.algorithm} than its registry promises",
                url=url,
                reason="malformed",
                advice="somebody changed it on the way, or the mirror is stale: do not install it",
            )

    def close(self) -> None:
        """Close the file."""
        with self._explained():
            self.file.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ToolcensusError(
                f"{self.path} cannot be written: {error.strerror or error}",
                advice="free some space there, or set TMPDIR to a folder that has it; nothing already read is lost",
            ) from error


class Unpacker:
    """Undoes a `Content-Encoding`, never holding more than one piece of what comes out (no gzip bombs)."""

    def __init__(self, encoding: str, url: str) -> None:
        self.url = url
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise FetchError(f"{url} answers in the encoding {encoding!r}", url=url, reason="malformed")
        self.stream = None if encoding in {"", "identity"} else zlib.decompressobj(GZIP_OR_ZLIB)

    def pieces(self, packed: bytes) -> Iterator[bytes]:
        """Yield what one packed piece holds, in bounded pieces; raise FetchError where it is corrupt."""
        if self.stream is None:
            yield packed
            return
        try:
            while packed and not self.stream.eof:
                yield self.stream.decompress(packed, PIECE)
                packed = self.stream.unconsumed_tail
        except zlib.error as error:
            raise FetchError(
                f"the answer of {self.url} is corrupt: {error}", url=self.url, reason="malformed"
            ) from error

    @property
    def complete(self) -> bool:
        """Whether the packed stream came to its end."""
        return self.stream is None or self.stream.eof
