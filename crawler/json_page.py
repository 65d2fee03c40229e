"""Reads pages of JSON from strangers: strict about what they are, liberal about what else they hold."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

import msgspec

from crawler.source import Flaw
from toolcensus.errors import InputError
from toolcensus.records import Tool

Shape = TypeVar("Shape")
NOTHING: Final = msgspec.Raw()
"""A part of a row that is read later, and is not there."""
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Row(msgspec.Struct, frozen=True):
    """A JSON object of which only the fields that are declared matter."""


class _Tool(Row, frozen=True, rename={"input_schema": "inputSchema", "output_schema": "outputSchema"}):
    name: str
    title: str | None = None
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    output_schema: dict[str, Any] | None = None
    annotations: dict[str, Any] | None = None


def decode(body: bytes, shape: type[Shape]) -> Shape:
    """Read `body` as JSON of one shape; raise InputError, with the place, where it is none."""
    try:
        return msgspec.json.decode(body, type=shape)
    except UNREADABLE as error:
        raise InputError(f"it is not the JSON that is expected: {error}") from error


def rows(
    found: Iterable[msgspec.Raw], shape: type[Shape], place: str, flaws: list[Flaw]
) -> Iterator[tuple[Shape, bytes]]:
    """Yield each row that can be read with its own bytes; the others go to `flaws`, with `place` and their number."""
    for number, raw in enumerate(found):
        try:
            yield msgspec.json.decode(raw, type=shape), bytes(raw)
        except UNREADABLE as error:
            flaws.append(Flaw(where=f"{place}/{number}", reason=str(error)[:300]))


def tools(found: msgspec.Raw, place: str, flaws: list[Flaw]) -> tuple[Tool, ...] | None:
    """Read a list of tool definitions as a server serves them; None where there is none, or an empty one."""
    if bytes(found) in {b"", b"null"}:
        return None
    listed = [
        Tool(**msgspec.structs.asdict(tool)) for tool, _ in rows(decode(found, list[msgspec.Raw]), _Tool, place, flaws)
    ]
    return tuple(listed) or None


def digest_of(row: bytes) -> str:
    """Return the digest of what a source says of one server."""
    return f"sha256:{hashlib.sha256(row).hexdigest()}"


def said(text: str | None) -> str | None:
    """Return a text without the space around it, None where nothing is said."""
    return (text or "").strip() or None
