"""One definition judged: every rule asked once, then category, effects, bounds and risk, in that order."""

from functools import cache, lru_cache
from typing import NamedTuple

from classifier.category import Decision, decide_category
from classifier.definition import Definition
from classifier.risk import Facts, Verdict, assess
from classifier.rule import KINDS, load_rules
from classifier.rulebook import Match, RuleBook
from toolcensus.records import BOUNDS, EFFECTS, Bound, Category, Effect

_CREATING = frozenset(
    (
        "create",
        "add",
        "insert",
        "upload",
        "import",
        "write",
        "generate",
        "download",
        "append",
        "post",
        "save",
        "make",
        "copy",
    )
)

_READ_IN_BULK = frozenset(("personal", "secrets"))
_MATTERS_WITH: dict[str, frozenset[str]] = {
    "public": frozenset(("communicates",)),
    "harmless": frozenset(("physical",)),
    "container": frozenset(("destructive",)),
    "overwrites": frozenset(("destructive", "filesystem")),
    "unlimited": frozenset(("financial",)),
}


class Judgement(NamedTuple):
    """Everything that a label is made of, with the matches that it rests on, and all that fired, weighty or not."""

    decision: Decision
    effects: tuple[Effect, ...]
    bounds: tuple[Bound, ...]
    verdict: Verdict
    matches: tuple[Match, ...]
    fired: tuple[Match, ...]


@cache
def rule_book() -> RuleBook:
    """Return the shelf's rules of category, effects and bounds, compiled once a process."""
    return RuleBook(rule for kind in KINDS if kind != "findings" for rule in load_rules(kind))


def judge(definition: Definition) -> Judgement:
    """Judge a prepared definition by the rules alone; pure, and the same for the same definition."""
    fired = rule_book().matches(definition)
    decision = decide_category(definition, fired)
    holding = holding_of(fired, decision.category)
    claimed = {match.rule.claim.value for match in holding}
    effects = tuple(effect for effect in EFFECTS if effect in claimed)
    bounds = tuple(bound for bound in BOUNDS if bound in claimed)
    return Judgement(decision, effects, bounds, weigh(definition, decision.category, effects, bounds), holding, fired)


def holding_of(fired: tuple[Match, ...], category: Category) -> tuple[Match, ...]:
    """Return the matches that count for a tool of this category, and say anything beside the others."""
    holding = tuple(match for match in fired if category in match.rule.categories)
    claimed = {match.rule.claim.value for match in holding}
    return tuple(match for match in holding if _matters(match, category, claimed))


def weigh(
    definition: Definition, category: Category, effects: tuple[Effect, ...], bounds: tuple[Bound, ...]
) -> Verdict:
    """Return the risk of these claims by the taxonomy's table."""
    return _weigh(category, effects, bounds, only_creates(definition))


@lru_cache(maxsize=4_096)
def _weigh(category: Category, effects: tuple[Effect, ...], bounds: tuple[Bound, ...], only_new: bool) -> Verdict:
    return assess(Facts(category, frozenset(effects), frozenset(bounds), only_new))


def _matters(match: Match, category: Category, claimed: set[str]) -> bool:
    """Whether a claim says anything beside the others: an audience without a message, say, does not."""
    value = match.rule.claim.value
    if value == "bulk" and category == "Read":
        return not claimed.isdisjoint(_READ_IN_BULK)
    if value == "unlimited" and category == "Execute":
        return True
    return value not in _MATTERS_WITH or not claimed.isdisjoint(_MATTERS_WITH[value])


def only_creates(definition: Definition) -> bool:
    """Whether every verb of name and text makes something new, so that many at once change nothing that is there."""
    deeds = [deed for deed in (definition.named, definition.told) if deed]
    return bool(deeds) and all(verb in _CREATING for deed in deeds for verb in deed.heads)
