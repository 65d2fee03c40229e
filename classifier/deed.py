"""The deed: what a name or a first sentence says that the tool does, verb first.

`slack_message_delete` and "This tool lets you delete a message" both become *delete message …*.
"""

from typing import NamedTuple

from classifier.words import STOP, VOCABULARY, Word

_FILLERS = frozenset(
    "a an the one new existing specific specified given single this that your it their particular".split()
)
_LIGHT = frozenset("allow enable let help provide support use return give offer perform make want".split())
_MARKERS = frozenset("to for that which will can and then by tool".split())
_MOST_WORDS = 30
_MOST_CLAUSES = 4


class Deed(NamedTuple):
    """A verb, the verbs joined to it by *and* or *or*, whether it can only be a verb, and the words, verb first."""

    verb: str
    heads: tuple[str, ...]
    sure: bool
    words: tuple[Word, ...]


def deed_of_name(words: list[Word], told: Deed | None = None) -> Deed | None:
    """Read the deed of a split name; `told`, the first sentence's deed, settles which of several verbs is meant."""
    verbs = VOCABULARY.verbs
    places = [place for place, word in enumerate(words) if word.text in verbs]
    if not places:
        return _deed_of_doer(words)
    place = _verb_of_name(words, places, told)
    verb = words[place].text
    rest = [word for word in words[place + 1 :] + words[:place] if word.text != STOP]
    return Deed(verb, _heads(words, place), verb not in VOCABULARY.nounish, (words[place], *rest))


def _verb_of_name(words: list[Word], places: list[int], told: Deed | None) -> int:
    sure = [place for place in places if words[place].text not in VOCABULARY.nounish]
    if sure and sure[0] == 0:
        return 0
    if told:
        agreed = [place for place in places if words[place].text == told.verb]
        if agreed:
            return agreed[0]
    if sure:
        return sure[0]
    if 0 in places:
        return 0
    return places[-1] if places[-1] == len(words) - 1 else places[0]


def _deed_of_doer(words: list[Word]) -> Deed | None:
    for word in reversed(words):
        if verb := VOCABULARY.doers.get(word.text):
            doer = Word(verb, word.start, word.end)
            return Deed(verb, (verb,), False, (doer, *(other for other in words if other is not word)))
    return None


def first_clauses(words: list[Word]) -> list[list[Word]]:
    """Return the first few clauses of a text that have at least one word, without their stops."""
    clauses: list[list[Word]] = [[]]
    for word in words[:400]:
        if word.text != STOP:
            clauses[-1].append(word)
        elif clauses[-1]:
            if len(clauses) == _MOST_CLAUSES:
                break
            clauses.append([])
    return clauses if clauses[-1] else clauses[:-1]


def deed_of_text(words: list[Word]) -> Deed | None:
    """Read the deed of a description's first clauses: the first that has a verb in a verb's place, else any verb."""
    clauses = first_clauses(words)
    for look in (_opening_verb, _any_verb):
        for clause in clauses:
            if (place := look(clause)) is not None:
                return _deed_at(clause, place)
    return None


def _deed_at(clause: list[Word], place: int) -> Deed:
    verb = clause[place].text
    rest = [word for word in clause[place + 1 : place + _MOST_WORDS] if word.text not in _FILLERS]
    sure = place == 0 or verb not in VOCABULARY.nounish
    return Deed(verb, _heads(clause, place), sure, (clause[place], *rest))


def _opening_verb(clause: list[Word]) -> int | None:
    verbs = VOCABULARY.verbs
    light: int | None = None
    for place, word in enumerate(clause[:_MOST_WORDS]):
        opens = place == 0 or clause[place - 1].text in _MARKERS
        if not opens or word.text not in verbs:
            continue
        if word.text not in _LIGHT:
            return place if light is None or clause[place - 1].text != "and" else light
        light = place if light is None else light
    return light


def _any_verb(clause: list[Word]) -> int | None:
    places = [place for place, word in enumerate(clause[:_MOST_WORDS]) if word.text in VOCABULARY.verbs]
    sure = [place for place in places if clause[place].text not in VOCABULARY.nounish]
    return (sure or places or [None])[0]


def _heads(words: list[Word], place: int) -> tuple[str, ...]:
    verbs = VOCABULARY.verbs
    heads = [words[place].text]
    last_joined = False
    for word in words[place + 1 : place + 8]:
        if word.text in verbs and (word.text not in VOCABULARY.nounish or last_joined):
            heads.append(word.text)
        elif word.text not in {"and", "or"}:
            break
        last_joined = word.text in {"and", "or"}
    return tuple(dict.fromkeys(heads))
