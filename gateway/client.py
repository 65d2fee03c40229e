"""What a client is: a program that starts MCP servers, and that keeps in files which ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from toolcensus.records import Record

System = Literal["macos", "linux", "windows"]
Level = Literal["user", "project", "system"]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where one person's files are: their home, and the folder in which programs keep their settings.

    `settings` is `~/Library/Application Support` on macOS, `~/.config` on Linux, `%APPDATA%` on Windows.
    """

    system: System
    home: Path
    settings: Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where configurations may be: a glob pattern relative to a folder, of which nothing need exist."""

    folder: Path
    pattern: str
    level: Level = "user"


class ConfiguredServer(Record, frozen=True):
    """One server as a client's configuration names it; secrets are masked, variables' values are never kept.

    `where` is the JSON pointer inside the document, `project` the folder for which alone it is configured, if any.
    """

    name: str
    where: str
    command: str | None = None
    args: tuple[str, ...] = ()
    env_names: tuple[str, ...] = ()
    url: str | None = None
    transport: Literal["stdio", "http", "sse"] | None = None
    folder: str | None = None
    project: str | None = None
    disabled: bool = False


class Client(Protocol):
    """A module of `gateway/clients/`."""

    NAME: str
    PROJECT_FILES: tuple[str, ...]
    """Where it looks inside a project's folder."""

    def user_files(self, machine: Machine) -> tuple[Place, ...]:
        """Return where it looks outside of projects."""
        ...

    def servers(self, document: bytes) -> tuple[ConfiguredServer, ...]:
        """Read the servers that one configuration names; raise InputError where it cannot be read."""
        ...
