"""The evaluate flow: how well labels hold on vendors that the model never saw, beside simpler methods."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from classifier import scores
from classifier.examples import prepare_all, reads_of
from classifier.judge import only_creates
from classifier.risk import Facts, assess
from classifier.scores import Answer, Counts, Interval, Measure
from classifier.strangers import FOLDS, Stranger, by_both, by_first_verb, by_rules, by_words, strangers
from interfaces.flows.learning import gather
from toolcensus.label_list import Known
from toolcensus.records import EFFECTS, Effect, Record

WELL_KEPT = 10
"""A vendor's annotations are called well kept where so many tools carry the hint, and some say true and some false."""

PLAINLY = 0.03
"""An annotation is plainly wrong where the rules contradict it and the model gives it no more than this."""


class Target(NamedTuple):
    """A figure to reach; `most` says that less is better."""

    name: str
    measure: Measure
    bound: float
    most: bool = False


def _of(effect: Effect) -> Measure:
    return lambda answers: scores.effect_counts(answers, effect).f1


TARGETS: tuple[Target, ...] = (
    Target("category, accuracy", scores.accuracy, 0.96),
    Target("category, macro-F1", scores.macro_f1, 0.95),
    Target("Write or Execute called Read", scores.danger, 0.025, most=True),
    Target("risk, accuracy", scores.risk_accuracy, 0.87),
    Target("risk, macro-F1", scores.risk_macro_f1, 0.82),
    Target("effects, micro-F1", scores.effects_micro_f1, 0.88),
    Target("destructive, F1", _of("destructive"), 0.92),
    Target("code, F1", _of("code"), 0.92),
    Target("financial, errors", lambda answers: scores.effect_counts(answers, "financial").errors, 2, most=True),
    Target("calibration error", scores.calibration_error, 0.03, most=True),
    Target("accuracy on the surest 80 %", scores.surest_accuracy, 0.985),
)
AGREEMENT = 0.95
"""The agreement with well-kept annotations to reach."""


class Line(Record, frozen=True, omit_defaults=False):
    """One figure, the interval in which it lies, what was to reach, and whether it was."""

    name: str
    figure: float
    interval: Interval
    target: str
    reached: bool


class Method(Record, frozen=True, omit_defaults=False):
    """One method's figures on one set; risk and effects are None where it gives none."""

    name: str
    rows: str
    tools: int
    accuracy: float
    macro_f1: float
    danger: float
    risk_accuracy: float | None = None
    effects_micro_f1: float | None = None


class Hints(Record, frozen=True, omit_defaults=False):
    """Agreement with authors' readOnlyHint: as a mean over vendors and over tools, on all and on well-kept vendors."""

    vendors: int
    mean: float
    pooled: float
    kept_vendors: int
    kept_mean: float
    kept_pooled: float
    writers_called_read: float
    plainly_wrong: tuple[str, ...]


class Evaluation(Record, frozen=True, omit_defaults=False):
    """Everything that `evaluate` prints."""

    labelled: int
    measured: int
    families: int
    folds: int
    lines: tuple[Line, ...]
    methods: tuple[Method, ...]
    effects: dict[str, Counts]
    hints: Hints
    off_table: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether well-kept annotations agree as often as they should; true where there are none."""
        return not self.hints.kept_vendors or self.hints.kept_mean >= AGREEMENT

    @property
    def reached(self) -> bool:
        """Whether every target was reached."""
        return all(line.reached for line in self.lines) and self.agrees


def evaluate(
    gold: Path | None = None,
    db: str | None = None,
    labels: Path | None = None,
    watch: Callable[[int], None] = lambda _: None,
) -> Evaluation:
    """Judge every known definition by strangers and compare; where no row is marked as measured, all labelled are."""
    prepared = prepare_all(gather(gold, db, labels))
    judged = strangers(prepared, watch)
    both = by_both(judged)
    measured = _measured(both) or both
    methods = (
        ("first verb alone", by_first_verb(prepared)),
        ("TF-IDF and logistic regression", by_words(prepared)),
        ("rules alone", by_rules(prepared)),
        ("rules and model", both),
    )
    return Evaluation(
        labelled=len(both),
        measured=len(measured),
        families=len({answer.family for answer in measured}),
        folds=FOLDS,
        lines=tuple(_line(target, measured) for target in TARGETS),
        methods=tuple(line for name, answers in methods for line in _method(name, answers)),
        effects={effect: scores.effect_counts(measured, effect) for effect in EFFECTS},
        hints=_hints([one for one in judged if reads_of(one.prepared.found.tool) is not None]),
        off_table=tuple(_off_table(judged)),
    )


def _measured(answers: Sequence[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.known.stratum]


def _line(target: Target, answers: Sequence[Answer]) -> Line:
    figure = target.measure(answers)
    return Line(
        name=target.name,
        figure=figure,
        interval=scores.interval(answers, target.measure),
        target=f"{'≤' if target.most else '≥'} {target.bound:g}",
        reached=figure <= target.bound if target.most else figure >= target.bound,
    )


def _method(name: str, answers: Sequence[Answer]) -> list[Method]:
    """Return a method's figures on the measured set, its fair draw over servers, and the labels it learnt from."""
    sets = (
        ("measured", _measured(answers)),
        ("fair draw", [answer for answer in answers if answer.known.stratum == "random"]),
        ("other labels", [answer for answer in answers if not answer.known.stratum]),
    )
    return [_figures(name, rows, given) for rows, given in sets if given]


