"""The phrase: what a tool does to what, as half a sentence in the third person.

Only words of the definition are repeated, as plain letters and digits, so that nothing a stranger wrote can steer the
reader's terminal, page or model. The text speaks where it is a sentence in English that agrees with the label; else
the name does.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from classifier.article import with_article
from classifier.deed import LIGHT, Deed
from classifier.definition import Definition
from classifier.quotation import KNOWN, conjugated, fitted, quoted, quoted_clause, third_person
from classifier.word_classes import CLASSES
from classifier.words import STOP, VOCABULARY, Word
from toolcensus.records import CATEGORIES, Category

_MOST_WORDS = 40
_MOST_READ = 120
_MOST_SPACES = 2
_MOST_OF_DEED = 13
_NOTHING = re.compile(r"(?i)\s*(?:no )?description\b[^.]{0,24}\.?\s*$|\s*(?:n/a|none|null|undefined)\.?\s*$")
_OPENING = 12
_HEADLINE = 4
_FOREIGN = re.compile(r"[\u3040-\u9fff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f]")
_SHORT_FOREIGN = """
de la el los las del una um uma une para con com der die das und eine einen von für mit les des du pour di della per
dos da do os ve bir için
"""
_FOREIGN_WORDS = frozenset(_SHORT_FOREIGN.split())
_FEWEST_FOREIGN = 2
_EMPTY_OBJECTS = frozenset(("operation", "operations", "tool", "function", "endpoint", "api", "request", "call", "it"))
_WHETHER = re.compile(r"[ \t]+(?:if|whether)[ \t]+")
_PRONOUNS = frozenset(("to", "user", "users", "you", "for"))
_ACRONYMS = frozenset(
    (
        "api",
        "url",
        "sql",
        "svg",
        "pdf",
        "csv",
        "json",
        "xml",
        "html",
        "http",
        "dns",
        "ip",
        "ssh",
        "ssl",
        "id",
        "ai",
        "vm",
    )
)
_COMPUTING = frozenset(CLASSES["computing"])


class Phrase(NamedTuple):
    """Half a sentence without a full stop, its verb in base form, and whether *it* is its subject."""

    said: str
    verb: str
    acts: bool = True


def phrase_of(definition: Definition, category: Category, *, explained: bool = False) -> Phrase:
    """Say what it does to what; where name and text differ, the one that agrees with the category speaks.

    With `explained` a rule says why a text whose verb disagrees has this category, so the text may speak all the same.
    """
    named, told = definition.named, definition.told
    foreign = told is not None and _is_foreign(definition)
    own = None if foreign else told
    if own and _text_speaks(definition, own, category, explained=explained) and (said := _spoken(definition, own)):
        return Phrase(f"It {said}", own.verb)
    if not foreign and (light := _light_speaks(definition, category)):
        return light
    if told and foreign and told.verb not in LIGHT and _outspeaks(told, named, category):
        return Phrase(f"It {_translated(definition, told)}", told.verb)
    if named:
        confirmed = foreign and told is not None and told.verb == named.verb
        lead = "It" if confirmed else "By its name it"
        return Phrase(f"{lead} {_named(definition, named)}", named.verb)
    if own and (_agrees(own, category) or not _is_headline(definition, own)):
        return Phrase(f"It {_spoken(definition, own)}", own.verb)
    return _without_verb(definition, told)


def _text_speaks(definition: Definition, told: Deed, category: Category, *, explained: bool) -> bool:
    """Whether the text's deed is to be told, and not the name's."""
    named = definition.named
    if told.verb in LIGHT:
        return False
    headline = _is_headline(definition, told)
    if named is None:
        unclear = category == "Read" and not told.sure and _light(definition)
        return not unclear and not (headline and not _agrees(told, category))
    looks = VOCABULARY.verbs.get(told.verb) == category == "Read"
    if not _agrees(named, category) or (headline and named.verb != told.verb and not looks):
        return not headline
    changes = category != "Read" and VOCABULARY.verbs.get(told.verb) != "Read"
    if len(named.words) > 1 and not _agrees(told, category):
        return explained or (changes and told.sure)
    return len(named.words) == 1 or told.sure or not named.sure or _opens(definition, told)


def _outspeaks(told: Deed, named: Deed | None, category: Category) -> bool:
    """Whether a foreign text's verb says more than the name's, which may be a noun: *maps* of a distance matrix."""
    if named is None:
        return True
    if named.sure or named.verb == told.verb or not _agrees(told, category):
        return False
    return told.verb in _COMPUTING or not _agrees(named, category)


def _agrees(deed: Deed, category: Category) -> bool:
    ranks = [CATEGORIES.index(VOCABULARY.verbs[verb]) for verb in deed.heads if verb in VOCABULARY.verbs]
    return bool(ranks) and CATEGORIES[max(ranks)] == category


def _is_headline(definition: Definition, deed: Deed) -> bool:
    """Whether what follows the verb is a title and no sentence: *Deploy Server Acme Cloud*."""
    text, after = definition.tool.description or "", deed.words[0].end
    first = text[after : after + _MOST_READ].split()[: _HEADLINE - 1]
    return len(first) == _HEADLINE - 1 and all(word[0].isupper() or word[0] == "@" for word in first)


def _opens(definition: Definition, deed: Deed) -> bool:
    """Whether the verb stands in the text's first clause."""
    before = takewhile(lambda word: word.start < deed.words[0].start, definition.description_words)
    return all(word.text != STOP for word in before)


