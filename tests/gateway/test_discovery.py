"""Configurations are found where clients keep them, or where a person says; none is skipped silently."""

from pathlib import Path

import pytest

from gateway.client import Machine
from gateway.discovery import find, find_in, this_machine
from toolcensus.errors import InputError

ONE = '{"mcpServers": {"one": {"command": "npx", "args": ["one"]}}}'
VSCODE = '{"servers": {"code": {"command": "npx", "args": ["code"]}}}'


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine("linux", tmp_path / "home", tmp_path / "home/.config")


def test_every_usual_place_is_read(machine: Machine, tmp_path: Path) -> None:
    project = tmp_path / "project"
    write(machine.home / ".claude.json", ONE)
    write(machine.settings / "Claude/claude_desktop_config.json", ONE)
    write(machine.settings / "Code/User/profiles/work/mcp.json", VSCODE)
    write(project / ".mcp.json", ONE)
    write(project / ".vscode/mcp.json", VSCODE)
    found = find(machine, project)
    assert [(one.client, one.path.name, one.folder, len(one.servers)) for one in found] == [
        ("Claude Code", ".claude.json", None, 1),
        ("Claude Code", ".mcp.json", project, 1),
        ("Claude Desktop", "claude_desktop_config.json", None, 1),
        ("VS Code", "mcp.json", None, 1),
        ("VS Code", "mcp.json", project, 1),
    ]


def test_a_file_is_read_once_though_two_places_lead_to_it(machine: Machine) -> None:
    write(machine.home / ".cursor/mcp.json", ONE)
    assert len(find(machine, machine.home)) == 1


def test_no_configuration_is_no_error(machine: Machine, tmp_path: Path) -> None:
    assert find(machine, tmp_path) == ()


def test_a_file_that_cannot_be_read_is_found_with_its_problem(machine: Machine, tmp_path: Path) -> None:
    write(machine.home / ".cursor/mcp.json", '{"mcpServers": ')
    (found,) = find(machine, tmp_path)
    assert found.servers == ()
    assert "it is no JSON" in found.problem


def test_a_folder_is_searched_for_every_clients_files(machine: Machine, tmp_path: Path) -> None:
    write(tmp_path / "a/.mcp.json", ONE)
    write(tmp_path / "b/deep/.vscode/mcp.json", VSCODE)
    write(tmp_path / "b/claude_desktop_config.json", ONE)
    write(tmp_path / "b/settings.json", ONE)
    write(tmp_path / "node_modules/c/.mcp.json", ONE)
    found = {str(one.path.relative_to(tmp_path)): one for one in find_in([tmp_path], machine)}
    assert {name: one.client for name, one in found.items()} == {
        "a/.mcp.json": "Claude Code",
        "b/claude_desktop_config.json": "Claude Desktop",
        "b/deep/.vscode/mcp.json": "VS Code",
    }
    assert found["b/deep/.vscode/mcp.json"].folder == tmp_path / "b/deep"


@pytest.mark.parametrize(
    ("name", "text", "client"),
    [
        ("servers.json", VSCODE, "VS Code"),
        ("mcp.json", VSCODE, "VS Code"),
        ("anything.txt", ONE, "Claude Code"),
        ("codex.toml", '[mcp_servers.one]\ncommand = "npx"', "Codex"),
    ],
)
def test_a_named_file_is_read_by_what_it_holds(
    machine: Machine, tmp_path: Path, name: str, text: str, client: str
) -> None:
    (found,) = find_in([write(tmp_path / name, text)], machine)
    assert (found.client, len(found.servers), found.problem) == (client, 1, "")


def test_a_named_file_that_no_client_can_read_keeps_the_problem(machine: Machine, tmp_path: Path) -> None:
    (found,) = find_in([write(tmp_path / "claude_desktop_config.json", "{")], machine)
    assert (found.client, found.servers) == ("Claude Desktop", ())
    assert "it is no JSON" in found.problem


def test_a_path_that_is_not_there_is_misuse(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no file and no folder"):
        find_in([tmp_path / "missing"], machine)


@pytest.mark.parametrize(
    ("platform", "environment", "settings"),
    [
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support"),
        ("linux", {"HOME": "/h"}, "/h/.config"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/c"}, "/c"),
        ("win32", {"USERPROFILE": "/h"}, "/h/AppData/Roaming"),
        ("win32", {"USERPROFILE": "/h", "APPDATA": "/r"}, "/r"),
    ],
)
def test_where_programs_keep_their_settings(platform: str, environment: dict[str, str], settings: str) -> None:
    assert this_machine(environment, platform).settings == Path(settings)
