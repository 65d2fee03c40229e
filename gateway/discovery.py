"""Finds the configurations of MCP clients on this machine, and reads which servers they name."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from gateway import clients
from gateway.client import Client, ConfiguredServer, Machine, Place
from gateway.jsonc import LARGEST_DOCUMENT
from toolcensus import shelf
from toolcensus.errors import InputError, LimitError, ToolcensusError

SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".cache"})
MOST_ENTRIES = 500_000
ANYBODYS_NAMES = frozenset({"settings.json", "config.toml"})
"""File names that say nothing without their folder."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One file that was found: the client's name, the servers it names, or the problem with reading it.

    `folder` is the project's, in which relative paths of its servers begin; None for a user's own configuration.
    """

    client: str
    path: Path
    folder: Path | None = None
    servers: tuple[ConfiguredServer, ...] = ()
    problem: str = ""


def this_machine(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Machine:
    """Describe the machine that this program runs on."""
    environment = os.environ if environment is None else environment
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "darwin":
        return Machine("macos", home, home / "Library" / "Application Support")
    if platform == "win32":
        return Machine("windows", home, Path(environment.get("APPDATA") or home / "AppData" / "Roaming"))
    return Machine("linux", home, Path(environment.get("XDG_CONFIG_HOME") or home / ".config"))


def shelf_of_clients() -> tuple[Client, ...]:
    """Return the clients, sorted by their modules' names."""
    return tuple(cast("Client", module) for module in shelf.modules(clients))


def usual_places(machine: Machine, folder: Path) -> tuple[tuple[Client, Place], ...]:
    """Return everywhere that the clients look, for this person and in this project's folder."""
    return tuple(
        (client, place)
        for client in shelf_of_clients()
        for place in (
            *client.user_files(machine),
            *(Place(folder, pattern, "project") for pattern in client.PROJECT_FILES),
        )
    )


def find(machine: Machine, folder: Path) -> tuple[Configuration, ...]:
    """Read every configuration that exists in the usual places, each file once."""
    found: dict[Path, Configuration] = {}
    for client, place in usual_places(machine, folder):
        project = place.folder if place.level == "project" else None
        for path in sorted(place.folder.glob(place.pattern)):
            if path.is_file():
                found.setdefault(path.resolve(), _read(client, path, project))
    return tuple(found.values())


def find_in(paths: Sequence[Path], machine: Machine) -> tuple[Configuration, ...]:
    """Read the named files, and the configurations in the named folders; raise InputError for a missing one."""
    names = {name for client in shelf_of_clients() for name in _own_names(client, machine)}
    found: dict[Path, Configuration] = {}
    for path in paths:
        if path.is_dir():
            for inner in _walk(path):
                if inner.name in names and (client := _client_of(inner, machine)):
                    found.setdefault(inner.resolve(), _read(client, inner, _project(client, inner)))
        elif path.is_file():
            found.setdefault(path.resolve(), _read_named(path, machine))
        else:
            raise InputError(f"{path} is no file and no folder", advice="name a configuration, or a folder to look in")
    return tuple(found.values())


def _walk(top: Path) -> Iterator[Path]:
    """Yield the files below a folder, sorted; links are not followed."""
    seen = 0
    for folder, names, files in os.walk(top):
        names[:] = sorted(set(names) - SKIPPED_FOLDERS)
        seen += len(files)
        if seen > MOST_ENTRIES:
            raise LimitError(f"{top} holds more than {MOST_ENTRIES:,} files", advice="name a smaller folder")
        yield from (Path(folder, name) for name in sorted(files))


def _patterns(client: Client, machine: Machine) -> tuple[str, ...]:
    return (*client.PROJECT_FILES, *(place.pattern for place in client.user_files(machine)))


def _client_of(path: Path, machine: Machine) -> Client | None:
    """Return the client that keeps its servers in a file of this name: in its folder, else by a name of its own."""
    by_folder = [one for one in shelf_of_clients() if any(path.match(pattern) for pattern in _patterns(one, machine))]
    if by_folder or path.name in ANYBODYS_NAMES:
        return by_folder[0] if by_folder else None
    return next((one for one in shelf_of_clients() if path.name in _own_names(one, machine)), None)


def _own_names(client: Client, machine: Machine) -> set[str]:
    return {Path(pattern).name for pattern in _patterns(client, machine)}


def _project(client: Client, path: Path) -> Path | None:
    """Return the folder of the project that a file belongs to, None where it is a user's own."""
    for pattern in client.PROJECT_FILES:
        if path.match(pattern):
            return path.parents[len(Path(pattern).parts) - 1]
    return None


def _read_named(path: Path, machine: Machine) -> Configuration:
    """Read a file that a person named: as its client would, else as the first client that finds servers in it."""
    likely = _client_of(path, machine)
    others = [one for one in shelf_of_clients() if one is not likely]
    readings = [_read(one, path, _project(one, path)) for one in ([likely] if likely else []) + others]
    return next((one for one in readings if one.servers), next((r for r in readings if not r.problem), readings[0]))


def _read(client: Client, path: Path, project: Path | None) -> Configuration:
    """Read one file; what is wrong with it is part of the answer, since it may hide servers."""
    try:
        with path.open("rb") as file:
            document = file.read(LARGEST_DOCUMENT + 1)
        return Configuration(client.NAME, path, project, servers=client.servers(document))
    except OSError as error:
        return Configuration(client.NAME, path, project, problem=f"it cannot be opened: {error.strerror}")
    except ToolcensusError as error:
        return Configuration(client.NAME, path, project, problem=error.message)
