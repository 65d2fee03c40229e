"""One definition judged: every rule asked once, then category, effects, bounds and risk, in that order."""

from functools import cache
from typing import NamedTuple

from classifier.category import Decision, decide_category
from classifier.definition import Definition
from classifier.risk import Facts, Verdict, assess
from classifier.rule import KINDS, load_rules
from classifier.rulebook import Match, RuleBook
from toolcensus.records import BOUNDS, EFFECTS, Bound, Effect

_CREATING = frozenset(
    ("create", "add", "insert", "upload", "import", "write", "generate", "download", "append", "post", "save", "make", "copy")
)


class Judgement(NamedTuple):
    """Everything that a label is made of, with the matches that it rests on."""

    decision: Decision
    effects: tuple[Effect, ...]
    bounds: tuple[Bound, ...]
    verdict: Verdict
    matches: tuple[Match, ...]


@cache
def rule_book() -> RuleBook:
    """Return the shelf's rules of category, effects and bounds, compiled once a process."""
    return RuleBook(rule for kind in KINDS if kind != "findings" for rule in load_rules(kind))


def judge(definition: Definition) -> Judgement:
    """Judge a prepared definition; pure, and the same for the same definition."""
    matches = rule_book().matches(definition)
    decision = decide_category(definition, matches)
    holding = tuple(match for match in matches if decision.category in match.rule.categories)
    effects = tuple(effect for effect in EFFECTS if _claimed(holding, "effects", effect))
    bounds = tuple(bound for bound in BOUNDS if _claimed(holding, "bounds", bound))
    facts = Facts(decision.category, frozenset(effects), frozenset(bounds), _only_creates(definition))
    return Judgement(decision, effects, bounds, assess(facts), holding)


def _claimed(matches: tuple[Match, ...], kind: str, value: str) -> bool:
    return any(match.rule.claim.kind == kind and match.rule.claim.value == value for match in matches)


def _only_creates(definition: Definition) -> bool:
    deeds = [deed for deed in (definition.named, definition.told) if deed]
    return bool(deeds) and all(verb in _CREATING for deed in deeds for verb in deed.heads)
