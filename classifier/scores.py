"""Scores: how well answers agree with labels, each a figure between 0 and 1, and how sure the figure is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from toolcensus.label_list import Known
from toolcensus.records import CATEGORIES, EFFECTS, RISKS, Category, Effect, Risk

BINS = 10
SUREST = 0.8
RESAMPLES = 200

Pairs = Sequence[tuple[str, str]]


class Answer(NamedTuple):
    """What a method said of one definition, beside its label and the family that it belongs to."""

    known: Known
    family: str
    category: Category
    effects: frozenset[Effect] = frozenset()
    risk: Risk = "low"
    confidence: float = 1.0


Measure = Callable[[Sequence[Answer]], float]


class Interval(NamedTuple):
    """The middle 95 in 100 of a figure over families drawn again and again."""

    low: float
    high: float


class Counts(NamedTuple):
    """How often a claim was made rightly, made wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing was right."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0

    @property
    def errors(self) -> int:
        """Claims that were wrong or missed."""
        return self.wrong + self.missed


def accuracy(answers: Sequence[Answer]) -> float:
    """Return the share of answers with the label's category."""
    return _share(answer.category == answer.known.category for answer in answers)


def macro_f1(answers: Sequence[Answer]) -> float:
    """Return the mean F1 of the three categories."""
    return _macro([(answer.known.category, answer.category) for answer in answers], CATEGORIES)


def danger(answers: Sequence[Answer]) -> float:
    """Return the share of tools that change something that are called Read."""
    return _share(answer.category == "Read" for answer in answers if answer.known.category != "Read")


def risk_accuracy(answers: Sequence[Answer]) -> float:
    """Return the share of answers with the label's risk."""
    return _share(answer.risk == answer.known.risk for answer in answers)


def risk_macro_f1(answers: Sequence[Answer]) -> float:
    """Return the mean F1 of the four risks."""
    return _macro([(answer.known.risk, answer.risk) for answer in answers], RISKS)


def effect_counts(answers: Sequence[Answer], effect: Effect) -> Counts:
    """Return how an effect was claimed."""
    pairs = [(effect in answer.known.effects, effect in answer.effects) for answer in answers]
    return Counts(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))


def effects_micro_f1(answers: Sequence[Answer]) -> float:
    """Return F1 over all effects together."""
    counts = [effect_counts(answers, effect) for effect in EFFECTS]
    return Counts(*(sum(column) for column in zip(*counts, strict=True))).f1


def calibration_error(answers: Sequence[Answer]) -> float:
    """Return how far confidence is from agreement, over ten bins of equal width, weighted by their size."""
    bins: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        bins[min(int(answer.confidence * BINS), BINS - 1)].append(answer)
    gaps = (
        abs(sum(one.confidence - (one.category == one.known.category) for one in inside)) for inside in bins.values()
    )
    return sum(gaps) / len(answers) if answers else 0.0


def surest_accuracy(answers: Sequence[Answer]) -> float:
    """Return the accuracy of category among the four fifths with the most confidence."""
    surest = sorted(answers, key=lambda answer: -answer.confidence)[: round(len(answers) * SUREST)]
    return accuracy(surest)


def interval(answers: Sequence[Answer], measure: Measure) -> Interval:
    """Return the confidence interval of a figure, by drawing whole families with replacement; the same each time."""
    families: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        families[answer.family].append(answer)
    groups = [families[name] for name in sorted(families)]
    draws = np.random.default_rng(0).integers(0, len(groups), (RESAMPLES, len(groups)))
    figures = sorted(measure([one for place in draw for one in groups[place]]) for draw in draws.tolist())
    return Interval(figures[int(RESAMPLES * 0.025)], figures[int(RESAMPLES * 0.975)])


def _share(hits: Iterable[bool]) -> float:
    met = list(hits)
    return sum(met) / len(met) if met else 0.0


def _macro(pairs: Pairs, values: Iterable[str]) -> float:
    """Return the mean F1 of the values that labels or answers hold."""
    scores = []
    for value in values:
        right = sum(known == given == value for known, given in pairs)
        wrong = sum(given == value != known for known, given in pairs)
        missed = sum(known == value != given for known, given in pairs)
        if right or wrong or missed:
            scores.append(Counts(right, wrong, missed).f1)
    return sum(scores) / len(scores) if scores else 0.0
