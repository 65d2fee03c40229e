"""A definition's fields as the texts that rules see, and the way back from a match to the original string."""

import pytest

from classifier.definition import MOST_TEXT, Definition, prepare, title_of
from toolcensus.records import Evidence, Tool

TOOL = Tool(
    name="runQuery",
    title="Run a query",
    description="Executes SQL statements. Read-only mode is off.",
    input_schema={
        "properties": {
            "sql": {"type": "string", "description": "The SQL text"},
            "action": {"type": "string", "enum": ["list", "deleteAll"]},
        },
        "required": ["sql"],
    },
    annotations={"readOnlyHint": False, "title": "ignored"},
)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "run query\n"),
        ("title", "run a query\n"),
        ("description", "execute sql statement . read only mode is off .\n"),
        ("summary", "execute sql statement\nread only mode is off\n"),
        ("deed", "run query\nrun a query\nexecute sql statement\n"),
        ("parameters", "sql\naction\n"),
        ("parameter-descriptions", "the sql text\n"),
        ("schema", "sql : string free required\naction : string enum optional = list | delete all\n"),
        ("annotations", "read only hint : false\n"),
    ],
)
def test_each_field_is_a_text_of_words(field: str, text: str) -> None:
    assert prepare(TOOL).text(field).string == text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "runQuery"),
        ("title", "Run a query"),
        ("description", "Executes SQL statements. Read-only mode is off."),
        ("parameters", "sql\naction"),
        ("parameter-descriptions", "The SQL text"),
        ("schema", "list\ndeleteAll"),
        ("annotations", "read only hint : false\n"),
    ],
)
def test_raw_fields_are_as_they_were_written(field: str, text: str) -> None:
    assert prepare(TOOL).text(field, raw=True).string == text


def found(definition: Definition, field: str, words: str, *, raw: bool = False) -> tuple[Evidence, ...]:
    text = definition.text(field, raw=raw)
    start = text.string.index(words)
    return text.spans(start, start + len(words), "it")


def test_a_match_leads_back_to_the_original_words() -> None:
    definition = prepare(TOOL)
    assert found(definition, "description", "read only") == (
        Evidence(field="description", start=25, end=34, shows="it"),
    )
    assert found(definition, "schema", "sql : string free") == (
        Evidence(field="/inputSchema/properties/sql", start=0, end=3, shows="it"),
    )
    assert found(definition, "schema", "delete") == (
        Evidence(field="/inputSchema/properties/action/enum/1", start=0, end=9, shows="it"),
    )
    assert found(definition, "parameter-descriptions", "sql") == (
        Evidence(field="/inputSchema/properties/sql/description", start=4, end=7, shows="it"),
    )
    assert found(definition, "deed", "query\nrun") == (
        Evidence(field="name", start=3, end=8, shows="it"),
        Evidence(field="title", start=0, end=3, shows="it"),
    ), "one span a field"


def test_a_raw_match_leads_back_to_its_letters() -> None:
    assert found(prepare(TOOL), "description", "only m", raw=True) == (
        Evidence(field="description", start=30, end=36, shows="it"),
    )


def test_the_title_may_stand_in_the_annotations() -> None:
    tool = Tool(name="x", annotations={"title": "Delete it"})
    assert title_of(tool) == "Delete it"
    assert found(prepare(tool), "title", "delete") == (
        Evidence(field="/annotations/title", start=0, end=6, shows="it"),
    )
    assert title_of(Tool(name="x", annotations={"title": 7})) == ""


def test_wrapped_parameters_are_as_good_as_outer_ones_and_details_are_not() -> None:
    inner = {"type": "object", "properties": {"sql": {"type": "string"}}}
    assert prepare(Tool(name="x", input_schema={"properties": {"params": inner}})).text("schema").string == (
        "parameter : object free optional\nsql : string free optional\n"
    )
    beside = {"properties": {"params": inner, "id": {"type": "string"}}}
    assert "sql" not in prepare(Tool(name="x", input_schema=beside)).text("schema").string


def test_a_long_description_is_read_up_to_its_bound() -> None:
    text = prepare(Tool(name="x", description="a " * MOST_TEXT)).text("description").string
    assert len(text) == MOST_TEXT
