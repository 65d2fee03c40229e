"""Rules are matched together: every `when`, no `unless`, and evidence that leads back to the text."""

import pytest

from classifier.definition import prepare
from classifier.rule import Claim, Look, Rule
from classifier.rulebook import RuleBook
from toolcensus.records import Evidence, Tool


def rule(name: str, *when: Look, unless: tuple[Look, ...] = ()) -> Rule:
    claim = Claim("effects", "bulk")
    return Rule(
        id=name, claim=claim, why="why it is so", shows="so", when=when, unless=unless, example=(), near_miss=()
    )


def fired(rules: list[Rule], tool: Tool) -> list[str]:
    return [match.rule.id for match in RuleBook(rules).matches(prepare(tool))]


TOOL = Tool(
    name="delete_all", description="Deletes all records.", input_schema={"properties": {"ids": {"type": "array"}}}
)


def test_every_when_must_hold_and_one_pattern_of_it_suffices() -> None:
    both = rule("both", Look(("name",), ("^drop", "^delete")), Look(("schema",), ("array",)))
    half = rule("half", Look(("name",), ("^delete",)), Look(("schema",), ("string",)))
    assert fired([both, half], TOOL) == ["both"]


def test_any_of_several_fields_may_hold_the_pattern() -> None:
    assert fired([rule("somewhere", Look(("title", "name", "summary"), ("record",)))], TOOL) == ["somewhere"]


def test_one_unless_is_enough_to_keep_silent() -> None:
    look = Look(("name",), ("delete",))
    assert fired([rule("silent", look, unless=(Look(("summary",), ("record",)),))], TOOL) == []
    assert fired([rule("loud", look, unless=(Look(("summary",), ("label",)),))], TOOL) == ["loud"]


def test_raw_patterns_see_the_text_as_written_without_regard_to_case() -> None:
    assert fired([rule("raw", Look(("description",), ("DELETES all",), raw=True))], TOOL) == ["raw"]
    assert fired([rule("words", Look(("description",), ("deletes",)))], TOOL) == []


def test_line_anchors_see_each_line() -> None:
    tool = Tool(name="x", input_schema={"properties": {"a": {}, "path": {}}})
    assert fired([rule("line", Look(("parameters",), ("^path$",)))], tool) == ["line"]


def test_matches_come_in_the_books_order() -> None:
    rules = [rule(name, Look(("name",), ("delete",))) for name in ("b", "a", "c")]
    assert fired(rules, TOOL) == ["b", "a", "c"]


def test_evidence_is_the_first_span_of_each_pattern() -> None:
    book = RuleBook([rule("both", Look(("name", "description"), ("delete all",)), Look(("schema",), ("^id : array",)))])
    definition = prepare(TOOL)
    (match,) = book.matches(definition)
    assert book.evidence(match, definition) == (
        Evidence(field="description", start=0, end=11, shows="so"),
        Evidence(field="name", start=0, end=10, shows="so"),
        Evidence(field="/inputSchema/properties/ids", start=0, end=3, shows="so"),
    )


@pytest.mark.parametrize("name", ["", "\ud800", "\x00", "🗑" * 300])
def test_strange_text_matches_nothing_and_breaks_nothing(name: str) -> None:
    assert fired([rule("delete", Look(("name",), ("delete",)))], Tool(name=name)) == []


def test_a_pattern_that_would_run_away_elsewhere_is_linear_here() -> None:
    tool = Tool(name="x", description="a" * 20_000)
    assert fired([rule("nested", Look(("description",), ("(a+)+b",)))], tool) == []
