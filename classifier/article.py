"""The article: *a*, *an*, *the* or none before the object of a verb, as a person would write it."""

from collections.abc import Sequence
from itertools import takewhile

from classifier.quotation import third_person
from classifier.word_classes import CLASSES
from classifier.words import VOCABULARY, Word

_NO_ARTICLE = frozenset(CLASSES["determined"])
_MASS = frozenset(CLASSES["mass"])
_LETTERS_WITH_AN = frozenset("aefhilmnorsx")
_SHORTEST_WORD = 5
_VOWELS = frozenset("aeiou")


def with_article(verb: str, shown: str, head: Word | None) -> str:
    """Put *a* or *the* before a bare singular, as a person would: *deletes a repository*, *gets the status*."""
    form = third_person(verb)
    if not shown or head is None or not _wants_article(verb, shown, head):
        return f"{form} {shown}".strip()
    if VOCABULARY.verbs.get(verb) == "Read" and verb not in VOCABULARY.making:
        return f"{form} the {shown}"
    first = shown.split(" ", 1)[0]
    return f"{form} {'an' if _sounds_open(first) else 'a'} {shown}"


def _wants_article(verb: str, shown: str, head: Word) -> bool:
    words = shown.lower().split()
    first = words[0]
    last = next((word for word in reversed(_opening(words)) if word), "")
    plural = head.end - head.start > len(head.text)
    gerund = first.endswith("ing") and len(words) > 1 and words[1] in _NO_ARTICLE
    shared = last.endswith("ed") and first.endswith("s") and not first.endswith(("ss", "us", "is"))
    if plural or gerund or shared or first in _NO_ARTICLE or first.endswith("ly") or last.endswith("s"):
        return False
    if last in _MASS or head.text in _MASS or verb in {"list", "search", "count", "browse", "query", "use", "return"}:
        return False
    return not (first in VOCABULARY.verbs and first not in VOCABULARY.nounish and first != head.text)


def _sounds_open(word: str) -> bool:
    """Whether *an* goes before a word: it opens with a vowel, or is spelled out and its first letter's name does."""
    plain = word.lower()
    if _VOWELS.isdisjoint(plain) and len(plain) < _SHORTEST_WORD and "y" not in plain:
        return plain[0] in _LETTERS_WITH_AN
    return plain[0] in _VOWELS and not plain.startswith(("us", "uni", "url", "one", "eu"))


def _opening(words: Sequence[str]) -> list[str]:
    """Return the words up to the first that only places them."""
    return list(takewhile(lambda word: word not in _NO_ARTICLE, words))
