"""Scores on answers that can be counted by hand."""

from typing import Any

import pytest

from classifier import scores
from classifier.scores import Answer, Counts
from toolcensus.label_list import Known


def answer(truth: str, given: str, family: str = "a", **more: Any) -> Answer:
    known = Known(
        server="s", tool="t", digest="d", category=truth, effects=more.pop("known", ()), bounds=(),  # type: ignore[arg-type]  # the tests write categories as text
        risk=more.pop("known_risk", "low"), reason="", vendor="v", reader="r",
    )  # fmt: skip
    return Answer(known, family, given, **more)  # type: ignore[arg-type]  # the same


ANSWERS = [answer("Read", "Read"), answer("Read", "Write"), answer("Write", "Write"), answer("Write", "Read")]


def test_accuracy_and_the_dangerous_error() -> None:
    assert scores.accuracy(ANSWERS) == 0.5
    assert scores.danger(ANSWERS) == 0.5, "one of two writers is called Read"
    assert scores.macro_f1(ANSWERS) == 0.5, "Execute does not occur, so it counts for nothing"


def test_risk_is_scored_like_category() -> None:
    answers = [answer("Read", "Read", known_risk="high", risk="high"), answer("Read", "Read", risk="medium")]
    assert scores.risk_accuracy(answers) == 0.5
    assert scores.risk_macro_f1(answers) == pytest.approx(1 / 3), "high right, low missed, medium wrong"


def test_effects_are_counted_one_by_one_and_together() -> None:
    answers = [
        answer("Write", "Write", known=("destructive",), effects=frozenset(("destructive", "bulk"))),
        answer("Write", "Write", known=("financial",)),
    ]
    assert scores.effect_counts(answers, "destructive") == Counts(1, 0, 0)
    assert scores.effect_counts(answers, "bulk") == Counts(0, 1, 0)
    assert scores.effect_counts(answers, "financial").errors == 1
    assert scores.effects_micro_f1(answers) == 0.5
    assert Counts(0, 0, 0).f1 == 0.0


def test_confidence_that_comes_true_has_no_error() -> None:
    right = [answer("Read", "Read", confidence=0.75)] * 3
    assert scores.calibration_error([*right, answer("Write", "Read", confidence=0.75)]) == 0
    assert scores.calibration_error(right) == 0.25
    assert scores.calibration_error([answer("Read", "Read")]) == 0, "certainty has a bin too"
    assert scores.calibration_error([]) == 0


def test_the_surest_are_four_fifths() -> None:
    sure = [answer("Read", "Read", confidence=0.9)] * 4
    assert scores.surest_accuracy([answer("Read", "Write", confidence=0.4), *sure]) == 1.0


def test_an_interval_draws_whole_families_and_is_the_same_each_time() -> None:
    answers = [answer("Read", "Read", family) for family in "abcdef"] + [answer("Read", "Write", "g")] * 6
    low, high = scores.interval(answers, scores.accuracy)
    assert low < scores.accuracy(answers) < high
    assert (low, high) == scores.interval(answers, scores.accuracy)
    assert scores.interval([answer("Read", "Read")], scores.accuracy) == (1.0, 1.0)
