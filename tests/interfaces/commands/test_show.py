import json
from collections.abc import Callable
from typing import Any

import pytest

from toolcensus import database, store
from toolcensus.records import Server

Run = Callable[..., Any]


def test_a_server_shows_how_it_was_read_and_its_tools_worst_first(run: Run, census: str) -> None:
    answer = run("show", "org-server-files", "--db", census)
    assert answer.code == 0
    assert "3 tools from pkg:npm/%40org/server-files@1.0.0, 2026-01-01" in answer.out
    assert "src/more.ts:3: its name is computed" in answer.out
    order = [answer.out.index(name) for name in ("run_command", "deleteFile", "list_files")]
    assert order == sorted(order)


def test_a_server_that_could_not_be_listed_says_why_and_is_not_called_safe(run: Run, census: str) -> None:
    answer = run("show", "mail", "--db", census)
    assert "no-source: it holds no code" in answer.out
    assert "unknown, which is not the same as safe" in answer.err


def test_a_server_that_was_never_asked_says_how_to_ask_it(run: Run, census: str) -> None:
    engine = database.open_index(census)
    with engine.begin() as connection:
        store.save_server(connection, Server(key="pkg:npm/new", slug="new", name="New"), evidence={})
    engine.dispose()
    assert "toolcensus crawl --server pkg:npm/new" in run("show", "new", "--db", census).err


def test_a_tool_shows_everything_that_its_label_rests_on(run: Run, census: str) -> None:
    shown = run("show", "@org/server-files", "deleteFile", "--db", census).out
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    for line in (
        "deleteFile pkg:npm/%40org/server-files",
        "Write, high risk, confidence 0.93",
        "effects: destructive, filesystem",
        "Forever.",
        "--write",
        "It deletes the file that the caller names.",
        "name “delete” deletes",
        "/inputSchema/properties/path “path” a path of the caller's choice",
        "/inputSchema/properties/path/description “file” a file",
        "defined in src/index.ts:12",
    ):
        assert line in lines


def test_the_recommended_policy_can_be_copied_as_it_stands(run: Run, census: str) -> None:
    shown = run("show", "org-server-files", "run_command", "--db", census, columns=40).out
    policy = json.loads(shown[shown.index("\n{\n") : shown.index("\n}\n") + 3])
    assert (policy["version"], policy["default"], list(policy["tools"])) == ("1", "deny", ["run_command"])
    assert "waits for a" in shown
    assert "It says too little." in run("show", "org-server-files", "run_command", "--db", census).out


def test_a_tool_that_is_not_labelled_is_not_called_safe(run: Run, census: str) -> None:
    answer = run("show", "org-server-files", "list_files", "--db", census)
    assert "not labelled yet: unknown, not safe" in answer.out
    assert "toolcensus classify" in answer.err


def test_json_holds_the_same_facts(run: Run, census: str) -> None:
    server = json.loads(run("show", "org-server-files", "--db", census, "--json").out)
    assert server["server"]["key"] == "pkg:npm/%40org/server-files"
    assert [tool["tool"] for tool in server["tools"]] == ["run_command", "deleteFile", "list_files"]
    tool = json.loads(run("show", "org-server-files", "deleteFile", "--db", census, "--json").out)
    assert tool["quotes"][2] == {
        "field": "/inputSchema/properties/path/description",
        "words": "file",
        "shows": "a file",
    }
    assert tool["stored"]["tool"]["inputSchema"]["type"] == "object"
    assert tool["policy"]["tools"]["deleteFile"]


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        (
            ["server-files"],
            "no server in the index is called server-files",
            "did you mean pkg:npm/%40org/server-files?",
        ),
        (["mail", "send"], "pkg:pypi/mail has no tool called send", "toolcensus show pkg:pypi/mail"),
        (["org", "delete_file"], "has no tool called delete_file", "did you mean deleteFile"),
    ],
)
def test_what_is_not_there_gets_the_nearest(
    run: Run, census: str, arguments: list[str], message: str, advice: str
) -> None:
    answer = run("show", *arguments, "--db", census)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert advice in answer.err
