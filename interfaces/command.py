"""What a command is: a module of `interfaces/commands/` with a function of the command's own name.

`NAME` is the word a person types, `command` the function whose signature is its options and whose docstring its help.
The help ends with an example that runs. `PANEL` groups commands in the overview.
"""

from collections.abc import Callable
from typing import Any, Protocol


class Command(Protocol):
    """A module of `interfaces/commands/`."""

    NAME: str
    PANEL: str
    command: Callable[..., Any]
