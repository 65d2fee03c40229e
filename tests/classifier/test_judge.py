"""Effects and bounds of tools such as servers really have, and claims that are dropped since nothing hangs on them."""

from typing import Any

import pytest

from classifier.definition import prepare
from classifier.judge import Judgement, judge, rule_book
from toolcensus.records import Tool


def judged(name: str, description: str = "", /, **parameters: Any) -> Judgement:
    properties = {key: {"type": value} if isinstance(value, str) else value for key, value in parameters.items()}
    return judge(prepare(Tool(name=name, description=description, input_schema={"properties": properties})))


LIST = {"type": "array", "items": {"type": "string"}}

EFFECTS: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("destructive", "delete_record", "Deletes a record", {"id": "string"}, "high"),
    ("destructive", "revoke_token", "Revokes an access token", {"id": "string"}, "high"),
    ("destructive", "move_to_trash", "Move a message to the trash", {"id": "string"}, "high"),
    ("financial", "send_payment", "Send a payment to a payee", {"amount": "number"}, "critical"),
    (
        "financial",
        "place_order",
        "Place an order in the market",
        {"symbol": "string", "quantity": "number"},
        "critical",
    ),
    ("code", "execute_python", "Execute Python code", {"code": "string"}, "critical"),
    ("code", "execute_sql", "Execute SQL on the database", {"sql": "string"}, "critical"),
    ("communicates", "send_email", "Send an email", {"to": "string", "body": "string"}, "medium"),
    ("communicates", "post_message", "Post a message to a Slack channel", {"channel": "string"}, "high"),
    ("access", "add_user_to_group", "Add a user to a group", {"user": "string", "group": "string"}, "high"),
    ("access", "create_access_key", "Create an access key", {"user": "string"}, "high"),
    ("secrets", "get_secret", "Get the value of a secret", {"name": "string"}, "medium"),
    ("secrets", "list_secrets", "List all secrets", {}, "high"),
    ("personal", "get_contact", "Get one contact by its id", {"id": "string"}, "low"),
    ("personal", "search_contacts", "Search contacts by name", {"query": "string"}, "medium"),
    ("filesystem", "read_file", "Read a file", {"path": "string"}, "medium"),
    ("egress", "fetch", "Fetch a URL", {"url": "string"}, "medium"),
    ("untrusted", "web_search", "Search the web", {"query": "string"}, "low"),
    ("untrusted", "get_issue", "Get an issue with its comments", {"number": "number"}, "low"),
    ("infrastructure", "restart_server", "Restart a server", {"id": "string"}, "high"),
    ("physical", "unlock_door", "Unlock the front door", {"id": "string"}, "high"),
    ("bulk", "delete_files", "Delete many files", {"paths": LIST}, "critical"),
]


@pytest.mark.parametrize(
    ("effect", "name", "description", "parameters", "risk"), EFFECTS, ids=lambda value: str(value)[:30]
)
def test_an_effect_is_seen_and_weighed(
    effect: str, name: str, description: str, parameters: dict[str, Any], risk: str
) -> None:
    judgement = judged(name, description, **parameters)
    assert effect in judgement.effects
    assert judgement.verdict.risk == risk, (judgement.effects, judgement.bounds)


ABSENT: list[tuple[str, str, str, dict[str, Any]]] = [
    ("financial", "list_invoices", "Lists invoices and their payments", {}),
    ("financial", "list_charges", "Lists charges", {}),
    ("financial", "move_card", "Move a card to another list", {"list": "string"}),
    ("destructive", "list_deleted_items", "Lists deleted items", {}),
    ("destructive", "remove_label", "Remove a label from an issue", {"label": "string"}),
    ("destructive", "archive_project", "Archive a project", {"id": "string"}),
    ("code", "query", "Run a read-only SQL query", {"sql": "string"}),
    ("secrets", "send_email", "Send an email", {"to": "string"}),
    ("untrusted", "get_weather", "Get the weather of a city", {"city": "string"}),
    ("egress", "get_transcript", "Get the transcript of a YouTube video", {"url": "string"}),
    ("filesystem", "get_file_contents", "Get a file of a GitHub repository", {"owner": "string", "path": "string"}),
    ("communicates", "create_draft", "Create a draft email", {"body": "string"}),
    ("access", "create_user_story", "Create a user story", {"title": "string"}),
    ("bulk", "list_models", "List all models", {}),
]


@pytest.mark.parametrize(("effect", "name", "description", "parameters"), ABSENT, ids=lambda value: str(value)[:30])
def test_what_only_looks_like_an_effect_is_none(
    effect: str, name: str, description: str, parameters: dict[str, Any]
) -> None:
    assert effect not in judged(name, description, **parameters).effects


def test_effects_and_bounds_are_in_the_taxonomys_order() -> None:
    judgement = judged("delete_database", "Delete a database with all its tables", name="string")
    assert judgement.effects == ("destructive", "bulk")
    assert judgement.bounds == ("container",)
    assert judgement.verdict.risk == "critical"


@pytest.mark.parametrize(
    ("name", "description", "bound", "risk"),
    [
        ("clear_cache", "Clears the cache", "scratch", "low"),
        ("add_observations", "Add observations to entities in the knowledge graph", "scratch", "low"),
        ("delete_block", "Delete a block of a page", "element", "medium"),
        ("create_draft", "Create a draft email", "draft", "medium"),
        ("turn_on_light", "Turn on a light", "harmless", "medium"),
        ("run_workflow", "Run a saved workflow by its id", "confined", "high"),
        ("browser_click", "Click an element on the page", "confined", "high"),
    ],
)
def test_a_bound_is_seen_and_weighed(name: str, description: str, bound: str, risk: str) -> None:
    judgement = judged(name, description, id="string")
    assert bound in judgement.bounds
    assert judgement.verdict.risk == risk


def test_code_in_a_stated_sandbox_is_medium_and_elsewhere_critical() -> None:
    assert judged("run_python", "Run Python in an isolated sandbox", code="string").verdict.risk == "medium"
    assert judged("run_python", "Run Python on the host", code="string").verdict.risk == "critical"


def test_javascript_in_a_page_is_confined_to_it() -> None:
    judgement = judged("puppeteer_evaluate", "Execute JavaScript in the browser console", script="string")
    assert (judgement.effects, judgement.verdict.risk) == (("code",), "high")


def test_a_claim_on_which_nothing_hangs_is_dropped() -> None:
    assert "bulk" not in judged("list_items", "List all items").effects, "a list of what is no one's"
    assert "public" not in judged("create_channel", "Create a channel", name="string").bounds, "no message in it"


def test_creating_many_is_not_changing_many() -> None:
    assert judged("create_records", "Create multiple records in one call", records=LIST).verdict.risk == "medium"
    assert judged("update_records", "Update multiple records in one call", records=LIST).verdict.risk == "high"


def test_the_book_holds_no_finding() -> None:
    assert {rule.claim.kind for rule in rule_book().rules} == {"category", "effects", "bounds"}
