"""How a server that opens a port is asked to speak over stdio: by the option or variable that its source reads."""

from collections.abc import Iterable
from pathlib import Path

import re2

from crawler.sandbox.placeholders import LARGEST_SOURCE

LISTENING = re2.compile(r"(?i)\blisten|\bhttps?://|\bSSE\b|\bHTTP (?:server|transport)|\bon port\b|Uvicorn running")
VARIABLE = re2.compile(r"(?:^|_)TRANSPORT(?:_TYPE|_MODE|_METHOD|_PROTOCOL)?$")
OPTIONS = (("--stdio", ("--stdio",)), ("--transport", ("--transport", "stdio")))
QUOTED = {word: re2.compile(rf"['\"]{word}['\"= <]") for word, _ in OPTIONS}
STDIO = "stdio"


def opened_a_port(words: str) -> bool:
    """Say whether a server's words are those of one that listens for connections."""
    return bool(LISTENING.search(words))


def variables(names: Iterable[str]) -> dict[str, str]:
    """Return those of the variables that a source reads that choose the transport, set to stdio."""
    return {name: STDIO for name in names if VARIABLE.search(name)}


def option(sources: Iterable[Path]) -> tuple[str, ...]:
    """Return the option that chooses stdio, where a source names one and the transport; else nothing."""
    texts = [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sources
        if path.is_file() and path.stat().st_size <= LARGEST_SOURCE
    ]
    if not any(STDIO in text for text in texts):
        return ()
    named = (words for word, words in OPTIONS for text in texts if QUOTED[word].search(text))
    return next(named, ())
