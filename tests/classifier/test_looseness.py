"""What a definition leaves open."""

from typing import Any

import pytest

from classifier.looseness import find
from toolcensus.records import Tool

DESCRIPTION = "Runs one query and returns its rows."


@pytest.mark.parametrize(
    ("description", "span"), [(None, ("name", 0, 2)), ("", ("name", 0, 2)), ("Does it", ("description", 0, 7))]
)
def test_a_missing_description_is_vague(description: str | None, span: tuple[str, int, int]) -> None:
    (finding,) = find(Tool(name="do", description=description))
    assert (finding.kind, finding.field, finding.start, finding.end) == ("vague", *span)


@pytest.mark.parametrize("name", ["command", "sql", "shellCommand", "python_code", "target-url", "file_path"])
def test_a_free_string_for_something_risky_is_unbounded(name: str) -> None:
    tool = Tool(name="do", description=DESCRIPTION, input_schema={"properties": {name: {"type": "string"}}})
    (finding,) = find(tool)
    assert (finding.kind, finding.field) == ("unbounded-input", f"/inputSchema/properties/{name}")
    assert (finding.start, finding.end) == (0, len(name))


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("sql", {"type": "string", "enum": ["a", "b"]}),
        ("path", {"type": "string", "pattern": "^/tmp/"}),
        ("code", {"type": "integer"}),
        ("postcode", {"type": "string"}),
        ("query", {"type": "string"}),
        ("url", None),
    ],
)
def test_a_limit_or_another_type_or_word_is_no_finding(name: str, schema: Any) -> None:
    tool = Tool(name="do", description=DESCRIPTION, input_schema={"properties": {name: schema}})
    assert list(find(tool)) == []


def test_parameters_inside_objects_and_lists_count() -> None:
    inner = {"properties": {"cmd": {"type": "string"}}}
    schema = {"properties": {"steps": {"type": "array", "items": inner}}}
    (finding,) = find(Tool(name="do", description=DESCRIPTION, input_schema=schema))
    assert finding.field == "/inputSchema/properties/steps/items/properties/cmd"
