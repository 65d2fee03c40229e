"""Which of a package's commands is the server."""

import re
from collections.abc import Sequence


def likeliest(name: str, commands: Sequence[str]) -> str:
    """Choose the command that is the server: the package's own name, else one that says MCP, else the shortest."""
    plain = _plain(name)
    return min(commands, key=lambda command: (_plain(command) != plain, "mcp" not in command.lower(), len(command)))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
