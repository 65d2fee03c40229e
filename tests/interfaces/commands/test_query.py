import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


def test_without_words_the_worst_comes_first_and_what_is_not_labelled_says_so(run: Run, census: str) -> None:
    answer = run("query", "--db", census)
    assert [line.split() for line in answer.out.splitlines()] == [
        ["risk", "category", "tool", "server", "why"],
        ["critical", "Execute", "run_command", "org-server-files", "It", "runs", "any", "command."],
        [
            "high",
            "Write",
            "deleteFile",
            "org-server-files",
            "It",
            "deletes",
            "the",
            "file",
            "that",
            "the",
            "caller",
            "names.",
        ],
        ["not", "labelled", "list_files", "org-server-files"],
    ]
    assert "3 tools." in answer.err
    assert "toolcensus classify" in answer.err


def test_a_narrow_terminal_gets_a_narrow_table(run: Run, census: str) -> None:
    lines = run("query", "--db", census, columns=60).out.splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[0].split() == ["risk", "category", "tool", "server"]


@pytest.mark.parametrize(
    ("arguments", "tools"),
    [
        (["delete"], ["deleteFile"]),
        (["delete", "file"], ["deleteFile"]),
        (["command"], ["run_command"]),
        (["--risk", "high", "--risk", "CRITICAL"], ["run_command", "deleteFile"]),
        (["--category", "write"], ["deleteFile"]),
        (["--effect", "code"], ["run_command"]),
        (["--server", "org", "--limit", "1", "--page", "2"], ["deleteFile"]),
        (["--source", "starter", "file"], ["list_files", "deleteFile"]),
        (["--source", "npm"], []),
    ],
)
def test_words_and_filters_as_json(run: Run, census: str, arguments: list[str], tools: list[str]) -> None:
    answer = run("query", *arguments, "--db", census, "--json")
    assert answer.code == 0
    assert sorted(row["tool"] for row in json.loads(answer.out)) == sorted(tools)


def test_pages_say_where_the_next_one_is(run: Run, census: str) -> None:
    assert "1 to 2 of 3 tools. More: --page 2" in run("query", "--limit", "2", "--db", census).err
    assert "no such page" in run("query", "--page", "9", "--db", census).err
    assert run("query", "--quiet", "--db", census).err == ""


def test_strangers_text_cannot_style_the_terminal(run: Run, census: str) -> None:
    shown = run("show", "org-server-files", "run_command", "--db", census).out
    assert "Run any command [bold]now[/bold]�[31m" in shown
    assert "\x1b" not in shown


def test_an_empty_answer_says_what_to_do(run: Run, census: str, empty: str) -> None:
    assert "No tool fits." in run("query", "nothing", "--db", census).err
    assert "Next: toolcensus crawl" in run("query", "--db", empty).err


def test_sql_is_answered_as_a_table_or_as_json(run: Run, census: str) -> None:
    sql = "SELECT tool, risk FROM catalogue ORDER BY tool LIMIT 2"
    assert json.loads(run("query", "--sql", sql, "--json", "--db", census).out) == [
        {"tool": "deleteFile", "risk": "high"},
        {"tool": "list_files", "risk": None},
    ]
    assert [line.split() for line in run("query", "--sql", sql, "--db", census).out.splitlines()] == [
        ["tool", "risk"],
        ["deleteFile", "high"],
        ["list_files", "null"],
    ]


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        (["--sql", "DELETE FROM tool"], "--sql only reads", "use SELECT"),
        (["--sql", "SELECT 1", "word"], "--sql stands alone", "WHERE"),
        (["--risk", "huge"], "--risk does not know huge", "low, medium, high, critical"),
        (["--effect", "boom"], "--effect does not know boom", "destructive"),
        (["--server", "nobody"], "no server in the index is called nobody", "list the servers"),
        (["!!"], "there is no word to search for", "letters or digits"),
    ],
)
def test_a_mistake_is_one_line_and_a_next_step(
    run: Run, census: str, arguments: list[str], message: str, advice: str
) -> None:
    answer = run("query", *arguments, "--db", census)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert advice in answer.err


def test_a_missing_index_says_to_crawl(run: Run, tmp_path: Any) -> None:
    answer = run("query", "x", "--db", str(tmp_path / "none.db"))
    assert answer.code == 2
    assert "toolcensus crawl" in answer.err
