"""`toolcensus scan` on a made-up home folder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from interfaces.main import build

SOURCE = '''
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("notes")

@mcp.tool()
def list_notes() -> list[str]:
    """List the titles of all notes."""
    return []
'''


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty home folder and an empty project folder, in which the command runs; no index."""
    folder = tmp_path / "home"
    (folder / ".cursor").mkdir(parents=True)
    (tmp_path / "project").mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("TOOLCENSUS_DB", str(tmp_path / "missing.db"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path / "project")
    return folder


def configure(home: Path, **servers: dict[str, object]) -> None:
    (home / ".cursor/mcp.json").write_text(json.dumps({"mcpServers": servers}))


def run(*words: str) -> Result:
    return CliRunner().invoke(build(), ["scan", "--no-fetch", *words])


def test_a_person_reads_what_each_server_can_do(home: Path) -> None:
    (home / "notes.py").write_text(SOURCE)
    configure(home, notes={"command": "python", "args": ["~/notes.py"]}, other={"command": "npx", "args": ["other"]})
    result = run()
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["client", "server", "starts", "tools", "risk", "it", "can"]
    assert lines[1][:6] == ["Cursor", "other", "npm/other", "–", "unknown", "not"]
    assert lines[2][:6] == ["Cursor", "notes", "python", "~/notes.py", "1", "low"]
    assert "2 servers in 1 file, 1 tool" in result.output
    assert "1 unknown, which does not mean harmless" in result.output


def test_a_program_gets_json_without_secrets(home: Path) -> None:
    configure(home, one={"command": "npx", "args": ["one", "--key", "hunter2"], "env": {"KEY": "hunter2"}})
    result = run("--json")
    (server,) = json.loads(result.output)["servers"]
    assert (server["command"], server["env_names"], server["risk"]) == ("npx one --key ***", ["KEY"], "unknown")
    assert "hunter2" not in result.output


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--fail-on", "critical"), 1), (("--fail-on", "low"), 1)])
def test_an_unknown_server_fails_only_where_that_is_asked_for(home: Path, words: tuple[str, ...], code: int) -> None:
    configure(home, other={"command": "npx", "args": ["other"]})
    assert run(*words).exit_code == code


@pytest.mark.parametrize(("risk", "code"), [("medium", 0), ("low", 1)])
def test_a_risk_below_the_named_one_does_not_fail(home: Path, risk: str, code: int) -> None:
    (home / "notes.py").write_text(SOURCE)
    configure(home, notes={"command": "python", "args": ["~/notes.py"]})
    assert run("--fail-on", risk).exit_code == code


@pytest.mark.usefixtures("home")
def test_without_any_configuration_it_says_where_it_looked_and_what_to_do() -> None:
    result = run()
    assert result.exit_code == 0
    assert ".cursor/mcp.json" in result.output
    assert "toolcensus scan PATH" in result.output


@pytest.mark.usefixtures("home")
def test_a_strangers_names_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(json.dumps({"mcpServers": {"\x1b[31m[bold]x": {"command": "\x1b]0;y"}}}))
    output = run(str(path)).output
    assert "\x1b" not in output
    assert "[bold]x" in output
