"""The shelf of clients: where each looks on each system, and what a sample of its configuration says."""

from pathlib import Path
from types import ModuleType

import pytest

from gateway import clients
from gateway.client import Machine
from toolcensus import shelf
from toolcensus.errors import InputError

SHELF = {module.__name__.rpartition(".")[2]: module for module in shelf.modules(clients)}
SAMPLES = Path(__file__).parent
HOME = Path("/home/somebody")
MACHINES = {
    "macos": Machine("macos", HOME, HOME / "Library/Application Support"),
    "linux": Machine("linux", HOME, HOME / ".config"),
    "windows": Machine("windows", HOME, HOME / "AppData/Roaming"),
}


def sample(name: str) -> bytes:
    (found,) = SAMPLES.glob(f"{name}.sample.*")
    return found.read_bytes()


def test_the_shelf_is_what_the_folder_holds() -> None:
    assert [module.NAME for module in SHELF.values()] == [
        "Claude Code",
        "Claude Desktop",
        "Cline",
        "Codex",
        "Copilot CLI",
        "Cursor",
        "Gemini CLI",
        "VS Code",
        "Windsurf",
        "Zed",
    ]


@pytest.mark.parametrize(
    ("name", "system", "first"),
    [
        ("claude_desktop", "macos", "Library/Application Support/Claude/claude_desktop_config.json"),
        ("claude_desktop", "linux", ".config/Claude/claude_desktop_config.json"),
        ("claude_desktop", "windows", "AppData/Roaming/Claude/claude_desktop_config.json"),
        ("claude_code", "linux", ".claude.json"),
        ("cursor", "windows", ".cursor/mcp.json"),
        ("vscode", "macos", "Library/Application Support/Code/User/mcp.json"),
        ("vscode", "linux", ".config/Code/User/mcp.json"),
        ("windsurf", "macos", ".codeium/windsurf/mcp_config.json"),
        ("gemini_cli", "linux", ".gemini/settings.json"),
        ("codex", "linux", ".codex/config.toml"),
        ("copilot", "linux", ".copilot/mcp-config.json"),
        ("cline", "linux", ".cline/data/settings/cline_mcp_settings.json"),
        ("zed", "macos", ".config/zed/settings.json"),
        ("zed", "linux", ".config/zed/settings.json"),
        ("zed", "windows", "AppData/Roaming/Zed/settings.json"),
    ],
)
def test_where_a_client_keeps_its_users_servers(name: str, system: str, first: str) -> None:
    place = SHELF[name].user_files(MACHINES[system])[0]
    assert place.folder / place.pattern == HOME / first


def test_where_projects_keep_theirs() -> None:
    files = {name: module.PROJECT_FILES for name, module in SHELF.items() if module.PROJECT_FILES}
    assert files == {
        "claude_code": (".mcp.json",),
        "codex": (".codex/config.toml",),
        "cursor": (".cursor/mcp.json",),
        "gemini_cli": (".gemini/settings.json",),
        "vscode": (".vscode/mcp.json", ".vscode/settings.json"),
        "zed": (".zed/settings.json",),
    }


@pytest.mark.parametrize("module", SHELF.values(), ids=SHELF)
def test_every_client_reads_its_sample(module: ModuleType) -> None:
    """Each sample configures a package, a remote server and one that is neither, with secrets in every place."""
    found = module.servers(sample(module.__name__.rpartition(".")[2]))
    servers = {server.name: server for server in found}
    assert set(servers) >= {"files", "remote", "broken"}
    files, remote, broken = servers["files"], servers["remote"], servers["broken"]
    assert (files.command, files.args) == ("npx", ("-y", "@example/files@1.2.3", "--token", "***"))
    assert (files.env_names, files.transport) == (("API_KEY",), "stdio")
    assert (remote.command, remote.url, remote.transport) == (None, "https://mcp.example.org/mcp", "http")
    assert (broken.command, broken.url, broken.transport) == (None, None, None)
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("module", SHELF.values(), ids=SHELF)
@pytest.mark.parametrize("document", [b"", b"   \n"])
def test_an_empty_file_configures_nothing(module: ModuleType, document: bytes) -> None:
    assert module.servers(document) == ()


@pytest.mark.parametrize("module", SHELF.values(), ids=SHELF)
@pytest.mark.parametrize("document", [b"{", b"\xff\xfe", b"[[1"])
def test_a_file_that_cannot_be_read_is_an_error(module: ModuleType, document: bytes) -> None:
    with pytest.raises(InputError):
        module.servers(document)


def test_servers_of_one_user_in_one_project_name_the_project() -> None:
    found = {server.name: server for server in SHELF["claude_code"].servers(sample("claude_code"))}
    assert found["mine"].project == "/srv/project"
    assert found["mine"].where == "/projects/~1srv~1project/mcpServers/mine"


def test_older_settings_of_vs_code_hold_servers_under_mcp() -> None:
    (server,) = SHELF["vscode"].servers(b'{"mcp": {"servers": {"old": {"command": "x"}}}}')
    assert server.where == "/mcp/servers/old"


def test_an_older_command_of_zed_is_an_object() -> None:
    document = b'{"context_servers": {"old": {"command": {"path": "npx", "args": ["name"], "env": {"A": "b"}}}}}'
    (server,) = SHELF["zed"].servers(document)
    assert (server.command, server.args, server.env_names) == ("npx", ("name",), ("A",))
