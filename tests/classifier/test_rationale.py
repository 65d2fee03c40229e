"""A rationale reads as a person would write it, repeats only what is there, and never argues against its label."""

from typing import Any

import pytest

from classifier.definition import prepare
from classifier.judge import judge
from classifier.rationale import explain
from toolcensus.records import Tool


def rationale(name: str, description: str = "", /, **parameters: Any) -> str:
    properties = {key: {"type": value} for key, value in parameters.items()}
    definition = prepare(Tool(name=name, description=description, input_schema={"properties": properties}))
    return explain(definition, judge(definition))


def test_a_reader_learns_what_it_does_and_why_it_is_what_it_is() -> None:
    assert rationale("get_forecast", "Get the weather forecast for a location", location="string") == (
        "It gets the weather forecast for a location and changes nothing. "
        "That is Read with low risk: it needs no more than “location”, and nothing in the definition is sensitive."
    )
    assert rationale("run_shell", "Execute a shell command on the host.", command="string") == (
        "It executes a shell command on the host, and what that does is up to the caller. "
        "That is Execute with critical risk: nothing in the definition confines what is run, "
        "and “command” takes any text."
    )


def test_the_parameter_that_matters_is_named() -> None:
    assert "“sql” takes any text" in rationale("execute_sql", "Run SQL on the database", sql="string")
    assert "“amount” has no stated limit" in rationale("send_payment", "Send a payment", amount="string")
    assert "“dry_run” lets a caller see the outcome first" in rationale("delete_x", "Delete a file", dry_run="boolean")
    assert "“recursive” widens the damage" in rationale("delete_x", "Delete a folder", recursive="boolean")


def test_what_limits_the_risk_is_said_as_a_limit() -> None:
    assert "the risk stays low because it touches only the agent's own scratch" in rationale(
        "clear_cache", "Clear cache"
    )


def test_a_name_alone_is_said_to_be_all() -> None:
    assert rationale("delete_user").startswith("By its name it deletes a user, ")
    assert rationale("weather_data").startswith("The name speaks of weather data; it changes nothing.")
    assert rationale("").startswith("The definition says nothing of what it does; ")


@pytest.mark.parametrize(
    ("name", "description", "said"),
    [
        ("x", "Delete GitHub repository", "It deletes a GitHub repository, "),
        ("x", "Get user", "It gets the user and "),
        ("x", "List issues", "It lists issues and "),
        ("x", "Get information about a customer", "It gets information about a customer and "),
        ("x", "Update the rule (PUT-replace write).", "It updates the rule, "),
        ("get_balance", "Shows.", "By its name it gets the balance and "),
    ],
)
def test_bare_nouns_get_an_article_as_a_person_would_give_them(name: str, description: str, said: str) -> None:
    assert rationale(name, description).startswith(said)


def test_a_parameter_takes_the_place_of_the_reason_that_it_repeats() -> None:
    said = rationale("read_file", "Reads a file", path="string")
    assert said.endswith("That is Read with medium risk: “path” may name any file on the disk.")


def test_a_rule_that_would_repeat_the_verb_is_left_out() -> None:
    assert "runs a command-line program" not in rationale("run_x", "Run any kubectl command", command="string")


def test_foreign_text_is_said_in_english() -> None:
    assert rationale("shanchu", "删除一个文件").startswith("It deletes a file, ")


@pytest.mark.parametrize(
    "text",
    [
        "Deletes \x1b[31mred\x1b[0m <script>alert(1)</script> files",
        "Deletes \u202eevil\u202c files `rm -rf` | $(x)",
        "Deletes " + "very " * 400 + "long things",
    ],
)
def test_nothing_but_plain_words_is_repeated_and_not_many(text: str) -> None:
    said = rationale("delete_\x1b[2J<b>", text)
    assert len(said) < 400
    assert all(letter.isalnum() or letter in " ,.:;'’-_/“”" for letter in said)


def test_a_choice_among_actions_is_named() -> None:
    action = {"type": "string", "enum": ["list", "create", "delete"]}
    tool = Tool(name="manage_notes", description="Manage notes", input_schema={"properties": {"action": action}})
    definition = prepare(tool)
    assert "“action” chooses what it does, create or delete among others" in explain(definition, judge(definition))


def test_what_only_reads_is_never_said_to_change() -> None:
    said = rationale("get_pools", "Deploy Server Acme Pools Try in Playground")
    assert said.startswith("By its name it gets pools and changes nothing. ")


def test_what_the_rules_would_have_said_is_told_without_another_category() -> None:
    definition = prepare(Tool(name="get_x", description="Get a thing"))
    judgement = judge(definition)
    overruled = judgement._replace(decision=judgement.decision._replace(overruled="Execute"))
    said = explain(definition, overruled)
    assert said.endswith("; the rules by themselves would say that it can do more.")
    assert "Execute" not in said


def test_nothing_is_said_twice() -> None:
    assert rationale("delete_row", "Deletes a row", id="string").count("bring it back") == 1
    assert "come back" not in rationale("delete_row", "Deletes a row", id="string")


def test_the_category_and_risk_that_are_named_are_the_labels() -> None:
    for name, text in [("delete_all", "Delete all records"), ("list_users", "List users"), ("run_job", "Run a job")]:
        definition = prepare(Tool(name=name, description=text))
        judgement = judge(definition)
        said = explain(definition, judgement)
        others = {"low", "medium", "high", "critical"} - {judgement.verdict.risk}
        assert f" {judgement.verdict.risk}" in said
        assert not any(f"risk is {other}" in said or f"risk stays {other}" in said for other in others)
