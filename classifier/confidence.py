"""Confidence: how often a careful reader gave the same category where the same sources agreed.

The figures come from `python -m benchmarks.classification --confidence`: agreement on labelled tools of vendors against
which no rule was written, smoothed by the weight of ten tools towards the overall share, or towards 0.6 where only
nouns spoke.
"""

from classifier.judge import Judgement

AGREEMENT: dict[str, float] = {
    "both verbs agree": 0.92,  # 274 of 296
    "name's verb": 0.94,  # 7 of 7
    "rules agree": 0.89,  # 73 of 82
    "name alone": 0.87,  # 25 of 29
    "text's verb": 0.80,  # 24 of 31
    "rules differ": 0.73,  # 2 of 5
    "verbs differ": 0.73,  # 5 of 9
    "nouns": 0.67,  # 2 of 2
    "nouns of the name": 0.67,  # 2 of 2
    "unknown verb": 0.65,  # never met
    "nothing": 0.5,  # never met
}
"""Share of agreement for each answer to the question which sources spoke; see `classifier.category`."""

REVIEW_BELOW = 0.78
"""Below this a person should look: one category in four or five is wrong."""


def confidence_of(judgement: Judgement) -> float:
    """Return the probability, from 0 to 1, that a careful person gives the same category."""
    return AGREEMENT[judgement.decision.sources]
