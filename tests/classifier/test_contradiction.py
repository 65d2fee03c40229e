"""Annotations that say something else than the label."""

from typing import Any

import pytest

from classifier.contradiction import find
from toolcensus.records import Category, Effect, Label, Tool


def _label(category: Category, *effects: Effect) -> Label:
    return Label(
        category=category, effects=effects, bounds=(), risk="high", confidence=0.9, rationale="It does.", evidence=()
    )


@pytest.mark.parametrize(
    ("annotations", "label", "field", "severity"),
    [
        ({"readOnlyHint": True}, _label("Write"), "/annotations/readOnlyHint", "high"),
        ({"readOnlyHint": True, "destructiveHint": False}, _label("Execute"), "/annotations/readOnlyHint", "high"),
        ({"readOnlyHint": False}, _label("Read"), "/annotations/readOnlyHint", "low"),
        ({"destructiveHint": False}, _label("Write", "destructive"), "/annotations/destructiveHint", "high"),
    ],
)
def test_a_contradiction_is_found_at_the_hint(
    annotations: dict[str, Any], label: Label, field: str, severity: str
) -> None:
    (finding,) = find(Tool(name="do", annotations=annotations), label)
    assert (finding.kind, finding.field, finding.severity) == ("annotation-mismatch", field, severity)
    assert finding.end == len(field.rsplit("/", 1)[1])


@pytest.mark.parametrize(
    ("annotations", "label"),
    [
        (None, _label("Write", "destructive")),
        ({"readOnlyHint": True}, _label("Read")),
        ({"readOnlyHint": False, "destructiveHint": True}, _label("Write", "destructive")),
        ({"readOnlyHint": "yes", "destructiveHint": 0}, _label("Execute", "destructive")),
        ({"destructiveHint": True}, _label("Write")),
    ],
)
def test_what_agrees_or_is_no_hint_is_no_finding(annotations: dict[str, Any] | None, label: Label) -> None:
    assert list(find(Tool(name="do", annotations=annotations), label)) == []
