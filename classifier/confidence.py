"""Confidence: how often a careful reader gave the same category where the same sources agreed.

The figures come from `python -m benchmarks.classification --confidence`: agreement on labelled tools of vendors against
which no rule was written, smoothed towards the overall share by the weight of ten tools.
"""

from classifier.judge import Judgement

AGREEMENT: dict[str, float] = {
    "both verbs agree": 0.93,
    "name's verb": 0.88,
    "name alone": 0.88,
    "text's verb": 0.82,
    "nouns of the name": 0.75,
    "nouns": 0.8,
    "nothing": 0.5,
    "verbs differ": 0.75,
    "rules agree": 0.9,
    "rules differ": 0.7,
}
"""Share of agreement for each answer to the question which sources spoke; see `classifier.category`."""

REVIEW_BELOW = 0.78
"""Below this a person should look: one category in four or five is wrong."""


def confidence_of(judgement: Judgement) -> float:
    """Return the probability, from 0 to 1, that a careful person gives the same category."""
    return AGREEMENT[judgement.decision.sources]
