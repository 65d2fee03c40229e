"""Claude Code: `mcpServers` of a project's `.mcp.json`, of the user, of one user in one project, or of the company."""

from pathlib import Path

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "Claude Code"
PROJECT_FILES = (".mcp.json",)
COMPANY_FOLDERS = {
    "macos": Path("/Library/Application Support/ClaudeCode"),
    "linux": Path("/etc/claude-code"),
    "windows": Path("C:/Program Files/ClaudeCode"),
}


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return (
        Place(machine.home, ".claude.json"),
        Place(COMPANY_FOLDERS[machine.system], "managed-mcp.json", "system"),
    )


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names; `projects` holds those of one user in one project."""
    configuration = read_json(document)
    found = servers_at(configuration, "mcpServers")
    projects = configuration.get("projects")
    if isinstance(projects, dict):
        for folder, held in sorted(projects.items()):
            found += servers_at(held, "mcpServers", project=folder) if isinstance(held, dict) else ()
    return found
