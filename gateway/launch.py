"""Which package, script or address a configured command starts, told from its words alone; nothing is ever started.

What cannot be told is said, with the reason: no answer is a guess.
"""

from collections.abc import Sequence
from typing import cast

from gateway import launchers
from gateway.commandline import SCRIPTS, is_path, program, split
from gateway.launcher import Launch, Launcher
from toolcensus import shelf

DEEPEST = 6
"""How many launchers may stand one in another: `cmd /c npx tsx server.ts`."""

LAUNCHERS: dict[str, Launcher] = {
    command: cast("Launcher", module) for module in shelf.modules(launchers) for command in sorted(module.COMMANDS)
}


def read(command: str, args: Sequence[str] = ()) -> Launch:
    """Tell what a command line starts."""
    words = [command, *args]
    if not args and " " in command.strip() and not is_path(command):
        words = split(command) or words
    return _read(words, DEEPEST)


def _read(words: Sequence[str], depth: int) -> Launch:
    if not words or depth == 0:
        return Launch(reason="the command line names no program that can be told")
    name = program(words[0])
    if launcher := LAUNCHERS.get(name):
        return launcher.launch(name, list(words[1:]), lambda inner: _read(inner, depth - 1))
    if words[0].lower().endswith(SCRIPTS):
        return Launch(path=words[0])
    return Launch(reason=f"`{name[:100]}` is a program of its own; which package it comes from is not written here")
