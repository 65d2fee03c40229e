"""The category: the most powerful thing that one call can do, from rules first and from verbs where no rule speaks."""

from typing import NamedTuple

from classifier.deed import LIGHT, Deed
from classifier.definition import Definition
from classifier.rulebook import Match
from classifier.words import VOCABULARY
from toolcensus.records import CATEGORIES, Category

_RANK: dict[Category, int] = {category: rank for rank, category in enumerate(CATEGORIES)}
_SHORTEST_NOUN = 2
_EMPTY = frozenset(
    ("tool", "custom", "my", "it", "handler", "main", "test", "action", "function", "command", "default", "foo", "bar")
)
_LOOKING = frozenset(("list", "search", "check", "query", "count", "review", "view", "report", "audit", "browse", "lookup"))


class Decision(NamedTuple):
    """A category, the rules that claim it, what the name's and the text's verbs say, and which of them agreed."""

    category: Category
    matches: tuple[Match, ...]
    named: Category | None
    told: Category | None
    sources: str


def decide_category(definition: Definition, matches: tuple[Match, ...]) -> Decision:
    """Decide from the matching category rules and both deeds; `sources` names the bucket for the confidence table."""
    named, told = _class_of_name(definition.named), _class_of_text(definition.told)
    claims = [match for match in matches if match.rule.claim.kind == "category"]
    category = max((match.rule.claim.value for match in claims), key=_rank, default=None)
    if category is None:
        category, sources = _by_verbs(definition, named, told)
        return Decision(category, (), named, told, sources)
    supporting = tuple(match for match in claims if match.rule.claim.value == category)
    agreed = sum(verb == category for verb in (named, told))
    rules = "rules agree" if len(supporting) == len(claims) else "rules differ"
    return Decision(category, supporting, named, told, f"{rules}, {agreed} verb{'s' * (agreed != 1)} agree")


def _rank(category: str) -> int:
    return _RANK[category]  # type: ignore[index]  # a claim's value was checked when the rule was loaded


def _class_of_name(deed: Deed | None) -> Category | None:
    return max((VOCABULARY.verbs[verb] for verb in deed.heads), key=_rank) if deed else None


def _class_of_text(deed: Deed | None) -> Category | None:
    """Return the class of a text's verbs; *provides …* or *performs …* says nothing of itself, which is reading."""
    classes = [VOCABULARY.verbs[verb] for verb in deed.heads if verb not in LIGHT] if deed else []
    return max(classes, key=_rank, default="Read" if deed else None)


def _by_verbs(definition: Definition, named: Category | None, told: Category | None) -> tuple[Category, str]:
    if named and told:
        if named == told:
            return named, "both verbs agree"
        return _by_one_verb(definition, named, told)
    if named:
        return named, "name alone" if not definition.told else "name's verb"
    if told:
        return told, "text's verb"
    return _by_nouns(definition)


def _by_one_verb(definition: Definition, named: Category, told: Category) -> tuple[Category, str]:
    name, text = definition.named, definition.told
    if not (name and text):
        return max(named, told, key=_rank), "verbs differ"
    if named == "Read" and name.verb not in VOCABULARY.making and (name.sure or name.verb in _LOOKING):
        return named, "verbs differ, name only looks"
    if name.sure:
        return max(named, told, key=_rank), "verbs differ, name is sure"
    if told == "Read" and name.words[0].start > 0:
        return told, "verbs differ, name has a noun"
    if text.verb in LIGHT:
        return named, "verbs differ, text is vague"
    if text.sure:
        return told, "verbs differ, text is sure"
    return max(named, told, key=_rank), "verbs differ"


def _by_nouns(definition: Definition) -> tuple[Category, str]:
    if definition.tool.description:
        return "Read", "nouns"
    nouns = [word.text for word in definition.name_words if len(word.text) > _SHORTEST_NOUN and word.text not in _EMPTY]
    return ("Read", "nouns of the name") if nouns else ("Execute", "nothing")
