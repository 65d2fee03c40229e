"""The input of a call says what widens it, what limits it, and what it picks."""

from typing import Any

from classifier.actions import chooser_of
from classifier.definition import Definition, prepare
from classifier.telling import choice_of, plain, tells_of_input, tells_of_parameters
from toolcensus.records import Effect, Tool

FILES: tuple[Effect, ...] = ("filesystem",)


def tool(name: str, required: tuple[str, ...] = (), /, **parameters: Any) -> Definition:
    properties = {key: {"type": value} if isinstance(value, str) else value for key, value in parameters.items()}
    return prepare(Tool(name=name, input_schema={"properties": properties, "required": list(required)}))


def test_the_weightiest_parameter_and_the_limiting_one_are_told() -> None:
    definition = tool("delete_x", path="string", recursive="boolean", dry_run="boolean")
    assert tells_of_parameters(definition, FILES, changes=True) == [
        "“path” may name any file on the disk",
        "“dry_run” lets a caller see the outcome first",
    ]
    assert tells_of_parameters(definition, (), changes=False) == []


def test_a_more_telling_name_goes_first_and_a_number_is_no_flag() -> None:
    definition = tool("put", target="string", filepath="string", confirmations="integer")
    assert tells_of_parameters(definition, FILES, changes=True) == ["“filepath” may name any file on the disk"]


def test_plain_input_is_told_by_what_it_picks() -> None:
    assert tells_of_input(tool("get_time"), changes=False).startswith("it takes no input, ")
    assert tells_of_input(tool("get_coin", ("coin_id",), coin_id="string"), changes=False).startswith(
        "it needs no more than “coin_id”, "
    )
    assert tells_of_input(tool("find_coin", query="string", limit="integer"), changes=False) == (
        "“query” is only something to look for"
    )
    assert tells_of_input(tool("execute_query", query="string", limit="integer"), changes=False) == (
        "“query” may do no more than read"
    )
    assert tells_of_input(tool("get_page", page="integer", limit="integer"), changes=False) == (
        "none of its 2 parameters names a file, a command or an address"
    )
    assert tells_of_input(tool("get_page", page="integer", path="string"), changes=False) == ""
    record = tool("put_x", ("base_id", "record_id"), base_id="string", record_id="string")
    assert tells_of_input(record, changes=True) == "“record_id” picks what it acts on"


def test_a_choice_of_actions_names_the_strongest_ones() -> None:
    action = {"type": "string", "enum": ["list", "get", "start", "stop"]}
    chooser = chooser_of(tool("jobs", action=action))
    assert chooser is not None
    assert choice_of(chooser, "Execute") == "“action” chooses what it does, start or stop among others"
    assert chooser_of(tool("jobs", mode={"type": "string", "enum": ["red", "blue"]})) is None


def test_a_strangers_name_is_made_plain() -> None:
    assert plain("a\x1b[31m<b>“x”") == "a 31m b x"