def _is_foreign(definition: Definition) -> bool:
    """Whether the text opens in another language than English."""
    text, told = definition.tool.description or "", definition.told
    opening = text[: _MOST_WORDS * 2]
    if (told and not _is_written(told, text)) or (not text.isascii() and _FOREIGN.search(opening[:_MOST_WORDS])):
        return True
    return sum(word in _FOREIGN_WORDS for word in opening.lower().split()) >= _FEWEST_FOREIGN


def _is_written(deed: Deed, text: str) -> bool:
    """Whether the verb stands in the text in English, and not in another language that was translated."""
    verb = deed.words[0]
    return text[verb.start : verb.end].lower().startswith(deed.verb[:2])


def _spoken(definition: Definition, deed: Deed) -> str:
    """Return the text's deed with its object; empty where it has none that can be read."""
    text = definition.tool.description or ""
    verb, *rest = deed.words
    if whether := _WHETHER.match(text, verb.end):
        asked = quoted_clause(text, whether.end(), len(text))
        return f"{third_person(deed.verb)} whether {asked}" if asked else ""
    if not rest:
        return "" if definition.named else third_person(deed.verb)
    shown = quoted(text, verb.end, _end_of(definition, deed), deed.heads[1:])
    request = text[verb.end : verb.end + 2].strip().startswith("/")
    if not shown or request or all(word.lower() in _EMPTY_OBJECTS for word in shown.split()):
        return "" if definition.named else third_person(deed.verb)
    if len(deed.heads) > 1:
        return f"{third_person(deed.verb)}{',' if text[verb.end : verb.end + 1] == ',' else ''} {shown}"
    things = definition.told_things
    head = things[0].nouns[-1] if things and things[0].nouns else None
    return with_article(deed.verb, shown, head)


def _end_of(definition: Definition, deed: Deed) -> int:
    """Return where the deed's words end, or its clause where only their number was bounded."""
    end = deed.words[-1].end
    if len(deed.words) < _MOST_OF_DEED:
        return end
    return next((word.start for word in definition.description_words if word.text == STOP and word.start >= end), end)


def _light_speaks(definition: Definition, category: Category) -> Phrase | None:
    """Return what a light verb says where nothing says more: neither the name nor another verb of the text."""
    named, told, light = definition.named, definition.told, _light(definition)
    if light and light.verb != "return" and named and _agrees(named, category) and len(named.words) > 1:
        return None
    return light if not told or category == "Read" or told.verb in LIGHT else None


