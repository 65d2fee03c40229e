"""How rules and model speak together: who is heard when, and what no probability can bring about."""

from typing import Any

import pytest

from classifier.decision import Opinion, settle
from classifier.definition import prepare
from classifier.judge import Judgement, judge
from classifier.model import HEADS
from classifier.rationale import explain
from toolcensus.records import Tool

DELETE = Tool(name="delete_record", description="Deletes a record")
GET = Tool(name="get_record", description="Gets a record")


def settled(tool: Tool, writes: float, executes: float = 0.0, **claims: float) -> Judgement:
    definition = prepare(tool)
    odds = dict.fromkeys(HEADS, 0.0) | {"writes": writes, "executes": executes} | claims
    return settle(definition, judge(definition), Opinion(odds))


@pytest.mark.parametrize(
    ("writes", "executes", "category"),
    [
        (0.1, 0.0, "Read"),
        (0.9, 0.1, "Write"),
        (0.9, 0.8, "Execute"),
        (0.42, 0.0, "Write"),  # Read is more probable, but close, and Write is the higher
        (0.3, 0.0, "Read"),
        (0.9, 0.4, "Execute"),  # Write 0.5, Execute 0.4
        (0.2, 0.6, "Read"),  # what runs also changes: Execute is no more probable than both together
    ],
)
def test_the_most_probable_category_is_given_or_a_close_higher_one(
    writes: float, executes: float, category: str
) -> None:
    assert settled(GET, writes, executes).decision.category == category


def test_the_disagreement_is_kept_and_told() -> None:
    judgement = settled(DELETE, 0.02)
    assert (judgement.decision.category, judgement.decision.overruled) == ("Read", "Write")
    assert explain(prepare(DELETE), judgement).endswith("; the rules by themselves would say that it can do more.")
    assert settled(DELETE, 0.9).decision.overruled is None


def test_a_rules_claim_needs_less_than_the_models_own() -> None:
    assert "destructive" in settled(DELETE, 0.9, destructive=0.3).effects, "a rule says so too"
    assert "destructive" not in settled(DELETE, 0.9, destructive=0.05).effects, "the model all but rules it out"
    other = Tool(name="zap_record", description="Zaps a record")
    assert "destructive" not in settled(other, 0.9, destructive=0.3).effects
    assert "destructive" in settled(other, 0.9, destructive=0.6).effects


def test_money_stands_on_a_rules_word_alone() -> None:
    pay = Tool(
        name="send_payment", description="Send a payment to a payee", input_schema={"properties": {"amount": {}}}
    )
    assert "financial" in settled(pay, 0.9, financial=0.1).effects
    assert settled(pay, 0.9, financial=0.1).verdict.risk in {"high", "critical"}


def test_reading_destroys_nothing_whatever_the_odds() -> None:
    judgement = settled(DELETE, 0.02, destructive=0.99, personal=0.99)
    assert judgement.effects == ("personal",)
    assert judgement.verdict.risk == "low"


def test_the_risk_is_the_tables() -> None:
    assert settled(DELETE, 0.9, destructive=0.9).verdict.risk == "high"
    assert settled(DELETE, 0.9, destructive=0.9, **{"bound container": 0.9}).verdict.risk == "critical"
    assert settled(DELETE, 0.9, destructive=0.9, **{"bound element": 0.9}).verdict.risk == "medium"


@pytest.mark.parametrize(
    ("hint", "writes", "category"),
    [
        (False, 0.2, "Write"),  # an author who says that it writes is believed,
        (False, 0.01, "Read"),  # unless the text could hardly say more plainly that it reads
        (True, 0.7, "Read"),  # one who says that it reads only where the text may be read so
        (True, 0.9, "Write"),
    ],
)
def test_an_annotation_raises_and_lowers_only_with_the_text(hint: bool, writes: float, category: str) -> None:
    annotations: dict[str, Any] = {"readOnlyHint": hint}
    tool = Tool(name="frobnicate", description="Frobnicates a record", annotations=annotations)
    assert settled(tool, writes).decision.category == category


def test_only_matches_that_support_the_outcome_are_left_as_evidence() -> None:
    judgement = settled(DELETE, 0.02)
    assert {match.rule.claim.value for match in judgement.matches} <= {"Read", *judgement.effects, *judgement.bounds}
    assert judgement.fired, "what fired is kept"
