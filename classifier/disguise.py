"""Text as a model may read it in spite of a disguise: look-alike letters, escapes, encodings, respellings."""

import base64
import binascii
import html
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote_to_bytes

import re2

from classifier.hidden_text import HIDDEN, INVISIBLE, TAGS
from classifier.look_alikes import LOOK_ALIKE, LOOK_ALIKES

MAX_ENCODED = 50
MAX_CANDIDATES = 1_000
MIN_DECODED = 8
SPACED = re2.compile(r"(?:\b\w[ .\-_*]){3,}\w\b")
TELLING = re2.compile(
    r"(?i)\b(?:ignore|previous|instructions?|system|prompt|secrets?|passwords?|credentials?|users?|send|tell|read|file|keys?"
    r"|tools?|must|always|never|silently|before|forward|email|token|disregard|reveal|hidden|exfiltrate|execute|run)\b"
)
LEET = re2.compile(r"(?i)[a-z][013457@$][a-z]")
LEET_LETTERS = str.maketrans("013457@$", "oieastas")
BASE64 = re2.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}|\b[A-Za-z0-9+/]{10,}={1,2}")
BLANKS = str.maketrans("\t\r\n", "   ")
URL_SAFE = str.maketrans("-_", "+/")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
ROT13 = str.maketrans(
    ALPHABET + ALPHABET.upper(), ALPHABET[13:] + ALPHABET[:13] + ALPHABET[13:].upper() + ALPHABET[:13].upper()
)


@dataclass(frozen=True, slots=True)
class View:
    """One way to read a passage; `disguise` says what was undone, and is empty for the text as it stands.

    `origin` holds the place of each of its characters in the passage; `whole` is the only span of a decoded text;
    `plain` is the passage where every letter may have been respelt, disguised or not.
    """

    text: str
    disguise: str = ""
    origin: Sequence[int] | None = None
    whole: tuple[int, int] | None = None
    plain: str | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of the passage that the characters from `start` to `end` of this view stand for."""
        if self.whole is not None:
            return self.whole
        if self.origin is None:
            return start, end
        ends = self.origin[start], self.origin[end - 1]
        return min(ends), max(ends) + 1

    def tells(self, start: int, end: int) -> bool:
        """Say whether a stretch tells more in this view than as it was written; respelling makes words by accident."""
        if self.plain is None:
            return True
        low, high = self.span(start, end)
        return _telling(self.text[start:end]) > _telling(self.plain[low:high])


def views(text: str) -> Iterator[View]:
    """Yield the text as it stands, then every other way to read it."""
    yield View(text)
    telling = None
    for disguise, respell in RESPELLINGS.items():
        if (respelt := respell(text)) is None or not (told := _telling(respelt)):
            continue
        telling = _telling(text) if telling is None else telling
        # Ordinary text with a few digits in it tells nothing new when they become letters.
        if told > telling or respell is not _from_leet:
            backwards = range(len(text) - 1, -1, -1) if respell is _backwards else None
            yield View(respelt, disguise, backwards, plain=text)
    yield from uncovered(text)


def views_in(text: str, disguises: Collection[str]) -> Iterator[View]:
    """Yield the views of a text that have one of these disguises."""
    if "" in disguises:
        yield View(text)
    if len(disguises) > ("" in disguises):
        yield from (view for view in islice(views(text), 1, None) if view.disguise in disguises)


def uncovered(text: str) -> Iterator[View]:
    """Yield the views that do not keep the text's length: invisible characters left out, encoded parts decoded."""
    if not text.isascii():
        yield from _plain_letters(text)
    if SPACED.search(text):
        yield _closed_up(text)
    if ENCODED_PART.search(text):
        yield from _decoded(text)


def _plain_letters(text: str) -> Iterator[View]:
    if unicodedata.is_normalized("NFKC", text) and not HIDDEN.search(text) and not LOOK_ALIKE.search(text):
        return
    kept = [
        (letter, place)
        for place, character in enumerate(text)
        if not INVISIBLE.get(ord(character))
        for letter in unicodedata.normalize("NFKC", character)
    ]
    plain = "".join(letter for letter, _ in kept)
    if plain != text:
        yield View(plain, "with hidden or unusual characters", [place for _, place in kept])
    tags = [(TAGS[ord(character)], place) for place, character in enumerate(text) if ord(character) in TAGS]
    if tags:
        yield View("".join(letter for letter, _ in tags), "in invisible tag characters", [place for _, place in tags])
    if LOOK_ALIKE.search(plain):
        yield View(plain.translate(LOOK_ALIKES), "in look-alike letters", [place for _, place in kept])


