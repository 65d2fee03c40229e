"""The category: the most powerful thing that one call can do, from rules first and from verbs where no rule speaks."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from classifier.deed import LIGHT, Deed, opens_with_unknown_verb
from classifier.definition import Definition
from classifier.rulebook import Match
from classifier.words import VOCABULARY
from toolcensus.records import CATEGORIES, Category

_SHORTEST_NOUN = 2
_VAGUE = frozenset(("do", "go", "act", "use", "handle", "process", "operate", "perform"))
_EMPTY = _VAGUE | frozenset(
    ("tool", "custom", "my", "it", "this", "that", "handler", "main", "test", "action", "function")
)
_KEPT_ARGUMENTS = frozenset(("body", "payload", "amount", "change", "update", "patch", "attachment"))
_SURE = frozenset(("both verbs agree", "rules agree"))
_LOOKING = frozenset(
    ("list", "search", "check", "query", "count", "review", "view", "report", "audit", "browse", "lookup")
)


class Decision(NamedTuple):
    """A category, the rules that claim it, what the name's and the text's verbs say, and which of them agreed.

    `overruled` is the category that the rules alone give, where the decision is another one.
    """

    category: Category
    matches: tuple[Match, ...]
    named: Category | None
    told: Category | None
    sources: str
    overruled: Category | None = None


def decide_category(definition: Definition, matches: tuple[Match, ...]) -> Decision:
    """Decide from the category rules, the verbs and the author's annotations; `sources` says which of them spoke."""
    named, told = _class_of_name(definition.named), _class_of_text(definition.told)
    claims = [match for match in matches if match.rule.claim.kind == "category"]
    category = _highest(match.rule.claim.value for match in claims)
    if category is None:
        category, sources = _by_verbs(definition, named, told)
    else:
        agree = all(match.rule.claim.value == category for match in claims)
        sources = "rules agree" if agree else "rules differ"
    claimed = {named, told, *(match.rule.claim.value for match in claims)}
    category = _heed_author(definition, category, sources, doubted="Read" in claimed)
    supporting = tuple(match for match in claims if match.rule.claim.value == category)
    return Decision(category, supporting, named, told, sources)


def _heed_author(definition: Definition, category: Category, sources: str, *, doubted: bool) -> Category:
    """Let the author's readOnlyHint raise what is unsure, and lower it only where the text itself says reading."""
    hint = (definition.tool.annotations or {}).get("readOnlyHint")
    if hint is False and category == "Read" and sources not in _SURE:
        return "Write"
    if hint is True and category != "Read" and doubted and sources not in _SURE:
        return "Read"
    return category


def _highest(values: Iterable[str]) -> Category | None:
    """Return the most powerful of some categories."""
    ranks = [CATEGORIES.index(cast("Category", value)) for value in values]
    return CATEGORIES[max(ranks)] if ranks else None


def _class_of_name(deed: Deed | None) -> Category | None:
    return _highest(VOCABULARY.verbs[verb] for verb in deed.heads) if deed else None


def _class_of_text(deed: Deed | None) -> Category | None:
    """Return the class of a text's verbs; *provides …* or *performs …* says nothing of itself, which is reading."""
    if deed is None:
        return None
    return _highest(VOCABULARY.verbs[verb] for verb in deed.heads if verb not in LIGHT) or "Read"


def _by_verbs(definition: Definition, named: Category | None, told: Category | None) -> tuple[Category, str]:
    if named and told:
        both = "both verbs agree" if named == told else "verbs differ"
        return (named if named == told else _between(definition, named, told)), both
    if named and definition.tool.description:
        return named, "name's verb"
    if named:
        return named, "nothing" if _says_nothing(definition) else "name alone"
    return (told, "text's verb") if told else _by_nouns(definition)


def _between(definition: Definition, named: Category, told: Category) -> Category:
    """Choose between a name's verb and a text's: a sure verb counts for more than what may be a noun."""
    name, text = definition.named, definition.told
    higher = _highest((named, told)) or named
    if not (name and text):
        return higher
    only_looks = named == "Read" and name.verb not in VOCABULARY.making and (name.sure or name.verb in _LOOKING)
    if only_looks or (text.verb in LIGHT and not name.sure):
        return named
    noun_in_name = told == "Read" and name.words[0].start > 0
    return told if not name.sure and (noun_in_name or text.sure) else higher


def _says_nothing(definition: Definition) -> bool:
    """Whether a name is no more than *do it* or *handle*."""
    vague = definition.named is None or definition.named.verb in _VAGUE
    return vague and all(word.text in _EMPTY or len(word.text) <= _SHORTEST_NOUN for word in definition.name_words)


def _takes_content(definition: Definition) -> bool:
    """Whether an argument that must be given is there to be kept or moved: a body, a payload, an amount."""
    return any(
        each.required and each.depth == 1 and each.words and each.words[-1].text in _KEPT_ARGUMENTS
        for each in definition.parameters
    )


def _by_nouns(definition: Definition) -> tuple[Category, str]:
    if opens_with_unknown_verb(definition.name_words, definition.description_words):
        return "Write", "unknown verb"
    if definition.tool.description:
        return ("Write" if _takes_content(definition) else "Read"), "nouns"
    return ("Execute", "nothing") if _says_nothing(definition) else ("Read", "nouns of the name")
