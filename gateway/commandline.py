"""How command lines are made: options, with a value or without, then words."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

SCRIPTS = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx")
WINDOWS_ENDINGS = (".exe", ".cmd", ".bat", ".ps1")
SHELL_SYNTAX = "();<>|&`$"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command line in parts: options in order, a value where they take one, and the words after them."""

    options: tuple[tuple[str, str | None], ...]
    words: list[str]

    def values(self, *names: str) -> list[str]:
        """Return the values of the options called one of `names`, in order."""
        return [value for name, value in self.options if name in names and value is not None]

    def has(self, *names: str) -> bool:
        """Say whether one of the options is given."""
        return any(name in names for name, _ in self.options)


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which options take a value: those in `valued`, or, where `flags` is given, all but those in `flags`.

    After an option in `last` no more options are read: the rest is for the program that it names.
    """

    valued: tuple[str, ...] = ()
    flags: tuple[str, ...] | None = None
    last: tuple[str, ...] = ()

    def parse(self, words: Sequence[str]) -> Parsed:
        """Read options up to the first word, `--`, or an option that ends them."""
        options: list[tuple[str, str | None]] = []
        at = 0
        while at < len(words) and words[at].startswith("-") and words[at] not in {"-", "--"}:
            name, equals, value = words[at].partition("=")
            at += 1
            if not equals and self._takes_value(name):
                value = words[at] if at < len(words) else ""
                at += 1
            options.append((name, value if equals or value else None))
            if name in self.last:
                break
        else:
            at += words[at : at + 1] == ["--"]
        return Parsed(tuple(options), list(words[at:]))

    def _takes_value(self, name: str) -> bool:
        return name in self.valued if self.flags is None else name not in self.flags


def program(word: str) -> str:
    """Return a command's bare name: no folder, no Windows ending, no version of Python."""
    name = PureWindowsPath(PurePosixPath(word).name).name.lower()
    for ending in WINDOWS_ENDINGS:
        name = name.removesuffix(ending)
    return "python" if name.startswith("python") and not name.removeprefix("python").strip("0123456789.") else name


def is_path(word: str) -> bool:
    """Say whether a word can only be a path: it starts at a root, a home, a variable or this folder."""
    rooted = word.startswith(("/", "./", "../", "~", ".\\", "..\\", "$"))
    return rooted or word in {".", ".."} or word[1:3] in {":\\", ":/"}


def split(line: str) -> list[str]:
    """Split a line as a shell would; nothing where it is more than one plain command."""
    if set(SHELL_SYNTAX) & set(line):
        return []
    try:
        return shlex.split(line)
    except ValueError:
        return []
