"""The taxonomy's settled cases, one by one, on definitions such as servers really have."""

from typing import Any

import pytest

from classifier.category import Decision
from classifier.definition import prepare
from classifier.judge import judge
from toolcensus.records import Category, Tool


def decide(
    name: str, description: str = "", /, *, annotations: dict[str, Any] | None = None, **parameters: Any
) -> Decision:
    properties = {key: {"type": value} if isinstance(value, str) else value for key, value in parameters.items()}
    schema = {"type": "object", "properties": properties}
    tool = Tool(name=name, description=description or None, input_schema=schema, annotations=annotations)
    return judge(prepare(tool)).decision


def enum(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


CASES: list[tuple[Category, str, str, dict[str, Any]]] = [
    # plain verbs
    ("Read", "list_charges", "Lists charges of a customer", {"customer": "string"}),
    ("Read", "list_invoices", "List all invoices", {}),
    ("Read", "get_dataset", "Get a dataset", {"id": "string"}),
    ("Read", "get_update", "Get an update by its id", {"id": "string"}),
    ("Read", "is_valid_iban", "", {"iban": "string"}),
    ("Read", "deploy_status", "Check the status of a deployment", {"id": "string"}),
    ("Write", "reset_password", "Resets the password of a user", {"user": "string"}),
    ("Write", "mail_regenerateWebhookSecret", "Regenerate the secret of a webhook", {"id": "string"}),
    ("Write", "create_list", "Create a new list on a board", {"name": "string"}),
    ("Write", "search_and_replace", "Search for text and replace all occurrences", {"find": "string"}),
    ("Write", "archive_issue", "Archives an issue", {"id": "string"}),
    # query languages
    ("Execute", "execute_sql", "Execute a SQL query on the database", {"sql": "string"}),
    ("Execute", "run_cypher", "Runs a Cypher query against Neo4j", {"query": "string"}),
    ("Read", "execute_sql", "Execute a SQL query. Only SELECT statements are allowed.", {"sql": "string"}),
    ("Read", "query", "Run a read-only SQL query", {"sql": "string"}),
    ("Read", "read_query", "Execute a SELECT query on the SQLite database", {"query": "string"}),
    (
        "Execute",
        "write_query",
        "Execute an INSERT, UPDATE, or DELETE query on the SQLite database",
        {"query": "string"},
    ),
    ("Read", "jira_search", "Search issues using JQL", {"jql": "string"}),
    ("Read", "execute_promql_query", "Executes a PromQL query", {"query": "string"}),
    # bundled actions
    ("Write", "manage_notes", "Work with notes", {"action": enum("list", "create", "delete")}),
    ("Execute", "container", "Work with a container", {"action": enum("inspect", "start", "stop")}),
    ("Read", "calculator", "Calculates with two numbers", {"operation": enum("add", "subtract")}),
    # files
    ("Write", "write_file", "Write content to a file", {"path": "string", "content": "string"}),
    ("Write", "convert_image", "Convert an image to PNG", {"input": "string", "output_path": "string"}),
    ("Write", "take_screenshot", "Take a screenshot of the page", {"filename": "string"}),
    ("Read", "take_screenshot", "Take a screenshot of the page", {"fullPage": "boolean"}),
    ("Read", "generate_image", "Generate an image from a prompt", {"prompt": "string"}),
    ("Write", "generate_music", "Generates a song and saves it to the account library", {"prompt": "string"}),
    # the web
    ("Read", "fetch", "Fetches a URL and returns its content as markdown", {"url": "string"}),
    ("Read", "scrape_page", "Scrape a web page", {"url": "string"}),
    (
        "Execute",
        "http_request",
        "Make an HTTP request",
        {"url": "string", "method": enum("GET", "POST"), "body": "string"},
    ),
    # the session's own view
    ("Read", "set_active_project", "Select the project for subsequent calls", {"project": "string"}),
    ("Read", "browser_tab_select", "Select a tab by index", {"index": "number"}),
    ("Read", "browser_close", "Close the page", {}),
    ("Read", "browser_resize", "Resize the browser window", {"width": "number", "height": "number"}),
    ("Execute", "browser_navigate", "Navigate to a URL", {"url": "string"}),
    ("Execute", "browser_click", "Perform click on a web page", {"element": "string", "ref": "string"}),
    ("Execute", "browser_type", "Type text into editable element", {"element": "string", "text": "string"}),
    # thinking, games, caches
    ("Read", "sequentialthinking", "A tool for dynamic and reflective problem-solving", {"thought": "string"}),
    ("Write", "clear_cache", "Clears the cache", {}),
    ("Write", "make_move", "Makes a move on the chess board", {"move": "string"}),
    # the project's own code, jobs and looks
    ("Execute", "run_tests", "Run the unit tests of the project", {"path": "string"}),
    ("Execute", "build_project", "Builds the current project", {}),
    ("Read", "run_pslist", "Run the PsList plugin to list processes", {"dump": "string"}),
    ("Read", "run_report", "Run an analytics report", {"property": "string"}),
    ("Execute", "start_scan", "Start a scan job in the background", {"target": "string"}),
    ("Execute", "trigger_pipeline", "Trigger a pipeline run", {"id": "string"}),
    ("Execute", "cancel_job", "Cancel a running job", {"id": "string"}),
    ("Execute", "restart_service", "Restart a service", {"name": "string"}),
    # commands, code, tools
    ("Execute", "run_kubectl", "Run any kubectl command", {"command": "string"}),
    ("Execute", "kubectl", "Execute a kubectl command against the cluster", {"args": "array"}),
    ("Read", "kubectl_get", "Get Kubernetes resources", {"resource": "string"}),
    ("Execute", "execute_command", "Execute a shell command", {"command": "string"}),
    ("Read", "explain_command", "Explain what a shell command does", {"command": "string"}),
    ("Execute", "eval", "", {"code": "string"}),
    ("Execute", "run_python", "Run Python code in a sandbox", {"code": "string"}),
    ("Execute", "call_tool", "Call a tool of another server", {"tool_name": "string", "arguments": "object"}),
    (
        "Execute",
        "schedule_task",
        "Schedule a prompt for the agent to run daily",
        {"prompt": "string", "cron": "string"},
    ),
    # infrastructure
    ("Execute", "kubectl_apply", "Apply a manifest to the cluster", {"manifest": "string"}),
    ("Execute", "install_helm_chart", "Install a Helm chart", {"chart": "string"}),
    ("Write", "scale_deployment", "Scale a deployment", {"replicas": "number"}),
    # money and signatures
    ("Write", "create_refund", "Refund a payment", {"amount": "number"}),
    ("Write", "capture_payment", "Capture an authorised payment", {"id": "string"}),
    ("Read", "build_swap_transaction", "Build an unsigned swap transaction for the wallet", {"quote": "string"}),
    # things in a room
    ("Write", "led_control", "Turn the LED on or off", {"on": "boolean"}),
    # other languages
    ("Write", "shanchu", "删除一个文件", {"path": "string"}),
    ("Read", "chaxun", "查询天气信息", {"city": "string"}),
    ("Write", "borrar_registro", "Elimina un registro", {"id": "string"}),
    ("Write", "datei", "Löscht eine Datei", {"name": "string"}),
    ("Write", "envoyer", "Envoie un message", {"texte": "string"}),
    ("Execute", "jikko", "コマンドを実行します", {"command": "string"}),
    ("Write", "удалить", "Удаляет запись", {"id": "string"}),
    ("Write", "jeonsong", "메시지를 전송합니다", {"text": "string"}),
    # hardly a definition
    ("Execute", "do_it", "", {}),
    ("Execute", "my_tool", "", {}),
    ("Read", "weather_forecast", "", {"city": "string"}),
]


@pytest.mark.parametrize(("category", "name", "description", "parameters"), CASES, ids=lambda value: str(value)[:40])
def test_settled_cases(category: Category, name: str, description: str, parameters: dict[str, Any]) -> None:
    decision = decide(name, description, **parameters)
    assert decision.category == category, [match.rule.id for match in decision.matches]


def test_a_decision_says_which_sources_spoke() -> None:
    assert decide("delete_user", "Deletes a user").sources == "both verbs agree"
    assert decide("delete_user").sources == "name alone"
    assert decide("thing", "Deletes a user").sources == "text's verb"
    assert decide("stop_item", "Deletes an item").sources == "verbs differ"
    assert decide("weather").sources == "nouns of the name"
    assert decide("xx").sources == "nothing"
    assert decide("execute_command", "Runs a command", command="string").sources == "rules agree"


def test_the_author_may_raise_what_is_unsure_and_lower_it_only_where_the_text_reads() -> None:
    assert decide("weather", annotations={"readOnlyHint": False}).category == "Write"
    assert decide("get_weather", "Gets the weather", annotations={"readOnlyHint": False}).category == "Read"
    assert decide("stop_watch", "Shows the time", annotations={"readOnlyHint": True}).category == "Read"
    assert decide("delete_user", "Deletes a user", annotations={"readOnlyHint": True}).category == "Write"


def test_annotations_that_are_no_booleans_say_nothing() -> None:
    assert decide("weather", annotations={"readOnlyHint": "false"}).category == "Read"
