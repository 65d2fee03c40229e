"""Words: how names and sentences become the lower-case English base forms that rules are written in.

`getDataset-v2` becomes *get dataset v 2*, "Deletes the records" becomes *delete the record*. A verb keeps its base form,
a noun loses its plural, and common words of other languages become their English counterpart.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from toolcensus.records import Category

HERE = Path(__file__).parent

# Names are split where case, kind of character or a separator changes; CJK runs are looked up separately.
_LOWER = "a-zß-öø-ÿāăąćčďđēėęěğģīįıķļłńňōőœŕřśşšťţūůűųŵŷźžżа-яё"
_CAPITAL = "A-ZÀ-ÖØ-ÞА-ЯЁİŞĞŁŚŻŹČŠŽ"
_PIECE = re.compile(
    rf"[A-Z]{{2,}}s(?![a-z])|[{_CAPITAL}]+(?![{_LOWER}])|[{_CAPITAL}]?[{_LOWER}]+|\d+"
    r"|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|[]\[.!?;:\n|。！？；：，、]|(?<=\s)[-–—](?=\s)"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
STOP = "."
"""The token that stands for the end of a sentence, a line or a clause."""

_STOPS = frozenset("[].!?;:\n|。！？；：，、-–—")


class Word(NamedTuple):
    """One word in base form, and where it stands in the original string (code points, end exclusive)."""

    text: str
    start: int
    end: int


class Vocabulary(NamedTuple):
    """The word tables of `vocabulary.toml` and `languages.toml`, with every form spelled out."""

    verbs: dict[str, Category]
    nounish: frozenset[str]
    making: frozenset[str]
    doers: dict[str, str]
    forms: dict[str, str]
    running: tuple[tuple[str, str], ...]


def read_vocabulary() -> Vocabulary:
    """Read both tables; deterministic, and the only reading that this module does."""
    table = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
    verbs: dict[str, Category] = {}
    classes: tuple[Category, ...] = ("Read", "Write", "Execute")
    for category in classes:
        verbs.update(dict.fromkeys(table["verbs"][category.lower()].split(), category))
    kept = frozenset(table["kept"]["words"].split())
    nounish = frozenset(table["verbs"]["nounish"].split())
    forms = {form: verb for verb in verbs for form in _forms_of(verb, gerund=verb not in nounish)}
    forms |= table["irregular"]
    forms = {form: base for form, base in forms.items() if form not in kept} | {word: word for word in kept}
    foreign, running = _foreign_words()
    doers = table["doers"]
    return Vocabulary(verbs, nounish, frozenset(table["verbs"]["making"].split()), doers, foreign | forms, running)


def _forms_of(verb: str, *, gerund: bool) -> Iterator[str]:
    yield verb
    consonant_y = verb.endswith("y") and verb[-2:-1] not in set("aeiou")
    hissing = verb.endswith(("s", "sh", "ch", "x", "z", "o"))
    yield verb[:-1] + "ies" if consonant_y else verb + ("es" if hissing else "s")
    if gerund:
        stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "ye")) else verb
        yield stem + "ing"
        yield verb + verb[-1] + "ing"


def _foreign_words() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    languages = tomllib.loads((HERE / "languages.toml").read_text(encoding="utf-8"))
    words = {word: base for table in languages.values() for base, text in table.items() for word in text.split()}
    running = sorted((pair for pair in words.items() if _CJK.match(pair[0])), key=lambda pair: (-len(pair[0]), pair))
    return {word: base for word, base in words.items() if not _CJK.match(word)}, tuple(running)


VOCABULARY = read_vocabulary()
_RUNNING = re.compile("|".join(word for word, _ in VOCABULARY.running))
_RUNNING_BASE = dict(VOCABULARY.running)


@lru_cache(maxsize=50_000)
def base_form(word: str) -> str:
    """Return the base form of one lower-case word: a verb's infinitive, a noun's singular, or an English counterpart."""
    if known := VOCABULARY.forms.get(word):
        return known
    if len(word) < 4 or word[-1] != "s" or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def split(text: str, limit: int = 20_000) -> list[Word]:
    """Split at most `limit` code points of a name or a text into words and stops.

    A stop inside a word (`user.list`, `12:30`, `e.g.`) is none: only one before a blank, or a line's end, ends a clause.
    """
    found: list[Word] = []
    length = min(len(text), limit)
    for match in _PIECE.finditer(text, 0, length):
        piece = match.group()
        start, end = match.span()
        if piece in _STOPS:
            if piece in ".:" and end < length and not text[end].isspace():
                continue
            found.append(Word(STOP, start, end))
        elif "\u3040" <= piece[0]:
            found += _running_words(piece, start)
        else:
            found.append(Word(base_form(piece.lower()), start, end))
    return found


def _running_words(text: str, offset: int) -> list[Word]:
    return [
        Word(_RUNNING_BASE[match.group()], offset + match.start(), offset + match.end())
        for match in _RUNNING.finditer(text)
    ]
