"""The object of a deed: the nouns that a verb acts on, last noun first in importance, without what only places them.

"Get the details of a customer in the CRM" and `crm_customer_get` both speak of *get customer*: who reads an object's
last noun knows what is touched, whereas *list customer label* touches labels and *get order by customer* an order.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from classifier.deed import Deed
from classifier.word_classes import CLASSES
from classifier.words import STOP, VOCABULARY, Word

MANY = "many"
"""Stands before the nouns where the last is written as a plural."""

EVERY = "every"
"""Stands there where a word such as *all*, *multiple* or *batch* says that one call takes many."""

_PREPOSITIONS = frozenset(CLASSES["placing"])
_JOINS = frozenset(("and", "or", "plus"))
_DROPPED = frozenset(CLASSES["dropped"])
_MANY_BEFORE = frozenset(("all", "multiple", "many", "every", "several", "batch", "bulk", "mass", "each"))
_WRAPPING = frozenset(CLASSES["wrapping"])
"""Nouns that say nothing of themselves before *of*: the history of a chat is the chat."""

_TRAILING = frozenset(CLASSES["trailing"])
"""Nouns that say nothing after another: *user detail* is the user."""
_LISTING = frozenset(("list", "batch", "bulk"))

_MOST_LINES = 6
_MOST_NOUNS = 5


class Thing(NamedTuple):
    """A verb with the nouns that it acts on; `number` is MANY, EVERY, or empty for one."""

    verb: Word
    nouns: tuple[Word, ...]
    number: str


def things_of_name(deed: Deed) -> list[Thing]:
    """Return what a name's verb acts on: the words after it, else those before it."""
    verb = deed.words[0]
    after = [word for word in deed.words[1:] if word.start > verb.start]
    before = [word for word in deed.words[1:] if word.start < verb.start]
    found = _things(verb, deed.heads, after)
    if not found[0].nouns:
        return _things(verb, deed.heads, before)
    every = not _MANY_BEFORE.isdisjoint(word.text for word in before)
    return [thing._replace(number=EVERY) for thing in found] if every else found


def things_of_text(deed: Deed, text: str) -> list[Thing]:
    """Return what a sentence's verb acts on, one thing for each noun that *and* or a comma joins."""
    return _things(deed.words[0], deed.heads, list(_with_marks(deed.words, text)))


def _with_marks(words: tuple[Word, ...], text: str) -> Iterator[Word]:
    """Put back the commas and brackets between words, as a joining word and a stop."""
    for before, word in pairwise(words):
        gap = text[before.end : word.start]
        if gap != " " and not gap.isspace():
            if "(" in gap or ")" in gap or "\u2014" in gap:
                yield Word(STOP, before.end, word.start)
            elif "," in gap:
                yield Word("and", before.end, word.start)
        yield word


def _things(verb: Word, heads: tuple[str, ...], words: list[Word]) -> list[Thing]:
    verbs, rest = [verb], words
    if len(heads) > 1:
        verbs += [word for word in words[:_MOST_NOUNS] if word.text in heads[1:]]
        rest = [word for word in words if word not in verbs]
    found = [thing for phrase in _phrases(rest) for thing in _acted_on(verbs, phrase)]
    return found[:_MOST_LINES] if found else [Thing(each, (), "") for each in verbs]


def _acted_on(verbs: list[Word], phrase: list[Word]) -> Iterator[Thing]:
    """Yield a thing for each verb; a phrase that opens with a verb of its own stands for itself."""
    own = len(phrase) > 1 and _is_sure_verb(phrase[0])
    for verb in phrase[:1] if own else verbs:
        nouns = phrase[1:] if own else phrase
        kept = [word for word in nouns if word.text not in _MANY_BEFORE] or nouns
        number = EVERY if len(kept) < len(nouns) else ""
        many = False
        while len(kept) > 1 and (kept[-1].text in _TRAILING or kept[-1].text.isdigit()):
            many = many or kept[-1].text in _LISTING
            kept = kept[:-1]
        many = many or _is_plural(kept[-1])
        yield Thing(verb, tuple(kept[-_MOST_NOUNS:]), number or (MANY if many else ""))


def _is_sure_verb(word: Word) -> bool:
    """Whether a word, as it is written, is a verb and no noun: *provisioning key* opens with none."""
    written = word.end - word.start == len(word.text)
    return written and word.text in VOCABULARY.verbs and word.text not in VOCABULARY.nounish


def _is_plural(word: Word) -> bool:
    return word.end - word.start > len(word.text) and word.text != "address"


def _phrases(words: list[Word]) -> Iterator[list[Word]]:
    """Yield the noun phrases that stand directly behind the verb, up to the first word that only places them."""
    phrase: list[Word] = []
    reached = False
    for word in words:
        text = word.text
        if text == STOP:
            break
        if text in _PREPOSITIONS:
            if not phrase and not reached:
                continue
            if not (len(phrase) == 1 and text in {"of", "about", "for"} and phrase[0].text in _WRAPPING):
                break
            phrase = []
        elif text in _JOINS:
            if phrase:
                yield phrase
            reached = reached or bool(phrase)
            phrase = []
        elif text not in _DROPPED:
            phrase.append(word)
    if phrase:
        yield phrase
