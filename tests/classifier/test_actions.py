"""Where one parameter chooses among actions, each value gets a label of its own."""

from typing import Any

from classifier.label import label_with
from toolcensus.records import Action, Label, Tool


def ruled(tool: Tool) -> Label:
    """Label by the rules alone, which is what actions rest on."""
    return label_with(None, [tool])[0]


def actions(name: str, description: str, parameter: str, values: list[Any]) -> tuple[Action, ...]:
    schema = {"properties": {parameter: {"type": "string", "enum": values}}}
    return ruled(Tool(name=name, description=description, input_schema=schema)).actions


def test_each_action_is_labelled_by_itself() -> None:
    assert actions("manage_notes", "Manage notes of a team", "action", ["list", "create", "delete"]) == (
        Action(value="list", category="Read", risk="low"),
        Action(value="create", category="Write", risk="medium"),
        Action(value="delete", category="Write", risk="high"),
    )


def test_no_action_is_worse_than_the_tool() -> None:
    tool = Tool(
        name="notes",
        description="Manage notes",
        input_schema={"properties": {"operation": {"enum": ["get", "run", "zap"]}}},
    )
    given = ruled(tool)
    assert given.category == "Execute"
    assert [(each.value, each.category) for each in given.actions] == [
        ("get", "Read"),
        ("run", "Execute"),
        ("zap", "Execute"),
    ]


def test_a_value_without_a_verb_is_as_bad_as_the_tool() -> None:
    assert actions("manage_pods", "Manage pods", "action", ["get", "delete", "x9"])[2].category == "Write"


def test_an_enum_of_things_is_no_choice_of_action() -> None:
    assert actions("get_chart", "Get a chart", "mode", ["light", "dark"]) == ()
    assert actions("get_chart", "Get a chart", "colour", ["get", "set"]) == ()
    assert actions("get_chart", "Get a chart", "action", ["get"]) == ()
    assert actions("get_chart", "Get a chart", "action", [1, 2]) == ()


def test_the_methods_inside_a_request_that_is_only_stored_are_no_actions() -> None:
    route = {"type": "object", "properties": {"method": {"enum": ["get", "post", "delete"]}}}
    tool = Tool(name="create_route", input_schema={"properties": {"route": route, "id": {"type": "string"}}})
    assert ruled(tool).actions == ()
