"""The decision: how rules and model speak together; docs/decision.md tells the same to people.

The model hears the rules (what fired, and what they make of the definition, are features), so its probability is that
of both together. It decides the category; what a rule claims beside it stands unless the model all but rules it out,
what no rule claims needs the model to be sure. The author's annotation raises what is not certain, and lowers only
where the text may be read that way. Risk is read from the table, never predicted.
"""

from collections.abc import Mapping
from typing import NamedTuple

from classifier.category import Decision
from classifier.definition import Definition
from classifier.judge import Judgement, holding_of, weigh
from toolcensus.records import BOUNDS, CATEGORIES, EFFECTS, Bound, Category, Effect

CLOSE = 0.6
"""A category less probable than this is close to another one: the higher is given, if it has its share."""

SHARE = 0.35
"""The share of probability that a higher category needs to be given instead of a close, more probable one."""

CERTAIN = 0.97
"""From here on an author's readOnlyHint of false no longer raises what reads like reading."""

READABLE = 0.25
"""The text agrees with an author's readOnlyHint of true where Read is at least this probable."""

CHANGING: frozenset[str] = frozenset(
    ("destructive", "financial", "code", "communicates", "access", "infrastructure", "physical")
)
"""Effects that no call has that leaves everything as it found it."""


ALONE = 0.5
"""From this probability on an effect or bound is claimed that no rule claims."""

SECONDED = 0.08
"""From this probability on one is claimed that a rule claims too: the rules carry the certain and the rare."""


class Opinion(NamedTuple):
    """What the model says of one definition: the probability of each claim."""

    probabilities: Mapping[str, float]

    def of_category(self, category: Category) -> float:
        """Return the probability of one category: of being at least this, less that of being more."""
        writes = self.probabilities["writes"]
        executes = min(self.probabilities["executes"], writes)
        return {"Read": 1 - writes, "Write": writes - executes, "Execute": executes}[category]

    def holds(self, claim: str, *, seconded: bool) -> bool:
        """Whether an effect or bound (`bound draft`) is probable enough, where a rule claims it too or does not."""
        return self.probabilities[claim] >= (SECONDED if seconded else ALONE)


def settle(definition: Definition, judgement: Judgement, opinion: Opinion) -> Judgement:
    """Return what rules and model make of a definition together."""
    category = _heed_author(definition, _category(opinion), opinion)
    holding = holding_of(judgement.fired, category)
    claimed = {match.rule.claim.value for match in holding}
    effects = _effects(category, claimed, opinion)
    bounds = _bounds(claimed, opinion)
    kept = {category, *effects, *bounds}
    return Judgement(
        decision=_decision(judgement, category),
        effects=effects,
        bounds=bounds,
        verdict=weigh(definition, category, effects, bounds),
        matches=tuple(match for match in holding if match.rule.claim.value in kept),
        fired=judgement.fired,
    )


def _category(opinion: Opinion) -> Category:
    """Return the most probable category, or a higher one that is close."""
    shares = {category: opinion.of_category(category) for category in CATEGORIES}
    likeliest = max(CATEGORIES, key=lambda category: (shares[category], CATEGORIES.index(category)))
    if shares[likeliest] >= CLOSE:
        return likeliest
    higher = [each for each in CATEGORIES[CATEGORIES.index(likeliest) + 1 :] if shares[each] >= SHARE]
    return max(higher, key=shares.__getitem__) if higher else likeliest


def _heed_author(definition: Definition, category: Category, opinion: Opinion) -> Category:
    hint = (definition.tool.annotations or {}).get("readOnlyHint")
    reads = opinion.of_category("Read")
    if hint is False and category == "Read" and reads < CERTAIN:
        return "Write"
    if hint is True and category != "Read" and reads >= READABLE:
        return "Read"
    return category


def _decision(judgement: Judgement, category: Category) -> Decision:
    """Return the decision with the rules that claim this category; who said what before is kept."""
    claims = tuple(match for match in judgement.fired if match.rule.claim.kind == "category")
    supporting = tuple(match for match in claims if match.rule.claim.value == category)
    alone = judgement.decision.category
    overruled = alone if alone != category else None
    return judgement.decision._replace(category=category, matches=supporting, overruled=overruled)


def _effects(category: Category, claimed: set[str], opinion: Opinion) -> tuple[Effect, ...]:
    return tuple(
        effect
        for effect in EFFECTS
        if (category != "Read" or effect not in CHANGING) and opinion.holds(effect, seconded=effect in claimed)
    )


def _bounds(claimed: set[str], opinion: Opinion) -> tuple[Bound, ...]:
    return tuple(bound for bound in BOUNDS if opinion.holds(f"bound {bound}", seconded=bound in claimed))
