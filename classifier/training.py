"""Training: from labelled examples to a model, by logistic regression for every head; pure, and the same each time.

Each head is fitted twice over: on folds of families, so that every example is judged by a model that knows no kin of
it, which gives the calibration; then on everything.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from classifier.features import Features
from classifier.kin import folds_of
from classifier.model import FORM, HEADS, UNIT, UNWEIGHED, About, Model, rows_of, share_of
from toolcensus.errors import InputError
from toolcensus.records import CATEGORIES, EFFECTS, Bound, Category, Effect

FEWEST_FAMILIES = 3
"""A feature that fewer families of tools have is not learnt: it names a vendor sooner than a deed."""

FEWEST_EXAMPLES = 50
FOLDS = 5
STRENGTH = 1.0
"""The inverse of how strongly weights are drawn to nought."""

HINTED = 0.2
"""The weight of an author's annotation beside a label: authors agree with each other on readOnlyHint 97 times in 100,
but the hint says nothing of Execute, and most come from few vendors."""

INVENTED = 0.3
"""The weight of an invented example beside a real one."""

HINTED_MOST = 30
"""A family's annotations weigh no more than so many of them."""

_CALIBRATED_FROM = 20
_SHARE = share_of(1)
_LARGEST = (1 << 15) - 1


class Example(NamedTuple):
    """A definition's features with its label, or with no more than its author's readOnlyHint.

    `bounds` may be unknown.

    An `invented` one teaches, but is not calibrated on.
    """

    features: Features
    family: str
    category: Category | None = None
    effects: frozenset[Effect] = frozenset()
    bounds: frozenset[Bound] | None = None
    reads: bool | None = None
    invented: bool = False


class _Task(NamedTuple):
    """What one head learns: which examples say anything of it, what they say, and how much each counts."""

    rows: NDArray[np.intp]
    truth: NDArray[np.bool_]
    weights: NDArray[np.float64]


def train(examples: Sequence[Example], *, version: str, rules: str) -> Model:
    """Train a model; the same examples in the same order give the same model. InputError where they are too few."""
    labelled = [row for row, example in enumerate(examples) if example.category]
    if len(labelled) < FEWEST_EXAMPLES or len({examples[row].category for row in labelled}) < len(CATEGORIES):
        raise InputError(
            f"{len(labelled):,} labelled definitions are too few to learn from; at least {FEWEST_EXAMPLES} are needed, "
            "some of each category",
            advice="name a folder or an index that holds the definitions: --gold FOLDER, --db URL",
        )
    rows = rows_of(_known(examples))
    matrix = _matrix(examples, rows)
    tasks = [_task(examples, head) for head in HEADS]
    apart = _judged_by_strangers(examples, matrix, tasks)
    real = np.array([not example.invented for example in examples])
    slopes = [_calibrate(apart[task.rows, column], task.truth, real[task.rows]) for column, task in enumerate(tasks)]
    fitted = [_fit(matrix, task) for task in tasks]
    about = About(form=FORM, version=version, rules=rules, heads=HEADS)
    return Model(about, rows, _whole([(*fit, *slope) for fit, slope in zip(fitted, slopes, strict=True)]))


def _known(examples: Sequence[Example]) -> dict[str, list[str]]:
    """Return the features of each block that enough families have, sorted."""
    families: dict[str, dict[str, set[str]]] = {}
    for example in examples:
        for block, features in example.features.items():
            seen = families.setdefault(block, {})
            for feature in features:
                seen.setdefault(feature, set()).add(example.family)
    return {
        block: sorted(feature for feature, having in seen.items() if len(having) >= FEWEST_FAMILIES)
        for block, seen in sorted(families.items())
    }