def _figures(name: str, rows: str, answers: Sequence[Answer]) -> Method:
    whole = any(answer.effects for answer in answers)
    return Method(
        name=name,
        rows=rows,
        tools=len(answers),
        accuracy=scores.accuracy(answers),
        macro_f1=scores.macro_f1(answers),
        danger=scores.danger(answers),
        risk_accuracy=scores.risk_accuracy(answers) if whole else None,
        effects_micro_f1=scores.effects_micro_f1(answers) if whole else None,
    )


def _hints(judged: Sequence[Stranger]) -> Hints:
    vendors: dict[str, list[Stranger]] = defaultdict(list)
    for one in judged:
        vendors[one.prepared.found.vendor].append(one)
    kept = {name: inside for name, inside in vendors.items() if _well_kept(inside)}
    writers = [one.judgement.decision.category == "Read" for one in judged if not reads_of(one.prepared.found.tool)]
    wrong = [one for one in judged if _plainly_wrong(one)]
    return Hints(
        vendors=len(vendors),
        mean=_mean([_agreement(inside) for inside in vendors.values()]),
        pooled=_agreement(judged),
        kept_vendors=len(kept),
        kept_mean=_mean([_agreement(inside) for inside in kept.values()]),
        kept_pooled=_agreement([one for inside in kept.values() for one in inside]),
        writers_called_read=_mean([float(read) for read in writers]),
        plainly_wrong=tuple(sorted(_named(one) for one in wrong)),
    )


def _well_kept(inside: Sequence[Stranger]) -> bool:
    return len(inside) >= WELL_KEPT and len({reads_of(one.prepared.found.tool) for one in inside}) > 1


def _agreement(judged: Sequence[Stranger]) -> float:
    return _mean(
        [float((one.judgement.decision.category == "Read") == reads_of(one.prepared.found.tool)) for one in judged]
    )


def _plainly_wrong(one: Stranger) -> bool:
    """Whether an annotation says reading of what plainly changes something, or the other way round."""
    reads = reads_of(one.prepared.found.tool)
    alone = one.prepared.judgement.decision.category == "Read"
    probability = one.opinion.of_category("Read")
    return alone != reads and (probability if reads else 1 - probability) <= PLAINLY


def _named(one: Stranger) -> str:
    found = one.prepared.found
    return f"{found.server} {found.tool.name}: readOnlyHint {str(reads_of(one.prepared.found.tool)).lower()}"


def _off_table(judged: Sequence[Stranger]) -> list[str]:
    """Return the measured tools whose labelled risk is not what the table makes of the rest of their label."""
    return [
        f"{known.server} {known.tool}: {known.risk}, by the table {risk}"
        for one in judged
        if (known := one.prepared.found.known)
        and known.stratum
        and (risk := _by_table(known, creates=only_creates(one.prepared.definition))) != known.risk
    ]


def _by_table(known: Known, *, creates: bool) -> str:
    return assess(Facts(known.category, frozenset(known.effects), frozenset(known.bounds), creates)).risk


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
