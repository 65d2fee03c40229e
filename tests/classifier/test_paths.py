"""A path is a string that names a place on the disk, and nothing else that goes by that name."""

from typing import Any

import pytest

from classifier.definition import prepare
from classifier.judge import judge
from classifier.paths import paths_of
from classifier.schema import parameters_of
from toolcensus.records import Tool


def found(name: str, schema: dict[str, Any]) -> list[str]:
    parameters = parameters_of({"properties": {name: schema}})
    return [how for _, how in paths_of(parameters)]


@pytest.mark.parametrize(
    ("name", "schema", "how"),
    [
        ("path", {"type": "string"}, ["maybe"]),
        ("outputFile", {"type": "string"}, ["maybe"]),
        ("paths", {"type": "array", "items": {"type": "string"}}, ["maybe"]),
        ("target", {"type": "string", "description": "Absolute path of the file"}, ["local"]),
        ("dir", {"type": ["string", "null"], "description": "Directory to search"}, ["local"]),
    ],
)
def test_strings_called_or_described_as_paths_are_found(name: str, schema: dict[str, Any], how: list[str]) -> None:
    assert found(name, schema) == how


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("path", {"type": "object", "properties": {"user_id": {"type": "string"}}}),
        ("path", {}),
        ("path", {"type": "array", "items": {"type": "object"}}),
        ("path", {"type": "string", "enum": ["a", "b"]}),
        ("path", {"type": "string", "description": "The JSON path of the value"}),
        ("path", {"type": "string", "description": "Path in the repository"}),
        ("path", {"type": "string", "description": "URL path of the endpoint"}),
        ("file_id", {"type": "string"}),
        ("file_content", {"type": "string"}),
    ],
)
def test_other_things_by_the_same_name_are_not(name: str, schema: dict[str, Any]) -> None:
    assert found(name, schema) == []


def test_a_tool_whose_path_is_an_object_or_lies_in_a_repository_does_not_reach_the_disk() -> None:
    path = {"type": "object", "properties": {"user_id": {"type": "string"}}}
    user = Tool(name="get_user", description="Gets a user.", input_schema={"properties": {"path": path}})
    assert judge(prepare(user)).verdict.risk == "low"
    inside = {"properties": {"owner": {"type": "string"}, "repo": {"type": "string"}, "path": {"type": "string"}}}
    assert judge(prepare(Tool(name="get_file_contents", input_schema=inside))).effects == ()
