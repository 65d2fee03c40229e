"""Evidence leads from a label back to the words that it rests on."""

from typing import Any

from classifier.definition import prepare
from classifier.evidence import MOST, gather_evidence
from classifier.judge import judge
from toolcensus.records import Evidence, Tool


def gathered(tool: Tool) -> tuple[Evidence, ...]:
    definition = prepare(tool)
    return gather_evidence(definition, judge(definition))


def tool(name: str, description: str = "", **parameters: Any) -> Tool:
    properties = {key: {"type": value} for key, value in parameters.items()}
    return Tool(name=name, description=description, input_schema={"properties": properties})


def test_the_rule_that_decided_comes_first() -> None:
    first = gathered(tool("run_it", "Executes a shell command", command="string"))[0]
    assert first == Evidence(
        field="description", start=0, end=24, shows="runs a command-line program with free arguments"
    )


def test_a_free_parameter_is_shown_by_its_name() -> None:
    spans = gathered(tool("read_file", "Reads a file", path="string"))
    assert (
        Evidence(
            field="/inputSchema/properties/path", start=0, end=4, shows="filesystem: takes a path on the local disk"
        )
        in spans
    )


def test_what_a_span_shows_is_said_once() -> None:
    spans = gathered(tool("delete_all_records", "Delete all records", ids="array"))
    assert len(spans) == len(set(spans)) <= MOST


def test_without_a_word_of_use_the_whole_name_is_the_evidence() -> None:
    assert gathered(tool("xyz")) == (Evidence(field="name", start=0, end=3, shows="all that the definition says"),)


def test_without_a_name_another_field_is() -> None:
    assert gathered(Tool(name="", title="Thing")) == (
        Evidence(field="title", start=0, end=5, shows="all that the definition says"),
    )
    assert gathered(Tool(name="")) == (Evidence(field="name", start=0, end=0, shows="all that the definition says"),)
