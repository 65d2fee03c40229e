"""Gemini CLI: `mcpServers` in the settings of the user or a project; `httpUrl` is streamable HTTP, `url` is SSE."""

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "Gemini CLI"
PROJECT_FILES = (".gemini/settings.json",)


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return (Place(machine.home, ".gemini/settings.json"),)


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    return servers_at(read_json(document), "mcpServers")
