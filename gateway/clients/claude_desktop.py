"""Claude Desktop: `mcpServers` in one file of its settings folder."""

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "Claude Desktop"
PROJECT_FILES: tuple[str, ...] = ()


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return (Place(machine.settings, "Claude/claude_desktop_config.json"),)


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    return servers_at(read_json(document), "mcpServers")
