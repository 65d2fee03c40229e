"""Zed: `context_servers` in its settings; older versions wrote the command as an object of its own."""

from typing import Any

from gateway.client import ConfiguredServer, Machine, Place
from gateway.configuration import read_json, servers_at

NAME = "Zed"
PROJECT_FILES = (".zed/settings.json",)
KEY = "context_servers"


def user_files(machine: Machine) -> tuple[Place, ...]:
    """Return where it looks outside of projects; on macOS too it is the folder that Linux uses."""
    if machine.system == "macos":
        return (Place(machine.home, ".config/zed/settings.json"),)
    return (Place(machine.settings, "Zed/settings.json" if machine.system == "windows" else "zed/settings.json"),)


def servers(document: bytes) -> tuple[ConfiguredServer, ...]:
    """Read the servers that one configuration names."""
    configuration = read_json(document)
    held = configuration.get(KEY)
    if isinstance(held, dict):
        configuration = {KEY: {name: _flat(entry) for name, entry in held.items()}}
    return servers_at(configuration, KEY)


def _flat(entry: Any) -> Any:
    """Lift `command: {path, args, env}` to the form that everybody uses."""
    if isinstance(entry, dict) and isinstance(command := entry.get("command"), dict):
        return {**entry, **command, "command": command.get("path")}
    return entry