def _light(definition: Definition) -> Phrase | None:
    """Return what a text says that opens with a verb such as *provides*, which says little of itself."""
    words, text = definition.description_words[:_OPENING], definition.tool.description or ""
    if len(words) < _HEADLINE - 1 or words[0].text not in LIGHT or words[1].text in _PRONOUNS:
        return None
    last = next((word.start for word in words[1:] if word.text == STOP), words[-1].end)
    shown = quoted(text, words[0].end, last)
    return Phrase(f"It {third_person(words[0].text)} {shown}", words[0].text) if shown else None


def _translated(definition: Definition, deed: Deed) -> str:
    """Say a foreign text's verb in English, with the name's nouns, or with what of the text is known."""
    name = definition.tool.name
    nouns = [word for word in _without_version(definition.name_words) if word.text != deed.verb]
    shown = fitted(_written(word, name) for word in nouns if name[word.start].isascii() and word.text != STOP)
    english = not KNOWN.isdisjoint(word.text for word in nouns)
    if shown and (definition.named or english or not deed.words[1:]):
        return with_article(deed.verb, shown, nouns[-1]) + _inside(definition, definition.name_words)
    rest = [word for word in deed.words[1:] if word.text not in VOCABULARY.verbs or word.text in VOCABULARY.nounish]
    known = fitted(dict.fromkeys(word.text for word in rest))
    head = rest[-1] if rest else None
    return with_article(deed.verb, known or shown, head)


def _named(definition: Definition, deed: Deed) -> str:
    name = definition.tool.name
    things, verb = definition.named_things, deed.words[0]
    after = [word for word in deed.words[1:] if word.start > verb.start]
    kept = _without_version(after or deed.words[1:])
    shown = fitted(conjugated([_written(word, name) for word in kept if word.text != STOP], deed.heads[1:]))
    head = things[0].nouns[-1] if things and things[0].nouns else None
    return with_article(deed.verb, shown, head) + _inside(definition, after or deed.words[1:])


def _inside(definition: Definition, words: Sequence[Word]) -> str:
    """Return what a versioned name says before its version: the interface that the tool belongs to."""
    kept = _without_version(words)
    name = definition.tool.name
    before = [_written(word, name) for word in takewhile(lambda word: word.text != "v", words) if word.text != STOP]
    return f" in {' '.join(before[:_MOST_SPACES])}" if before and kept and kept[0].start > words[0].start else ""


def _without_version(words: Sequence[Word]) -> Sequence[Word]:
    """Return a name's words without *v 2*, and without what stands before it."""
    for place, word in enumerate(words[:-1]):
        if word.text == "v" and words[place + 1].text.isdigit():
            return words[place + 2 :] or words[:place]
    return words


def _without_verb(definition: Definition, told: Deed | None) -> Phrase:
    words = [word for word in definition.description_words[:_MOST_WORDS] if word.text != STOP]
    text = definition.tool.description or ""
    if words and told is None and not _NOTHING.match(text[:_MOST_WORDS]) and not _FOREIGN.search(text[:_MOST_WORDS]):
        stop = next((word.start for word in definition.description_words[1:] if word.text == STOP), words[-1].end)
        first = words[0]
        if (form := third_person(first.text)) and not form.startswith(first.text):
            return Phrase(f"It {form} {quoted(text, first.end, max(stop, first.end))}".rstrip(), first.text)
        if spoken := quoted(text, first.start, max(stop, first.end)):
            article = spoken.split(" ", 1)[0].lower() in {"a", "an", "the", "this", "your"}
            shown = f"{spoken[:1].lower() if article else spoken[:1]}{spoken[1:]}"
            return Phrase(f"It speaks of {shown}", "", acts=False)
    name_words = _without_version([word for word in definition.name_words if word.text != STOP])
    nouns = fitted(_written(word, definition.tool.name) for word in name_words)
    return Phrase(
        f"The name speaks of {nouns}" if nouns else "The definition says nothing of what it does", "", acts=False
    )


def _written(word: Word, name: str) -> str:
    """Return a word of a name as it stands there; splitting has left nothing in it but letters and digits."""
    written = name[word.start : word.end].lower()
    return written.upper() if written in _ACRONYMS else written
