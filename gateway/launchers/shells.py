"""Commands that start another command: shells, `env`, and tools that fetch secrets first."""

from gateway.commandline import split
from gateway.launcher import Launch, Read

LINES = {
    "sh": "-c", "bash": "-c", "zsh": "-c", "dash": "-c", "fish": "-c",
    "cmd": "/c", "powershell": "-command", "pwsh": "-command",
}  # fmt: skip
"""Shells, by the option that a line follows; `bash -lc` ends with it too."""
PREFIXES = frozenset({"env", "nohup", "sudo", "time", "wsl", "caffeinate", "nice"})
AFTER_DASHES = frozenset({"op", "doppler", "infisical", "dotenv", "aws-vault", "direnv", "vlt", "chamber"})
COMMANDS = frozenset(LINES) | PREFIXES | AFTER_DASHES


def launch(command: str, words: list[str], read: Read) -> Launch:
    """Tell what the inner command starts."""
    if command in AFTER_DASHES:
        inner = words[words.index("--") + 1 :] if "--" in words else []
    elif command in PREFIXES:
        inner = _after_settings(words)
    else:
        inner = _line(words, LINES[command])
    return read(inner) if inner else Launch(reason=f"`{command}` starts something that cannot be told from its words")


def _after_settings(words: list[str]) -> list[str]:
    """Drop options and `NAME=value` in front of a command."""
    for at, word in enumerate(words):
        if not word.startswith("-") and "=" not in word.split("/")[0]:
            return words[at:]
    return []


def _line(words: list[str], option: str) -> list[str]:
    """Return the command of a shell's line: Windows shells take it in pieces, the others as one word."""
    for at, word in enumerate(words):
        given = word.lower()
        if given == option or (option == "-c" and given.startswith("-") and given.endswith("c")):
            rest = words[at + 1 :]
            return rest if len(rest) > 1 and option != "-c" else split(rest[0]) if rest else []
    return []
