"""Words: how names and sentences become the lower-case English base forms that rules are written in.

`getDataset-v2` becomes *get dataset v 2*, "Deletes the records" becomes *delete the record*. A verb keeps its base
form, a noun loses its plural, and common words of other languages become their English counterpart.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, chain, islice, repeat
from pathlib import Path
from typing import NamedTuple

from toolcensus.records import Category

HERE = Path(__file__).parent
MOST_NAME = 300
"""Code points that are read of a name."""

_SHORTEST_PLURAL = 4
_MOST_FORMS = 50_000
_LONGEST_FORM = 40

# Names are split where case, kind of character or a separator changes; CJK runs are looked up separately.
_LOWER = "a-zß-öø-ÿāăąćčďđēėęěğģīįıķļłńňōőœŕřśşšťţūůűųŵŷźžżа-яё"
_CAPITAL = "A-ZÀ-ÖØ-ÞА-ЯЁİŞĞŁŚŻŹČŠŽ"
_RUN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_CJK = re.compile(rf"[{_RUN}]")
STOP = "."
"""The token that stands for the end of a sentence, a line or a clause."""

_STOPS = frozenset("[].!?;:\n|。！？；：，、-–—")
_NEW = tuple.__new__  # what Word(...) calls in the end, without its slower wrapper: most of the time goes here


class Word(NamedTuple):
    """One word in base form, and where it stands in the original string (code points, end exclusive)."""

    text: str
    start: int
    end: int


class Spread(NamedTuple):
    """The words and stops of a text, laid out as three lists: of most texts only the first few are ever asked for."""

    forms: list[str]
    starts: list[int]
    ends: list[int]

    def words(self, start: int = 0, stop: int | None = None) -> list[Word]:
        """Make the words from one number up to another."""
        laid = zip(self.forms[start:stop], self.starts[start:stop], self.ends[start:stop], strict=True)
        return list(map(_NEW, repeat(Word), laid))

    def clauses(self) -> Iterator[tuple[int, int]]:
        """Yield from where to where each clause reaches that has at least one word, without its stop."""
        start = 0
        stops = (place for place, form in enumerate(self.forms) if form == STOP)
        for stop in chain(stops, (len(self.forms),)):
            if stop > start:
                yield start, stop
            start = stop + 1


class Vocabulary(NamedTuple):
    """The word tables of `vocabulary.toml` and `languages.toml`, with every form spelled out."""

    verbs: dict[str, Category]
    nounish: frozenset[str]
    making: frozenset[str]
    doers: dict[str, str]
    pieces: re.Pattern[str]
    forms: dict[str, str]
    running: tuple[tuple[str, str], ...]


def read_vocabulary() -> Vocabulary:
    """Read both tables; deterministic, and the only reading that this module does."""
    table = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
    verbs: dict[str, Category] = {}
    classes: tuple[Category, ...] = ("Read", "Write", "Execute")
    for category in classes:
        verbs.update(dict.fromkeys(table["verbs"][category.lower()].split(), category))
    verbs |= {f"re{verb}": category for verb, category in verbs.items() if _can_be_redone(verb, category)} | verbs
    kept = frozenset(table["kept"]["words"].split())
    nounish = frozenset(table["verbs"]["nounish"].split())
    forms = {form: verb for verb in verbs for form in _forms_of(verb, gerund=verb not in nounish)}
    forms |= table["irregular"]
    forms = {form: base for form, base in forms.items() if form not in kept} | {word: word for word in kept}
    foreign, running = _foreign_words()
    making = frozenset(table["verbs"]["making"].split())
    pieces = _piece_pattern(table["compounds"]["words"].split())
    return Vocabulary(verbs, nounish, making, table["doers"], pieces, foreign | forms, running)


def _piece_pattern(compounds: list[str]) -> re.Pattern[str]:
    """Return what one word or stop looks like; a full stop or colon inside a word (`user.list`) ends no clause."""
    whole = "|".join(sorted(compounds, key=len, reverse=True))
    plain = rf"[{_LOWER}]++(?![A-Z])"  # by far the most common, so it is tried first
    compound = rf"(?=[A-Z]*[a-z]+[A-Z]|[A-Z]{{2,}}[a-z])(?:{whole})(?![a-z])"
    cased = rf"[A-Z]{{2,}}s(?![a-z])|[{_CAPITAL}]+(?![{_LOWER}])|[{_CAPITAL}]?[{_LOWER}]+"
    stop = r"[]\[!?;\n|。！？；：，、]|[.:](?=\s|$)|(?<=\s)[-–—](?=\s)"
    return re.compile(rf"{plain}|{compound}|{cased}|\d+|[{_RUN}]+|{stop}")


def _can_be_redone(verb: str, category: Category) -> bool:
    """Whether *re-* before a verb makes another of its kind (*regenerate* writes, unlike *generate*)."""
    return category != "Read" and len(verb) > _SHORTEST_PLURAL - 1


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


def base_form(word: str) -> str:
    """Return the base form of one lower-case word: a verb's infinitive, a noun's singular, or its English word."""
    if known := VOCABULARY.forms.get(word):
        return known
    if len(word) < _SHORTEST_PLURAL or word[-1] != "s" or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


class _Forms(dict[str, str]):
    """What each piece of text becomes; filled as pieces are met, up to a bound."""

    def __missing__(self, piece: str) -> str:
        form = STOP if piece in _STOPS else base_form(piece.lower())
        if len(self) < _MOST_FORMS and len(piece) < _LONGEST_FORM:
            self[piece] = form
        return form


_FORMS = _Forms()


class _Tokens(dict[str, str]):
    """What stands between two blanks becomes these forms; filled as tokens are met, up to a bound."""

    def __missing__(self, token: str) -> str:
        if token.isascii() and token.isdigit():
            return base_form(token)  # one piece, and there are too many numbers to keep
        # A dash between blanks ends a clause, so the token is read as it stands: between blanks.
        forms = " ".join(map(_FORMS.__getitem__, VOCABULARY.pieces.findall(f" {token} ")))
        if len(self) < _MOST_FORMS and len(token) < _LONGEST_FORM:
            self[token] = forms
        return forms


_TOKENS = _Tokens()
_PARTED = re.compile(f"({VOCABULARY.pieces.pattern})")
_DASHES = "-–—"


def normalise(text: str) -> str:
    """Return the base forms of a text with a blank between them: what `split` gives, without the places, and faster."""
    if not text.isascii() and _CJK.search(text):
        return " ".join(word.text for word in split(text, len(text)))
    if text[:1] in _DASHES or text[-1:] in _DASHES:
        return " ".join(map(_FORMS.__getitem__, VOCABULARY.pieces.findall(text)))
    tokens = text.replace("\n", " \n ") if "\n" in text else text
    return " ".join(filter(None, map(_TOKENS.__getitem__, tokens.split(" "))))


@lru_cache(maxsize=2_000)
def normalise_again(text: str) -> str:
    """Return what `normalise` returns of a text that several readers ask for, or that many tools repeat."""
    return normalise(text)


def split(text: str, limit: int) -> list[Word]:
    """Split at most `limit` code points of a name or a text into words and stops."""
    return spread(text, limit).words()


def spread(text: str, limit: int) -> Spread:
    """Read at most `limit` code points of a text as `split` does, without making the words yet."""
    text = text[:limit]
    if text.isascii() or not _CJK.search(text):
        parts = _PARTED.split(text)  # what lies between, a piece, what lies between, a piece, …
        places = list(accumulate(map(len, parts)))
        return Spread(list(map(_FORMS.__getitem__, parts[1::2])), places[:-1:2], places[1::2])
    found: list[Word] = []
    for match in VOCABULARY.pieces.finditer(text):
        running = _CJK.match(match[0])
        found += _running_words(match[0], match.start()) if running else [Word(_FORMS[match[0]], *match.span())]
    return Spread([word.text for word in found], [word.start for word in found], [word.end for word in found])


def split_name(name: str) -> tuple[Word, ...]:
    """Split the first `MOST_NAME` code points of a name; most names are met again and again, so answers are kept."""
    return _split_name(name[:MOST_NAME])


@lru_cache(maxsize=20_000)
def _split_name(name: str) -> tuple[Word, ...]:
    return tuple(split(name, MOST_NAME))


def spoken(name: str) -> str:
    """Return the words of a name, as `split_name` makes them, with a blank between them."""
    return _spoken(name[:MOST_NAME])


@lru_cache(maxsize=20_000)
def _spoken(name: str) -> str:
    return " ".join([word.text for word in _split_name(name)])


def words_from(text: str, first: int) -> Iterator[Word]:
    """Yield the words and stops of a text from one of them on, without making those before it."""
    if not text.isascii() and _CJK.search(text):
        yield from split(text, len(text))[first:]
        return
    for match in islice(VOCABULARY.pieces.finditer(text), first, None):
        yield _NEW(Word, (_FORMS[match[0]], match.start(), match.end()))


def _running_words(text: str, offset: int) -> list[Word]:
    return [
        Word(_RUNNING_BASE[match.group()], offset + match.start(), offset + match.end())
        for match in _RUNNING.finditer(text)
    ]
