"""Finding encoded text that is a command, or speaks of secrets, once it is decoded."""

from collections.abc import Iterator, Sequence
from itertools import islice

import re2

from classifier.disguise import View, uncovered
from classifier.passages import Passage
from toolcensus.records import Finding

COMMAND = re2.compile(
    r"(?i)\b(?:curl|wget|bash|zsh|/bin/sh|sh -c|nc -|netcat|powershell|cmd\.exe|iex|invoke-\w+"
    r"|ncat|rm -rf|chmod \+x|eval ?\(|exec ?\(|os\.system|subprocess|child_process|__import__|import os|socket\."
    r"|base64 -d|/dev/tcp|/etc/passwd|id_rsa|\.ssh/|\.aws/)"
    r"|https?://\d{1,3}(?:\.\d{1,3}){3}|\| ?(?:ba|z)?sh\b"
    r"|^(?:sudo|cat|rm|cp|mv|dd|ssh|scp|ftp|telnet|python3?|perl|ruby|php|node|crontab|nslookup|openssl|printenv)"
    r" +[-/~.\w$]"
    r"|\b(?:process\.env|os\.environ|document\.cookie|xmlhttprequest|atob ?\(|require ?\(|/bin/(?:ba|z)?sh)"
)
SECRET_TALK = re2.compile(
    r"(?i)\b(?:ignore|disregard|exfiltrat\w+|steal|leak|reveal|silently|secretly|payload|attacker|passw(?:or)?ds?|credentials"
    r"|(?:system )?prompt|instructions?|do not tell|send (?:all|the)|api[ _-]?keys?|private keys?|token)\b"
)
MAX_SHOWN = 5
LONG = 20_000
"""Characters of a definition from which its encoded parts are too many to be decoded all together."""

BLANKS = 2
"""Blanks from which decoded text reads like a sentence."""

PROSE = re2.compile(r"(?:[A-Za-z][A-Za-z'’-]*[,.:;]? ){3,}[A-Za-z][A-Za-z'’-]*[.!?]?")
URL = re2.compile(r"(?i)(?:https?|wss?|ftp)://[^\s]+")
PROGRAM = re2.compile(r"\b(?:H4sI|TVqQ|TVpQ|f0VMR)[A-Za-z0-9+/]{20,}={0,2}")
"""How a packed file, a program for Windows and one for Linux begin in base64."""

EXAMPLE = re2.compile(r"(?i)\b(?:examples?|e\.g|for instance|such as|sample|becomes?|decodes?|encodes?)\b")
BEFORE = 80
"""Characters before encoded text in which a word may say that it is an example."""


def suspect(wholes: Sequence[View]) -> bool:
    """Say whether a text, such as a whole definition, may hold anything that `find` would find, by all its views."""
    text = wholes[0].text
    return len(text) > LONG or any(view.whole for view in wholes) or PROGRAM.search(text) is not None


def find(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each encoded part of a passage that decodes to a command, to code or to talk of secrets."""
    for view in uncovered(passage.text):
        if view.whole is not None and (COMMAND.search(view.text) or _whispers(view.text) or _writes(passage, view)):
            yield _finding(passage, view.whole, f"a message {view.disguise} ({view.text[:60]!r})")
    for match in islice(PROGRAM.finditer(passage.text), MAX_SHOWN):
        if not _shown(passage, match.start()):
            yield _finding(passage, match.span(), "a program or a packed file in base64")


def _whispers(text: str) -> bool:
    return text.count(" ") >= BLANKS and SECRET_TALK.search(text) is not None


def _writes(passage: Passage, view: View) -> bool:
    """Say whether somebody wrote a sentence or an address in code, and not to show how the code looks."""
    return (
        not _shown(passage, view.whole[0] if view.whole else 0)
        and (PROSE.fullmatch(view.text) or URL.fullmatch(view.text)) is not None
    )


def _shown(passage: Passage, start: int) -> bool:
    """Say whether what begins here is an example."""
    before = passage.text[max(0, start - BEFORE) : start]
    return (EXAMPLE.search(before) or EXAMPLE.search(passage.field)) is not None


def _finding(passage: Passage, span: tuple[int, int], what: str) -> Finding:
    return Finding(
        kind="hidden-text",
        severity="critical",
        field=passage.field,
        start=span[0],
        end=span[1],
        message=f"Holds {what}: nobody encodes what they want read; "
        "do not use this tool before its author has explained it.",
    )