def _matrix(examples: Sequence[Example], rows: dict[str, dict[str, int]]) -> Any:
    """Return what `Model.probabilities` makes of the examples, as a sparse matrix without the first column."""
    shares: list[float] = []
    columns: list[int] = []
    ends = [0]
    for example in examples:
        for block, features in example.features.items():
            known = rows[block]
            found = sorted({known[feature] - 1 for feature in features if feature in known})
            share = 1.0 if block in UNWEIGHED else share_of(len(found)) / _SHARE
            columns += found
            shares += [share] * len(found)
        ends.append(len(columns))
    width = sum(map(len, rows.values()))
    return sparse.csr_matrix((shares, columns, ends), shape=(len(examples), width), dtype=np.float64)


_SAYS: dict[str, Callable[[Example], bool | None]] = {
    "writes": lambda it: it.category != "Read" if it.category else None if it.reads is None else not it.reads,
    "executes": lambda it: it.category == "Execute" if it.category else None,
}


def _says(example: Example, head: str) -> bool | None:
    """Return whether the example's label makes a head's claim; None where it does not say."""
    if head in _SAYS:
        return _SAYS[head](example)
    if example.category is None:
        return None
    if head in EFFECTS:
        return head in example.effects
    return None if example.bounds is None else head.removeprefix("bound ") in example.bounds


def _task(examples: Sequence[Example], head: str) -> _Task:
    said = [(row, says) for row, example in enumerate(examples) if (says := _says(example, head)) is not None]
    hinted: dict[str, int] = {}
    for example in examples:
        if not example.category:
            hinted[example.family] = hinted.get(example.family, 0) + 1
    weights = [_weight(examples[row], hinted) for row, _ in said]
    return _Task(
        np.array([row for row, _ in said], dtype=np.intp),
        np.array([says for _, says in said], dtype=np.bool_),
        np.array(weights),
    )


def _weight(example: Example, hinted: Mapping[str, int]) -> float:
    if example.category is None:
        return HINTED * min(1.0, HINTED_MOST / hinted[example.family])
    return INVENTED if example.invented else 1.0


def _fit(matrix: Any, task: _Task, among: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.float64], float]:
    """Fit one head on the rows that it may see; return its weights and what it starts from."""
    keep = np.ones(len(task.rows), dtype=np.bool_) if among is None else among
    truth = task.truth[keep]
    if not truth.any() or truth.all():
        return np.zeros(matrix.shape[1]), 8.0 if len(truth) and truth.all() else -8.0
    learner = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=1_000, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        learner.fit(matrix[task.rows[keep]], truth, sample_weight=task.weights[keep])
    return learner.coef_[0], float(learner.intercept_[0])


def _judged_by_strangers(examples: Sequence[Example], matrix: Any, tasks: list[_Task]) -> NDArray[np.float64]:
    """Return each head's sum for each example, by models that saw none of its family."""
    folds = np.array(folds_of([example.family for example in examples], FOLDS))
    sums = np.zeros((len(examples), len(HEADS)))
    for fold in range(FOLDS):
        out = np.flatnonzero(folds == fold)
        for column, task in enumerate(tasks):
            weights, start = _fit(matrix, task, folds[task.rows] != fold)
            sums[out, column] = matrix[out] @ weights + start
    return sums


def _calibrate(
    every_sum: NDArray[np.float64], every_truth: NDArray[np.bool_], real: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return slope and shift that make sums into log-odds; 1 and 0 where too few examples could say."""
    sums, truth = every_sum[real], every_truth[real]
    if min(truth.sum(), (~truth).sum()) < _CALIBRATED_FROM:
        return 1.0, 0.0
    learner = LogisticRegression(C=1.0, solver="lbfgs", max_iter=1_000).fit(sums[:, None], truth)
    return max(float(learner.coef_[0, 0]), 0.1), float(learner.intercept_[0])


def _whole(heads: list[tuple[NDArray[np.float64], float, float, float]]) -> NDArray[np.int16]:
    """Return the calibrated weights of all heads as whole numbers, the start of each in the first row."""
    columns = [np.concatenate([[start * slope + shift], weights * slope]) for weights, start, slope, shift in heads]
    scaled = np.rint(np.stack(columns, axis=1) * UNIT)
    whole: NDArray[np.int16] = np.clip(scaled, -_LARGEST, _LARGEST).astype(np.int16)
    return whole
