"""Reads the entries of a curated list out of Markdown: bullets and table rows that are about one link each.

Of Markdown (CommonMark with GitHub's tables) only the lines are read that such lists are made of; the rest is passed
over: prose, code, block HTML, and links in the middle of a sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import re2

FENCE = re2.compile(r"^ {0,3}(`{3,}|~{3,})")
HEADING = re2.compile(r" {0,3}(#{1,6})[ \t]+(.+)")
BULLET = re2.compile(r"\s*(?:[-*+]|\d{1,4}[.)])\s+(.+)")
RULE = re2.compile(r"[\s|:-]*-[\s|:-]*")
TAG = re2.compile(r"</?[A-Za-z][^<>]*>")
IMAGE = re2.compile(r'!\[[^\[\]]*\]\([^()\s]*(?:\s+"[^"]*")?\)')
EMPTY_LINK = re2.compile(r"\[\s*\]\([^()]*\)")
LINK = re2.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])+)\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\)[^()\s]*)?)>?(?:\s+[^()]*)?\)")
BARE = re2.compile(r"""https?://[^\s<>()\[\]|`"'，。）]{3,}""")
CODE_ADDRESS = re2.compile(r"`{1,2}\s?(https?://[^\s`]{3,})\s?`{1,2}")
BEFORE = re2.compile(r"[^\pL]*")
"""What may stand before an entry's link: emoji, marks, numbers."""
DASHES = re2.compile(r"^[\s:;,.–—\-|*_→⭐]+")
MARKS = re2.compile(r"\*{1,3}|_{2}|`|~{2}")
BADGE = re2.compile(r"(?i)shields\.io|badge")
NOT_NAMES = re2.compile(r"(?i)github|link|repo(?:sitory)?|source|website|view|here|url|docs?|链接|仓库")
LONGEST_LINE = 20_000
HUGE_LINE = 200_000
"""Characters of a line that nobody wrote: it is passed over as a whole."""
MOST_CELLS = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: the headings above it, the link's text and address as written, and what is said of it.

    `is_address` where the list shows the address as code: an endpoint to connect to, not a page to read.
    """

    headings: tuple[str, ...]
    name: str
    url: str
    description: str | None
    is_address: bool = False


def entries(text: str) -> Iterator[Entry]:
    """Yield the entries of a list in their order."""
    headings: list[tuple[int, str]] = []
    lines = _outside_code(text)
    for position, line in enumerate(lines):
        if found := HEADING.fullmatch(line):
            level = len(found[1])
            headings = [*((at, title) for at, title in headings if at < level), (level, plain(found[2].rstrip(" #")))]
            continue
        above = tuple(title for _, title in headings)
        entry = None
        if line.lstrip().startswith("|"):
            is_header = position + 1 < len(lines) and RULE.fullmatch(lines[position + 1])
            entry = None if is_header or RULE.fullmatch(line) else _from_row(line, above)
        elif bullet := BULLET.fullmatch(line):
            entry = _from_bullet(bullet[1], above)
        if entry:
            yield entry


def huge_lines(text: str) -> Iterator[int]:
    """Yield the numbers, from 1, of the lines that are passed over because nobody wrote them."""
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > HUGE_LINE:
            yield number


def plain(text: str) -> str:
    """Return a text without Markdown's marks, tags and images, its white space collapsed."""
    text = IMAGE.sub("", TAG.sub("", text))
    text = LINK.sub(lambda link: link[1], EMPTY_LINK.sub("", text))
    return " ".join(unescape(MARKS.sub("", text)).split())


def _outside_code(text: str) -> list[str]:
    kept: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif len(line) <= HUGE_LINE:
            kept.append(line[:LONGEST_LINE])
    return kept


def _from_bullet(text: str, headings: tuple[str, ...]) -> Entry | None:
    """Read `[name](url) - description`, with badges and emoji before or after, or `name — url`."""
    text = EMPTY_LINK.sub("", IMAGE.sub("", TAG.sub("", text)))
    link = LINK.search(text)
    if link and BEFORE.fullmatch(text[: link.start()]):
        rest = DASHES.sub("", plain(LINK.sub(_without_badges, text[link.end() :])))
        return Entry(headings, plain(link[1]), link[2], rest or None)
    bare = BARE.search(text)
    if bare is None or (link and link.start() < bare.start()):
        return None
    name, rest = plain(text[: bare.start()]).rstrip(" -–—:("), plain(text[bare.end() :]).lstrip(" -–—:,)")
    name, _, said = name.replace(" – ", " — ").replace(" - ", " — ").partition(" — ")
    is_address = bool(CODE_ADDRESS.search(text))
    return Entry(headings, name.strip(), bare[0].rstrip(".,;:"), said.strip(" –—-") or rest or None, is_address)


def _from_row(line: str, headings: tuple[str, ...]) -> Entry | None:
    """Read a row of a table: an address in code before anything else, else its first link."""
    cells = _cells(EMPTY_LINK.sub("", IMAGE.sub("", TAG.sub(" ", line))))
    said = [plain(cell) for cell in cells]
    address = next((found for cell in cells if (found := CODE_ADDRESS.fullmatch(cell))), None)
    link = next((found for cell in cells if (found := LINK.search(cell))), None)
    if address is None and link is None:
        return None
    url = address[1] if address else link[2] if link else ""
    name = plain(link[1]) if link and not address else ""
    if not name or NOT_NAMES.fullmatch(name):
        name = next((text for text in said if BEFORE.sub("", text)), name)
    told = [text for text in said if text != name and not BARE.fullmatch(text) and " " in text]
    return Entry(headings, name, url, max(told, key=len, default=None), address is not None)


def _cells(line: str) -> list[str]:
    """Cut a row at its bars, but not at those that are written with a backslash."""
    cells = line.replace("\\|", "\0").strip().strip("|").split("|", MOST_CELLS)[:MOST_CELLS]
    return [cell.replace("\0", "|").strip() for cell in cells]


def _without_badges(link: Any) -> str:
    return "" if BADGE.search(link[2]) else link[0]
