"""Cline: `mcpServers` in its own folder, or in the storage of its extension of VS Code."""

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "Cline"
PROJECT_FILES: tuple[str, ...] = ()
FILE = "settings/cline_mcp_settings.json"


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return (
        Place(machine.home, f".cline/data/{FILE}"),
        Place(machine.settings, f"Code/User/globalStorage/saoudrizwan.claude-dev/{FILE}"),
    )


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    return servers_at(read_json(document), "mcpServers")
