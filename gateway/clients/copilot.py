"""GitHub Copilot's command line: `mcpServers` of the user; in projects it reads `.mcp.json`, as Claude Code does."""

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "Copilot CLI"
PROJECT_FILES: tuple[str, ...] = ()


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return (Place(machine.home, ".copilot/mcp-config.json"),)


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    return servers_at(read_json(document), "mcpServers")
