"""The deed: what a name or a first sentence says that the tool does, verb first.

`slack_message_delete` and "This tool lets you delete a message" both become *delete message …*.
"""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from classifier.word_classes import CLASSES
from classifier.words import STOP, VOCABULARY, Word

_FILLERS = frozenset(
    (
        "a",
        "an",
        "the",
        "one",
        "new",
        "existing",
        "specific",
        "specified",
        "given",
        "single",
        "this",
        "that",
        "your",
        "it",
    )
)
LIGHT = frozenset(
    (
        "allow",
        "enable",
        "let",
        "help",
        "provide",
        "support",
        "use",
        "return",
        "give",
        "offer",
        "perform",
        "make",
        "take",
    )
)
_MARKERS = frozenset(("to", "for", "that", "which", "will", "can", "by", "tool"))
_LOOSE_MARKERS = frozenset(("for", "by"))
_CONDITIONS = frozenset(
    ("if", "when", "before", "after", "note", "important", "always", "you", "e", "i", "args", "because")
)
_ASKING = frozenset(("is", "has", "can", "does", "are", "should", "was", "exists"))
_CALLING = frozenset(("call", "run", "use", "invoke", "start", "execute"))
_ITSELF = frozenset(
    ("this", "when", "it", "tool", "first", "only", "after", "before", "here", "if", "once", "whenever")
)
_ASKING_FIRST = frozenset(("list", "search", "check", "query", "count", "review", "view", "run", "call"))
_ASIDES = frozenset(
    (
        "when",
        "if",
        "that",
        "which",
        "including",
        "include",
        "such",
        "using",
        "based",
        "via",
        "because",
        "so",
        "while",
        "where",
    )
)
_MOST_AFTER = 12
_FACTS = frozenset(
    (
        *(
            "status",
            "list",
            "history",
            "detail",
            "information",
            "data",
            "summary",
            "search",
            "analysis",
            "analyze",
            "statistic",
        ),
        *(
            "count",
            "metric",
            "report",
            "result",
            "type",
            "schema",
            "stat",
            "overview",
            "lookup",
            "finder",
            "explorer",
            "viewer",
        ),
        *(
            "guide",
            "documentation",
            "help",
            "score",
            "rate",
            "trend",
            "log",
            "calculator",
            "checker",
            "validator",
            "book",
        ),
    )
)
_DETERMINERS = frozenset(("a", "an", "the", "your", "all", "one", "multiple", "specific", "existing", "every", "its"))
_NO_VERBS = frozenset(CLASSES["opening"])
_MOST_WORDS = 30
_FEWEST_WORDS = 2
_SPACES = frozenset(CLASSES["space"])
"""Words that are verbs at times, but before another verb name what the tool belongs to: *chat_post_message*."""
MOST_CLAUSES = 4
"""Clauses of a text that its deed is read from."""
_SURE_VERBS = VOCABULARY.verbs.keys() - VOCABULARY.nounish


class Deed(NamedTuple):
    """A verb, the verbs joined to it by *and* or *or*, and the words, verb first.

    A name's verb is sure when it is no noun as well, a text's when it opens its clause.
    """

    verb: str
    heads: tuple[str, ...]
    sure: bool
    words: tuple[Word, ...]


def deed_of_name(words: list[Word], told: Deed | None = None) -> Deed | None:
    """Read the deed of a split name; `told`, the first sentence's deed, settles which of several verbs is meant."""
    verbs = VOCABULARY.verbs
    places = [place for place, word in enumerate(words) if word.text in verbs and not _is_noun(words, place, told)]
    if words and words[0].text in _ASKING:
        return Deed("check", ("check",), True, tuple(words))
    if not places:
        return _deed_of_doer(words)
    place = _verb_of_name(words, places, told)
    verb = words[place].text
    rest = [word for word in words[place + 1 :] + words[:place] if word.text != STOP]
    heads = _heads(words, place)
    return Deed(verb, heads, verb not in VOCABULARY.nounish or len(heads) > 1, (words[place], *rest))


def opens_with_unknown_verb(name_words: list[Word], text_words: list[Word]) -> bool:
    """Whether a text opens with a verb that no table knows: *Equip a specific item*, *frobnicate_x: Frobnicates x*."""
    if len(text_words) < _FEWEST_WORDS:
        return False
    first, second = text_words[0].text, text_words[1].text
    if first in VOCABULARY.verbs or first in _NO_VERBS or first == STOP or first.endswith("ly"):
        return False
    return second in _DETERMINERS or (bool(name_words) and name_words[0].text == first and second in _NO_VERBS)


def _is_noun(words: list[Word], place: int, told: Deed | None = None) -> bool:
    """Whether what may be a verb is a noun here: a plural (*trades by name*), or before a word such as *status*."""
    word = words[place]
    if place == 0 and told and told.verb == word.text:
        return False
    if word.text not in VOCABULARY.nounish:
        return False
    plural = place > 0 and word.end - word.start > len(word.text)
    return plural or _names_a_thing(words, place)


