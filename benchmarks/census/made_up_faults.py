"""What goes wrong with the made-up registry on request: each class of fault that real registries have shown.

A URL is hit once and is well the next time it is asked, but for a few that stay broken. The same seed and order of
requests give the same faults.
"""

import gzip
import random
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.census.made_up_pages import Answer
from benchmarks.census.made_up_rows import TEXT

RATE, PERMANENT = 0.12, 0.05
STALL = 2.0
HUGE = 5 * 1024 * 1024
BOMB = gzip.compress(bytes(200 * 1024 * 1024), 9)
"""200 KB that unpack to three times what is read of one document."""
CURSORS = {"official": ("cursor", "nextCursor"), "glama": ("after", "endCursor")}
UNWELL = Answer(b"<html>Service Unavailable</html>", 503, "text/html")
STATUSES = {
    "429-seconds": Answer(b"{}", 429, headers={"Retry-After": "1"}),
    "429-bare": Answer(b"{}", 429),
    "500": Answer(b"<html>Internal Server Error</html>", 500, "text/html"),
    "page-missing": Answer(b'{"error": "Not found"}', 404),
    "html-200": Answer(b"<html><body>We will be back soon</body></html>", 200, "text/html"),
    "bad-json": Answer(b'{"servers": [{"name"', 200),
    "redirect-metadata": Answer(b"", 302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
    "redirect-private": Answer(b"", 302, headers={"Location": "http://10.0.0.1/"}),
    "redirect-loop": Answer(b"", 302, headers={"Location": ""}),
    "bomb": Answer(BOMB, headers={"Content-Encoding": "gzip"}),
}
INSERTIONS = {"bad-utf8": b"\xff\xfe", "nul": b"\\u0000", "huge-field": b"x" * HUGE}
SLIGHT: dict[str, dict[str, Any]] = {
    "stall": {"stall": STALL},
    "cut": {"cut": True},
    "wrong-type": {"kind": "application/octet-stream"},
}
"""What changes an answer without its body."""
CLASSES = (*STATUSES, *INSERTIONS, *SLIGHT, "cursor-loop", "duplicate-page")


class Faults:
    """Draws a fault for a request now and then, and spoils its answer; `given` counts them by class."""

    def __init__(self, seed: int, rate: float = RATE) -> None:
        self._choose = random.Random(seed)  # noqa: S311  # faults, no secrets
        self._rate = rate
        self._hit: set[str] = set()
        self._broken: dict[str, str] = {}
        self._last: dict[str, Answer] = {}
        self.given: dict[str, int] = {}

    def spoil(self, target: str, answer: Answer) -> Answer:
        """Return the answer, or what a fault makes of it."""
        fault = self._draw(target)
        service = target.split("/")[1]
        is_list = "?" in target
        spoilt = spoil(fault, target, answer, self._last.get(service)) if fault else answer
        if fault:
            self.given[fault] = self.given.get(fault, 0) + 1
        if is_list and answer.status == 200:  # noqa: PLR2004  # OK
            self._last[service] = answer
        return spoilt

    def _draw(self, target: str) -> str | None:
        if target.endswith("/robots.txt"):
            return None
        if target in self._broken:
            return self._broken[target]
        if target in self._hit or self._choose.random() > self._rate:
            return None
        self._hit.add(target)
        fault = self._choose.choice(CLASSES)
        if self._choose.random() < PERMANENT:
            self._broken[target] = fault
        return fault


def spoil(fault: str, target: str, answer: Answer, last: Answer | None) -> Answer:
    """Return what a fault makes of an answer; a 503 where the class does not fit."""
    if fault in STATUSES:
        spoilt = STATUSES[fault]
        return replace(spoilt, headers={"Location": target}) if fault == "redirect-loop" else spoilt
    if fault in SLIGHT:
        return replace(answer, **SLIGHT[fault])
    if fault == "duplicate-page":
        return last or UNWELL
    if fault == "cursor-loop":
        return _looped(target, answer)
    return _inserted(fault, answer)


def _looped(target: str, answer: Answer) -> Answer:
    parameter, name = CURSORS.get(target.split("/")[1], ("", ""))
    own = parse_qs(urlsplit(target).query).get(parameter)
    start, mark, rest = answer.body.partition(f'"{name}": "'.encode())
    if not own or not mark:
        return UNWELL
    return replace(answer, body=start + mark + own[0].encode() + rest[rest.index(b'"') :])


def _inserted(fault: str, answer: Answer) -> Answer:
    """Put something into the first description that belongs into none."""
    before, mark, after = answer.body.partition(TEXT.encode())
    if not mark:
        return UNWELL
    piece = INSERTIONS[fault]
    if fault == "nul" and "json" not in answer.kind:
        piece = b"\0"
    return replace(answer, body=before + mark + piece + after)
