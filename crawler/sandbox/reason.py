"""What a server's last words say: the line that tells most, and whether it is a key, memory or disk that is missing."""

import re2

from toolcensus.records import Outcome

LONGEST = 300
OPEN = (":", "[", "{", "(")
"""How a line ends whose sentence goes on in the next ones."""
FOLLOWING = 4
COLOURS = re2.compile(r"\x1b\[[0-9;]*[A-Za-z]")
NAMED_ERROR = re2.compile(
    r"^(?:\[?[\w.]*\]?:? ?)?(?:[\w.]*(?:Error|Exception)|[Ee]rror|[Ff]atal|npm error)\b[^:]{0,40}: \S"
)
TELLING = re2.compile(r"(?i)error|not |must|require|missing|invalid|cannot|unable|usage")
CREDENTIAL = re2.compile(
    r"(?i)(?:api|access|auth|secret|private|bearer|client)[ _-]?(?:key|token|id|secret)|credential|password|"
    r"unauthori[sz]ed|not (?:logged|signed) in|log ?in first|[A-Z0-9]_(?:KEY|TOKEN|SECRET|PASSWORD|PAT)\b|"
    r"environment variable|please (?:set|provide)|\.env\b"
)
MEMORY = re2.compile(r"MemoryError|heap out of memory|Cannot allocate memory|\bENOMEM\b")
DISK = re2.compile(r"No space left on device|\bENOSPC\b|File too large|\bEFBIG\b")
STALE = re2.compile(
    r"ImportError|ModuleNotFoundError|AttributeError|TypeError|NameError|SyntaxError|PydanticUserError|"
    r"Cannot find (?:module|package)|is not a function|ERR_(?:MODULE_NOT_FOUND|PACKAGE_PATH_NOT_EXPORTED|REQUIRE_ESM)"
)
SIGNALLED = 128
BY_SIGNAL: dict[int, tuple[Outcome, str]] = {
    24: ("timed-out", "it computed for longer than it may"),
    25: ("refused", "over the limit of disk: a file too large"),
    31: ("refused", "it made a system call that it may not"),
}


def telling_line(words: str) -> str:
    """Return the line that says best why a server gave no list."""
    plain: str = COLOURS.sub("", words)
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    named = [place for place, line in enumerate(lines) if NAMED_ERROR.search(line)]
    telling = named or [place for place, line in enumerate(lines) if TELLING.search(line)] or [len(lines) - 1]
    if not lines:
        return "it ended without a word"
    place = telling[-1]
    last = place + FOLLOWING if lines[place].endswith(OPEN) else place
    return " ".join(lines[place : last + 1])[:LONGEST]


def ending(status: int | None, words: str, *, spoke: bool) -> tuple[Outcome, str]:
    """Return how a server ended that gave no list, by its exit status (None: it had to be ended) and its last words."""
    if status is not None and status - SIGNALLED in BY_SIGNAL:
        return BY_SIGNAL[status - SIGNALLED]
    line = telling_line(words)
    if MEMORY.search(words):
        return "refused", f"over the limit of memory: {line}"
    if DISK.search(words):
        return "refused", f"over the limit of disk: {line}"
    if CREDENTIAL.search(words):
        return "needs-credentials", line
    if status == 0 and not spoke:
        return "not-a-server", f"it ended without a word of the protocol: {line}" if words.strip() else line
    return "crashed", line


def is_stale(words: str) -> bool:
    """Say whether a server seems to have met dependencies that are newer than itself."""
    return bool(STALE.search(words))
