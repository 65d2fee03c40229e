"""Confidence of the rules alone: how often a careful reader gave the same category where the same sources agreed.

The figures come from `python -m benchmarks.classification --confidence`: agreement on the labelled tools that the rules
were written with in view, drawn towards 0.86, which the first verb alone reaches on vendors that nobody looked at, by
the weight of sixty tools; or towards 0.6 by the weight of twenty where only nouns spoke or sources quarrel. The same
command says how far confidence is off, over folds of vendors that were left out, and on the half that no rule has seen.
"""

from classifier.judge import Judgement

AGREEMENT: dict[str, float] = {
    "both verbs agree": 0.96,  # 401 of 410
    "rules agree": 0.93,  # 115 of 119
    "name alone": 0.89,  # 29 of 31
    "text's verb": 0.88,  # 18 of 19
    "name's verb": 0.87,  # 7 of 7
    "nouns of the name": 0.65,  # 3 of 3
    "nouns": 0.64,  # 2 of 2
    "unknown verb": 0.6,  # never met
    "rules differ": 0.59,  # 1 of 2
    "verbs differ": 0.52,  # 1 of 5
    "nothing": 0.5,  # never met
}
"""Share of agreement for each answer to the question which sources spoke; see `classifier.category`."""

REVIEW_BELOW = 0.78
"""Below this a person should look: one category in four or five is wrong."""


def confidence_of(judgement: Judgement) -> float:
    """Return the probability, from 0 to 1, that a careful person gives the same category."""
    return AGREEMENT[judgement.decision.sources]
