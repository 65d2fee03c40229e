"""What can go wrong, as a tree. The command line prints one line and one next step for each.

ToolcensusError
├── InputError            something given to us is wrong: what, where, what to do          (exit 2)
│   └── LimitError        it is larger, deeper or slower than what is read from strangers
├── IndexUnusableError    the index cannot be opened, read or written                      (exit 2)
└── FetchError            something outside could not be read; carries a closed reason     (per server)
"""

from typing import Literal

FetchReason = Literal[
    "dns", "tls", "connect", "timeout", "status", "redirect", "too-large", "refused", "malformed", "robots"
]


class ToolcensusError(Exception):
    """Anything that a person is told in one line; `advice` is the next step."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class InputError(ToolcensusError):
    """What was given to us cannot be used as it is."""


class LimitError(InputError):
    """What was given to us is over a stated limit of size, depth, count or time."""


class IndexUnusableError(ToolcensusError):
    """The index is locked, newer than this program, full, or no index at all."""


class FetchError(ToolcensusError):
    """A request that failed for good."""

    def __init__(self, message: str, *, url: str, reason: FetchReason, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.url = url
        self.reason = reason