def _names_a_thing(words: list[Word], place: int) -> bool:
    following = words[place + 1].text if place + 1 < len(words) else ""
    return following in _FACTS and VOCABULARY.verbs[words[place].text] != "Read"


def _verb_of_name(words: list[Word], places: list[int], told: Deed | None) -> int:
    sure = [place for place in places if words[place].text not in VOCABULARY.nounish]
    if places[:2] == [0, 1] and words[0].text in _SPACES:
        return 1
    if sure and sure[0] == 0:
        return 0
    if 0 in places and words[0].text in _ASKING_FIRST:
        last = len(words) - 1
        return last if told and told.verb == words[last].text else 0
    agreed = [place for place in places if told and words[place].text == told.verb]
    if first := agreed or sure:
        return first[0]
    if places[0] == 0:
        return 0
    return places[-1] if places[-1] == len(words) - 1 else places[0]


def _deed_of_doer(words: list[Word]) -> Deed | None:
    for word in reversed(words):
        if verb := VOCABULARY.doers.get(word.text):
            doer = Word(verb, word.start, word.end)
            return Deed(verb, (verb,), False, (doer, *(other for other in words if other is not word)))
    return None


def first_clauses(words: list[Word], most: int = MOST_CLAUSES) -> list[list[Word]]:
    """Return the first few clauses of a text that have at least one word, without their stops."""
    clauses: list[list[Word]] = []
    clause: list[Word] = []
    for word in words:
        if word.text != STOP:
            clause.append(word)
        elif clause:
            clauses.append(clause)
            clause = []
            if len(clauses) == most:
                return clauses
    return [*clauses, clause] if clause else clauses


def deed_of_text(words: list[Word]) -> Deed | None:
    """Read the deed of a description's first clauses: the first that has a verb in a verb's place, else any verb."""
    return deed_of_clauses(first_clauses(words))


def deed_of_clauses(clauses: Iterable[list[Word]]) -> Deed | None:
    """Read the deed of these clauses; those after the first that opens with a verb are not asked for."""
    seen: list[list[Word]] = []
    for clause in clauses:
        if not _is_condition(clause) and (place := _opening_verb(clause)) is not None:
            return _deed_at(clause, place)
        seen.append(clause)
    waiting = [clause for clause in seen if _is_condition(clause)]
    for clause in waiting:
        if (place := _opening_verb(clause)) is not None:
            return _deed_at(clause, place)
    for clause in sorted(seen, key=_is_condition):
        if (place := _any_verb(clause)) is not None:
            return _deed_at(clause, place)
    return None


def _is_condition(clause: list[Word]) -> bool:
    return len(clause) == 1 or clause[0].text in _CONDITIONS


def _deed_at(clause: list[Word], place: int) -> Deed:
    verb = clause[place].text
    rest = [word for word in _until_aside(clause[place + 1 :]) if word.text not in _FILLERS][:_MOST_AFTER]
    return Deed(
        verb, _heads(clause, place), place == 0 or clause[place - 1].text.endswith("ly"), (clause[place], *rest)
    )


def _until_aside(words: list[Word]) -> Iterator[Word]:
    return takewhile(lambda word: word.text not in _ASIDES, words[:_MOST_WORDS])


def _opening_verb(clause: list[Word]) -> int | None:
    verbs = VOCABULARY.verbs
    light: int | None = None
    for place, word in enumerate(clause[:_MOST_WORDS]):
        opens = place == 0 or clause[place - 1].text in _MARKERS or (place == 1 and clause[0].text.endswith("ly"))
        if not opens or word.text not in verbs:
            continue
        if place and clause[place - 1].text in _LOOSE_MARKERS and word.text in VOCABULARY.nounish:
            continue
        noun = place and word.text in VOCABULARY.nounish and _names_a_thing(clause, place)
        if noun or _speaks_of_itself(clause, place) or _is_denied(clause, place):
            continue
        if word.text not in LIGHT:
            return place
        light = place if light is None else light
    return light


def _is_denied(clause: list[Word], place: int) -> bool:
    return clause[place].text == "do" or "not" in {word.text for word in clause[max(place - 1, 0) : place + 2]}


def _speaks_of_itself(clause: list[Word], place: int) -> bool:
    """Whether the verb only says when the tool is to be called: *call this when …*, *run it first*, *start here*."""
    following = clause[place + 1].text if place + 1 < len(clause) else ""
    return clause[place].text in _CALLING and following in _ITSELF


def _any_verb(clause: list[Word]) -> int | None:
    return next((place for place, word in enumerate(clause[:_MOST_WORDS]) if word.text in _SURE_VERBS), None)


def _heads(words: list[Word], place: int) -> tuple[str, ...]:
    """Return the verb and those that an *and* or an *or* joins to it."""
    heads = [words[place].text]
    joined = waiting = False
    for word in words[place + 1 : place + 8]:
        if word.text in {"and", "or"}:
            joined = waiting = True
        elif word.text in VOCABULARY.verbs and (waiting or not joined):
            heads.append(word.text)
            waiting = False
        else:
            break
    return tuple(dict.fromkeys(heads)) if joined else (heads[0],)
