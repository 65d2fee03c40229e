"""Finding what a reader of the definition does not see: invisible and bidirectional characters, escapes, comments."""

from collections.abc import Iterator
from dataclasses import dataclass

import re2

from classifier.passages import Passage
from toolcensus.records import Finding, Risk

MAX_SHOWN = 5
LATIN_END = 0x2FF
"""Above it come scripts and symbols that need joiners and marks."""

INDIC_START = 0xE00
"""From Thai on there are scripts that put no blanks between words."""

LONGEST_FLAG = 7
TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}


def _codes(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(code for first, last in ranges for code in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Hiding:
    """One way to hide text, the characters that do it, and how bad it is by itself."""

    what: str
    severity: Risk
    codes: frozenset[int]


HIDINGS = (
    Hiding("tag characters, which spell out text that no screen shows", "critical", _codes((0xE0000, 0xE007F))),
    Hiding("characters that reorder the text on the screen", "high", _codes((0x202A, 0x202E), (0x2066, 0x2069))),
    Hiding(
        "zero-width characters",
        "high",
        _codes((0x200B, 0x200D), (0x2060, 0x2064), (0x206A, 0x206F), (0xFEFF, 0xFEFF), (0x180E, 0x180E)),
    ),
    Hiding(
        "variation selectors, which can carry hidden bytes",
        "high",
        _codes((0xFE00, 0xFE0D), (0xE0100, 0xE01EF)),
    ),
    Hiding(
        "characters that show as nothing",
        "high",
        _codes((0x00AD, 0x00AD), (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x2800, 0x2800))
        | _codes((0x3164, 0x3164), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x1D173, 0x1D17A)),
    ),
    Hiding("private-use characters, which mean what a font decides", "medium", _codes((0xE000, 0xF8FF))),
    Hiding(
        "control characters, which a terminal obeys",
        "high",
        _codes((0x01, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x9F)) - {0x0C, 0x85},
    ),
)
"""The first that a character belongs to counts."""

INVISIBLE = {code: hiding for hiding in reversed(HIDINGS) for code in hiding.codes}
HIDDEN = re2.compile("[" + "".join(rf"\x{{{code:x}}}" for code in sorted(INVISIBLE)) + "]+")
COMMENT = re2.compile(r"(?s)<!--.*?(?:-->|$)")
LINE_OF_SPACES = re2.compile(r"[ \t\x{00a0}\x{2000}-\x{200a}\x{3000}]{100,}\S|\n{30,}\S")
ADVICE = "a reader approves what is seen while the model obeys what is there; have it taken out before use"


def suspect(text: str) -> bool:
    """Say whether a text, such as a whole definition, may hold anything that `find` would find."""
    return "<!--" in text or (HIDDEN.search(text) or LINE_OF_SPACES.search(text)) is not None


def find(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each run of hidden characters (the first five), comment and stretch of blank space."""
    text = passage.text
    if not text.isascii() or not text.isprintable():
        yield from _hidden_characters(passage)
    if "<!--" in text:
        for match in COMMENT.finditer(text):
            yield _finding(passage, match.span(), "medium", "an HTML comment, which rendered text does not show")
    if match := LINE_OF_SPACES.search(text):
        yield _finding(passage, match.span(), "medium", "so much blank space that what follows is out of sight")


def _hidden_characters(passage: Passage) -> Iterator[Finding]:
    shown = 0
    for match in HIDDEN.finditer(passage.text):
        if shown == MAX_SHOWN:
            return
        if _belongs(passage.text, *match.span()):
            continue
        shown += 1
        hiding = INVISIBLE[ord(match.group()[0])]
        code = f"U+{ord(match.group()[0]):04X}"
        yield _finding(passage, match.span(), hiding.severity, f"{hiding.what} ({code})")


def _belongs(text: str, start: int, end: int) -> bool:
    """Say whether one joiner, mark or soft hyphen stands where writing needs it: in emoji, scripts, long words."""
    if end - start > 1:
        return _flag(text, start, end)
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start] == "\ufeff":
        return start == 0
    if text[start] in "\u200c\u200d\ufe00":
        return bool(before and after) and not (before.isascii() and after.isascii()) and ord(before) > LATIN_END
    return text[start] in "\u00ad\u200b" and _unspaced(before) and _unspaced(after)


def _flag(text: str, start: int, end: int) -> bool:
    """Say whether tag characters end a flag such as Scotland's: a black flag, at most six tags and the end tag."""
    return text[start - 1 : start] == "\U0001f3f4" and end - start <= LONGEST_FLAG and text[end - 1] == "\U000e007f"


def _unspaced(character: str) -> bool:
    return bool(character) and ord(character) >= INDIC_START and character.isalpha()


def _finding(passage: Passage, span: tuple[int, int], severity: Risk, what: str) -> Finding:
    return Finding(
        kind="hidden-text",
        severity=severity,
        field=passage.field,
        start=span[0],
        end=span[1],
        message=f"Holds {what}: {ADVICE}.",
    )
