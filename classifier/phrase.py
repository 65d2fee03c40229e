"""The phrase: what a tool does to what, as half a sentence in the third person.

Only words of the definition are repeated, as plain letters and digits, so that nothing a stranger wrote can steer the
reader's terminal, page or model.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from classifier.deed import LIGHT, Deed
from classifier.definition import Definition
from classifier.word_classes import CLASSES
from classifier.words import STOP, VOCABULARY, Word

_LONGEST_OBJECT = 70
_MOST_WORDS = 40
_TRAILING = frozenset(CLASSES["loose"])
_NO_ARTICLE = frozenset(CLASSES["determined"])
_MASS = frozenset(CLASSES["mass"])
_FOREIGN = re.compile(r"[\u3040-\u9fff\uac00-\ud7af\u0400-\u04ff]")
_MARKS = re.compile(r"[^\w,'-]+")
_BREAKS = ("(", "[", "\n\n", "\u2014", " - ", ", returning", ", including", ", using", ", so ", "; ", ". ")
_VOWELS = frozenset("aeiouAEIOU")


def doing(definition: Definition) -> str:
    """Say what it does to what, from the first sentence, else the name; without a full stop."""
    named, text = definition.named, definition.tool.description or ""
    if told := _speaking(definition):
        return f"It {_told(definition, told, text)}"
    if named:
        return f"By its name it {_named(definition, named, definition.tool.name)}"
    words = [word for word in definition.description_words[:_MOST_WORDS] if word.text != STOP]
    if words:
        spoken = _quoted(text, words[0].start, words[-1].end)
        article = spoken.split(" ", 1)[0].lower() in {"a", "an", "the", "this", "your"}
        return f"It speaks of {spoken[:1].lower() if article else spoken[:1]}{spoken[1:]}"
    nouns = _fitted([_written(word, definition.tool.name) for word in definition.name_words if word.text != STOP])
    return f"The name speaks of {nouns}" if nouns else "The definition says nothing of what it does"


def verb_of(definition: Definition) -> str:
    """Return the verb that `doing` puts first, in base form; empty where there is none."""
    deed = _speaking(definition) or definition.named
    return deed.verb if deed else ""


def _speaking(definition: Definition) -> Deed | None:
    """Return the text's deed where it says more than the name's: English, with a verb of its own and an object."""
    told, text = definition.told, definition.tool.description or ""
    if told is None or told.verb in LIGHT:
        return None
    foreign = not _is_written(told, text) or bool(_FOREIGN.search(text[:_MOST_WORDS]))
    return None if definition.named and (foreign or len(told.words) == 1) else told


def third_person(verb: str) -> str:
    """Return a verb's form after *it*: *delete* becomes *deletes*, *search* becomes *searches*."""
    if verb.endswith("y") and verb[-2:-1] not in set("aeiou"):
        return f"{verb[:-1]}ies"
    return f"{verb}{'es' if verb.endswith(('s', 'sh', 'ch', 'x', 'z', 'o')) else 's'}"


def _is_written(deed: Deed, text: str) -> bool:
    """Whether the verb stands in the text in English, and not in another language that was translated."""
    verb = deed.words[0]
    return text[verb.start : verb.end].lower().startswith(deed.verb[:2])


def _told(definition: Definition, deed: Deed, text: str) -> str:
    verb, *rest = deed.words
    things = definition.told_things
    head = things[0].nouns[-1] if things and things[0].nouns else None
    if not rest:
        return third_person(deed.verb)
    if not _is_written(deed, text):
        return _with_article(deed.verb, _fitted([word.text for word in rest]), head, plural=False)
    plural = head is not None and head.end - head.start > len(head.text)
    return _with_article(deed.verb, _quoted(text, verb.end, rest[-1].end), head, plural=plural)


def _named(definition: Definition, deed: Deed, name: str) -> str:
    things = definition.named_things
    verb = deed.words[0]
    after = [word for word in deed.words[1:] if word.start > verb.start]
    shown = _fitted([_written(word, name) for word in after or deed.words[1:] if word.text != STOP])
    head = things[0].nouns[-1] if things and things[0].nouns else None
    plural = head is not None and head.end - head.start > len(head.text)
    return _with_article(deed.verb, shown, head, plural=plural)


def _with_article(verb: str, shown: str, head: Word | None, *, plural: bool) -> str:
    """Put *a* or *the* before a bare singular, as a person would: *deletes a repository*, *gets the status*."""
    first = shown.split(" ", 1)[0].lower()
    last = next((word for word in reversed(_opening(shown)) if word), "")
    bare = bool(shown) and head is not None and not plural and first not in _NO_ARTICLE
    if not bare or head is None or last in _MASS or head.text in _MASS or last.endswith("s") or first.endswith("ly"):
        return f"{third_person(verb)} {shown}".strip()
    if first in VOCABULARY.verbs and first not in VOCABULARY.nounish and first != head.text:
        return f"{third_person(verb)} {shown}"
    if verb in {"list", "search", "count", "browse", "query", "use", "return"}:
        return f"{third_person(verb)} {shown}"
    if VOCABULARY.verbs.get(verb) == "Read" and verb not in VOCABULARY.making:
        return f"{third_person(verb)} the {shown}"
    vowel = shown[0] in _VOWELS and not first.startswith(("us", "uni", "url", "one", "eu"))
    return f"{third_person(verb)} {'an' if vowel else 'a'} {shown}"


def _opening(shown: str) -> list[str]:
    """Return the words up to the first that only places them."""
    return list(takewhile(lambda word: word not in _NO_ARTICLE, shown.lower().split()))


def _written(word: Word, name: str) -> str:
    """Return a word of a name as it stands there; splitting has left nothing in it but letters and digits."""
    return name[word.start : word.end].lower()


def _quoted(text: str, start: int, end: int) -> str:
    """Return a stretch of text with nothing left in it but letters, digits and a few marks."""
    written = text[start:end].lstrip()
    cut = min((place for mark in _BREAKS if (place := written.find(mark)) > 0), default=len(written))
    plain = _MARKS.sub(" ", written[:cut])
    return _fitted(plain.split())


def _fitted(words: Sequence[str]) -> str:
    """Join words up to a length, without a loose end such as *of the*."""
    kept: list[str] = []
    length = 0
    for word in words:
        length += len(word)
        if length > _LONGEST_OBJECT:
            break
        length += 1
        kept.append(word)
    while kept and (kept[-1].lower().strip(",") in _TRAILING or not kept[-1].strip(",-'_")):
        kept.pop()
    return " ".join(kept).rstrip(",-'_")
