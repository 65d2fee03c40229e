"""Quotation: a stretch of a stranger's text as a few plain words, cut where a clause ends, with nothing left loose.

What comes out holds letters, digits and a few marks, so that nothing in it can steer a terminal, a page or a model.
"""

import re
from collections.abc import Collection, Iterable

from classifier.word_classes import CLASSES
from classifier.words import VOCABULARY

_LONGEST = 84
_MOST_READ = 400
_FEWEST_BEFORE_PURPOSE = 3
_SHORTEST_SHOUT = 4
_TRAILING = frozenset((*CLASSES["loose"], "relative", "according", "based", "only", "also", "optionally", "not"))
_PLACING = frozenset(CLASSES["placing"])
_END = re.compile(r"\n\s*\n|[({\[\u2014]|\s[-\u2013|]+\s|[;!?\u2600-\u27bf\U0001f300-\U0001faff]|\.(?:\s|$)|:\s|\s@")
_FINITE = re.compile(r" (?:can|could|may|might|will|would|should|must|is|are|was|were)\s")
_ASIDES = re.compile(
    r",? (?:so|if|when|while|until|unless|once|after|before|you|who|which|that|because)\s"
    r"|,? by (?:doing|using|providing|specifying)\s"
    r"|, (?:returning|including|using|with|and (?:then|return|returns|optionally|get|gets))\s"
)
_DETERMINERS = frozenset(("the", "a", "an", "this", "your", "its", "their", "it", "them", "all", "any"))
_JOINS = frozenset(("and", "or"))
_LONGEST_SUBJECT = 3
_LINK = re.compile(r"\[([^\[\]]{1,60})\]\([^()\s]*\)?")
_ASIDE = re.compile(r"\s?[(\[][^()\[\]]{0,60}[)\]](?=\s\w)")
_MARKS = re.compile(r"(?<!\w)/|/(?!\w)|[^\w,'/-]+")
_IRREGULAR = {
    "setup": "sets up",
    "login": "logs in",
    "logout": "logs out",
    "rollback": "rolls back",
    "shutdown": "shuts down",
    "startup": "starts up",
    "cleanup": "cleans up",
    "backup": "backs up",
    "checkout": "checks out",
    "lookup": "looks up",
    "signup": "signs up",
    "topup": "tops up",
    "failover": "fails over",
    "whois": "looks up",
    "undo": "undoes",
    "redo": "redoes",
}
KNOWN = (
    frozenset(word for words in CLASSES.values() for word in words)
    | frozenset(VOCABULARY.verbs)
    | {"what", "only", "never", "always"}
)
"""English words that the tables know: what is written in capitals among them is shouted."""

_VOWELS = frozenset("aeiou")


