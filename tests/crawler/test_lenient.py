"""Tool definitions as servers really send them."""

from typing import Any

import pytest

from crawler.lenient import LONGEST_TEXT, read_page

SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}


def test_definition_as_the_protocol_asks_is_read_whole() -> None:
    annotations = {"readOnlyHint": True}
    read = read_page(
        [{"name": "a", "title": "A", "description": "d", "inputSchema": SCHEMA, "annotations": annotations}]
    )
    assert [(tool.name, tool.title, tool.description, tool.input_schema, tool.annotations) for tool in read.tools] == [
        ("a", "A", "d", SCHEMA, annotations)
    ]
    assert read.unresolved == ()


@pytest.mark.parametrize(
    ("definition", "flaw"),
    [
        ({"name": "a"}, "inputSchema: there is none"),
        ({"name": "a", "inputSchema": {}}, 'inputSchema: it is not of the type "object", as the protocol asks'),
        ({"name": "a", "description": 7, "inputSchema": SCHEMA}, "description: a string is needed, so it is left out"),
        (
            {"name": "a", "annotations": [], "inputSchema": SCHEMA},
            "annotations: an object is needed, so it is left out",
        ),
        (
            {"name": "a", "inputSchema": SCHEMA, "outputSchema": {"properties": []}},
            "outputSchema/properties: an object is needed, so the schema is left out",
        ),
    ],
)
def test_tool_that_lacks_something_is_kept_and_the_lack_is_said(definition: Any, flaw: str) -> None:
    read = read_page([definition])
    assert [tool.name for tool in read.tools] == ["a"]
    assert [(entry.where, entry.reason) for entry in read.unresolved] == [("a", flaw)]


def test_description_longer_than_a_book_is_cut_off() -> None:
    read = read_page([{"name": "a", "description": "x" * 3_000_000, "inputSchema": SCHEMA}])
    assert len(read.tools[0].description or "") == LONGEST_TEXT
    assert read.unresolved[0].reason == "description: 3,000,000 characters, of which 100,000 are kept"


def test_what_is_no_tool_is_said_with_its_place() -> None:
    deep: Any = {}
    for _ in range(100):
        deep = {"properties": {"x": deep}}
    read = read_page(["words", {"title": "no name"}, {"name": ""}, {"name": "deep", "inputSchema": deep}])
    assert read.tools == ()
    assert [entry.where for entry in read.unresolved] == ["tools/0", "tools/1", "tools/2", "deep"]
    assert read.unresolved[3].reason == "nested more than 64 levels deep"


def test_name_is_read_once() -> None:
    one, two = ({"name": name, "inputSchema": SCHEMA} for name in ("one", "two"))
    read = read_page([one, two, two], {"one"})
    assert [tool.name for tool in read.tools] == ["two"]
    assert {entry.reason for entry in read.unresolved} == {"another tool of the list has the same name"}