def _closed_up(text: str) -> View:
    kept = list(range(len(text)))
    for match in reversed(list(SPACED.finditer(text))):
        kept[match.start() : match.end()] = range(match.start(), match.end(), 2)
    return View("".join(text[place] for place in kept), "with its letters spaced out", kept)


def _decoded(text: str) -> Iterator[View]:
    for disguise, (pattern, decode) in ENCODINGS.items():
        candidates = islice(pattern.finditer(text), MAX_CANDIDATES)
        decoded = ((decode(match.group()), match.span()) for match in candidates)
        readable = (each for each in decoded if len(each[0]) >= MIN_DECODED and each[0].translate(BLANKS).isprintable())
        for plain, span in islice(readable, MAX_ENCODED):
            yield View(plain, disguise, whole=span)


def _telling(text: str) -> int:
    return sum(1 for _ in TELLING.finditer(text))


def _rot13(text: str) -> str:
    return text.translate(ROT13)


def _backwards(text: str) -> str:
    return text[::-1]


def _from_leet(text: str) -> str | None:
    return text.translate(LEET_LETTERS) if LEET.search(text) else None


def _from_base64(text: str) -> str:
    decoded = _decoded_base64(text)
    # What was encoded twice is still nothing but code.
    return _decoded_base64(decoded) or decoded if BASE64.fullmatch(decoded) else decoded


def _decoded_base64(text: str) -> str:
    if text.islower() or text.isupper():
        return ""
    body = text.rstrip("=").translate(URL_SAFE)
    try:
        decoded = base64.b64decode(body[: len(body) - (len(body) % 4 == 1)] + "==", validate=False)
        # PowerShell takes its encoded commands as UTF-16.
        return decoded.decode("utf-16-le" if decoded[1::2].count(0) * 3 > len(decoded) else "utf-8").strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _from_hexadecimal(text: str) -> str:
    try:
        return bytes.fromhex("".join(text.replace(":", " ").split())).decode().strip()
    except UnicodeDecodeError:
        return ""


def _from_escapes(text: str) -> str:
    bare = text.replace("\\x", "\\u00").replace(" ", "")
    return "".join(chr(int(code, 16)) for code in bare.split("\\u")[1:])


def _from_base32(text: str) -> str:
    body = text.rstrip("=")
    try:
        return base64.b32decode(body[: len(body) - len(body) % 8]).decode().strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _from_octal(text: str) -> str:
    return _characters(text.split("\\")[1:], 8)


def _from_numbers(text: str) -> str:
    return _characters(text.replace(",", " ").split(), 10)


def _from_bits(text: str) -> str:
    return _characters(text.split(), 2)


def _characters(codes: Sequence[str], base: int) -> str:
    """Return the ASCII text that codes spell, or nothing where one of them is no printable character."""
    letters = [chr(int(code, base)) for code in codes]
    return "".join(letters).strip() if all(" " <= letter <= "~" for letter in letters) else ""


def _from_percent(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")


RESPELLINGS: dict[str, Callable[[str], str | None]] = {
    "in rot13": _rot13,
    "written backwards": _backwards,
    "with digits for letters": _from_leet,
}
"""Disguises that keep the number of characters."""

ENCODINGS = {
    "in base64": (BASE64, _from_base64),
    "in base32": (re2.compile(r"\b[A-Z2-7]{24,}={0,6}"), _from_base32),
    "in hexadecimal": (re2.compile(r"\b(?:[0-9A-Fa-f]{2}[ :]?){8,}\b"), _from_hexadecimal),
    "in escapes": (re2.compile(r"(?:\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}) ?){4,}"), _from_escapes),
    "in octal escapes": (re2.compile(r"(?:\\[0-7]{2,3}){4,}"), _from_octal),
    "in character codes": (re2.compile(r"\b(?:\d{2,3}(?:, ?| )){7,}\d{2,3}\b"), _from_numbers),
    "in bits": (re2.compile(r"\b(?:[01]{8} ){4,}[01]{8}\b"), _from_bits),
    "in percent signs": (re2.compile(r"[\w.~+-]*(?:%[0-9A-Fa-f]{2}[\w.~+-]*){3,}"), _from_percent),
    "in character entities": (re2.compile(r"[\w ]*(?:&#x?[0-9A-Fa-f]{1,6};[\w ]*){4,}"), html.unescape),
}
ENCODED_PART = re2.compile("|".join(pattern.pattern for pattern, _ in ENCODINGS.values()))
