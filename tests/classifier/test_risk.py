"""The risk table: a test for every row, and one for every line of how it is read."""

import pytest

from classifier.risk import BOUNDS, RAISES, Facts, assess
from toolcensus.records import BOUNDS as ALL_BOUNDS
from toolcensus.records import EFFECTS, Category, Risk


def facts(category: Category, words: str = "", *, only_creates: bool = False) -> Facts:
    named = words.split()
    assert set(named) <= {*EFFECTS, *ALL_BOUNDS}
    effects = frozenset(effect for effect in EFFECTS if effect in named)
    bounds = frozenset(bound for bound in ALL_BOUNDS if bound in named)
    return Facts(category, effects, bounds, only_creates)


@pytest.mark.parametrize(("category", "risk"), [("Read", "low"), ("Write", "medium"), ("Execute", "high")])
def test_the_category_is_the_start(category: Category, risk: Risk) -> None:
    assert assess(facts(category)) == (risk, "", False)


@pytest.mark.parametrize(
    ("category", "words", "risk"),
    [
        ("Write", "scratch", "low"),
        ("Write", "scratch bulk", "low"),
        ("Write", "scratch destructive", "medium"),
        ("Write", "scratch destructive bulk", "medium"),
        ("Write", "scratch destructive session-only", "low"),
        ("Execute", "sandboxed", "medium"),
        ("Execute", "sandboxed code", "medium"),
        ("Execute", "confined", "high"),
        ("Execute", "confined code", "high"),
    ],
)
def test_a_bound_replaces_the_start(category: Category, words: str, risk: Risk) -> None:
    verdict = assess(facts(category, words))
    assert verdict.risk == risk
    assert verdict.limited


@pytest.mark.parametrize(
    ("category", "words", "risk"),
    [
        ("Read", "egress", "medium"),
        ("Read", "filesystem", "medium"),
        ("Read", "personal bulk", "medium"),
        ("Read", "secrets", "medium"),
        ("Read", "secrets bulk", "high"),
        ("Read", "secrets container", "high"),
        ("Write", "access", "high"),
        ("Write", "infrastructure", "high"),
        ("Write", "destructive", "high"),
        ("Write", "bulk", "high"),
        ("Write", "filesystem", "medium"),
        ("Write", "filesystem overwrites", "high"),
        ("Write", "communicates public", "high"),
        ("Write", "physical harmless", "medium"),
        ("Read", "physical harmless", "medium"),
        ("Write", "physical", "high"),
        ("Write", "financial", "high"),
        ("Write", "financial unlimited", "critical"),
        ("Write", "destructive bulk", "critical"),
        ("Write", "destructive container", "critical"),
        ("Execute", "code", "critical"),
        ("Execute", "unlimited", "critical"),
    ],
)
def test_a_raise_lifts_the_risk_to_its_row(category: Category, words: str, risk: Risk) -> None:
    assert assess(facts(category, words)).risk == risk


@pytest.mark.parametrize(
    ("category", "words", "risk"),
    [
        ("Read", "personal", "low"),
        ("Read", "untrusted", "low"),
        ("Write", "communicates", "medium"),
        ("Write", "destructive element", "medium"),
        ("Write", "destructive bulk scratch", "medium"),
        ("Write", "financial unlimited draft", "high"),
        ("Write", "personal bulk", "high"),
        ("Execute", "code confined", "high"),
        ("Execute", "code sandboxed financial", "high"),
    ],
)
def test_what_the_table_does_not_name_lifts_nothing(category: Category, words: str, risk: Risk) -> None:
    assert assess(facts(category, words)).risk == risk


def test_bulk_does_not_raise_a_call_that_only_creates() -> None:
    assert assess(facts("Write", "bulk", only_creates=True)).risk == "medium"
    assert assess(facts("Write", "bulk destructive", only_creates=True)).risk == "critical"


def test_the_highest_raise_stands_and_says_why() -> None:
    verdict = assess(facts("Write", "filesystem access destructive bulk"))
    assert verdict == ("critical", "it can destroy many things, or something that holds many", False)


def test_every_row_says_something_of_its_own() -> None:
    said = [row.says for row in (*BOUNDS, *RAISES)]
    assert len(set(said)) == len(said)
