"""Codex: a table `mcp_servers.<name>` for each server, in TOML, of the user or of a project."""

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_toml, servers_at

NAME = "Codex"
PROJECT_FILES = (".codex/config.toml",)


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return (Place(machine.home, ".codex/config.toml"),)


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    return servers_at(read_toml(document), "mcp_servers")