def third_person(verb: str) -> str:
    """Return a verb's form after *it*: *delete* becomes *deletes*, *search* becomes *searches*."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("thinking"):
        return f"does {verb}"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return f"{verb[:-1]}ies"
    return f"{verb}{'es' if verb.endswith(('s', 'sh', 'ch', 'x', 'z', 'o')) else 's'}"


def quoted(text: str, start: int, end: int, heads: Collection[str] = ()) -> str:
    """Return a stretch of text in plain words, up to where its first clause ends.

    `heads` are verbs that share the subject of the one before the stretch: they take its form, as in *creates or
    updates*.
    """
    written = text[start : min(end, start + _MOST_READ)].lstrip()
    written = _LINK.sub(r"\1", written) if "](" in written else written
    written = _until(_END, _ASIDE.sub("", written) if "(" in written or "[" in written else written)
    written = _until(_ASIDES, written)
    finite = _FINITE.search(written)
    words = _plain(written[: finite.start()] if finite else written)
    calm = _calmed(words[: _subject(words)] if finite else words)
    return fitted(conjugated(_without_purpose(calm), heads))


def quoted_clause(text: str, start: int, end: int) -> str:
    """Return a stretch of text in plain words that is a clause with a verb of its own, as after *whether*."""
    return fitted(_calmed(_plain(_until(_END, text[start : min(end, start + _MOST_READ)].lstrip()))))


def _until(marks: re.Pattern[str], written: str) -> str:
    return written[: next((found.start() for found in marks.finditer(written) if found.start() > 0), len(written))]


def _plain(written: str) -> list[str]:
    words = (word.strip("'_-/") for word in _MARKS.sub(" ", written).split())
    return [word for word in words if word.strip(",")]


def _subject(words: list[str]) -> int:
    """Return where the subject of a verb begins that was cut off: *the chain that | the wallet | is connected to*."""
    for place in range(max(len(words) - _LONGEST_SUBJECT, 2), len(words)):
        if words[place].lower() in _DETERMINERS and words[place - 1].lower() not in _PLACING:
            return place
    return len(words)


def fitted(words: Iterable[str]) -> str:
    """Join words up to a length; a phrase that does not fit is left out whole, and so is a loose end: *of the*."""
    kept: list[str] = []
    length = 0
    cut = False
    for word in words:
        length += len(word) + 1
        if cut := length > _LONGEST:
            break
        kept.append(word)
    last = max((place for place, word in enumerate(kept) if word in _PLACING or word in _JOINS), default=0)
    kept = kept[:last] if cut and last > 0 else kept
    while kept and _is_loose(kept):
        kept.pop()
    return " ".join(filter(None, kept)).rstrip(",-'_")


def _is_loose(words: list[str]) -> bool:
    """Whether the last word leads nowhere: *of the*, *in the currently*."""
    last = words[-1].lower().strip(",")
    adverb = last.endswith("ly") and len(words) > 1 and words[-2].lower() in _TRAILING
    return adverb or last in _TRAILING or not last.strip("-'_")


def _calmed(words: list[str]) -> list[str]:
    """Write shouted English words small, where more than one is shouted; an acronym stays as it is."""
    loud = [word for word in words if len(word) >= _SHORTEST_SHOUT and word.isupper() and word.lower() in KNOWN]
    return [word.lower() if word in loud else word for word in words] if len(loud) > 1 else words


def _without_purpose(words: list[str]) -> list[str]:
    """Leave out what *to* and a verb say of the purpose: *searches the store to find …*."""
    for place in range(_FEWEST_BEFORE_PURPOSE, len(words) - 1):
        following = words[place + 1].lower()
        if words[place] == "to" and following in VOCABULARY.verbs and following not in VOCABULARY.nounish:
            return words[: place - 2] if words[place - 2] in _JOINS else words[:place]
    return words


def conjugated(words: list[str], heads: Collection[str]) -> list[str]:
    """Give the verbs after *and* or *or*, and the heads before them, the form that the first verb has."""
    if not heads and _JOINS.isdisjoint(words):
        return words
    opening, bare = True, False
    found = list(words)
    for place, word in enumerate(words):
        plain = word.rstrip(",")
        joins = plain in _JOINS
        bare = bare or plain in {"to", "how", "with"}
        head = opening and plain.lower() in heads
        if head or (not bare and _is_second(words, place) and _is_verb(words, place)):
            found[place] = third_person(plain.lower()) + word[len(plain) :]
        opening = opening and (joins or head)
    return found


def _is_second(words: list[str], place: int) -> bool:
    """Whether a word stands after *and* or *or*, or after these and an adverb, and is not the last."""
    adverb = place > 1 and words[place - 1].endswith("ly") and words[place - 2] in _JOINS
    return (place == 1 or 0 < place < len(words) - 1) and (adverb or words[place - 1] in _JOINS)


def _is_verb(words: list[str], place: int) -> bool:
    """Whether the word after an *and* is a verb in its base form: *creates or update it*, not *drain, and cordon*."""
    word = words[place].rstrip(",")
    if place == 1:
        return word.islower() and not word.endswith(("s", "ed", "ing"))
    placed = place > _LONGEST_SUBJECT - 1 and words[place - 3].lower() in _PLACING
    noun = (placed or word in VOCABULARY.nounish) and words[place + 1].lower() not in _DETERMINERS
    return word in VOCABULARY.verbs and not noun and not words[place - 2].endswith(",")
