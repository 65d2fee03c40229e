"""What a launcher is: a command that starts a server, with a small grammar of its own on its command line."""

from collections.abc import Callable, Sequence
from typing import Protocol

from toolcensus.records import Record


class Launch(Record, frozen=True):
    """What a command line starts: a package, a local file or folder, or a server elsewhere; else only a reason.

    `path` is as written; it may be relative to the folder in which the client starts the command. `reason` says why
    there is nothing to read, or what was assumed.
    """

    purl: str | None = None
    path: str | None = None
    url: str | None = None
    reason: str = ""


Read = Callable[[Sequence[str]], Launch]
"""Tells what an inner command line starts: `cmd /c npx …` is for `npx` to tell."""


class Launcher(Protocol):
    """A module of `gateway/launchers/`. It reads words alone, and starts nothing."""

    COMMANDS: frozenset[str]
    """The bare names under which it is called."""

    def launch(self, command: str, words: list[str], read: Read) -> Launch:
        """Tell what `command words…` starts."""
        ...
