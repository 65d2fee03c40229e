"""`toolcensus sources`, and `crawl` of sources that endpoints files name."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interfaces.main import main

Answer = tuple[int, str, str]


@pytest.fixture
def toolcensus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Give the command line as a function: exit code, answer, talk (on one line)."""
    monkeypatch.setenv("TOOLCENSUS_DB", str(tmp_path / "index.db"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for key in ("GITHUB_TOKEN", "GLAMA_API_KEY", "SMITHERY_API_KEY", "PULSEMCP_API_KEY"):
        monkeypatch.delenv(key, raising=False)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["toolcensus", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int | None)
        return code or 0, printed.out, " ".join(printed.err.split())

    return run


@pytest.fixture
def endpoints(loopback: Any, tmp_path: Path) -> str:
    """Give an endpoints file that asks Cline's marketplace at the loopback."""
    marketplace = [{"mcpId": "github.com/a/kite", "githubUrl": "https://github.com/a/kite"}]
    loopback.serve("/v1/mcp/marketplace", json.dumps(marketplace).encode())
    path = tmp_path / "endpoints.toml"
    path.write_text(f'cline = "{loopback.url}"\n')
    return str(path)


def by_name(toolcensus: Callable[..., Answer]) -> dict[str, Any]:
    code, answer, _ = toolcensus("sources", "--json")
    assert code == 0
    return {entry["name"]: entry for entry in json.loads(answer)}


def test_sources_say_what_they_are_and_need_before_there_is_an_index(toolcensus: Callable[..., Answer]) -> None:
    found = by_name(toolcensus)
    assert {"official", "github-mcp", "pulsemcp", "glama", "smithery", "cline", "starter"} <= found.keys()
    assert (found["pulsemcp"]["key"], found["pulsemcp"]["key_needed"]) == ("PULSEMCP_API_KEY", True)
    assert (found["cline"]["last_read"], found["cline"]["servers"]) == (None, 0)
    assert all(entry["summary"] and entry["homepage"] and entry["licence"] for entry in found.values())


def test_source_that_was_read_says_when_and_with_what_result(toolcensus: Callable[..., Answer], endpoints: str) -> None:
    code, answer, _ = toolcensus("crawl", "--source", "cline", "--endpoints", endpoints, "--pace", "none", "--json")
    report = json.loads(answer)
    assert (code, report["resolved"]["servers"]) == (1, 1), "a reading that small is told with the exit code"
    assert report["sources"][0]["is_unexpected"]
    entry = by_name(toolcensus)["cline"]
    assert (entry["outcome"], entry["servers"]) == ("complete", 1)
    assert entry["last_read"]
    assert entry["note"] == "1 servers, where 100 to 10,000 are expected: nothing is retired"
    assert entry["last_read"] in toolcensus("sources")[1]


def test_source_that_cannot_be_read_is_exit_1_beside_one_that_can(
    toolcensus: Callable[..., Answer], loopback: Any, endpoints: str
) -> None:
    with Path(endpoints).open("a") as file:
        file.write(f'github-mcp = "{loopback.url}/nowhere"\n')
    order = ("--endpoints", endpoints, "--pace", "none", "--json")
    code, answer, _ = toolcensus("crawl", "--source", "cline", "--source", "github-mcp", *order)
    outcomes = {one["source"]: one["outcome"] for one in json.loads(answer)["sources"]}
    assert (code, outcomes) == (1, {"cline": "complete", "github-mcp": "failed"})
    assert toolcensus("crawl", "--source", "github-mcp", *order)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--source", "official", "--pace", "none"], "--pace none is refused for registry.modelcontextprotocol.io"),
        (["--source", "smithery"], "set SMITHERY_API_KEY in the environment"),
        (["--source", "cline", "--endpoints", "missing.toml"], "missing.toml cannot be read"),
    ],
)
def test_misuse_gets_one_line_and_exit_2(toolcensus: Callable[..., Answer], arguments: list[str], line: str) -> None:
    code, answer, talk = toolcensus("crawl", *arguments)
    assert (code, answer) == (2, "")
    assert line in talk


def test_list_that_travels_with_the_program_says_when_it_was_read(toolcensus: Callable[..., Answer]) -> None:
    assert by_name(toolcensus)["starter"]["last_read"] is None
    assert toolcensus("crawl", "--source", "starter", "--listings", "")[0] in {0, 2}
    entry = by_name(toolcensus)["starter"]
    assert entry["last_read"]
    assert (entry["outcome"], entry["servers"] > 90) == ("complete", True)
