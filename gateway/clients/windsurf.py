"""Windsurf: `mcpServers` of the user; remote servers stand under `serverUrl`."""

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "Windsurf"
PROJECT_FILES: tuple[str, ...] = ()


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return (Place(machine.home, ".codeium/windsurf/mcp_config.json"),)


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    return servers_at(read_json(document), "mcpServers")
