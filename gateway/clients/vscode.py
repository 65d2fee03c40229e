"""VS Code: `servers` of a workspace's or a profile's `mcp.json`; older versions kept them in the settings."""

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "VS Code"
PROJECT_FILES = (".vscode/mcp.json", ".vscode/settings.json")
EDITIONS = ("Code", "Code - Insiders", "VSCodium")
FILES = ("User/mcp.json", "User/profiles/*/mcp.json", "User/settings.json")


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects."""
    return tuple(Place(machine.settings, f"{edition}/{file}") for edition in EDITIONS for file in FILES)


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    configuration = read_json(document)
    found = servers_at(configuration, "servers") + servers_at(configuration, "mcp.servers")
    if isinstance(configuration.get("mcp"), dict):
        found += servers_at(configuration, "mcp", "servers")
    return found
